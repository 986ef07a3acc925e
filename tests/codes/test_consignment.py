"""S32 identifiers: strict in what goes out, lenient in what comes in."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepost.codes import consignment
from tests.codes.mutation import spoiled
from tests.codes.vectors import load

VALID, INVALID = 3, 3
TEXT = "NLA000012345"


def codes(text: str) -> list[tuple[str, str]]:
    return [(finding.code, finding.level) for finding in consignment.check(text)]


@pytest.mark.shared
@pytest.mark.parametrize("number", range(VALID))
def test_a_vector_is_read_and_written(shared: Path, number: int) -> None:
    text = load(shared, "s32_pawb")["s32"]["valid"][number]
    assert consignment.format(consignment.parse(text)) == text
    assert codes(text) == []


@pytest.mark.shared
@pytest.mark.parametrize("number", range(INVALID))
def test_a_wrong_vector_is_not_written_but_taken_from_a_carrier(shared: Path, number: int) -> None:
    text = load(shared, "s32_pawb")["s32"]["invalid"][number]
    with pytest.raises(consignment.MalformedConsignmentError):
        consignment.parse(text)
    assert consignment.parse_document(text) == text
    assert codes(text) == [("consignment_id_not_s32", "warning")]


@pytest.mark.shared
def test_no_vector_is_left_out(shared: Path) -> None:
    vectors = load(shared, "s32_pawb")["s32"]
    assert (len(vectors["valid"]), len(vectors["invalid"])) == (VALID, INVALID)


def test_an_identifier_has_issuer_and_reference() -> None:
    assert consignment.parse(f" {TEXT}\n") == consignment.S32("NL", "A000012345")
    assert str(consignment.S32("NL", "A000012345")) == TEXT


@given(
    st.text("ABCXYZ", min_size=2, max_size=2),
    st.text("ABCXYZ0123456789", min_size=10, max_size=10),
)
def test_what_is_formatted_is_read_back(issuer: str, reference: str) -> None:
    code = consignment.S32(issuer, reference)
    assert consignment.parse(consignment.format(code)) == code


@given(st.text() | spoiled(TEXT))
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        code = consignment.parse(text)
    except consignment.MalformedConsignmentError:
        assert len(codes(text)) == 1
    else:
        assert consignment.parse(consignment.format(code)) == code


@pytest.mark.parametrize(
    ("text", "reason"),
    [("NL00012345", "10 characters"), ("NLA0000-2345", "ten capitals or digits"), ("N1A000012345", "two capitals")],
)
def test_the_message_says_what_is_wrong(text: str, reason: str) -> None:
    with pytest.raises(consignment.MalformedConsignmentError, match=reason):
        consignment.parse(text)


@pytest.mark.parametrize("text", ["", "  ", "X" * 36, "A\x00B", "A\nB"])
def test_what_no_message_can_carry_is_an_error(text: str) -> None:
    assert codes(text) == [("consignment_id_malformed", "error")]


def test_a_carriers_number_may_have_35_characters() -> None:
    assert codes("X" * 35) == [("consignment_id_not_s32", "warning")]


def test_an_issuer_that_is_no_country_is_a_warning() -> None:
    assert codes("XXA000012345") == [("consignment_issuer_unknown", "warning")]
