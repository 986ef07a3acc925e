"""Time in customs is what the events say, and no more of it is deducted than the post may."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from entrepost.base.errors import MisuseError
from entrepost.customs.dwell import measure_dwell, outcomes

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def events(**items: list[tuple[str, int, str]]) -> pl.DataFrame:
    """Of each item its codes, hours after noon, and reasons."""
    rows = [
        (name, code, NOON + timedelta(hours=hour), reason or None, "DEFRAA")
        for name, seen in items.items()
        for code, hour, reason in seen
    ]
    return pl.DataFrame(rows, schema=["item_id", "code", "time", "reason", "facility"], orient="row")


def told(*seen: tuple[str, int, str]) -> dict[str, object]:
    (row,) = measure_dwell(events(A=list(seen))).to_dicts()
    return row


def test_an_item_that_passes_is_with_customs_from_showing_to_release() -> None:
    row = told(("EMD", 0, ""), ("EDB", 2, ""), ("EDC", 5, ""), ("EMF", 7, ""))
    assert (row["hours"], row["held_hours"], row["stopped"], row["outcome"]) == (3, 0, False, "released")


def test_a_hold_that_says_why_is_deducted() -> None:
    row = told(("EDB", 0, ""), ("EME", 4, "EXAMINATION"), ("EDC", 34, ""))
    assert (row["hours"], row["held_hours"], row["deducted_hours"]) == pytest.approx((34, 30, 30))
    assert (row["reason"], row["stopped"]) == ("EXAMINATION", True)


@pytest.mark.parametrize("reason", ["", "NONSENSE"])
def test_a_hold_that_does_not_say_why_is_not_deducted(reason: str) -> None:
    row = told(("EDB", 0, ""), ("EME", 4, reason), ("EDC", 34, ""))
    assert (row["held_hours"], row["deducted_hours"]) == pytest.approx((30, 0))


def test_a_hold_without_a_release_counts_nothing() -> None:
    row = told(("EDB", 0, ""), ("EME", 4, "EXAMINATION"))
    assert (row["hours"], row["held_hours"], row["deducted_hours"], row["outcome"]) == (None, 0, 0, "open")


def test_two_holds_add_up_and_a_hold_within_a_hold_does_not() -> None:
    row = told(
        ("EME", 0, "EXAMINATION"),
        ("EME", 1, "EXAMINATION"),
        ("EDC", 10, ""),
        ("EME", 20, "VALUE_PROOF"),
        ("EMF", 25, ""),
    )
    assert row["deducted_hours"] == pytest.approx(15)
    assert row["reason"] == "EXAMINATION"


def test_an_item_that_is_sent_back_was_stopped() -> None:
    row = told(("EMD", 0, ""), ("EDB", 1, ""), ("EDX", 49, "RETURNED"))
    assert (row["outcome"], row["stopped"], row["hours"]) == ("refused", True, 48)


def test_an_item_seen_later_was_released_though_nobody_scanned_when() -> None:
    row = told(("EMD", 0, ""), ("EMI", 80, ""))
    assert (row["outcome"], row["stopped"], row["hours"]) == ("released", False, None)


def test_events_count_once_and_in_the_order_of_their_times() -> None:
    seen = events(A=[("EDC", 34, ""), ("EME", 4, "EXAMINATION"), ("EDB", 0, ""), ("EDC", 34, ""), ("???", 1, "")])
    assert measure_dwell(seen)["deducted_hours"].to_list() == pytest.approx([30])


def test_what_came_of_items_goes_beside_their_facts() -> None:
    seen = events(
        A=[("EDB", 0, ""), ("EDC", 5, "")], B=[("EME", 24, "EXAMINATION"), ("EDC", 30, "")], C=[("EMD", 0, "")]
    )
    facts = pl.DataFrame({"item_id": ["C", "B", "A", "D"], "hs_code": ["610910"] * 4})
    assert outcomes(facts, seen).select("item_id", "stopped", pl.col("day").dt.day()).rows() == [
        ("B", True, 3),
        ("A", False, 2),
    ]


def test_events_without_what_is_needed_are_refused() -> None:
    with pytest.raises(MisuseError, match="no column code"):
        measure_dwell(events(A=[("EMD", 0, "")]).drop("code"))
    with pytest.raises(MisuseError, match="with their zone"):
        measure_dwell(events(A=[("EMD", 0, "")]).with_columns(pl.col("time").dt.replace_time_zone(None)))
