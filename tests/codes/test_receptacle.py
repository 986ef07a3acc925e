"""S9 identifiers of receptacles: the constructed ones, and what is wrong with the wrong ones."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepost.codes import dispatch, receptacle
from tests.codes.mutation import spoiled
from tests.codes.test_dispatch import CODES as DISPATCHES
from tests.codes.vectors import load

VALID, INVALID = 8, 8
TEXT = "NLHAGIUSJFKAAUN60017001000125"
FLAGS = st.sampled_from([True, False, None])
CODES = st.builds(
    receptacle.S9,
    DISPATCHES,
    st.integers(1, receptacle.SERIAL_MOST),
    FLAGS,
    FLAGS,
    st.integers(0, 9999).map(lambda hundreds: 100 * hundreds),
)


@pytest.mark.shared
@pytest.mark.parametrize("number", range(VALID))
def test_a_vector_is_read_as_it_is_meant(shared: Path, number: int) -> None:
    dispatches = load(shared, "s8_s9")["constructed_valid"]
    made, vector = [(each["dispatch_id"], bag) for each in dispatches for bag in each["receptacles"]][number]
    code = receptacle.parse(vector["receptacle_id"])
    assert code.dispatch == dispatch.parse(made)
    assert receptacle.format(code) == vector["receptacle_id"]
    assert receptacle.check(vector["receptacle_id"]) == []
    expected = vector["parsed"]
    assert code.serial == expected["receptacle_serial"]
    assert code.last == {0: False, 1: True, 9: None}[expected["highest_numbered"]]
    assert code.registered_or_insured == {0: False, 1: True, 9: None}[expected["registered_or_insured"]]
    assert (code.weight_g // 100, code.weight_g / 1000) == (expected["weight_100g"], expected["weight_kg"])


@pytest.mark.shared
@pytest.mark.parametrize("number", range(INVALID))
def test_a_wrong_vector_has_its_level(shared: Path, number: int) -> None:
    vector = load(shared, "s8_s9")["constructed_invalid"][number]
    expected = "warning" if "warning" in vector["why"] else "error"
    assert [finding.level for finding in receptacle.check(vector["id"])] == [expected], vector["why"]
    if expected == "warning":
        assert receptacle.format(receptacle.parse(vector["id"])) == vector["id"]


@pytest.mark.shared
def test_no_vector_is_left_out(shared: Path) -> None:
    vectors = load(shared, "s8_s9")
    receptacles = [bag for each in vectors["constructed_valid"] for bag in each["receptacles"]]
    assert (len(receptacles), len(vectors["constructed_invalid"])) == (VALID, INVALID)


def test_blanks_are_layout_and_small_letters_are_raised() -> None:
    assert receptacle.parse("nlhagi usjfka aun 6 0017 001 0 0 0125") == receptacle.parse(TEXT)


@given(CODES)
def test_what_is_formatted_is_read_back(code: receptacle.S9) -> None:
    assert receptacle.parse(receptacle.format(code)) == code
    assert str(code).startswith(str(code.dispatch))


@given(st.text() | spoiled(TEXT))
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        code = receptacle.parse(text)
    except receptacle.MalformedReceptacleError:
        assert [finding.level for finding in receptacle.check(text)] == ["error"]
    else:
        assert receptacle.parse(receptacle.format(code)) == code
        assert {finding.level for finding in receptacle.check(text)} <= {"warning"}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (TEXT[:-1], "28 characters"),
        (TEXT + "0", "30 characters"),
        (TEXT[:-1] + "X", "nine digits"),
        ("NLHAGIUSJFKAAUN60017000000125", "serial 0 is not between 1 and 999"),
        ("NLHAGIUSJFKAAUN60017001200125", r"flags 2 \(last\)"),
        ("NLHAGIUSJFKAAUN60017001020125", r"2 \(registered or insured\)"),
        ("NLHAGIUSJFKAXUN60017001000125", "category 'X'"),
        ("NL1AGIUSJFKAAUN60017001000125", "three letters"),
    ],
)
def test_the_message_says_what_is_wrong(text: str, reason: str) -> None:
    with pytest.raises(receptacle.MalformedReceptacleError, match=reason):
        receptacle.parse(text)


@pytest.mark.parametrize("weight_g", [-100, 50, 1_000_000])
def test_a_weight_that_the_identifier_cannot_hold_is_refused(weight_g: int) -> None:
    with pytest.raises(receptacle.MalformedReceptacleError, match="hundreds of grams"):
        receptacle.S9(dispatch.parse(TEXT[:20]), 1, True, None, weight_g)


def test_a_flag_is_yes_no_or_not_known() -> None:
    with pytest.raises(receptacle.MalformedReceptacleError, match="None where it is not known"):
        receptacle.S9(dispatch.parse(TEXT[:20]), 1, 9, None, 100)  # type: ignore[arg-type]


def test_a_weight_that_was_not_recorded_is_a_warning() -> None:
    assert [finding.code for finding in receptacle.check(TEXT[:-4] + "0000")] == [receptacle.WEIGHT_MISSING]
