"""Scores forecasts of arrival where some orders have not arrived when the data end.

An order can be seen to arrive only within its window, from its purchase to the end of the data. So each
arrival after `t` days weighs one over the share of forecasts whose window is at least `t`: it stands also for
those that the end of the data hides (inverse probability of censoring: Gerds and Schumacher, *Biometrical
Journal* 48, 2006). Windows are known for every order, those not delivered included, so nothing is estimated.

Beside it stands a score that is certain: every order counts, and of one not delivered what its loss is
already, at the end of the data.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

Floats = NDArray[np.float64]
LEVELS = {"p10": 0.1, "p50": 0.5, "p90": 0.9}
METRICS = ("rmse", "mae", "pinball_p10", "pinball_p50", "pinball_p90", "coverage_p90")
DIFFERENCES = ("rmse", "mae", "pinball_p50_p90")
DRAWS, SEED = 2000, 11


@dataclass(frozen=True)
class Losses:
    """The losses of one forecaster at one stage, one row a forecast, the rows alike for all forecasters.

    Attributes
    ----------
    weight : ndarray
        Of each order in the mean; 0 where it was not delivered.
    week : ndarray
        The number of the week in which the forecast was made.
    columns : dict
        `squared`, `absolute`, `pinball_p10`, `pinball_p50`, `pinball_p90`, `covered`: as if all were known.
    certain : ndarray
        P50 and P90 pinball, of orders not delivered the part that is certain.
    kept : ndarray
        1 where the order came by its P90, 0 where it did not, NaN where that day is after the data end.
    """

    weight: Floats
    week: NDArray[np.int64]
    columns: dict[str, Floats]
    certain: Floats
    kept: Floats

    def mean(self, name: str, times: Floats | None = None) -> Floats:
        """The weighted mean of a column; `times`: how often each week counts, one row a draw."""
        weeks = int(self.week.max()) + 1
        times = np.ones((1, weeks)) if times is None else times
        losses, weight = (
            np.bincount(self.week, each, weeks) for each in (self.weight * self.columns[name], self.weight)
        )
        return np.asarray((times @ losses) / (times @ weight))

    def metric(self, name: str, times: Floats | None = None) -> Floats:
        """One of `METRICS` or `DIFFERENCES`, for each draw."""
        if name == "rmse":
            return np.sqrt(self.mean("squared", times))
        if name == "pinball_p50_p90":
            return self.mean("pinball_p50", times) + self.mean("pinball_p90", times)
        return self.mean({"mae": "absolute", "coverage_p90": "covered"}.get(name, name), times)

    def metrics(self) -> dict[str, float]:
        """All of `METRICS`."""
        return {name: self.metric(name).item() for name in METRICS}


@dataclass(frozen=True)
class Difference:
    """Ours minus a baseline's, with the interval that holds it with 95 % when weeks are drawn again."""

    value: float
    low: float
    high: float


def score(forecasts: pl.DataFrame, histories: pl.DataFrame, end: float) -> Losses:
    """The losses of forecasts, all of one forecaster and stage.

    Parameters
    ----------
    forecasts : DataFrame
        `order_id, monday, mean_days, p10, p50, p90`.
    histories : DataFrame
        `order_id, placed_at, delivered_at`.
    end : float
        When the data end, in seconds since 1970.
    """
    outcome = histories.select("order_id", "placed_at", "delivered_at")
    frame = forecasts.join(outcome, on="order_id", how="left").sort("monday", "order_id")
    placed, delivered = (frame[name].dt.epoch("s").cast(pl.Float64) for name in ("placed_at", "delivered_at"))
    days = ((delivered - placed) / 86_400).fill_null(np.nan).to_numpy()
    window = ((end - placed) / 86_400).to_numpy()
    mean, *quantiles = (frame[name].to_numpy() for name in ("mean_days", *LEVELS))
    columns = {"squared": np.square(days - mean), "absolute": np.abs(days - quantiles[1])}
    pairs = list(zip(LEVELS.items(), quantiles, strict=True))
    columns |= {f"pinball_{name}": pinball(days, quantile, level) for (name, level), quantile in pairs}
    columns["covered"] = (days <= quantiles[2]).astype(float)
    least = [level * np.maximum(window - quantile, 0.0) for (_, level), quantile in pairs[1:]]
    certain = columns["pinball_p50"] + columns["pinball_p90"]
    arrived = np.isfinite(days)
    return Losses(
        weight=weigh(days, window),
        week=np.unique(frame["monday"].to_numpy(), return_inverse=True)[1],
        columns={name: np.where(arrived, losses, 0.0) for name, losses in columns.items()},
        certain=np.where(arrived, certain, sum(least)),
        kept=np.where(quantiles[2] <= window, columns["covered"], np.nan),
    )


def weigh(days: Floats, window: Floats) -> Floats:
    """One over the share of windows that are long enough for each arrival to be seen; 0 for what did not arrive."""
    arrived = np.isfinite(days)
    shorter = np.searchsorted(np.sort(window), days[arrived], side="left")
    weight = np.zeros(days.size)
    weight[arrived] = 1 / (1 - np.minimum(shorter, window.size - 1) / window.size)
    return weight


def pinball(days: Floats, quantile: Floats, level: float) -> Floats:
    """The loss of a quantile: `level` a day too early, the rest to one a day too late."""
    return np.maximum(level * (days - quantile), (level - 1) * (days - quantile))


def differ(ours: Losses, other: Losses, name: str) -> Difference:
    """The difference of a metric with its bootstrap interval: weeks are drawn with replacement, the same for both."""
    weeks = int(ours.week.max()) + 1
    generator = np.random.default_rng(SEED)
    times = generator.multinomial(weeks, np.full(weeks, 1 / weeks), size=DRAWS).astype(float)
    low, high = np.quantile(ours.metric(name, times) - other.metric(name, times), [0.025, 0.975])
    return Difference((ours.metric(name) - other.metric(name)).item(), float(low), float(high))
