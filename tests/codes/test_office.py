"""Office codes: six letters that begin with a country."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepost.codes import office
from tests.codes.mutation import spoiled
from tests.codes.vectors import load

COUNT = 18


@pytest.mark.shared
@pytest.mark.parametrize("number", range(COUNT))
def test_a_vector_has_its_level(shared: Path, number: int) -> None:
    vector = load(shared, "impc")[number]
    levels = [finding.level for finding in office.check(vector["impc"])]
    if vector["valid"] or "normalise" in vector["note"]:
        assert levels == []
        assert office.format(office.parse(vector["impc"])) == vector["impc"].upper()
    elif "warning" in vector["note"]:
        assert levels == ["warning"]
    else:
        assert levels == ["error"]


@pytest.mark.shared
def test_no_vector_is_left_out(shared: Path) -> None:
    assert len(load(shared, "impc")) == COUNT


def test_an_office_has_country_place_and_qualifier() -> None:
    assert office.parse("cnszxa") == office.Office("CN", "SZX", "A")
    assert str(office.parse("CNSZXA")) == "CNSZXA"


def test_a_digit_at_the_end_is_a_warning() -> None:
    assert office.parse("USJFK1").qualifier == "1"
    assert [finding.code for finding in office.check("USJFK1")] == [office.QUALIFIER_DIGIT]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("USJFK", "5 char"),
        ("US1FKA", "three letters"),
        ("USJFK-", "three letters"),
        ("XXJFKA", "country"),
        ("UßJFKA", "country"),
    ],
)
def test_the_message_says_what_is_wrong(text: str, reason: str) -> None:
    with pytest.raises(office.MalformedOfficeError, match=reason):
        office.parse(text)


@given(st.text(max_size=8) | spoiled("CNSZXA"))
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        code = office.parse(text)
    except office.MalformedOfficeError:
        assert [finding.level for finding in office.check(text)] == ["error"]
    else:
        assert office.parse(office.format(code)) == code
