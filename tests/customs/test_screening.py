"""Screening holds items; why is for the operator, and the event says nothing of it."""

from dataclasses import asdict
from datetime import UTC, datetime

from entrepost.customs.articles import Article
from entrepost.customs.denied import PartyAsked
from entrepost.customs.screening import check_parties, hold, screen
from entrepost.mail.status import Status, fold
from tests.customs.small_lists import TINY

NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)
PARTIES = [PartyAsked("LX1", "recipient", "Maxim Orlovsky"), PartyAsked("LX2", "recipient", "Anna Smith")]
CONTENTS = [
    Article("LX2", "DE", "Cotton T-shirt"),
    Article("LX3", "DE", "Power bank"),
    Article("LX4", "DE", "Smartphone", "851713"),
]


def test_a_listed_name_and_a_dangerous_article_hold_their_items_and_a_condition_does_not() -> None:
    hits = screen(PARTIES, CONTENTS, TINY)
    assert [(hit.item_id, hit.where, hit.holds) for hit in hits] == [
        ("LX1", "recipient", True),
        ("LX3", "contents[0]", True),
        ("LX4", "contents[0]", False),
    ]
    assert [each.item_id for each in hold(hits)] == ["LX1", "LX3"]


def test_the_event_of_a_hold_puts_the_item_on_hold_and_says_nothing_of_why() -> None:
    (held, *_) = hold(screen(PARTIES, [], TINY))
    event = held.to_event(NOON)
    state = fold([event])
    assert (state.status, state.reason, state.action_required) == (Status.ON_HOLD, "", "")
    assert "orlovsky" not in str(asdict(event)).lower()
    assert "orlovsky" in held.hits[0].finding.message.lower()


def test_without_lists_the_contents_are_still_screened() -> None:
    assert [hit.item_id for hit in screen(PARTIES, CONTENTS, None) if hit.holds] == ["LX3"]


def test_a_party_without_a_name_and_a_wrong_day_of_birth_are_findings() -> None:
    asked = [PartyAsked("LX1", "sender", "\0 -"), PartyAsked("LX2", "sender", "Ann", birth_date="5.3.71")]
    assert [finding.code for finding in check_parties(asked)] == ["party_nameless", "party_birth_malformed"]
