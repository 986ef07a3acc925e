"""What an account has under way, and how its customers waited."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import polars as pl

from entrepost.mail.status import Status
from entrepost.operations.look_store import SUMS
from entrepost.operations.summary import LATELY, WEEKS, Summary, sum_up
from entrepost.operations.tally import Tally, day_number, week_number

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
THIS = week_number(NOW.date())


def sums(**cells: object) -> dict[str, object]:
    row: dict[str, object] = dict.fromkeys(SUMS) | {"tenant": "main", "origin": "CNSHAA", "country": "DE"}
    return row | {"block": 0, "reason": "", "placed_week": THIS - 2, "items": 1, "wait_hours": 0} | cells


def summary(*rows: dict[str, object], tenant: str = "main") -> Summary:
    return sum_up(Tally({"main": pl.DataFrame(list(rows), schema=SUMS)}, 0, NOW), tenant, NOW)


ARRIVED = sums(state=int(Status.DELIVERED), ended_week=THIS - 1, kept=1, items=3, wait_hours=3 * 24 * 8)
LATE = sums(state=int(Status.DELIVERED), ended_week=THIS - 1, kept=0, items=1, wait_hours=24 * 16)
NEW = sums(state=int(Status.PENDING), placed_week=THIS)
HELD = sums(state=int(Status.ON_HOLD), reason="AWAITING_PAYMENT", due_day=day_number(NOW.date()) - 1, items=5)


def test_waits_are_weighted_by_items_and_promises_counted_where_there_were_any() -> None:
    told = summary(ARRIVED, LATE, sums(state=int(Status.DELIVERED), ended_week=THIS - 1, wait_hours=24 * 10))
    assert told.totals["ended"] == 5
    assert told.totals["wait_days"] == (3 * 8 + 16 + 10) / 5
    assert told.totals["kept"] == 3 / 4


def test_what_ended_this_week_or_long_ago_is_not_lately() -> None:
    for week in (THIS, THIS - LATELY - 1):
        assert summary(NEW, ARRIVED | {"ended_week": week}).totals["wait_days"] is None
    weeks = summary(NEW, ARRIVED | {"ended_week": THIS - WEEKS}).weeks
    assert (weeks.height, weeks["items"][0], weeks["wait_days"].null_count()) == (WEEKS, 3, WEEKS - 1)
    assert weeks["monday"][-1] == date(2026, 2, 23)


def test_where_nothing_has_come_in_for_long_weeks_end_with_the_last_that_told_anything() -> None:
    told = summary(ARRIVED | {"placed_week": THIS - 21, "ended_week": THIS - 20})
    assert (told.totals["ended"], told.totals["until"]) == (3, date(2026, 3, 1) - timedelta(weeks=19))
    assert summary(NEW).totals["until"] == date(2026, 3, 1)


def test_what_waits_for_somebody_is_told_with_who_must_act() -> None:
    told = summary(HELD, sums(state=int(Status.IN_TRANSIT), items=9), ARRIVED)
    assert told.needs.rows() == [("on_hold", "AWAITING_PAYMENT", "addressee", 5)]
    assert (told.totals["under_way"], told.totals["overdue"]) == (14, 5)
    assert dict(told.statuses.iter_rows())["in_transit"] == 9


def test_what_is_waited_for_longest_is_counted() -> None:
    old = sums(state=int(Status.IN_TRANSIT), placed_week=THIS - 10, items=2)
    assert summary(old, HELD).totals["waiting_long"] == 2
    assert summary(old | {"state": int(Status.RETURNING)}).totals["waiting_long"] == 0


def test_an_account_without_items_has_nothing() -> None:
    told = summary(ARRIVED, tenant="other")
    assert (told.totals["under_way"], told.totals["kept"], told.countries.height) == (0, None, 0)
    assert summary(ARRIVED, HELD).countries.select("country", "items", "under_way").rows() == [("DE", 3, 5)]
