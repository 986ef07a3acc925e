"""Office codes: six letters that begin with a country."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepost.codes import country, office


def test_every_vector_is_read_or_refused(shared: Path):
    for vector in json.loads((shared / "postal/vectors/impc.json").read_text(encoding="utf-8")):
        valid = vector["valid"] or "normalise" in vector["note"]
        assert (office.check(vector["impc"]) == []) == valid, vector


def test_an_office_has_country_place_and_qualifier():
    assert office.parse("cnszxa") == office.Office("CN", "SZX", "A")
    assert str(office.parse("CNSZXA")) == "CNSZXA"


@pytest.mark.parametrize(("text", "reason"), [("USJFK", "5 char"), ("USJFK1", "three letters"), ("XXJFKA", "country")])
def test_the_message_says_what_is_wrong(text, reason):
    with pytest.raises(office.MalformedOfficeError, match=reason):
        office.parse(text)


@given(st.text(max_size=8))
def test_no_text_breaks_the_reader(text):
    assert len(office.check(text)) <= 1


def test_a_country_is_two_letters_of_the_standard():
    assert country.parse(" cn ") == "CN"
    assert country.format("US") == "US"
    assert not country.is_country("UK")
    with pytest.raises(country.MalformedCountryError, match="two letters"):
        country.parse("XX")
