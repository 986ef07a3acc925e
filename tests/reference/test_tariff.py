"""Tariffs that were added: codes regain their zero, bad rows are told, and a look-up never guesses."""

from __future__ import annotations

import gzip
from datetime import date
from pathlib import Path

import pytest

from entrepost.base.errors import UnreadableInputError
from entrepost.reference.duty_text import UnreadableDutyError, parse_duty
from entrepost.reference.tariff import add_tariff, find_duties, read_tariff

DAY = date(2026, 3, 2)
UK = """commodity,description,cet_duty_rate,ukgt_duty_rate
1012100,Pure-bred breeding horses,0.0%,0.0%
61091000,T-shirts of cotton,12.0%,10.0%
61099020,T-shirts of wool,12.0%,12.0%
7123456,Tomatoes,Entry Price,14.00% (01 JUL - 31 JAN)
x1,Nothing,1.0%,1.0%
"""
US = "hts8,mfn_text_rate,begin_effect_date,end_effective_date\n"


@pytest.fixture(autouse=True)
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ENTREPOST_REFERENCE", str(tmp_path / "own"))
    (tmp_path / "uk.csv").write_text(UK)
    return tmp_path


def test_rows_are_kept_and_what_is_wrong_with_them_is_told_with_its_row(own: Path) -> None:
    count, findings = add_tariff("tariff-uk", own / "uk.csv")
    assert count == 4
    assert [(each.code, each.field, each.row) for each in findings] == [
        ("tariff_duty_unreadable", "ukgt_duty_rate", 5),
        ("official_row_malformed", "commodity", 6),
    ]
    assert find_duties("GB", "01012100", DAY) == [parse_duty("0.0%", "GBP")]


def test_one_file_holds_the_tariffs_of_the_kingdom_and_of_the_union(own: Path) -> None:
    add_tariff("tariff-uk", own / "uk.csv")
    add_tariff("tariff-eu", own / "uk.csv")
    assert find_duties("GB", "61091000", DAY) == [parse_duty("10.0%", "GBP")]
    assert find_duties("EU", "61091000", DAY) == [parse_duty("12.0%", "EUR")]


def test_a_shorter_code_has_all_duties_below_it_and_a_longer_one_that_above(own: Path) -> None:
    add_tariff("tariff-uk", own / "uk.csv")
    assert find_duties("GB", "6109", DAY) == [parse_duty("10.0%", "GBP"), parse_duty("12.0%", "GBP")]
    assert find_duties("GB", "610910", DAY) == [parse_duty("10.0%", "GBP")]
    assert find_duties("GB", "6109100010", DAY) == [parse_duty("10.0%", "GBP")]
    assert find_duties("GB", "910211", DAY) == []
    assert find_duties("FR", "610910", DAY) == []


def test_an_unreadable_duty_is_found_as_such(own: Path) -> None:
    add_tariff("tariff-uk", own / "uk.csv")
    assert isinstance(find_duties("GB", "07123456", DAY)[0], UnreadableDutyError)


def test_rows_of_the_united_states_hold_between_their_days_and_the_newest_file_goes_first(own: Path) -> None:
    with gzip.open(own / "us.csv.gz", "wt") as file:
        file.write(US + "61091000,16.5%,1/1/21,12/31/25\n61091000,15%,1/1/26,12/31/50\n61091000,1%,13/1/26,\n")
    assert [each.row for each in add_tariff("tariff-us", own / "us.csv.gz")[1]] == [4]
    assert find_duties("US", "61091000", date(2025, 12, 31)) == [parse_duty("16.5%", "USD")]
    assert find_duties("US", "61091000", DAY) == [parse_duty("15%", "USD")]
    assert find_duties("US", "61091000", date(2020, 1, 1)) == []
    (own / "newer.csv").write_text(US + "61091000,14%,1/1/21,\n")
    add_tariff("tariff-us", own / "newer.csv")
    assert find_duties("US", "61091000", DAY) == [parse_duty("14%", "USD")]


def test_a_tariff_of_ones_own_names_country_and_currency(own: Path) -> None:
    (own / "own.csv").write_text("country,currency,hs_code,duty\nJP,JPY,610910,10%\nJP,YEN,610910,10%\n")
    rows, findings = read_tariff("tariff", own / "own.csv")
    assert rows == [("JP", "JPY", "610910", "10%", "", "")]
    assert [(each.field, each.row) for each in findings] == [("currency", 3)]
    with pytest.raises(UnreadableInputError, match="lacks the columns hts8"):
        read_tariff("tariff-us", own / "own.csv")


@pytest.mark.parametrize(
    ("kind", "file", "rows", "unreadable"),
    [
        ("tariff-eu", "ukgt_cet_2021.csv.gz", 11_830, 127),
        ("tariff-uk", "ukgt_cet_2021.csv.gz", 11_830, 18),
        ("tariff-us", "us_hts_2025-06-06.csv.gz", 12_907, None),
    ],
)
def test_the_files_of_the_administrations_are_read(
    shared: Path, kind: str, file: str, rows: int, unreadable: int | None
) -> None:
    kept, findings = read_tariff(kind, shared / "data/tariff" / file)
    assert len(kept) == rows
    told = [each for each in findings if unreadable is not None or not kept[each.row - 2][2].startswith(("98", "99"))]
    assert len(told) == (174 if unreadable is None else unreadable)


def test_a_row_of_no_country_or_that_ends_before_it_begins_is_told(own: Path) -> None:
    header = "country,currency,hs_code,duty,valid_from,valid_to\n"
    rows = "UK,GBP,610910,10%,,\nEU,EUR,610910,12%,,\nJP,JPY,610910,10%,2026-12-31,2026-01-01\n"
    (own / "own.csv").write_text(header + rows)
    kept, findings = read_tariff("tariff", own / "own.csv")
    assert [row[0] for row in kept] == ["EU"]
    assert [(each.field, each.row) for each in findings] == [("country", 2), ("valid_to", 4)]
