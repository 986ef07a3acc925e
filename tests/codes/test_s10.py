"""S10 identifiers: the published ones, the computed ones, and what is wrong with the wrong ones."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepost.base.errors import MisuseError
from entrepost.codes import s10
from tests.codes.mutation import spoiled
from tests.codes.vectors import load

IDENTIFIERS, SERIALS = 48, 4


def level_of(text: str) -> str:
    findings = s10.check(text)
    return findings[0].level if findings else "ok"


@pytest.mark.shared
@pytest.mark.parametrize("number", range(IDENTIFIERS))
def test_a_vector_has_its_level(shared: Path, number: int):
    vector = load(shared, "s10")["identifiers"][number]
    expected = "ok" if vector["level"].startswith("normalise") else vector["level"]
    assert level_of(vector["id"]) == expected, vector["note"]
    if expected != "error":
        assert s10.format(s10.parse(vector["id"])) == vector["id"].replace(" ", "").upper()


@pytest.mark.shared
@pytest.mark.parametrize("number", range(SERIALS))
def test_a_serial_has_its_check_digit(shared: Path, number: int):
    vector = load(shared, "s10")["serials"][number]
    assert s10.check_digit(int(vector["serial"])) == vector["check"]


@pytest.mark.shared
def test_no_vector_is_left_out(shared: Path):
    vectors = load(shared, "s10")
    assert (len(vectors["identifiers"]), len(vectors["serials"])) == (IDENTIFIERS, SERIALS)


def test_the_worked_example_of_the_standard():
    assert s10.check_digit(12345678) == 5
    assert s10.parse("RB123456785GB") == s10.S10("RB", 12345678, "GB")


def test_blanks_are_layout_and_small_letters_are_raised():
    assert s10.parse("rb 123 456 785 gb") == s10.parse("RB123456785GB")
    assert s10.format(s10.parse("RB123456785GB"), spaced=True) == "RB 123 456 785 GB"


@given(st.sampled_from(["RB", "UA", "EE", "HA"]), st.integers(0, s10.SERIAL_MOST), st.sampled_from(["CN", "GB", "US"]))
def test_what_is_formatted_is_read_back(indicator, serial, issuer):
    code = s10.S10(indicator, serial, issuer)
    assert s10.parse(s10.format(code)) == code
    assert s10.parse(s10.format(code, spaced=True)) == code


@given(st.text() | spoiled("RB123456785GB"))
def test_no_text_breaks_the_reader(text):
    assert all(finding.code in (s10.MALFORMED, s10.BILATERAL, s10.RESERVED) for finding in s10.check(text))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("RB12345678GB", "12 characters"),
        ("R1123456785GB", "two letters, nine digits"),
        ("RB123456786GB", "instead of 5"),
        ("RB123456785XX", "not a country"),
        ("", "0 characters"),
    ],
)
def test_the_message_says_what_is_wrong(text, reason):
    with pytest.raises(s10.MalformedS10Error, match=reason):
        s10.parse(text)


@pytest.mark.parametrize(
    ("indicator", "code"), [("ZZ", s10.BILATERAL), ("GD", s10.BILATERAL), ("AV", s10.BILATERAL), ("JA", s10.RESERVED)]
)
def test_an_indicator_that_is_not_for_international_mail_is_a_warning(indicator, code):
    finding = s10.check(s10.format(s10.S10(indicator, 1, "GB")))[0]
    assert (finding.code, finding.level) == (code, "warning")


def test_an_indicator_of_another_mail_class_is_a_warning():
    assert s10.check("RB123456785GB", mail_class="U") == []
    assert [finding.code for finding in s10.check("RB123456785GB", mail_class="E")] == [s10.CLASS_DIFFERS]


def test_a_serial_beyond_eight_digits_is_misuse():
    with pytest.raises(MisuseError):
        s10.check_digit(100_000_000)
