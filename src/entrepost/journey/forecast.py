"""Forecasts when orders arrive, from histories of orders alone: no network, no timetable.

A wait is the level of its lane times a ratio. Levels are drawn towards one another where there is little to
learn from; the distribution of the ratio is learned from hazards that count what is under way as censored
and weigh recent weeks more, with the half-life that foretold the last weeks best. On top a residual of the
level is learned by gradient boosting, and used only where it foretold held-out weeks better: the card says so.

An order that is not handed over after a time that 99 of 100 orders need less of is taken as given up, and
one under way for more than `LOST_DAYS` as lost: a forecast is of those that arrive.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import polars as pl

from entrepost.base.errors import MisuseError
from entrepost.journey.forecasting.card import Card
from entrepost.journey.forecasting.hazard import WEEK_DAYS, Counts, Ratio, Spans, choose_half_life, count, learn_ratio
from entrepost.journey.forecasting.hazard import likelihood as judge
from entrepost.journey.forecasting.levels import Sizes
from entrepost.journey.forecasting.orders import (
    Floats,
    Groups,
    Numbers,
    Orders,
    read_groups,
    read_orders,
    to_days,
)
from entrepost.journey.forecasting.residual import Residual, learn_residual
from entrepost.journey.forecasting.view import BEGUN, View, learn_view

STAGES = ("purchase", "handover")
LEVELS = {"p10": 0.1, "p50": 0.5, "p90": 0.9}
LEARNED_WEEKS = 43
HELD_OUT_WEEKS = 4
LOST_DAYS = 60.0
GIVEN_UP_SHARE, GIVEN_UP_DAYS = 0.99, 180.0
LONGEST_LEARNED_DAYS, SHORTEST_LEARNED_DAYS = 75.0, 0.5


@dataclass(frozen=True)
class Stage:
    """How one stage is forecast, and why so."""

    ratio: Ratio
    residual: Residual | None
    card: Card


@dataclass(frozen=True)
class Forecaster:
    """What was learned from the histories by an instant; `predict` forecasts orders that begin after it."""

    groups: Groups
    view: View
    country: str | None
    stages: dict[str, Stage]

    def predict(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Forecast orders: at the hand-over to the carrier where `handed_over_at` is known, otherwise at purchase.

        Parameters
        ----------
        frame : DataFrame
            Orders, in the columns that `fit` takes.

        Returns
        -------
        DataFrame
            `order_id`, `stage`, and `mean_days`, `p10`, `p50`, `p90` in days from `placed_at`.
        """
        orders = read_orders(frame, self.groups)
        handed = np.isfinite(orders.handed_over)
        found = np.full((frame.height, 1 + len(LEVELS)), np.nan)
        for name, rows in (("purchase", np.flatnonzero(~handed)), ("handover", np.flatnonzero(handed))):
            if rows.size:
                found[rows] = self._forecast(name, orders.at(rows))
        stages = pl.Series("stage", np.where(handed, "handover", "purchase"), pl.String)
        columns = [pl.Series(name, found[:, place]) for place, name in enumerate(("mean_days", *LEVELS))]
        return pl.DataFrame([frame["order_id"], stages, *columns])

    def _forecast(self, name: str, orders: Orders) -> Floats:
        """Mean and quantiles of each order, in days from its purchase."""
        if name not in self.stages:
            raise MisuseError(f"this forecaster learned {', '.join(self.stages)}; fit it with the stage {name!r} too")
        stage = self.stages[name]
        expected = self.view.expect(name, orders)
        if stage.residual is not None:
            expected = expected + stage.residual.predict(self.view.describe(name, orders, self.country))
        ratios = [stage.ratio.mean(), *(stage.ratio.quantile(level) for level in LEVELS.values())]
        passed = getattr(orders, BEGUN[name]) - orders.placed
        return np.asarray(np.exp(expected)[:, None] * np.array(ratios) + passed[:, None])


def fit(
    histories: pl.DataFrame, as_of: datetime, country: str | None = None, stages: Sequence[str] = STAGES
) -> Forecaster:
    """Learn from what was known at an instant; whatever the histories say of later is not looked at.

    Parameters
    ----------
    histories : DataFrame
        One row an order: `order_id`, `placed_at`, and as far as known `approved_at`, `handed_over_at`,
        `delivered_at`, `promised_at`, `due_at` (hand-over by the seller), `seller`, `origin`,
        `destination` (regions), `destination_area`, `weight_g`, `volume_cm3`, `value`, `charge`, and
        latitudes and longitudes of both ends.
    as_of : datetime
        Events at or after it are not known; in the time zone of the histories.
    country : str, optional
        Whose days off count.
    stages : sequence of str
        Of `STAGES`, those to be forecast.
    """
    instant = to_days(as_of)
    frame = histories.filter(pl.col("placed_at").dt.epoch("ms") < instant * 86_400_000)
    groups = read_groups(frame)
    orders = read_orders(frame, groups).known_at(instant)
    sizes = _measure(groups)
    views = [learn_view(orders, instant - WEEK_DAYS * week, sizes) for week in range(LEARNED_WEEKS + 1)]
    desk = _Desk(orders, as_of, instant, views, country)
    return Forecaster(groups, views[0], country, {stage: _learn_stage(desk, stage) for stage in stages})


@dataclass(frozen=True)
class _Desk:
    """What all stages learn from: the orders as known, and the views of the weeks, the newest first."""

    orders: Orders
    as_of: datetime
    instant: float
    views: list[View]
    country: str | None


@dataclass(frozen=True)
class _Begun:
    """Orders that came to a stage within the weeks that are learned from, described by the view before it."""

    begun: Floats
    ended: Floats
    expected: Floats
    descriptions: Floats
    alive: Numbers


def _measure(groups: Groups) -> Sizes:
    """How many numbers each group has, and the destination of each lane."""
    ends = np.array([lane.partition(">")[2] for lane in groups.lane], dtype=np.str_)
    destinations = np.append(groups.number("destination", ends), groups.destination.size)
    counts = {name: groups.count(name) for name in ("seller", "destination", "destination_area", "lane")}
    return Sizes(**counts, destination_of=destinations)


def _learn_stage(desk: _Desk, stage: str) -> Stage:
    """Both models of a stage, and the one that foretold the held-out weeks better."""
    seen = _describe(desk, stage)
    recent = seen.begun >= desk.instant - WEEK_DAYS * HELD_OUT_WEEKS
    days = seen.ended - seen.begun
    rows = np.flatnonzero(~recent & (days < LONGEST_LEARNED_DAYS))
    rest = np.log(np.maximum(days[rows], SHORTEST_LEARNED_DAYS)) - seen.expected[rows]
    residual = learn_residual(seen.descriptions[rows], rest)
    expected = {"exact": seen.expected}
    if residual is not None:
        expected["learned"] = seen.expected + residual.predict(seen.descriptions)
    found = {name: _judge(desk, seen, logs, recent) for name, logs in expected.items()}
    card = Card(
        stage=stage,
        as_of=desk.as_of,
        orders=int(seen.begun.size),
        completed=int(np.isfinite(seen.ended).sum()),
        held_out=(desk.as_of - timedelta(weeks=HELD_OUT_WEEKS), desk.as_of),
        exact=found["exact"][0],
        learned=found["learned"][0] if residual is not None else -np.inf,
        half_lives={name: half_life for name, (_, half_life, _) in found.items()},
    )
    ratio = learn_ratio(found[card.model][2], card.half_lives[card.model])
    return Stage(ratio, residual if card.model == "learned" else None, card)


def _judge(desk: _Desk, seen: _Begun, expected: Floats, recent: np.ndarray) -> tuple[float, float, Counts]:
    """The likelihood of the held-out weeks at the best half-life, that half-life, and all counts."""
    alive = seen.alive
    spans = Spans(seen.begun[alive], seen.ended[alive], expected[alive], desk.instant)
    counts = count(spans)
    held = alive[recent[alive]]
    judged = count(Spans(seen.begun[held], seen.ended[held], expected[held], desk.instant), weeks=HELD_OUT_WEEKS)
    half_life = choose_half_life(counts, judged)
    return judge(counts, half_life, judged), half_life, counts


def _describe(desk: _Desk, stage: str) -> _Begun:
    """The orders of each week as the view before that week describes them."""
    orders, blocks = desk.orders, []
    begun_all = getattr(orders, BEGUN[stage])
    usable = np.isfinite(begun_all) & ~(orders.delivered <= begun_all)
    for week, view in enumerate(desk.views[1:], 1):
        first = desk.instant - WEEK_DAYS * week
        rows = np.flatnonzero(usable & (begun_all >= first) & (begun_all < first + WEEK_DAYS))
        within = orders.at(rows)
        blocks.append((rows, view.expect(stage, within), view.describe(stage, within, desk.country)))
    rows, expected, descriptions = (np.concatenate(parts) for parts in zip(*blocks, strict=True))
    begun, ended = begun_all[rows], orders.delivered[rows]
    given_up = np.isnan(orders.handed_over[rows]) & (desk.instant - orders.placed[rows] > _longest_handling(desk))
    under_way = np.isnan(ended)
    alive = np.flatnonzero(~(under_way & (given_up | (desk.instant - begun > LOST_DAYS))))
    return _Begun(begun, ended, expected, descriptions, alive)


def _longest_handling(desk: _Desk) -> float:
    """The days within which 99 of 100 orders were handed over; without end where no hand-over is known."""
    orders = desk.orders
    days = (orders.handed_over - orders.placed)[orders.placed > desk.instant - GIVEN_UP_DAYS]
    days = days[np.isfinite(days)]
    return float(np.quantile(days, GIVEN_UP_SHARE)) if days.size else np.inf
