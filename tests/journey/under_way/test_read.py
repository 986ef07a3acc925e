"""What was known by an instant, as numbers; what makes no sense is counted."""

from __future__ import annotations

import polars as pl
import pytest

from entrepost.base.clock import day_hour
from entrepost.base.errors import MisuseError
from entrepost.journey.learning.stages import CODES
from entrepost.journey.under_way.read import OTHER, read_events
from tests.journey.under_way_scenes import at, history
from tests.worlds import MONDAY, two_offices

FIRST = day_hour(MONDAY.date())


def test_events_come_item_by_item_with_the_hour_by_which_they_happened() -> None:
    mixed = pl.concat([history(("EMA", 24.5), item="b"), history(("EMA", 24), ("EMB", 26), item="a")])
    found = read_events(two_offices(), mixed, at(30))
    assert found.items.get_column("item_id").to_list() == ["b", "a"]
    assert found.first.tolist() == [0, 2, 5]
    assert (found.hour[[1, 3, 4]] - FIRST).tolist() == [25, 24, 26]
    assert found.code.tolist() == [OTHER, CODES.index("EMA"), OTHER, CODES.index("EMA"), CODES.index("EMB")]


def test_what_was_recorded_later_is_not_known() -> None:
    late = history(("EMA", 24), ("EMB", 26)).with_columns(
        recorded_at=pl.when(pl.col("code") == "EMB").then(pl.lit(at(40))).otherwise(pl.lit(at(24)))
    )
    assert read_events(two_offices(), late, at(30)).items.get_column("scans").to_list() == [2]
    assert read_events(two_offices(), late, at(40)).items.get_column("scans").to_list() == [3]


def test_two_sellers_may_use_the_same_number() -> None:
    both = pl.concat([history(("EMA", 24), seller="one"), history(("EMA", 25), seller="two")])
    assert read_events(two_offices(), both, at(30)).items.get_column("seller").to_list() == ["one", "two"]


def test_a_frame_without_what_is_needed_is_refused() -> None:
    with pytest.raises(MisuseError, match="time"):
        read_events(two_offices(), history().drop("time"), at(1))
