"""Landed cost of one item: the known answers, each with its source."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date
from pathlib import Path

import pytest

from entrepost.customs.item_cost import LandedCostDesk
from entrepost.customs.params import LandedCostParams
from entrepost.mail.dutiable import DutiableItem, DutiableLine
from tests.customs.landed_cases import CASES, Case, add_reference, day_of, item_of, params_of, wrong

SHIRT = DutiableLine(1, 10_000, "610910", "CN")


@pytest.fixture(autouse=True)
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ENTREPOST_REFERENCE", str(tmp_path / "own"))
    return tmp_path


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_an_item_pays_what_the_law_says(case: Case, own: Path) -> None:
    add_reference(case, own)
    assert wrong(case, asdict(LandedCostDesk(day_of(case), params_of(case)).of(item_of(case)))) == {}


def test_every_case_has_a_source_and_a_name_of_its_own() -> None:
    assert all(case["source"] for case in CASES)
    assert len({case["name"] for case in CASES}) == len(CASES)


def test_the_fee_of_romania_is_taken_at_the_rate_of_the_day(own: Path) -> None:
    (own / "rates.csv").write_text("currency,day,rate\nRON,2026-03-02,5.0\n")
    case = CASES[3] | {"rates": [["RON", "2026-03-02", "5.0"]]}
    add_reference(case, own)
    cost = LandedCostDesk(date(2026, 3, 2)).of(replace(item_of(case), destination="RO"))
    assert (cost.duty_minor, cost.tax_minor, cost.fees_minor) == (0, 1050, 500)


def test_the_answer_may_be_in_another_currency(own: Path) -> None:
    case = CASES[3] | {"rates": [["USD", "2026-06-30", "1.10"]]}
    add_reference(case, own)
    cost = LandedCostDesk(date(2026, 6, 30), LandedCostParams(currency="USD")).of(item_of(case))
    assert (cost.currency, cost.tax_minor, cost.total_minor) == ("USD", 1045, 1045)


def test_what_is_due_at_delivery_may_be_paid_by_the_sender() -> None:
    desk = LandedCostDesk(date(2026, 3, 2), LandedCostParams(duty_paid=True))
    cost = desk.of(DutiableItem("i", "GB", "GBP", (SHIRT,)))
    assert (cost.collected, cost.fees_minor) == ("duty_paid", 0)


def test_an_item_beyond_any_value_is_unknown_and_not_wrong() -> None:
    dear = replace(SHIRT, unit_value_minor=10**12, quantity=11)
    cost = LandedCostDesk(date(2026, 3, 2)).of(DutiableItem("i", "GB", "GBP", (dear,)))
    assert (cost.total_minor, cost.rule) == (None, "gb_relief_135")
