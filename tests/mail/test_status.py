"""Every pair of status and event has the answer that the trade gives; a fold goes through them in order."""

import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path

import pytest

from entrepost.mail.event import Event
from entrepost.mail.status import TRANSITIONS, Anomaly, Status, Step, fold, status_anomaly, status_step
from entrepost.reference.event_code import get_event_code, list_event_codes
from entrepost.reference.reason import ReasonClass

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "status.toml").read_text(encoding="utf-8"))
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
Pair = tuple[Status, str, ReasonClass]


def members(kind: str, named: str | list[str]) -> list[str]:
    return named if isinstance(named, list) else CASES[kind].get(named, [named])


def told() -> Iterator[tuple[Pair, Step, str]]:
    for case in CASES["case"]:
        every = (
            members("statuses", case["status"]),
            members("events", case["event"]),
            members("reasons", case["reason"]),
        )
        for status, event, reason in product(*every):
            becomes = status if case["becomes"] == "same" else case["becomes"]
            step = Step(Status[becomes], Anomaly[case.get("anomaly", "NONE")])
            yield (Status[status], event, ReasonClass[reason]), step, case["name"]


TOLD = list(told())
EXPECTED = {pair: (step, name) for pair, step, name in TOLD}


def test_the_cases_tell_every_pair_exactly_once():
    twice = [pair for pair, _, name in TOLD if EXPECTED[pair][1] != name]
    assert not twice
    assert set(EXPECTED) == set(TRANSITIONS)


@pytest.mark.parametrize("event", [code.code for code in list_event_codes()])
@pytest.mark.parametrize("status", Status, ids=lambda status: status.name)
def test_an_event_makes_of_a_status_what_the_trade_says(status, event):
    for reason in ReasonClass:
        step, name = EXPECTED[status, event, reason]
        index = get_event_code(event).index
        assert TRANSITIONS[status, event, reason] == step, name
        assert status_step(status, index, reason) == step.status, name
        assert status_anomaly(status, index, reason) == step.anomaly, name


def test_twelve_words_are_seen_outside():
    assert len({status.shown for status in Status}) == 12
    assert [status.kind for status in Status if status.kind] == ["cancelled", "lost", "seized", "destroyed"]


def event(code: str, hours: float = 0, reason: str = "", facility: str = "CNSZXA") -> Event:
    return Event("RB123456785CN", code, NOON + timedelta(hours=hours), NOON, facility, reason)


def test_a_late_event_is_folded_where_it_belongs():
    assert fold([event("EMI", 5), event("EMA", 1), event("EMD", 3)]).status == Status.DELIVERED


def test_of_two_events_at_one_instant_the_later_stage_is_shown():
    assert fold([event("EMI"), event("EDG")]).status == Status.DELIVERED


def test_a_loop_goes_back_to_the_earlier_stage():
    assert fold([event("EMH", 1, "ABSENT"), event("EDG", 2)]).status == Status.OUT_FOR_DELIVERY


def test_held_item_is_not_counted_as_delivered():
    state = fold([event("EMD"), event("EME", 1, "AWAITING_PAYMENT")])
    assert (state.status.shown, state.reason, state.action_required) == ("on_hold", "AWAITING_PAYMENT", "addressee")
    assert state.wait_ended_at is None


def test_an_item_at_customs_asks_nothing_of_anybody():
    state = fold([event("EME", 1, "EXAMINATION")])
    assert (state.status.shown, state.action_required) == ("at_customs", "")


def test_an_item_ready_for_pickup_asks_the_addressee_to_come():
    assert fold([event("EDH")]).action_required == "addressee"


def test_repeated_events_count_once():
    seconds = event("EMI", 30 / 3600)
    state = fold([event("EMI"), event("EMI"), seconds])
    assert (state.events, state.anomalies) == (1, 0)


def test_a_second_delivery_is_odd_and_changes_nothing():
    state = fold([event("EMI"), event("EMI", 24)])
    assert (state.status, state.since, state.anomalies) == (Status.DELIVERED, NOON, 1)


def test_an_unknown_code_is_never_in_transit():
    assert fold([event("999")]).status == Status.PENDING
    assert fold([event("EMA"), event("999", 1)]).status == Status.ACCEPTED


def test_a_returned_item_tells_why_it_came_back():
    state = fold([event("EMD"), event("EDX", 1, "REFUSED"), event("EMC", 2), event("EMD", 3), event("EMI", 4)])
    assert (state.status, state.wait_ended_at) == (Status.RETURNED, None)
    back = fold([event("EMD"), event("EDX", 1, "REFUSED"), event("EMC", 2)])
    assert (back.status, back.reason) == (Status.RETURNING, "REFUSED")
