"""Every pair of state and message has the answer that the trade gives; an assessment goes through them in order."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path

import pytest

from entrepost.base.errors import MissingRowError
from entrepost.customs.referral import (
    TRANSITIONS,
    Referral,
    ReferralAnomaly,
    ReferralMessageSeen,
    ReferralStep,
    assess,
    referral_step,
)
from entrepost.reference.referral_message import list_referral_messages

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "referral.toml").read_text(encoding="utf-8"))
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
Pair = tuple[Referral, str]


def members(kind: str, named: str | list[str]) -> list[str]:
    return named if isinstance(named, list) else CASES[kind].get(named, [named])


def told() -> Iterator[tuple[Pair, ReferralStep, str]]:
    for case in CASES["case"]:
        for state, message in product(members("states", case["state"]), members("messages", case["message"])):
            becomes = state if case["becomes"] == "same" else case["becomes"]
            step = ReferralStep(Referral[becomes], ReferralAnomaly[case.get("anomaly", "NONE")])
            yield (Referral[state], message), step, case["name"]


TOLD = list(told())
EXPECTED = {pair: (step, name) for pair, step, name in TOLD}


def seen(*messages: str) -> list[ReferralMessageSeen]:
    return [ReferralMessageSeen(message, NOON + timedelta(hours=hour)) for hour, message in enumerate(messages)]


def test_the_cases_tell_every_pair_exactly_once() -> None:
    assert len(TOLD) == len(EXPECTED)
    assert set(EXPECTED) == set(TRANSITIONS)


@pytest.mark.parametrize("message", list_referral_messages(), ids=lambda each: each.message)
@pytest.mark.parametrize("referral", Referral, ids=lambda each: each.name)
def test_a_message_makes_of_an_assessment_what_the_trade_says(referral, message) -> None:  # type: ignore[no-untyped-def]
    step, name = EXPECTED[referral, message.message]
    assert TRANSITIONS[referral, message.message] == step, name
    assert referral_step(referral, message.index) == step.referral, name


def test_information_that_was_asked_for_and_sent_leads_to_no_objection() -> None:
    found = assess(seen("LODGE", "REG", "RFI", "ANSWER", "AC"))
    assert (found.referral, found.since, found.anomalies) == (Referral.ASSESSED, NOON + timedelta(hours=4), 0)
    assert found.lodged_at == NOON


def test_messages_count_in_the_order_of_their_times() -> None:
    assert assess(reversed(seen("LODGE", "RFS", "SCREEN", "AC"))).referral == Referral.ASSESSED
    assert assess(seen("LODGE", "RFS", "AC", "SCREEN")).referral == Referral.SCREENED


def test_an_item_of_which_nothing_was_heard_is_not_lodged() -> None:
    assert assess([]).referral == Referral.NOT_LODGED


def test_a_message_that_nobody_knows_is_refused() -> None:
    with pytest.raises(MissingRowError, match="'ACK' is not a referral message"):
        assess(seen("ACK"))
