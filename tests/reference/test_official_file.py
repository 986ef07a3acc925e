"""Cells of official files: codes with a lost zero, days in two ways of writing."""

from __future__ import annotations

from pathlib import Path

import pytest

from entrepost.base.errors import UnreadableInputError
from entrepost.reference.official_file import read_rows, to_code, to_day


def test_a_code_of_odd_length_has_lost_its_leading_zero() -> None:
    assert [to_code(text) for text in ("1012100", "01012100", "6109.10", "101210000")] == [
        "01012100",
        "01012100",
        "610910",
        "0101210000",
    ]


@pytest.mark.parametrize("text", ["", "x", "12345678901", "61o9", "٦١٠٩"])
def test_what_is_no_code_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a code"):
        to_code(text)


def test_days_are_iso_or_american() -> None:
    assert [to_day(text) for text in ("2026-03-31", "4/9/25", "12/31/2050", "12/31/50", "1/1/89", "")] == [
        "2026-03-31",
        "2025-04-09",
        "2050-12-31",
        "2050-12-31",
        "1989-01-01",
        "",
    ]
    with pytest.raises(ValueError, match="month must be"):
        to_day("13/1/26")


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes(b"\x1f\x8bbroken")
    with pytest.raises(UnreadableInputError, match="cannot be read"):
        read_rows(tmp_path / "x.csv", ("a",))
