"""The compiled fold over frames says what the Python fold says of each item."""

from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import entrepost.tables.status as table
from entrepost.base.errors import UnreadableInputError
from entrepost.mail.event import Event
from entrepost.mail.status import State, fold
from entrepost.reference.event_code import list_event_codes
from entrepost.reference.reason import list_reasons
from entrepost.tables.status_numbers import PENDING, Reasons, code_events

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
CODES = [code.code for code in list_event_codes()]
REASONS = ["", "NOBODY_KNOWS", *(reason.reason for reason in list_reasons())]


@st.composite
def events(draw: st.DrawFn) -> Event:
    seconds = draw(st.integers(0, 400) | st.integers(0, 5_000_000))
    offset = timezone(timedelta(hours=draw(st.sampled_from([-8, 0, 8]))))
    return Event(
        item_id=draw(st.sampled_from(["RB123456785GB", "RB123456785CN"])),
        code=draw(st.sampled_from([*CODES, "999"])),
        time=(NOON + timedelta(seconds=seconds)).astimezone(offset),
        recorded_at=NOON,
        facility=draw(st.sampled_from(["", "CNSZXA", "GBLALA"])),
        reason=draw(st.sampled_from(REASONS)),
        tenant=draw(st.sampled_from(["main", "other"])),
    )


def frame_of(given_events: list[Event]) -> pl.DataFrame:
    columns = ("tenant", "item_id", "code", "facility", "reason")
    cells = {name: [getattr(event, name) for event in given_events] for name in columns}
    instants = {"time": [event.time.astimezone(UTC) for event in given_events]}
    schema = dict.fromkeys(columns, pl.String) | {"time": pl.Datetime("us", "UTC")}
    return pl.DataFrame(cells | instants, schema=schema)


def states_of(given_events: list[Event]) -> dict[tuple[str, str], State]:
    items: dict[tuple[str, str], list[Event]] = {}
    for event in given_events:
        items.setdefault((event.tenant, event.item_id), []).append(event)
    return {name: fold(group) for name, group in items.items()}


def assert_folds_agree(given_events: list[Event]) -> None:
    rows = table.fold(frame_of(given_events)).to_dicts()
    expected = states_of(given_events)
    assert [(row["tenant"], row["item_id"]) for row in rows] == list(expected)
    for row, state in zip(rows, expected.values(), strict=True):
        assert row["status"] == state.status.shown
        assert row["kind"] == state.status.kind
        assert row["state"] == state.status
        for name in ("reason", "action_required", "since", "last_event_at", "wait_ended_at", "events", "anomalies"):
            assert row[name] == getattr(state, name), name


@settings(max_examples=200, deadline=None)
@given(st.lists(events(), max_size=40), st.randoms(use_true_random=False))
def test_both_folds_agree_on_shuffled_and_repeated_events(given_events, random):
    repeated = given_events + random.sample(given_events, len(given_events) // 3)
    random.shuffle(repeated)
    assert_folds_agree(repeated)


@settings(max_examples=20, deadline=None)
@given(st.lists(events(), min_size=120, max_size=160))
def test_both_folds_agree_on_items_with_very_many_events(given_events):
    assert_folds_agree(given_events)


@settings(max_examples=100, deadline=None)
@given(st.lists(events(), max_size=40), st.integers(0, 5_000_000 // 60))
def test_a_fold_goes_on_from_where_earlier_events_left_an_item(given_events, minutes):
    frame, reasons = frame_of(given_events).sort("item_id", "time"), Reasons()
    coded = code_events(frame, reasons)
    item = frame.get_column("item_id").rle_id().to_numpy()
    early = (frame.get_column("time") < NOON + timedelta(minutes=minutes)).to_numpy()
    pending = np.tile(np.array(PENDING), (frame.get_column("item_id").n_unique(), 1))

    def go_on(wanted, stood):
        rows = np.flatnonzero(wanted)
        ends = np.searchsorted(item[rows], np.arange(len(stood)), side="right")
        return table.fold_numbers(rows, ends, coded, stood)

    assert np.array_equal(go_on(~early, go_on(early, pending)), go_on(early | True, pending))


def test_an_unknown_code_never_makes_an_item_in_transit():
    frame = frame_of([Event("RB123456785GB", "999", NOON, NOON)])
    assert table.fold(frame).row(0, named=True)["status"] == "pending"
    assert [finding.code for finding in table.check_codes(frame)] == ["event_code_unknown"]


def test_no_events_give_no_items():
    assert table.fold(frame_of([])).height == 0


def test_wait_ends_at_the_first_attempt_and_not_at_the_delivery_after_it():
    later = NOON + timedelta(days=2)
    frame = frame_of([Event("A", "EMI", later, later), Event("A", "EMH", NOON, NOON, reason="ABSENT")])
    assert table.fold(frame).row(0, named=True)["wait_ended_at"] == NOON


def test_an_item_that_comes_back_to_its_sender_ends_no_wait():
    times = [NOON + timedelta(hours=hour) for hour in range(2)]
    frame = frame_of([Event("A", "EDX", times[0], NOON, reason="RETURNED"), Event("A", "EMI", times[1], NOON)])
    row = table.fold(frame).row(0, named=True)
    assert (row["status"], row["wait_ended_at"]) == ("returned", None)


def test_events_that_name_no_item_are_not_folded_into_one():
    about = pl.DataFrame({"subject": ["BAG"], "code": ["EMB"], "time": [NOON]})
    with pytest.raises(UnreadableInputError, match="item_id is missing"):
        table.fold(about)
