"""How soon articles leave the list of what is worth stocking."""

from __future__ import annotations

from datetime import timedelta
from math import log

import polars as pl
import pytest

from entrepost.planning.leaving import LEAVING, leaving_rates
from tests.planning.test_popularity import sold
from tests.worlds import MONDAY

KNOWN = 10
LAST = MONDAY + timedelta(days=2 * KNOWN)


def twice_a_time(skus: list[str], days: list[int]) -> list[pl.DataFrame]:
    """Two orders of each article on each of these days."""
    return [sold([24 * day + hour for day in days for hour in (0, 1)], sku) for sku in skus]


def rates(*lines: pl.DataFrame) -> dict[str, float]:
    return dict(leaving_rates(pl.concat(lines), LAST, KNOWN).iter_rows())


def test_a_rate_is_told_by_what_is_on_a_list_and_no_longer_on_the_next() -> None:
    # Ten days ago four articles were on the list, all of which sold twice in ten days; one of them is still.
    kept, gone = twice_a_time(["A"], [0, 12]), twice_a_time(["B", "C", "D"], [0])
    assert rates(*kept, *gone) == {"weekly": pytest.approx(-log(1.5 / 5) * 365 / KNOWN)}


def test_what_comes_onto_the_list_later_is_not_asked_whether_it_stays() -> None:
    kept, new = twice_a_time(["A"], [0, 12]), twice_a_time(["B", "C"], [12])
    assert rates(*kept, *new) == rates(*kept)


def test_what_sells_so_well_that_it_is_ordered_daily_has_a_rate_of_its_own() -> None:
    daily = sold([24 * day for day in range(2 * KNOWN)], "DAILY")
    found = rates(daily, *twice_a_time(["B"], [0]))
    assert set(found) == {"daily", "weekly"}
    assert found["daily"] < found["weekly"]


def test_nothing_is_known_before_the_known_days_have_passed_twice() -> None:
    lines = sold([24 * day for day in range(2 * KNOWN - 1)]).with_columns(pl.col("placed_at") + timedelta(days=1))
    assert leaving_rates(lines, LAST, KNOWN).is_empty()
    assert leaving_rates(lines, LAST, KNOWN).schema == LEAVING


def test_a_list_that_never_changes_is_left_ever_more_seldom_the_more_is_known_of_it() -> None:
    weeks = [sold([24 * day for day in range(length)]) for length in (20, 40, 80)]
    ends = (MONDAY + timedelta(days=length) for length in (20, 40, 80))
    found = [leaving_rates(lines, end, KNOWN)["leaving_year"][0] for lines, end in zip(weeks, ends, strict=True)]
    assert found == sorted(found, reverse=True)
