"""The forecasters that ours is compared with, each fitted anew on the same histories cut at the same Monday.

Each forecasts the days from a stage on; the days from the purchase up to it are known and added. A point
forecast without quantiles of its own gets those of its errors on what it was fitted on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import polars as pl
from numpy.typing import NDArray

from benchmarks.eta_roll import Fit, Predict

Floats = NDArray[np.float64]
LEVELS = (0.1, 0.5, 0.9)
LEAST_ORDERS = 5
RECENT_DAYS, WEEK_DAYS, LEARNED_WEEKS = 21.0, 7.0, 43
BOOSTED = {"max_iter": 80, "max_leaf_nodes": 15, "max_bins": 63, "early_stopping": False, "random_state": 0}
DAY_SECONDS = 86_400
FEATURES = ("promised_days", "passed_days", "distance", "weight_g", "charge", "value", "weekday", "hour")


@dataclass(frozen=True)
class Known:
    """Orders of one stage: lanes, when each came to it, how long from there on (NaN: not known), and features."""

    lane: NDArray[np.str_]
    begun: Floats
    days: Floats
    features: Floats
    as_of: float

    def lane_quantiles(self, lanes: NDArray[np.str_], level: float) -> Floats:
        """The quantile of each lane's days, that of all where a lane has fewer than five."""
        done = np.isfinite(self.days)
        frame = pl.DataFrame({"lane": self.lane[done], "days": self.days[done]})
        found = frame.group_by("lane").agg(pl.len(), pl.col("days").quantile(level, "linear"))
        found = found.filter(pl.col("len") >= LEAST_ORDERS)
        asked = pl.DataFrame({"lane": lanes}).join(found, on="lane", how="left", maintain_order="left")
        return asked["days"].fill_null(float(np.quantile(self.days[done], level))).to_numpy()

    def ratio(self, medians: Floats, as_of: float) -> float:
        """Actual over expected days of the deliveries of the 21 days before an instant."""
        ended = self.begun + self.days
        recent = (ended < as_of) & (ended >= as_of - RECENT_DAYS)
        return float(self.days[recent].sum() / medians[recent].sum()) if recent.any() else 1.0


Forecast = Callable[[Known, Known], Floats]
"""From what is known and what is asked: columns mean, P10, P50, P90 of the days from the stage on."""


def global_mean(known: Known, asked: Known) -> Floats:
    """The mean of all."""
    days = known.days[np.isfinite(known.days)]
    low, _, high = np.quantile(days, LEVELS)
    return np.tile([days.mean(), low, days.mean(), high], (asked.begun.size, 1))


def lane_median(known: Known, asked: Known) -> Floats:
    """The lane's median; its quantiles are the lane's own."""
    low, median, high = (known.lane_quantiles(asked.lane, level) for level in LEVELS)
    return np.column_stack([median, low, median, high])


def lane_by_ratio(known: Known, asked: Known) -> Floats:
    """The lane's median times the ratio of the last 21 days, with the quantiles of its recent relative errors."""
    own = known.lane_quantiles(known.lane, 0.5)
    ratio = known.ratio(own, known.as_of)
    recent = known.begun + known.days >= known.as_of - RECENT_DAYS
    low, _, high = np.quantile((known.days / (own * ratio))[recent], LEVELS) if recent.any() else (1.0, 1.0, 1.0)
    middle = known.lane_quantiles(asked.lane, 0.5) * ratio
    return np.column_stack([middle, middle * low, middle, middle * high])


def lane_quantiles_by_ratio(known: Known, asked: Known) -> Floats:
    """The lane's quantiles, each times the ratio of the last 21 days; the mean is Swanson's, 0.3, 0.4, 0.3 of them."""
    ratio = known.ratio(known.lane_quantiles(known.lane, 0.5), known.as_of)
    low, median, high = (known.lane_quantiles(asked.lane, level) * ratio for level in LEVELS)
    return np.column_stack([0.3 * low + 0.4 * median + 0.3 * high, low, median, high])


def boosting(known: Known, asked: Known) -> Floats:
    """Gradient boosting of the absolute error, with the ratio and the promise; quantiles of its errors."""
    learned, of_asked, weight = _learnable(known, asked)
    model = _fit("absolute_error", None, learned, weight)
    middle = model(of_asked)
    errors = learned.days - model(learned.features)
    low, _, high = (_weighted_quantile(errors, weight, level) for level in LEVELS)
    return np.column_stack([middle, middle + low, middle, middle + high])


def quantile_boosting(known: Known, asked: Known) -> Floats:
    """Gradient boosting of the mean and of each quantile, on the same features and weights."""
    learned, of_asked, weight = _learnable(known, asked)
    mean = _fit("squared_error", None, learned, weight)(of_asked)
    quantiles = [_fit("quantile", level, learned, weight)(of_asked) for level in LEVELS]
    return np.column_stack([mean, np.sort(np.column_stack(quantiles), axis=1)])


BASELINES: dict[str, Forecast] = {
    "global mean": global_mean,
    "lane median": lane_median,
    "lane median x 21-day ratio": lane_by_ratio,
    "quantiles of lane x ratio": lane_quantiles_by_ratio,
    "gradient boosting (L1)": boosting,
    "quantile gradient boosting": quantile_boosting,
}


def fit_baseline(forecast: Forecast) -> Fit:
    """A baseline in the form in which all are rolled."""

    def fit(histories: pl.DataFrame, as_of: datetime, stages: tuple[str, ...]) -> Predict:
        known = {stage: _know(histories, stage, as_of) for stage in stages}

        def predict(orders: pl.DataFrame) -> pl.DataFrame:
            handed = pl.col("handed_over_at").is_not_null()
            parts = {"purchase": orders.filter(~handed), "handover": orders.filter(handed)}
            return pl.concat(_told(part, stage, known[stage], forecast) for stage, part in parts.items() if part.height)

        return predict

    return fit


def _told(part: pl.DataFrame, stage: str, known: Known, forecast: Forecast) -> pl.DataFrame:
    passed = _days(part, "made_at") - _days(part, "placed_at")
    found = forecast(known, _read(part, stage, known.as_of)) + passed[:, None]
    named = dict(zip(("mean_days", "p10", "p50", "p90"), found.T, strict=True))
    return part.select("order_id", pl.lit(stage).alias("stage")).with_columns(**named)


def _know(histories: pl.DataFrame, stage: str, as_of: datetime) -> Known:
    """What is known of a stage: every order that came to it, delivered or not."""
    begun = "placed_at" if stage == "purchase" else "handed_over_at"
    reached = histories.filter(pl.col(begun).is_not_null())
    fair = pl.col("delivered_at").is_null() | (pl.col("delivered_at") > pl.col(begun))
    instant = as_of.timestamp() if as_of.tzinfo else (as_of - datetime(1970, 1, 1)).total_seconds()  # noqa: DTZ001
    return _read(reached.filter(fair), stage, instant / DAY_SECONDS)


def _read(orders: pl.DataFrame, stage: str, as_of: float) -> Known:
    begun = _days(orders, "placed_at" if stage == "purchase" else "handed_over_at")
    north, east, south, west = (
        _figure(orders, name)
        for name in ("origin_latitude", "origin_longitude", "destination_latitude", "destination_longitude")
    )
    columns = {
        "promised_days": _days(orders, "promised_at") - begun,
        "passed_days": begun - _days(orders, "placed_at"),
        "distance": np.hypot(north - south, (east - west) * np.cos(np.radians((north + south) / 2))),
        **{name: _figure(orders, name) for name in ("weight_g", "charge", "value")},
        "weekday": (np.floor(begun) + 3) % 7,
        "hour": begun % 1 * 24,
    }
    ends = [orders[name].fill_null("?") if name in orders.columns else None for name in ("origin", "destination")]
    named = [np.full(orders.height, "?") if end is None else end.to_numpy().astype(np.str_) for end in ends]
    lanes = np.char.add(np.char.add(named[0], ">"), named[1])
    features = np.column_stack([columns[name] for name in FEATURES])
    return Known(lanes, begun, _days(orders, "delivered_at") - begun, features, as_of)


def _days(orders: pl.DataFrame, name: str) -> Floats:
    return orders[name].dt.epoch("ms").cast(pl.Float64).fill_null(np.nan).to_numpy() / 1000 / DAY_SECONDS


def _figure(orders: pl.DataFrame, name: str) -> Floats:
    if name not in orders.columns:
        return np.full(orders.height, np.nan)
    return orders[name].cast(pl.Float64).fill_null(np.nan).to_numpy()


def _learnable(known: Known, asked: Known) -> tuple[Known, Floats, Floats]:
    """The deliveries of the last 43 weeks, the features of what is asked, and the deliveries' weights.

    Each order has the ratio as it was on the Monday before it. A delivery weighs one over the share of orders
    that are old enough for so long a wait to be seen, so that the quick ones of late do not count double.
    """
    lanes = known.lane_quantiles(known.lane, 0.5)
    monday = np.minimum(known.as_of - WEEK_DAYS * np.ceil((known.as_of - known.begun) / WEEK_DAYS), known.as_of)
    ratio_of = {instant: known.ratio(lanes, instant) for instant in np.unique(monday)}
    ratio = np.array([ratio_of[instant] for instant in monday])
    recent = known.begun > known.as_of - WEEK_DAYS * LEARNED_WEEKS
    ages = np.sort(known.as_of - known.begun[recent])
    rows = np.flatnonzero(recent & np.isfinite(known.days))
    seen = 1 - np.searchsorted(ages, known.days[rows]) / ages.size
    features = np.column_stack([known.features, lanes, ratio])[rows]
    learned = Known(known.lane[rows], known.begun[rows], known.days[rows], features, known.as_of)
    now = np.full(asked.begun.size, known.ratio(lanes, known.as_of))
    of_asked = np.column_stack([asked.features, known.lane_quantiles(asked.lane, 0.5), now])
    return learned, of_asked, 1 / np.maximum(seen, 0.1)


def _fit(loss: str, level: float | None, learned: Known, weight: Floats) -> Callable[[Floats], Floats]:
    from sklearn.ensemble import HistGradientBoostingRegressor

    model = HistGradientBoostingRegressor(loss=loss, quantile=level, **BOOSTED)
    columns = np.flatnonzero(np.isfinite(learned.features).any(axis=0))
    model.fit(learned.features[:, columns], learned.days, sample_weight=weight)
    return lambda features: np.asarray(model.predict(features[:, columns]))


def _weighted_quantile(values: Floats, weight: Floats, level: float) -> float:
    order = np.argsort(values)
    share = np.cumsum(weight[order]) / weight.sum()
    return float(values[order][min(int(np.searchsorted(share, level)), values.size - 1)])
