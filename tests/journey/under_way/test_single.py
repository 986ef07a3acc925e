"""An item that is asked for alone is forecast as among others, to the last digit."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepost.journey.cache import get_book
from entrepost.journey.eta import forecast
from entrepost.journey.under_way.single import Forecaster
from tests.journey.histories import uncertain_offices

PLACED = datetime(2026, 1, 5, tzinfo=UTC)
COURSE = (
    ("EMA", "CNSHAA"),
    ("EMC", "CNSHAA"),
    ("EMD", "DEFRAA"),
    ("EDB", "DEFRAA"),
    ("EDC", "DEFRAA"),
    ("EMG", "DEFRAA"),
)
OTHERS = (("EMI", "DEFRAA"), ("EME", "DEFRAA"), ("XXX", "DEFRAA"), ("EMC", "NOWHERE"))
TYPES: dict[str, Any] = dict.fromkeys(("item_id", "code", "facility", "reason", "service", "route", "area"), pl.String)
TYPES |= dict.fromkeys(("time", "recorded_at", "placed_at", "promised_by"), pl.Datetime("us", "UTC"))


@cache
def forecaster() -> Forecaster:
    made = Forecaster(uncertain_offices())
    made.prepare(get_book(made.network), PLACED)
    return made


@st.composite
def histories(draw: Any) -> tuple[list[dict[str, Any]], datetime]:
    """Scans of an item in an order that can be, mostly, and when they are looked at."""
    way = {
        "item_id": "LX000000005CN",
        "service": draw(st.sampled_from(["PACKET", "PACKET", "NONE"])),
        "route": draw(st.sampled_from(["CNSHAA>DEFRAA", "CNSHAA>DEFRAA", "CNSHAA>NOWHERE"])),
        "area": "DE",
        "placed_at": PLACED,
        "promised_by": draw(st.sampled_from([None, PLACED + timedelta(days=9)])),
    }
    rows, time = [{**way, "code": None}], PLACED
    for code, facility in draw(st.sampled_from([COURSE[:count] for count in range(7)])) + tuple(
        draw(st.lists(st.sampled_from(OTHERS), max_size=1))
    ):
        time += timedelta(hours=draw(st.integers(-3, 60)), minutes=draw(st.integers(0, 59)))
        told = time + timedelta(hours=draw(st.sampled_from([0, 30])))
        rows.append({**way, "code": code, "facility": facility, "time": time, "recorded_at": told})
    return rows, time + timedelta(hours=draw(st.sampled_from([0, 5, 100, 900])))


@settings(max_examples=60, deadline=None)
@given(histories())
def test_one_item_is_forecast_as_in_a_frame(asked: tuple[list[dict[str, Any]], datetime]) -> None:
    history, now = asked
    one = forecaster()
    frame = pl.DataFrame(history, schema=TYPES)
    told = forecast(one.network, frame, now, one.scanning).items.to_dicts()
    found = one.forecast(history, now)
    assert ([{name: found[name] for name in told[0]}] if found and told else []) == told
    assert (found is None) == (not told)


def test_what_is_looked_at_ahead_is_what_is_found_then() -> None:
    now = PLACED + timedelta(hours=9, minutes=30)
    item = {
        "item_id": "LX1",
        "service": "PACKET",
        "route": "CNSHAA>DEFRAA",
        "area": "DE",
        "placed_at": PLACED,
        "code": None,
    }
    ahead, fresh = Forecaster(uncertain_offices()), Forecaster(uncertain_offices())
    ahead.forecast([item], now)
    ahead.look_ahead(now)
    assert ahead.forecast([item], now + timedelta(hours=1)) == fresh.forecast([item], now + timedelta(hours=1))
