"""A few items are read and told row by row, and are told the same as among many."""

from __future__ import annotations

from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from entrepost.journey import eta as module
from entrepost.journey.eta import forecast
from entrepost.journey.learning.stages import CODES
from entrepost.journey.under_way.params import Scanning
from entrepost.journey.under_way.read import read_events
from entrepost.journey.under_way.rows import FEW, is_few, read_rows
from tests.journey.under_way_scenes import INSTANT, at, difficult_offices, history
from tests.planning.scenes import DIRECT
from tests.worlds import two_offices

NETWORK = difficult_offices()
TEXTS = ("item_id", "seller", "code", "facility", "reason", "service", "route", "area")
SCHEMA = {
    **dict.fromkeys(TEXTS, pl.String),
    **dict.fromkeys(("time", "recorded_at", "placed_at", "promised_by"), INSTANT),
}
hours = st.integers(0, 16 * 24 * 4).map(lambda quarter: at(quarter / 4))


@st.composite
def events(draw: st.DrawFn) -> pl.DataFrame:
    """Events of a few items, odd ones among them."""
    rows = []
    for _ in range(draw(st.integers(1, 12))):
        time = draw(st.none() | hours)
        rows.append(
            (
                draw(st.sampled_from(["a", "b", "c", None])),
                draw(st.sampled_from([None, "one"])),
                draw(st.sampled_from([*CODES, "EMX", None])),
                draw(st.sampled_from([None, "CNSHAA", "DEFRAA", "XXXXXA"])),
                draw(st.sampled_from([None, "EXAMINATION", "NO_DECLARATION", "odd"])),
                draw(st.sampled_from(["PACKET", "PACKET", None, "NONE"])),
                draw(st.sampled_from([DIRECT, DIRECT, "CNSHAA>NOWHERE"])),
                draw(st.sampled_from(["DE", "DE", None])),
                time,
                draw(st.none() | hours),
                draw(st.none() | st.just(at(0))),
                draw(st.none() | hours),
            )
        )
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def same(one: Any, other: Any) -> None:
    """Both readings are the same, column for column."""
    assert_frame_equal(one.items, other.items)
    for name in ("first", "code", "place", "hour", "told", "reason"):
        assert getattr(one, name).dtype == getattr(other, name).dtype, name
        assert getattr(one, name).tolist() == getattr(other, name).tolist(), name
    assert one.findings == other.findings


@given(events(), st.integers(0, 18 * 24))
def test_events_read_one_by_one_are_those_read_as_columns(frame: pl.DataFrame, now: int) -> None:
    found = read_rows(NETWORK, frame, at(now))
    if found is not None:
        same(found, read_events(NETWORK, frame, at(now)))


@settings(max_examples=40)
@given(events(), st.integers(24, 18 * 24))
def test_a_forecast_made_row_by_row_is_the_one_made_as_columns(frame: pl.DataFrame, now: int) -> None:
    by_rows = forecast(NETWORK, frame, at(now), Scanning())
    kept, module.is_few = module.is_few, lambda _: False  # type: ignore[attr-defined]
    few, module.FEW = module.FEW, -1  # type: ignore[attr-defined]
    try:
        by_columns = forecast(NETWORK, frame, at(now), Scanning())
    finally:
        module.is_few, module.FEW = kept, few  # type: ignore[attr-defined]
    assert_frame_equal(by_rows.items, by_columns.items)
    assert by_rows.findings == by_columns.findings


def test_many_events_odd_types_and_routes_that_nobody_gave_are_read_as_columns() -> None:
    one = history(("EMA", 24))
    assert is_few(one)
    assert not is_few(pl.concat([one] * FEW))
    assert not is_few(one.with_columns(pl.col("time").cast(pl.Datetime("ms", "UTC"))))
    assert not is_few(one.drop("route"))
    assert not is_few(one.clear())
    assert read_rows(two_offices(), one.with_columns(route=pl.lit(None, pl.String)), at(30)) is None


def test_instants_of_another_zone_and_of_none_are_those_of_utc() -> None:
    told = history(("EMA", 24), ("EMB", 26))
    there = told.with_columns(pl.col("time").dt.convert_time_zone("Asia/Shanghai"))
    plain = told.with_columns(pl.col("time").dt.replace_time_zone(None))
    for each in (there, plain):
        found = read_rows(two_offices(), each, at(30))
        assert found is not None
        same(found, read_events(two_offices(), told, at(30)))
