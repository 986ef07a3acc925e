"""Air waybills: eleven digits, the last of which is the serial modulo 7."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepost.base.errors import MisuseError
from entrepost.codes import waybill
from tests.codes.mutation import spoiled
from tests.codes.vectors import load

VALID, INVALID = 3, 1


@pytest.mark.shared
@pytest.mark.parametrize("number", range(VALID))
def test_a_vector_is_read_and_written(shared: Path, number: int) -> None:
    text = load(shared, "s32_pawb")["pawb"]["valid"][number]
    assert waybill.format(waybill.parse(text)) == text
    assert waybill.check(text) == []


@pytest.mark.shared
@pytest.mark.parametrize("number", range(INVALID))
def test_a_wrong_vector_is_refused(shared: Path, number: int) -> None:
    text = load(shared, "s32_pawb")["pawb"]["invalid"][number]
    assert [(finding.code, finding.level) for finding in waybill.check(text)] == [("waybill_malformed", "error")]


@pytest.mark.shared
def test_no_vector_is_left_out(shared: Path) -> None:
    vectors = load(shared, "s32_pawb")["pawb"]
    assert (len(vectors["valid"]), len(vectors["invalid"])) == (VALID, INVALID)


def test_a_number_is_printed_with_a_hyphen() -> None:
    code = waybill.parse("074-1234 5675")
    assert code == waybill.Waybill("074", 1_234_567)
    assert waybill.format(code, hyphen=True) == "074-12345675"
    assert str(code) == "07412345675"


@given(st.integers(0, 999).map("{:03d}".format), st.integers(0, waybill.SERIAL_MOST))
def test_what_is_formatted_is_read_back(airline: str, serial: int) -> None:
    code = waybill.Waybill(airline, serial)
    assert waybill.parse(waybill.format(code)) == code
    assert waybill.parse(waybill.format(code, hyphen=True)) == code


@given(st.text() | spoiled("07412345675"))
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        code = waybill.parse(text)
    except waybill.MalformedWaybillError:
        assert len(waybill.check(text)) == 1
    else:
        assert waybill.parse(waybill.format(code)) == code


@pytest.mark.parametrize(
    ("text", "reason"),
    [("0741234567", "not 11 digits"), ("07412345676", "instead of 5"), ("\uff107412345675", "not 11 digits")],
)
def test_the_message_says_what_is_wrong(text: str, reason: str) -> None:
    with pytest.raises(waybill.MalformedWaybillError, match=reason):
        waybill.parse(text)


def test_a_number_cannot_be_made_of_what_it_cannot_hold() -> None:
    for airline, serial in (("74", 1), ("07A", 1), ("074", -1), ("074", 10_000_000)):
        with pytest.raises(waybill.MalformedWaybillError):
            waybill.Waybill(airline, serial)
    with pytest.raises(MisuseError):
        waybill.check_digit(10_000_000)
