"""Addresses as they are printed."""

from __future__ import annotations

import pytest

from entrepost.documents.labels.address import list_lines
from entrepost.mail.party import Party
from tests.documents.labels.made_up import RECIPIENTS


@pytest.mark.parametrize(
    ("country", "town"),
    [("DE", "10115 Berlin"), ("US", "Berlin NY 10115"), ("GB", "Berlin NY 10115"), ("JP", "10115 Berlin NY")],
)
def test_postcode_and_city_stand_as_the_country_writes_them(country: str, town: str) -> None:
    party = Party("Anna", ("Street 1", " "), "Berlin", country, "10115", "" if country == "DE" else "NY")
    assert [line.text for line in list_lines(party)][:-1] == ["Anna", "Street 1", town]


def test_the_country_stands_last_in_capitals_before_the_phone() -> None:
    assert [line.text for line in list_lines(RECIPIENTS["Latin"], True)][-2:] == ["GERMANY", "+49 30 1234567"]
