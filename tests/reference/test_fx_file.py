"""Files of rates: one's own and the European Central Bank's, as it publishes them."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from entrepost.base.errors import UnreadableInputError
from entrepost.reference.fx_file import Read, read_bytes, read_file, write_text

HIST = "Date,USD,JPY,HRK,XXZ,\n2026-11-27,1.1601,180.07,N/A,3,\n2026-11-26,1.1593,N/A,N/A,3,\n"
DAILY = "Date, USD, JPY, \n27 November 2026, 1.1601, 180.07, \n"
FRIDAY = date(2026, 11, 27)


def zipped(**files: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in files.items():
            archive.writestr(f"{name}.csv", text)
    return content.getvalue()


def test_the_banks_history_is_read_and_what_it_does_not_state_is_passed_over() -> None:
    read = read_bytes(HIST.encode(), "eurofxref-hist.csv")
    assert read == Read(
        {
            "USD": {FRIDAY: Fraction("1.1601"), date(2026, 11, 26): Fraction("1.1593")},
            "JPY": {FRIDAY: Fraction("180.07")},
        },
        [],
    )


def test_the_banks_rates_of_a_day_are_read_with_their_day_in_words(tmp_path: Path) -> None:
    (tmp_path / "eurofxref.zip").write_bytes(zipped(eurofxref=DAILY))
    read = read_file(tmp_path / "eurofxref.zip")
    assert read.rates == {"USD": {FRIDAY: Fraction("1.1601")}, "JPY": {FRIDAY: Fraction("180.07")}}


def test_one_bad_cell_of_the_banks_loses_no_other() -> None:
    read = read_bytes(HIST.replace("1.1601", "-1").encode(), "hist.csv")
    assert [(each.row, each.field) for each in read.findings] == [(2, "rate")]
    assert set(read.rates["USD"]) == {date(2026, 11, 26)}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"currency,day\n", "lacks the columns rate"),
        (b"", "lacks the columns currency"),
        (b"\xff\xfe", "cannot be read"),
        (b"PK\x03\x04 and nothing more", "cannot be read"),
        (zipped(one=HIST, two=HIST), "holds 2 CSV files"),
        (zipped(), "lacks the columns"),
        (zipped(large="0" * (64 << 20) + "0"), "too large"),
    ],
)
def test_what_is_no_file_of_rates_is_refused(content: bytes, told: str) -> None:
    with pytest.raises(UnreadableInputError, match=told):
        read_bytes(content, "rates")


def test_what_is_written_is_read_again() -> None:
    read = read_bytes(HIST.encode(), "hist.csv")
    assert read_bytes(write_text(read.rates).encode(), "own.csv") == read
