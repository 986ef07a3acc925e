"""Rates of one's own are added, listed, and used by the next quote."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from entrepost.network.feed import write_network
from entrepost.network.load import load_network
from entrepost.reference.rate_feed import look_again
from tests.cli.shell import entrepost

RATES = "currency,day,rate\nKWD,2026-01-05,0.35\nKWD,2026-13-05,0.35\nUSD,2026-01-05,x\n"


@pytest.fixture(autouse=True)
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ENTREPOST_REFERENCE", str(tmp_path / "own"))
    (tmp_path / "rates.csv").write_text(RATES)
    return tmp_path


def test_good_rows_are_added_and_bad_ones_told_with_their_row(own: Path) -> None:
    answer = entrepost("reference", "add", "fx", "rates.csv", folder=own)
    assert answer.code == 3
    assert answer.out.splitlines() == [
        "1 exchange rate added",
        "  row 3: day: '2026-13-05' is not a day; write it like 2026-03-31",
        "  row 4: rate: 'x' is not a rate; units for one euro, such as 7.8521",
    ]
    shown = entrepost("reference", "show", "--json", folder=own)
    assert shown.facts["fx"] == [{"currency": "KWD", "rates": 1, "first": "2026-01-05", "last": "2026-01-05"}]


def test_the_banks_own_archive_is_added(own: Path) -> None:
    with zipfile.ZipFile(own / "eurofxref.zip", "w") as archive:
        archive.writestr("eurofxref.csv", "Date, USD, JPY, \n7 May 2031, 1.2, 150, \n")
    assert entrepost("reference", "add", "fx", "eurofxref.zip", folder=own).out == "2 exchange rates added\n"


def test_what_a_server_read_is_shown_with_what_is_wrong_of_it(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENTREPOST_RATES", str(own / "daily.csv"))
    (own / "daily.csv").write_text("currency,day,rate\nUSD,2031-05-06,1.2\nUSD,2031-05-07,12\n")
    look_again(datetime(2031, 5, 7, 9, tzinfo=UTC), lambda url: b"")
    assert entrepost("reference", "show").out.splitlines()[:3] == [
        "USD  1 of 2031-05-06 to 2031-05-06",
        f"{own / 'daily.csv'}  1 rate until 2031-05-06, read at 2031-05-07 09:00",
        "  USD is 12 on 2031-05-07 after 1.2",
    ]


def test_nothing_added_is_said_with_the_place_where_it_would_be(own: Path) -> None:
    assert entrepost("reference", "show").out.splitlines() == ["nothing was added", f"kept in {own / 'own' / 'fx'}"]


def test_an_unknown_kind_is_a_usage_error_and_a_file_without_columns_a_failure(own: Path) -> None:
    assert entrepost("reference", "add", "tea", "rates.csv", folder=own).code == 2
    (own / "bare.csv").write_text("currency\nKWD\n")
    answer = entrepost("reference", "add", "fx", "bare.csv", folder=own)
    assert answer.code == 1
    assert "lacks the columns day, rate" in answer.err


def test_an_order_in_a_currency_without_a_rate_can_be_quoted_once_it_was_added(shop: Path, own: Path) -> None:
    header = "seller,order_id,placed_at,weight_g,origin,country,unit_value,currency"
    (shop / "one.csv").write_text(f"{header}\nshop,k1,2026-01-05T10:00:00+08:00,400,CNSHAA,DE,3.500,KWD\n")
    network = load_network(shop / "network")
    limited = replace(network, services=tuple(replace(row, value_max_minor=100_000) for row in network.services))
    write_network(limited, shop / "limited")
    quoted = ("quote", "one.csv", "--network", "limited")
    without = entrepost(*quoted, folder=shop)
    assert ",PACKET," not in without.out
    entrepost("reference", "add", "fx", "rates.csv", folder=own)
    answer = entrepost(*quoted, folder=shop)
    assert answer.code == 0, answer.err
    assert ",PACKET," in answer.out


def test_a_tariff_is_added_and_its_unreadable_rows_are_told(own: Path) -> None:
    (own / "uk.csv").write_text("commodity,ukgt_duty_rate\n61091000,12.0%\n7020000,Entry Price\n")
    answer = entrepost("reference", "add", "tariff-uk", "uk.csv", folder=own)
    assert answer.code == 3
    assert answer.out.splitlines()[0] == "2 tariff rows added"
    assert "row 3: ukgt_duty_rate: 'Entry Price' is not a duty" in answer.out
    assert entrepost("reference", "show", folder=own).out.splitlines()[0] == "tariff  1 file"


def test_codes_of_a_vintage_and_rates_of_vat_are_added(own: Path) -> None:
    (own / "hs.csv").write_text("hscode,description\n0101,Horses\n")
    answer = entrepost("reference", "add", "hs", "hs.csv", "--vintage", "2017", folder=own)
    assert (answer.code, answer.out) == (0, "1 code added\n")
    (own / "vat.csv").write_text("start_date,stop_date,territory_codes,rate,rate_type\n2030-01-01,,DE,0.2,standard\n")
    assert entrepost("reference", "add", "vat", "vat.csv", folder=own).out == "1 rate of VAT added\n"
