"""Events and statuses as numbers, and back in words."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl

from entrepost.mail.status import Status
from entrepost.tables.status_numbers import (
    PENDING,
    UNKNOWN,
    Reasons,
    code_events,
    name_standing,
    number_standing,
    word_states,
)

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
STANDING = pl.DataFrame(
    {
        "state": [int(Status.DELIVERY_FAILED), None],
        "reason": ["ABSENT", None],
        "since": [NOON, None],
        "last_event_at": [NOON, None],
        "wait_ended_at": [NOON, None],
        "events": [9, None],
        "anomalies": [1, None],
    },
    schema_overrides={name: pl.Datetime("us", "UTC") for name in ("since", "last_event_at", "wait_ended_at")},
)


def test_a_reason_keeps_its_number() -> None:
    reasons = Reasons()
    assert reasons.number(pl.Series(["ABSENT", None, ""])).to_list() == [1, 0, 0]
    numbers = reasons.number(pl.Series(["REFUSED", "ABSENT"]))
    assert numbers.to_list() == [2, 1]
    assert reasons.text(numbers).to_list() == ["REFUSED", "ABSENT"]


def test_where_an_item_stands_comes_back_from_its_numbers_and_an_item_without_events_is_pending() -> None:
    reasons = Reasons()
    numbers = number_standing(STANDING, reasons)
    assert tuple(numbers[1]) == PENDING
    assert name_standing(numbers, reasons).row(0) == STANDING.row(0)


def test_people_read_words() -> None:
    words = word_states(
        pl.DataFrame({"state": [int(Status.DELIVERY_FAILED), int(Status.ENDED_LOST)], "reason": ["ABSENT", ""]})
    )
    assert [series.to_list() for series in words] == [["delivery_failed", "ended"], ["", "lost"], ["addressee", ""]]


def test_a_code_that_nobody_knows_has_its_own_number() -> None:
    events = pl.DataFrame({"code": ["???"], "time": [NOON], "facility": [None], "reason": [None]})
    events = events.cast({"facility": pl.String, "reason": pl.String})
    assert code_events(events, Reasons())[0, 1] == UNKNOWN
