"""Who exchanges what with whom, on which day, and what is wrong with a table that says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from entrepost.base.errors import MisuseError
from entrepost.mail.partner import Address, Channel, Office, Operator, Partners, check_partners
from tests.operations.exchanging.world import CNA, DEA, FIRST, PARTNERS

JULY = date(2026, 7, 1)


def test_a_sound_table_has_no_finding() -> None:
    assert check_partners(PARTNERS) == []


def test_a_channel_holds_on_its_days_and_its_own_message_before_every() -> None:
    old = Channel("DEA", "out", "PREDES", FIRST, date(2026, 6, 30), version="2.0")
    new = Channel("DEA", "out", "PREDES", JULY, version="2.1")
    partners = replace(PARTNERS, channels=(*PARTNERS.channels, old, new))
    assert partners.find_channel("DEA", "out", "PREDES", date(2026, 6, 30)) == old
    assert partners.find_channel("DEA", "out", "PREDES", JULY) == new
    assert partners.find_channel("DEA", "out", "EMSEVT", JULY) == PARTNERS.channels[-1]
    assert partners.find_channel("DEA", "in", "PREDES", JULY) is None


def test_an_address_says_who_sends_and_offices_whose_they_are() -> None:
    assert PARTNERS.find_sender("DE101", JULY) == DEA
    assert PARTNERS.find_sender("DE101", date(2025, 1, 1)) is None
    assert PARTNERS.has_office("DEA", "DEFRAA", JULY)
    assert not PARTNERS.has_office("DEA", "DEBERA", JULY)
    assert replace(PARTNERS, offices=()).has_office("CNA", "HKHKGA", JULY), "without a list by its countries"


def test_zones_come_of_operators_and_of_offices_that_have_their_own() -> None:
    partners = replace(PARTNERS, offices=(*PARTNERS.offices, Office("CNURCA", "CNA", FIRST, None, "Asia/Urumqi")))
    zones = partners.zones(JULY)
    assert (zones["DEFRAA"], zones["DE101"], zones["HK"]) == ("Europe/Berlin", "Europe/Berlin", "Asia/Shanghai")
    assert zones["CNURCA"] == "Asia/Urumqi"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"operators": (CNA, replace(DEA, own=True))}, "partner_own"),
        ({"operators": (CNA,)}, "partner_operator_unknown"),
        ({"addresses": (Address("DE101", "DEA", FIRST),)}, "partner_own_address_missing"),
        ({"addresses": (Address("CN101", "CNA", FIRST),)}, "partner_address_unknown"),
        ({"offices": (Office("FRANKFURT", "DEA", FIRST),)}, "partner_office_malformed"),
        ({"offices": (Office("DEFRAA", "DEA", FIRST, None, "Mars/Base"),)}, "partner_zone_unknown"),
        ({"offices": (Office("DEFRAA", "DEA", JULY, FIRST),)}, "partner_days_reversed"),
        ({"offices": (Office("DEFRAA", "DEA", FIRST), Office("DEFRAA", "DEA", JULY))}, "partner_rows_overlap"),
    ],
)
def test_what_is_wrong_with_a_table_is_told(changed, code: str) -> None:  # type: ignore[no-untyped-def]
    assert code in {finding.code for finding in check_partners(replace(PARTNERS, **changed))}


def test_who_is_not_there_is_said_so() -> None:
    with pytest.raises(MisuseError, match="no partner"):
        PARTNERS.get_operator("USA")
    with pytest.raises(MisuseError, match="own"):
        _ = Partners((Operator("DEA", "Germany", "DE", ""),)).own
