"""A clock is found by its place, and not guessed."""

from __future__ import annotations

import pytest

from entrepost.messages.profiling.clocks import Clocks

KNOWN = {
    "USJFKA": "America/New_York",
    "NLAMSA": "Europe/Amsterdam",
    "USINDA": "America/Indiana/Indianapolis",
    "USINDB": "America/Chicago",
    "KL01": "Europe/Amsterdam",
    "CN": "Asia/Shanghai",
}


@pytest.mark.parametrize(
    ("place", "zone"),
    [
        ("USJFKA", "America/New_York"),  # as it is named
        ("usjfka", "America/New_York"),
        ("USJFKC", "America/New_York"),  # another office at the same place
        ("JFK", "America/New_York"),  # the airport of that place
        ("NLHAGI", "Europe/Amsterdam"),  # a country that has but one zone
        ("NLHAGIUSJFKAAUN60017", "Europe/Amsterdam"),  # the office that made a dispatch
        ("KL01", "Europe/Amsterdam"),
        ("USORDA", None),
        ("USINDC", None),  # two offices there disagree
        ("DEJFKA", "Europe/Berlin"),  # the same letters in another country, whose two zones agree
        ("CNQQQA", "Asia/Shanghai"),  # a country that is named as a whole
        ("CN510000", "Asia/Shanghai"),
        ("MYKULA", "Asia/Kuala_Lumpur"),
        ("ESMADA", None),  # the Canary Islands have another clock
        ("BA01", None),  # an airline, not Bosnia
        ("NLX", None),
        ("", None),
    ],
)
def test_a_place_has_the_clock_that_is_known_of_it(place: str, zone: str | None) -> None:
    found = Clocks(KNOWN).find(place)
    assert (str(found) if found else None) == zone
