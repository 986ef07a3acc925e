"""S8 identifiers of dispatches: the constructed ones, and what is wrong with the wrong ones."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepost.codes import dispatch
from entrepost.codes.office import Office
from tests.codes.mutation import spoiled
from tests.codes.vectors import load

VALID, PREFIXES = 5, 5
TEXT = "NLHAGIUSJFKAAUN60017"
OFFICES = st.builds(
    Office,
    st.sampled_from(["NL", "US", "CN", "GB"]),
    st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=3, max_size=3),
    st.sampled_from("ABZ9"),
)
CODES = st.builds(
    dispatch.S8,
    OFFICES,
    OFFICES,
    st.sampled_from("ABCD"),
    st.sampled_from(["UN", "UX", "CN", "EN", "TN", "UZ"]),
    st.integers(0, 9),
    st.integers(1, dispatch.SERIAL_MOST),
)


@pytest.mark.shared
@pytest.mark.parametrize("number", range(VALID))
def test_a_vector_is_read_as_it_is_meant(shared: Path, number: int) -> None:
    vector = load(shared, "s8_s9")["constructed_valid"][number]
    code = dispatch.parse(vector["dispatch_id"])
    assert dispatch.format(code) == vector["dispatch_id"]
    assert dispatch.check(vector["dispatch_id"]) == []
    assert vector["parsed"] == {
        "origin_impc": str(code.origin),
        "destination_impc": str(code.destination),
        "mail_category": code.mail_category,
        "mail_subclass": code.mail_subclass,
        "mail_class": code.mail_class,
        "year_digit": code.year_digit,
        "dispatch_serial": code.serial,
    }


@pytest.mark.shared
@pytest.mark.parametrize("number", range(PREFIXES))
def test_a_series_seen_in_use_is_one(shared: Path, number: int) -> None:
    series = load(shared, "s8_s9")["prefixes_seen_in_public_code"][number]["prefix"]
    assert dispatch.check(f"{series}60001") == []
    assert dispatch.parse(f"{series}60001").series == series


@pytest.mark.shared
def test_no_vector_is_left_out(shared: Path) -> None:
    vectors = load(shared, "s8_s9")
    assert (len(vectors["constructed_valid"]), len(vectors["prefixes_seen_in_public_code"])) == (VALID, PREFIXES)


def test_blanks_are_layout_and_small_letters_are_raised() -> None:
    assert dispatch.parse("nlhagi usjfka aun 6 0017") == dispatch.parse(TEXT)


@given(CODES)
def test_what_is_formatted_is_read_back(code: dispatch.S8) -> None:
    assert dispatch.parse(dispatch.format(code)) == code
    assert str(code).startswith(code.series)


@given(st.text() | spoiled(TEXT))
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        code = dispatch.parse(text)
    except dispatch.MalformedDispatchError:
        assert [finding.level for finding in dispatch.check(text)] == ["error"]
    else:
        assert dispatch.parse(dispatch.format(code)) == code
        assert {finding.level for finding in dispatch.check(text)} <= {"warning"}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("NLHAGIUSJFKAAUN6001", "19 characters"),
        ("NLHAGIUSJFKAAUN6001X", "five digits"),
        ("NLHAGIUSJFKAAUN\uff160017", "five digits"),
        ("XXHAGIUSJFKAAUN60017", "not a country"),
        ("NLHAGIUSJ1KAAUN60017", "three letters"),
        ("NLHAGIUSJFKAXUN60017", "category 'X' is not one of A, B, C and D"),
        ("NLHAGIUSJFKAAXX60017", "U, C, E or T"),
        ("NLHAGIUSJFKAAUN60000", "serial 0 is not between 1"),
        ("", "0 characters"),
    ],
)
def test_the_message_says_what_is_wrong(text: str, reason: str) -> None:
    with pytest.raises(dispatch.MalformedDispatchError, match=reason):
        dispatch.parse(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [("NLHAGIUSJFKAAUZ60017", "mail_subclass_unknown"), ("NLHAG1USJFKAAUN60017", "office_qualifier_digit")],
)
def test_what_may_be_is_a_warning(text: str, code: str) -> None:
    assert [(finding.code, finding.level) for finding in dispatch.check(text)] == [(code, "warning")]


def test_an_identifier_cannot_be_made_of_what_it_cannot_hold() -> None:
    here = Office("NL", "HAG", "I")
    for fields in (("A", "un", 6, 1), ("", "UN", 6, 1), ("AB", "UN", 6, 1), ("A", "UN", 10, 1), ("A", "UN", 6, 10_000)):
        with pytest.raises(dispatch.MalformedDispatchError):
            dispatch.S8(here, here, *fields)


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2026, 11, 22), 2026),
        (date(2025, 12, 31), 2026),  # in Auckland the year has begun
        (date(2025, 12, 30), 2016),
        (date(2035, 1, 1), 2026),
        (date(2036, 1, 1), 2036),
    ],
)
def test_the_year_is_the_last_one_with_the_digit(day: date, year: int) -> None:
    assert dispatch.year_of(dispatch.parse(TEXT), day) == year
