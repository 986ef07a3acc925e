"""Learn what the exact forecast leaves over: what was foretold on past Mondays by what was known then, and what came.

The trees are fitted to older weeks and judged on later ones that they have not seen; they are kept only if they
were better in each of these. Until then the exact forecast stands alone, and the card says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from entrepost.journey.eta import forecast
from entrepost.journey.learning.facts import ITEM
from entrepost.journey.under_way.frame import BASES, EXACT, WIDENED
from entrepost.journey.under_way.params import Scanning
from entrepost.journey.under_way.residual import (
    LEVELS,
    NODE,
    EtaResidual,
    Forest,
    ResidualCard,
    country,
    describe,
    left_hours,
    to_hours,
)
from entrepost.network.network import Network

WEEKS, HELD_OUT, SETTLED = 10, 3, 2
"""Forecasts of so many Mondays are looked at; the last `SETTLED` are too young to be judged (most items have not
come), the `HELD_OUT` before them judge, the others teach. All assumed."""

MOST_ITEMS = 20_000
"""Of each Monday so many items at most, by a hash of their names (assumed)."""

LEAST = 500
"""With fewer forecasts to learn from nothing is learned (assumed)."""

HOLDS_DAYS = 14
ROUNDS, RATE, LEAVES, LEAST_IN_LEAF = 60, 0.1, 8, 40
FAITH = 20.0
"""The pace of a service or country is drawn towards *as expected* as by so many arrivals (assumed)."""

ENDING = ("EMI", "EMH", "EDH")
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class _Monday:
    """Forecasts of one Monday: their rows, how long each item took from then (or at least), and whether it came."""

    at: datetime
    frame: pl.DataFrame
    hours: NDArray[np.float64]
    came: NDArray[np.bool_]
    rows: NDArray[np.float64]


def learn_residual(
    network: Network, events: pl.DataFrame, as_of: datetime, scanning: Scanning | None = None
) -> EtaResidual:
    """Learn on top of the exact forecast, or say that it is not beaten.

    Parameters
    ----------
    network : Network
        Whose forecasts are looked at; what is learned holds for it alone.
    events : DataFrame
        As for `eta`.
    as_of : datetime
        What happened or became known later is not looked at.
    scanning : Scanning, optional
        What is believed of scans; learned from what was known each Monday otherwise.
    """
    known = events.filter(_known_by(events, as_of))
    arrived = known.filter(pl.col("code").is_in(ENDING)).group_by(_keys(known)).agg(pl.col("time", *_told(known)).min())
    mondays = [as_of - WEEK * number for number in range(WEEKS + 1, 0, -1)]
    frames = [_forecast(network, known, at, scanning) for at in mondays]
    paces = [_measure_pace(frame, arrived, at) for frame, at in zip(frames, mondays, strict=True)]
    pairs = zip(mondays[1:], frames[1:], paces[:-1], strict=True)
    looked = [_look(at, frame, arrived, (_with_names(pace, paces[-1]), as_of)) for at, frame, pace in pairs]
    judging = looked[-SETTLED - HELD_OUT : -SETTLED]
    teaching = looked[: -SETTLED - HELD_OUT]
    items = sum(each.frame.height for each in looked)
    card = ResidualCard(as_of, items)
    forests: dict[str, Forest] = {}
    if sum(each.came.sum() for each in teaching) >= LEAST and all(each.came.any() for each in judging):
        forests = _fit(teaching)
        weeks = tuple(each.at for each in judging)
        exact = tuple(_score(each, None) for each in judging)
        card = ResidualCard(as_of, items, weeks, exact, tuple(_score(each, forests) for each in judging))
        forests = _fit([*teaching, *judging]) if card.is_used else {}
    return EtaResidual(network.content_hash, as_of + timedelta(days=HOLDS_DAYS), paces[-1], forests, card)


def _keys(events: pl.DataFrame) -> list[str]:
    return [name for name in ITEM if name in events.columns]


def _told(events: pl.DataFrame) -> list[str]:
    return ["recorded_at"] if "recorded_at" in events.columns else []


def _known_by(events: pl.DataFrame, at: datetime) -> pl.Expr:
    """What had happened and was known at an instant; orders as soon as they were placed."""
    told = pl.coalesce("recorded_at", "time") if "recorded_at" in events.columns else pl.col("time")
    placed = pl.col("placed_at") <= at if "placed_at" in events.columns else pl.lit(False)
    return pl.when(pl.col("code").is_null()).then(placed).otherwise((pl.col("time") <= at) & (told <= at))


def _forecast(network: Network, events: pl.DataFrame, at: datetime, scanning: Scanning | None) -> pl.DataFrame:
    """The exact forecasts of one Monday, of so many items at most."""
    known = events.filter(_known_by(events, at))
    names = known.select(_keys(known)).unique()
    if names.height > MOST_ITEMS:
        over = known.filter(pl.col("code").is_in(ENDING)).select(_keys(known)).unique()
        waiting = names.join(over, on=_keys(known), how="anti", nulls_equal=True)
        names = waiting.sort(pl.concat_str(pl.all().fill_null(""), separator="/").hash(7)).head(MOST_ITEMS)
        known = known.join(names, on=_keys(known), how="semi", nulls_equal=True)
    found = forecast(network, known, at, scanning).items
    return found.filter(pl.col("basis").is_in([BASES[EXACT], BASES[WIDENED]]))


def _measure_pace(frame: pl.DataFrame, arrived: pl.DataFrame, at: datetime) -> dict[str, dict[str, float]]:
    """Of each service and country the logarithm of arrivals within the week after a Monday over those expected."""
    hours = WEEK / timedelta(hours=1)
    upto = [left_hours(frame, name, at) for name in LEVELS]
    expected = np.array([_share(tuple(points), hours) for points in zip(*upto, strict=True)])
    came = _join(frame, arrived)
    by_then = (came.get_column("time") <= at + WEEK).fill_null(False)
    both = frame.with_columns(country=country(), expected=pl.Series(expected, dtype=pl.Float64), came=by_then)
    sums = pl.col("came").sum(), pl.col("expected").sum()
    found = {}
    for name in ("service", "country"):
        paces = both.drop_nulls(name).group_by(name).agg(*sums).sort(name)
        ratio = ((pl.col("came") + FAITH) / (pl.col("expected") + FAITH)).log()
        found[name] = dict(paces.select(name, ratio.alias("pace")).iter_rows())
    return found


def _share(points: tuple[float, ...], hours: float) -> float:
    """How probable it is to come within so many hours, by three quantiles and a tail as long as the last part."""
    p10, p50, p90 = points
    return float(np.interp(hours, (0.0, p10, p50, p90, 2 * p90 - p50 + 1e-6), (0.0, 0.1, 0.5, 0.9, 1.0)))


def _with_names(
    pace: Mapping[str, Mapping[str, float]], last: Mapping[str, Mapping[str, float]]
) -> dict[str, dict[str, float]]:
    """A Monday's pace under the names, and in the order, of the last one's: so numbers mean the same."""
    return {kind: {name: pace[kind].get(name, 0.0) for name in names} for kind, names in last.items()}


def _join(frame: pl.DataFrame, arrived: pl.DataFrame) -> pl.DataFrame:
    keys = [name for name in ITEM if name in arrived.columns]
    return frame.select(keys).join(arrived, on=keys, how="left", nulls_equal=True, maintain_order="left")


def _look(at: datetime, frame: pl.DataFrame, arrived: pl.DataFrame, known: tuple[Any, datetime]) -> _Monday:
    pace, as_of = known
    times = _join(frame, arrived).get_column("time")
    came = times.is_not_null()
    until = times.fill_null(as_of)
    hours = ((until - at).dt.total_minutes() / 60).cast(pl.Float64).to_numpy()
    return _Monday(at, frame, np.maximum(hours, 0.0), came.to_numpy(), describe(frame, pace, at))


def _fit(mondays: list[_Monday]) -> dict[str, Forest]:
    """A forest for each level, from items that came."""
    from sklearn.ensemble import HistGradientBoostingRegressor  # two seconds of import

    rows = np.concatenate([each.rows[each.came] for each in mondays])
    rest = np.concatenate(
        [
            np.log1p(each.hours[each.came]) - np.log1p(left_hours(each.frame, "arrive_p50", each.at))[each.came]
            for each in mondays
        ]
    )
    found = {}
    for name, level in LEVELS.items():
        model = HistGradientBoostingRegressor(
            loss="quantile",
            quantile=level,
            max_iter=ROUNDS,
            learning_rate=RATE,
            max_leaf_nodes=LEAVES,
            min_samples_leaf=LEAST_IN_LEAF,
            early_stopping=False,
            random_state=0,
        )
        found[name] = to_forest(model.fit(rows, rest))
    return found


def to_forest(model: Any) -> Forest:
    """The trees of a fitted model as plain tables; scikit-learn has no public door to them."""
    tables = [trees[0].nodes for trees in model._predictors]
    nodes = np.zeros(sum(table.size for table in tables), dtype=NODE)
    whole = np.concatenate(tables)
    leaf = whole["is_leaf"].astype(bool)
    nodes["feature"] = np.where(leaf, -1, whole["feature_idx"])
    nodes["threshold"] = np.where(leaf, 0.0, whole["num_threshold"])
    nodes["left"], nodes["right"] = whole["left"], whole["right"]
    nodes["value"] = whole["value"]
    first = np.concatenate([[0], np.cumsum([table.size for table in tables])]).astype(np.int64)
    return Forest(float(np.ravel(model._baseline_prediction)[0]), first, nodes)


def _score(monday: _Monday, forests: Mapping[str, Forest] | None) -> float:
    """The pinball losses of the three levels together, in days, of the mean item of a Monday."""
    exact = np.stack([left_hours(monday.frame, name, monday.at) for name in LEVELS], axis=1)
    said = exact
    if forests is not None:
        shifts = np.stack([forests[name].predict(monday.rows) for name in LEVELS], axis=1)
        said = to_hours(exact[:, 1], np.sort(shifts, axis=1))
    total = 0.0
    for column, level in enumerate(LEVELS.values()):
        truth = np.where(monday.came, monday.hours, np.maximum(monday.hours, said[:, column]))
        over = truth - said[:, column]
        total += float(np.mean(np.maximum(level * over, (level - 1) * over)))
    return total / 24
