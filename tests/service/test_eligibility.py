"""Who may use a service for what, and why not."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from entrepost.network.calendar import Suspension
from entrepost.service import eligibility
from entrepost.service.quote import quote
from entrepost.tables.frames import INSTANT
from tests.service.cards import card, rate

CASES = tomllib.loads((Path(__file__).parent.parent / "cases" / "eligibility.toml").read_text(encoding="utf-8"))["case"]


def order(**given: Any) -> pl.DataFrame:
    row = {
        "seller": "shop",
        "order_id": "o1",
        "placed_at": datetime(2026, 1, 5, 4, tzinfo=UTC),
        "origin": "CNSHAA",
        "country": "DE",
        "postcode": "60311",
        "unit_value": "30.00",
        "currency": "CNY",
        **given,
    }
    return pl.DataFrame([row], schema_overrides={"placed_at": INSTANT})


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_reason_is_the_whole_sentence(case: dict[str, Any]) -> None:
    network = card([], **{"currency": "CNY", **case.get("service", {})})
    network = replace(network, currency="CNY", rates=(rate(**{"weight_to_g": 30_000, **case.get("rate", {})}),))
    if "suspension" in case:
        row = {"service": "*", "country": "DE", "source": "assumed", **case["suspension"]}
        network = replace(network, suspensions=(Suspension(**row),))
    got = quote(network, order(**case["order"])).row(0, named=True)
    assert got["reason"] == case.get("reason")
    assert got["eligible"] is ("reason" not in case)
    assert (got["charge_minor"] is None) is ("reason" in case)


def test_suspension_counts_the_local_day_of_the_network() -> None:
    network = card([{}], currency="CNY")
    row = Suspension("PARCEL", "DE", datetime(2026, 1, 6).date(), datetime(2026, 1, 6).date(), "no flights", "assumed")  # noqa: DTZ001
    network = replace(network, suspensions=(row,))
    late = order(weight_g=500, placed_at=datetime(2026, 1, 5, 17, tzinfo=UTC))
    assert quote(network, late).item(0, "eligible")
    in_shanghai = replace(network, time_zone="Asia/Shanghai")
    assert quote(in_shanghai, late).item(0, "reason") == "The service to DE is suspended on 2026-01-06: no flights."


def test_first_check_that_refuses_gives_the_reason() -> None:
    item = {
        "warehouse_found": 1, "in_stock": 1, "origin_offered": 1, "destination_served": 1,
        "placed_day": 0, "suspended_from": 5, "suspended_to": 9,
        "weight_g": 900, "weight_min_g": 0, "weight_max_g": 800,
        "length_mm": 900, "width_mm": 0, "height_mm": 0, "length_max_mm": 600, "sum_max_mm": 900,
        "battery_level": 0, "battery_level_max": 0,
        "value_known": 1, "converted_value_minor": 1, "value_limit_minor": eligibility.UNLIMITED,
        "rate_found": 1, "charge_known": 1,
    }  # fmt: skip
    assert eligibility.find_reason(item) == eligibility.WEIGHT_ABOVE
    assert eligibility.find_reason({**item, "weight_g": 800}) == eligibility.LENGTH_ABOVE
    assert eligibility.find_reason({**item, "weight_g": 800, "length_mm": 600}) == 0


def test_every_check_has_its_own_reason() -> None:
    assert len({check.name for check in eligibility.CHECKS}) == len(eligibility.CHECKS) == eligibility.ROUTE_MISSING - 1
