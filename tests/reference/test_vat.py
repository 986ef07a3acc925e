"""Rates of VAT that a user added hold before those that come along."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from entrepost.reference.destination_term import find_tax
from entrepost.reference.vat import add_vat, find_added_vat

FILE = """start_date,stop_date,territory_codes,currency_code,rate,rate_type,description
2030-01-01,,"GR
EL",EUR,0.26,standard,
2020-01-01,2030-01-01,GR,EUR,0.24,standard,
2020-01-01,,DE-27498,EUR,0,standard,an island
2020-01-01,,DE,EUR,0.07,reduced,
2020-13-01,,DE,EUR,0.19,standard,
"""


@pytest.fixture(autouse=True)
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ENTREPOST_REFERENCE", str(tmp_path / "own"))
    (tmp_path / "vat.csv").write_text(FILE)
    return tmp_path


def test_standard_rates_are_kept_by_country_and_day(own: Path) -> None:
    count, findings = add_vat(own / "vat.csv")
    assert (count, [each.row for each in findings]) == (2, [7])
    assert find_added_vat("GR", date(2029, 12, 31)) == 24_000
    assert find_added_vat("GR", date(2030, 1, 1)) == 26_000
    assert find_added_vat("DE", date(2030, 1, 1)) is None
    tax = find_tax("GR", "", date(2031, 1, 1))
    assert tax is not None
    assert tax.rate == 26_000


def test_a_rate_of_the_country_leaves_those_of_its_states_and_is_assumed_elsewhere(own: Path) -> None:
    (own / "ca.csv").write_text(FILE.splitlines()[0] + "\n2020-01-01,,CA,CAD,0.06,standard,\n")
    add_vat(own / "ca.csv")
    ontario, nowhere = (find_tax("CA", region, date(2026, 3, 2)) for region in ("ON", ""))
    assert ontario is not None
    assert nowhere is not None
    assert (ontario.rate, nowhere.rate, nowhere.confidence) == (13_000, 6_000, "assumed")


def test_the_file_of_the_reference_folder_agrees_with_what_comes_along(shared: Path) -> None:
    day = date(2025, 9, 1)
    before = {country: find_tax(country, "", day) for country in ("DE", "EE", "FI", "GB", "GR", "RO")}
    add_vat(shared / "data/vat/vat_rates.csv")
    assert {country: find_tax(country, "", day) for country in before} == before
