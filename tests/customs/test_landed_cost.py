"""Landed cost of many items: the same answers as for one, and what is wrong is told and loses nothing."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import entrepost
from entrepost.base.errors import MisuseError, UnreadableInputError
from entrepost.customs.item_cost import LandedCostDesk
from entrepost.customs.landed_cost import FRAME, assess_lines
from entrepost.customs.params import LandedCostParams
from entrepost.mail.dutiable import DutiableItem, DutiableLine
from entrepost.reference.table import read_dated
from entrepost.reference.tariff import add_tariff
from entrepost.tables.content_lines import COLUMNS
from tests.customs.landed_cases import CASES, add_reference, day_of, frame_of, params_of, wrong

DAY = date(2026, 7, 2)
DAYS = [date(2025, 5, 20), date(2025, 9, 1), date(2026, 3, 2), date(2026, 7, 2), date(2026, 8, 1)]
TERMS = read_dated("destination_terms", "terms").keys()
PLACES = [key for key in TERMS if len(key) == 2 and key != "EU"]
NUMBERS = ["", "IM1234567890", "IM12", "GB123456789", "51824753556", "2021234", "12345678000195", "CHE123456789"]


@pytest.fixture(autouse=True)
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ENTREPOST_REFERENCE", str(tmp_path / "own"))
    return tmp_path


def test_every_known_answer_comes_out_of_a_frame_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number, case in enumerate(CASES):
        monkeypatch.setenv("ENTREPOST_REFERENCE", str(tmp_path / str(number)))
        add_reference(case, tmp_path)
        costs = assess_lines(frame_of(case), day_of(case), params_of(case))
        assert wrong(case, costs.items.row(0, named=True)) == {}, case["name"]
        told = {finding.code for finding in costs.findings}
        assert set(case.get("findings", ())) <= told, case["name"]


lines = st.lists(
    st.builds(
        DutiableLine,
        st.integers(1, 50),
        st.one_of(st.integers(0, 20_000), st.integers(0, 10**11)),
        st.sampled_from(["", "610910", "61091000", "910211", "040690", "330499"]),
        st.sampled_from(["", "CN", "DE", "JP", "MN"]),
        st.one_of(st.none(), st.integers(0, 40_000)),
    ),
    min_size=1,
    max_size=4,
).map(tuple)
items = st.lists(
    st.builds(
        DutiableItem,
        st.just(""),
        st.sampled_from(["DE", "FR", "RO", "PL", *PLACES]),
        st.sampled_from(["EUR", "USD", "JPY", "GBP", "AED", "KWD"]),
        lines,
        st.sampled_from(["", "SP", "MG", "ON", "XX"]),
        st.integers(0, 10**6),
        st.integers(0, 10**4),
        st.sampled_from(NUMBERS),
        st.sampled_from(["sale", "sale", "gift", "documents", "sample"]),
    ),
    min_size=1,
    max_size=12,
)
params = st.builds(
    LandedCostParams,
    st.sampled_from(["flat", "tariff", "unknown"]),
    st.sampled_from(["ad_valorem", "specific"]),
    st.booleans(),
    st.sampled_from(["", "USD", "BHD"]),
)


def written(held: list[DutiableItem]) -> pl.DataFrame:
    """Items as lines that were read, as `read_lines` gives them."""
    rows = [
        {
            "item_id": str(place),
            "origin": line.origin or None,
            "destination": item.destination,
            "region": item.region or None,
            "hs_code": line.hs_code or None,
            "description": None,
            "quantity": line.quantity,
            "unit_value_minor": line.unit_value_minor,
            "value_minor": line.unit_value_minor * line.quantity,
            "currency": item.currency,
            "net_weight_g": line.net_weight_g,
            "carriage_minor": item.carriage_minor,
            "insurance_minor": item.insurance_minor,
            "seller_scheme_number": item.seller_scheme_number or None,
            "nature": item.nature,
            "row": place,
            "sound": True,
        }
        for place, item in enumerate(held)
        for line in item.lines
    ]
    return pl.DataFrame(rows, schema=COLUMNS)


@settings(max_examples=40)
@given(items, st.sampled_from(DAYS), params, st.booleans())
def test_both_doors_agree_on_any_items(
    held: list[DutiableItem], day: date, chosen: LandedCostParams, apart: bool
) -> None:
    frame = written(held)
    costs = assess_lines(frame[::-1] if apart else frame, day, chosen)
    found = {row["item_id"]: row for row in costs.items.iter_rows(named=True)}
    desk = LandedCostDesk(day, chosen)
    if apart:  # a frame read backwards has the lines of each item backwards too
        held = [DutiableItem(**{**asdict(item), "lines": item.lines[::-1]}) for item in held]
    for place, item in enumerate(held):
        assert found[str(place)] == asdict(desk.of(item)) | {"item_id": str(place)}


@settings(max_examples=25)
@given(items, st.sampled_from(DAYS))
def test_nothing_due_is_negative_and_lines_add_up(held: list[DutiableItem], day: date) -> None:
    costs = assess_lines(written(held), day)
    for name in ("duty_minor", "tax_minor", "fees_minor", "total_minor"):
        assert (costs.items[name].drop_nulls() >= 0).all()
    summed = costs.lines.group_by("item_id").agg(pl.col("duty_minor", "tax_minor").sum())
    both = costs.items.drop_nulls("total_minor").join(summed, on="item_id", suffix="_lines")
    assert both["duty_minor"].to_list() == both["duty_minor_lines"].to_list()
    assert both["tax_minor"].to_list() == both["tax_minor_lines"].to_list()


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.sampled_from(["DE", "BR", "US", "KZ", "CH", "HK"]))
def test_who_declares_more_pays_no_less_of_a_flat_rate(one: int, other: int, place: str) -> None:
    desk = LandedCostDesk(date(2026, 3, 2))
    totals = [
        desk.of(DutiableItem("i", place, "USD", (DutiableLine(1, value, "850440", "CN"),))).total_minor
        for value in sorted((one, other))
    ]
    assert None in totals or totals[0] <= totals[1]


def test_a_bad_row_leaves_its_item_unknown_and_the_others_as_they_are() -> None:
    good, bad = CASES[0], CASES[1]
    frame = pl.concat([frame_of(bad).with_columns(quantity=pl.lit("many")), frame_of(good)])
    costs = assess_lines(frame, DAY, subject="shop.csv")
    assert costs.items.schema == FRAME
    assert costs.items.select("item_id", "total_minor").rows() == [(bad["name"], None), (good["name"], 1307)]
    assert [(each.row, each.field, each.subject) for each in costs.findings] == [
        (1, "quantity", "shop.csv"),
        (2, "quantity", "shop.csv"),
    ]


def test_what_is_not_known_is_told_once_for_all_items_with_its_first_row() -> None:
    frame = pl.concat([frame_of(CASES[-1]).with_columns(item_id=pl.lit(f"i{n}")) for n in range(3)])
    findings = assess_lines(frame, DAY).findings
    assert [(each.code, each.row) for each in findings] == [("destination_terms_missing", 1)]
    assert "3 items" in findings[0].message


def test_no_lines_have_no_cost_and_a_frame_without_columns_is_refused() -> None:
    assert entrepost.landed_cost(frame_of(CASES[0]).clear(), "2026-07-02").schema == FRAME
    with pytest.raises(MisuseError, match="not a day"):
        entrepost.landed_cost(frame_of(CASES[0]), "July")
    with pytest.raises(UnreadableInputError, match="columns are missing"):
        entrepost.landed_cost(pl.DataFrame({"item_id": ["i"]}), DAY)


def test_an_instant_stands_for_its_day() -> None:
    instant = datetime(2026, 7, 2, 23, 59, tzinfo=UTC)
    assert entrepost.landed_cost(frame_of(CASES[0]), instant).equals(entrepost.landed_cost(frame_of(CASES[0]), DAY))


def test_an_answer_in_a_currency_without_rates_is_unknown_and_says_why() -> None:
    costs = assess_lines(frame_of(CASES[0]), DAY, LandedCostParams(currency="KWD"))
    assert costs.items["total_minor"].to_list() == [None]
    assert [(each.code, each.message) for each in costs.findings] == [
        ("exchange_rate_missing", "no rate from EUR to KWD on 2026-07-02 (1 items)")
    ]


def test_an_item_without_exchange_rate_is_not_said_to_lack_a_duty() -> None:
    frame = frame_of(CASES[0]).with_columns(currency=pl.lit("KWD"))
    assert [each.code for each in assess_lines(frame, DAY).findings] == ["exchange_rate_missing"]


def test_a_finding_about_a_duty_says_what_would_help(own: Path) -> None:
    frame = frame_of(CASES[0]).with_columns(destination=pl.lit("JP"), currency=pl.lit("JPY"), unit_value=pl.lit("9000"))
    assert [each.fix for each in assess_lines(frame, DAY).findings] == ["entrepost reference add tariff FILE"]
    frame = frame.with_columns(hs_code=pl.lit(None, pl.String))
    assert [each.fix for each in assess_lines(frame, DAY).findings] == ["give the code of the article"]
    frame = frame.with_columns(destination=pl.lit("US"), currency=pl.lit("USD"))
    assert [each.fix for each in assess_lines(frame, date(2026, 8, 1)).findings] == ["ask the operator there"]


@pytest.mark.parametrize(
    "duty", ["99999999999999999999%", "500%", "9999999999999999999 JPY / kg", "5000000 JPY / item"]
)
def test_a_duty_beyond_any_is_unknown_and_never_wraps(own: Path, duty: str) -> None:
    (own / "own.csv").write_text(f"country,currency,hs_code,duty\nJP,JPY,610910,{duty}\n")
    assert [each.code for each in add_tariff("tariff", own / "own.csv")[1]] == ["tariff_duty_unreadable"]
    frame = frame_of(CASES[0]).with_columns(destination=pl.lit("JP"), currency=pl.lit("JPY"), unit_value=pl.lit("9000"))
    costs = assess_lines(frame, DAY)
    assert costs.items["duty_minor"].to_list() == [None]
    assert [each.code for each in costs.findings] == ["duty_rate_unreadable"]


def test_a_breakdown_says_what_falls_on_each_line() -> None:
    costs = assess_lines(frame_of(CASES[1]), DAY)
    assert costs.lines.select("hs_code", "duty_minor", "tax_minor").rows() == [
        ("610910", 300, 247),
        ("910211", 300, 247),
    ]
