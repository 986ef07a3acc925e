"""The next action in words: names, places and instants as people say them."""

from __future__ import annotations

from datetime import UTC, datetime
from string import Formatter

import pytest

from entrepost.operations.exceptions_found import (
    DEPARTURE_MISSED,
    DEPARTURE_MISSING,
    DISPATCH_MISSING,
    ITEM_SILENT,
    KINDS,
    PARTNER_QUIET,
    STEP_SLOW,
)
from entrepost.operations.exceptions_words import LANGUAGES, PARTNER_OFFICES, tell
from tests.worlds import two_offices

SINCE = datetime(2026, 3, 3, 14, tzinfo=UTC)
FACTS: dict[str, str | int] = {
    "subject": "CNSHAADEFRAAAUN60041",
    "place": "DEFRAA",
    "origin": "CNSHAA",
    "destination": "DEFRAA",
    "service": "PACKET",
    "items": 214,
    "whole": 1214,
    "later": 3,
    "item": "LX123456785CN",
    "step": "import green",
    "percent": 40,
    "days": 14,
}
EXPECTED = {
    PARTNER_QUIET: "Ask Frankfurt (DEFRAA) for the scans since Tuesday 3 March 14:00: "
    "214 items of PACKET are silent there.",
    DISPATCH_MISSING: "Ask Shanghai (CNSHAA) and Frankfurt (DEFRAA) where CNSHAADEFRAAAUN60041 of Tuesday 3 March "
    "14:00 is: 214 of its 1,214 items of PACKET are silent; 3 later departures have arrived.",
    DEPARTURE_MISSING: "Ask Frankfurt (DEFRAA) whether the departure of Tuesday 3 March 14:00 from Shanghai (CNSHAA) "
    "has arrived: 214 of its 1,214 items of PACKET are silent; 3 later departures have arrived.",
    DEPARTURE_MISSED: "Ask Shanghai (CNSHAA) why 214 of 1,214 items of PACKET for Frankfurt (DEFRAA), "
    "ready since Tuesday 3 March 14:00, have not left.",
    STEP_SLOW: "Ask Frankfurt (DEFRAA) what holds up import clearance: since Tuesday 3 March 14:00 it has taken 40 % "
    "longer than said; 214 items of PACKET are in it.",
    ITEM_SILENT: "Ask Frankfurt (DEFRAA) to look for 214 items of PACKET: nothing was heard of the first since "
    "Tuesday 3 March 14:00.",
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_says_who_is_asked_what(kind: str) -> None:
    assert tell(two_offices(), kind, FACTS, SINCE) == EXPECTED[kind]


def test_one_item_is_named_in_the_singular() -> None:
    one = {**FACTS, "items": 1, "later": 1, "service": ""}
    told = {kind: tell(two_offices(), kind, one, SINCE) for kind in KINDS}
    assert told[ITEM_SILENT] == (
        "Ask Frankfurt (DEFRAA) to look for item LX123456785CN: nothing was heard of it since Tuesday 3 March 14:00."
    )
    assert "1 item is silent there." in told[PARTNER_QUIET]
    assert told[DEPARTURE_MISSING].endswith("is silent; 1 later departure has arrived.")


def test_an_unknown_place_is_named_by_its_code_and_told_in_utc() -> None:
    told = tell(two_offices(), PARTNER_QUIET, {**FACTS, "place": "NOWHER"}, SINCE)
    assert told.startswith("Ask NOWHER for the scans since Tuesday 3 March 14:00")


def test_a_partner_is_asked_for_all_its_offices() -> None:
    offices = {**FACTS, "partner": "DE", "offices": "DEFRAA DEHAMA"}
    assert tell(two_offices(), PARTNER_QUIET, offices, SINCE) == (
        "Ask the partner in Germany for the scans of Frankfurt (DEFRAA) and DEHAMA since Tuesday 3 March 14:00: "
        "214 items of PACKET are silent there."
    )


def test_an_instant_is_told_in_the_zone_of_the_place() -> None:
    from dataclasses import replace

    network = two_offices()
    moved = tuple(replace(row, time_zone="Asia/Shanghai") for row in network.facilities)
    told = tell(replace(network, facilities=moved), PARTNER_QUIET, FACTS, SINCE.replace(hour=20))
    assert "Wednesday 4 March 04:00" in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_every_sentence_and_names_nothing_that_is_not_there(language: str) -> None:
    words = LANGUAGES[language]
    assert set(words.sentences) == {*KINDS, PARTNER_OFFICES}
    for kind in words.sentences:
        names = {name for text in words.sentences[kind] for _, name, _, _ in Formatter().parse(text) if name}
        assert names <= {*FACTS, "since", "of_service", "partner", "offices"}
    assert (len(words.weekdays), len(words.months), len(words.later)) == (7, 12, 3)
