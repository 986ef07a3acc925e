"""What an item is charged, through the columns' door and the single item's."""

from __future__ import annotations

import random
import tomllib
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from math import ceil, floor
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import entrepost.tables  # noqa: F401
from entrepost.network.network import Network
from entrepost.service.charge import (
    Charges,
    Posting,
    billable_weight_g,
    carriage_cost_minor,
    compile_tariff,
    find_price,
    volumetric_weight_g,
)
from entrepost.service.exchange import Exchange
from entrepost.service.ratecard import day_number
from tests.service.cards import DAY, card, frame_of, posted, posting

CASES = tomllib.loads((Path(__file__).parent.parent / "cases" / "charge.toml").read_text(encoding="utf-8"))["case"]


def charged(network: Network, postings: list[Posting], code: str = "PARCEL") -> pl.DataFrame:
    """The charges as columns, null where there is none."""
    found = compile_tariff(network, code).charge(posted(frame_of(postings)), Exchange(network.currency))
    return pl.DataFrame({name: getattr(found, name) for name in Charges.__dataclass_fields__}).with_columns(
        base_charge_minor=pl.when(pl.col("rate_row") >= 0).then("base_charge_minor"),
        charge_minor=pl.when("charge_known").then("charge_minor"),
    )


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_case_comes_out_through_both_doors(case: dict[str, Any]) -> None:
    service = {"currency": case.get("currency", "EUR"), **case.get("service", {})}
    network = card(case["rates"], case.get("surcharges", []), **service)
    item = posting(**case["item"])
    row = charged(network, [item]).row(0, named=True)
    price = find_price(network, "PARCEL", item)
    assert row["charge_minor"] == (price.charge_minor if price else None) == case.get("charge_minor")
    if "billable_weight_g" in case:
        assert price is not None
        assert row["billable_weight_g"] == price.billable_weight_g == case["billable_weight_g"]


def test_charge_is_converted_at_the_rate_of_the_day() -> None:
    network = replace(card([{"charge_item_minor": 1000}], currency="USD"), currency="CNY")
    rate = Exchange("CNY").find_rate("USD", day_number(DAY))
    assert rate is not None
    assert charged(network, [posting(weight_g=500)]).item(0, "charge_minor") == floor(1000 * rate + Fraction(1, 2))


def test_unknown_currency_leaves_the_charge_open_but_not_the_card() -> None:
    network = replace(card([{"charge_item_minor": 1000}], currency="KWD"), currency="EUR")
    row = charged(network, [posting(weight_g=500)]).row(0, named=True)
    assert row["base_charge_minor"] == 1000
    assert row["charge_minor"] is None


def test_price_names_its_surcharges() -> None:
    network = card([{"charge_item_minor": 1000}], [{"surcharge": "fuel", "kind": "percent", "amount": 12.5}])
    price = find_price(network, "PARCEL", posting(weight_g=500))
    assert price is not None
    assert (price.base_charge_minor, price.surcharges, price.charge_minor) == (1000, (("fuel", 125),), 1125)


def test_cost_of_carriage_is_by_actual_weight_and_rounded_once() -> None:
    assert carriage_cost_minor(1_000_000, 2_500_000, 400) == 2000
    assert carriage_cost_minor(500, 0, 400) == 1
    assert carriage_cost_minor(0, 1, 499_999) == 0


def test_volumetric_weight_over_a_divisor_of_zero_is_none() -> None:
    assert volumetric_weight_g(600, 400, 300, 0) == 0
    assert volumetric_weight_g(600, 400, 300, 5000) == 14_400
    assert billable_weight_g(20_000, 600, 400, 300, 5000) == 20_000


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 10_000), st.lists(st.integers(0, 2000), min_size=2, max_size=20))
def test_charge_does_not_fall_with_weight_where_the_card_does_not(
    charge_item: int, charge_kg: int, weights: list[int]
) -> None:
    rates = [
        {"weight_to_g": 500, "charge_item_minor": charge_item / 8, "charge_kg_minor": charge_kg / 8},
        {"weight_over_g": 500, "charge_item_minor": charge_item / 4, "charge_kg_minor": charge_kg / 4},
    ]
    network = card(rates, [{"kind": "percent", "amount": 7.25}])
    charges = charged(network, [posting(weight_g=weight) for weight in sorted(weights)]).get_column("charge_minor")
    assert charges.null_count() == 0
    assert charges.is_sorted()


def test_random_cards_agree_with_a_reading_row_by_row() -> None:
    """The card read as a person would: keep the rows that hold, take the most specific, add it up in fractions."""
    draw = random.Random(20260105)
    for _ in range(20):
        network = random_card(draw)
        postings = [random_posting(draw) for _ in range(200)]
        got = charged(network, postings)
        for item, row in zip(postings, got.iter_rows(named=True), strict=True):
            expected = read_by_hand(network, item)
            price = find_price(network, "PARCEL", item)
            assert row["charge_minor"] == expected, (item, network.rates, network.surcharges)
            assert (price.charge_minor if price else None) == expected


def random_card(draw: random.Random) -> Network:
    rates = [
        {
            "origin": draw.choice(["*", "CNSHAA", "CNSZXA"]),
            "country": draw.choice(["DE", "FR"]),
            "postcode_prefix": draw.choice(["", "", "6", "60", "60*", "603", "A"]),
            "weight_over_g": over,
            "weight_to_g": over + draw.choice([300, 1000, 2000]),
            "charge_item_minor": draw.randrange(10**6) / 1000,
            "charge_kg_minor": draw.randrange(10**6) / 1000,
            "charge_least_minor": draw.choice([0.0, draw.randrange(10**6) / 1000]),
            "valid_from": DAY + timedelta(days=draw.randrange(-5, 1)),
            "valid_to": DAY + timedelta(days=draw.randrange(-1, 5)),
        }
        for over in draw.choices([0, 500, 1000], k=40)
    ]
    surcharges = [
        {
            "service": draw.choice(["*", "PARCEL", "OTHER"]),
            "surcharge": draw.choice(["fuel", "peak", "remote"]),
            "origin": draw.choice(["*", "CNSHAA"]),
            "country": draw.choice(["*", "DE"]),
            "area": draw.choice(["*", "DE", "DE-1"]),
            "kind": draw.choice(["percent", "item", "kg"]),
            "amount": draw.randrange(10**5) / 1000,
            "valid_from": DAY + timedelta(days=draw.randrange(-3, 2)),
        }
        for _ in range(6)
    ]
    unique = {
        (row["origin"], row["country"], row["postcode_prefix"].rstrip("*"), row["weight_over_g"]): row for row in rates
    }
    named = {
        tuple(row[key] for key in ("service", "surcharge", "origin", "country", "area")): row for row in surcharges
    }
    return card([*unique.values()], [*named.values()], volumetric_divisor=draw.choice([0, 5000, 6000]))


def random_posting(draw: random.Random) -> Posting:
    return posting(
        origin=draw.choice(["CNSHAA", "CNSZXA", "CNPEKA"]),
        country=draw.choice(["DE", "FR", "JP"]),
        postcode=draw.choice(["60311", "61000", "A1", ""]),
        area=draw.choice(["DE", "DE-1"]),
        placed_day=day_number(DAY + timedelta(days=draw.randrange(-2, 3))),
        weight_g=draw.choice([0, 1, 300, 500, 501, 1000, 1001, 1500, 2999, draw.randrange(4000)]),
        length_mm=draw.choice([0, 200, 333]),
        width_mm=draw.choice([0, 100, 111]),
        height_mm=draw.choice([0, 50, 77]),
    )


def read_by_hand(network: Network, item: Posting) -> int | None:
    service = network.services[0]
    day = date(1970, 1, 1) + timedelta(days=item.placed_day)
    volume = item.length_mm * item.width_mm * item.height_mm
    billable = max(
        item.weight_g, ceil(Fraction(volume, service.volumetric_divisor)) if service.volumetric_divisor else 0
    )
    rows = [
        row
        for row in network.rates
        if row.origin in ("*", item.origin)
        and row.country == item.country
        and item.postcode.startswith(row.postcode_prefix.rstrip("*"))
        and (row.weight_over_g < billable or billable == 0 == row.weight_over_g)
        and billable <= row.weight_to_g
        and row.valid_from <= day <= row.valid_to
    ]
    if not rows:
        return None
    row = max(rows, key=lambda row: (row.origin != "*", len(row.postcode_prefix.rstrip("*")), row.weight_over_g))
    exact = Fraction(str(row.charge_item_minor)) + Fraction(str(row.charge_kg_minor)) * Fraction(billable, 1000)
    base = half_up(max(exact, Fraction(str(row.charge_least_minor))))
    total = base
    for name in {each.surcharge for each in network.surcharges}:
        held = [
            each
            for each in network.surcharges
            if each.surcharge == name
            and each.service in ("*", "PARCEL")
            and each.origin in ("*", item.origin)
            and each.country in ("*", item.country)
            and each.area in ("*", item.area)
            and each.valid_from <= day
        ]
        if held:
            best = max(
                held,
                key=lambda each: tuple(part != "*" for part in (each.service, each.origin, each.country, each.area)),
            )
            of = {"percent": Fraction(base, 100), "item": Fraction(1), "kg": Fraction(billable, 1000)}[best.kind]
            total += half_up(Fraction(str(best.amount)) * of)
    return total


def half_up(amount: Fraction) -> int:
    return floor(amount + Fraction(1, 2))
