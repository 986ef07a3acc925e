"""What was known at one instant, and how it describes an order that begins after it.

A view is made of orders cut at its instant, so nothing later can reach a description; the descriptions
from which a forecaster learns are those of the views of their own weeks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from entrepost.journey.forecasting.calendar import describe_days
from entrepost.journey.forecasting.hazard import Spans, count, learn_ratio
from entrepost.journey.forecasting.levels import Levels, Sizes, learn_levels
from entrepost.journey.forecasting.orders import Floats, Orders
from entrepost.journey.forecasting.pace import Pace, Seen, learn_pace

SPANS = {
    "wait": ("placed", "delivered"),
    "handling": ("placed", "handed_over"),
    "carriage": ("handed_over", "delivered"),
}
"""The spans of an order: from which instant to which."""

SPAN_OF = {"purchase": "wait", "handover": "carriage"}
"""The span that each stage forecasts: what is left from there."""

BEGUN = {"purchase": "placed", "handover": "handed_over"}
USUAL_DAYS = 140.0
EARTH_KM_A_DEGREE = 111.2


@dataclass(frozen=True)
class View:
    """The levels and the pace of each span of `SPANS`, in their order, as known at an instant."""

    levels: tuple[Levels, ...]
    paces: tuple[Pace, ...]

    def expect(self, stage: str, orders: Orders) -> Floats:
        """The logarithm of the days that are expected from a stage on, by the levels alone."""
        return self.levels[list(SPANS).index(SPAN_OF[stage])].expect(orders)

    def describe(self, stage: str, orders: Orders, country: str | None) -> Floats:
        """One row an order: what is known of it at a stage, what its lane takes, how fast things go."""
        columns = [*_facts(stage, orders), *describe_days(getattr(orders, BEGUN[stage]), country)]
        for levels, pace in zip(self.levels, self.paces, strict=True):
            columns += [levels.expect(orders), levels.of_lane(orders), levels.seller[orders.seller]]
            columns += [levels.seller_count[orders.seller], *pace.describe(orders)]
        return np.column_stack(columns)


def learn_view(orders: Orders, as_of: float, sizes: Sizes) -> View:
    """What is known at an instant, from orders that are cut at it."""
    known = orders.known_at(as_of)
    found = [_learn_span(known, span, as_of, sizes) for span in SPANS.values()]
    return View(tuple(levels for levels, _ in found), tuple(pace for _, pace in found))


def _learn_span(known: Orders, span: Sequence[str], as_of: float, sizes: Sizes) -> tuple[Levels, Pace]:
    begun, ended = (getattr(known, name) for name in span)
    rows = np.flatnonzero(np.isfinite(begun) & ~(ended <= begun))
    orders, begun, ended = known.at(rows), begun[rows], ended[rows]
    done = np.flatnonzero(np.isfinite(ended))
    levels = learn_levels(orders.at(done), (ended - begun)[done], ended[done], as_of, sizes)
    counts = count(Spans(begun, ended, levels.expect(orders), as_of), weeks=1, days=USUAL_DAYS)
    seen = Seen(orders, begun, ended, as_of)
    return levels, learn_pace(seen, levels, learn_ratio(counts, np.inf), sizes)


def _facts(stage: str, orders: Orders) -> list[Floats]:
    """What the order says itself; at the hand-over also how it came so far."""
    weight, volume, value, charge, *places = orders.figures.T
    south, west, north, east = places
    mean_latitude = np.radians((south + north) / 2)
    distance = EARTH_KM_A_DEGREE * np.hypot(north - south, (east - west) * np.cos(mean_latitude))
    begun = getattr(orders, BEGUN[stage])
    facts = [np.log1p(figure) for figure in (weight, volume, value, charge, distance)]
    facts += [*places, orders.promised - begun]
    if stage == "handover":
        approved = np.where(orders.approved <= begun, orders.approved, np.nan)
        facts += [begun - orders.placed, approved - orders.placed, begun - approved, begun - orders.due]
    return facts
