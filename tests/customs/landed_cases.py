"""The cases of `cases/landed_cost.toml` as items and as frames, with what was added to the reference before."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from entrepost.base.money import to_minor
from entrepost.customs.params import LandedCostParams
from entrepost.mail.dutiable import DutiableItem, DutiableLine
from entrepost.reference.currency import get_exponent
from entrepost.reference.fx import add_rates
from entrepost.reference.tariff import add_tariff

Case = dict[str, Any]
CASES: list[Case] = tomllib.loads((Path(__file__).parents[1] / "cases/landed_cost.toml").read_text())["case"]
AMOUNTS = ("duty_minor", "tax_minor", "fees_minor", "total_minor")


def add_reference(case: Case, folder: Path) -> None:
    """Add the tariff rows and exchange rates of a case."""
    for kind, header, add in (
        ("tariff", "country,currency,hs_code,duty", lambda file: add_tariff("tariff", file)),
        ("rates", "currency,day,rate", add_rates),
    ):
        if kind in case:
            file = folder / f"{kind}.csv"
            file.write_text("\n".join([header, *(",".join(row) for row in case[kind])]) + "\n")
            add(file)


def params_of(case: Case) -> LandedCostParams:
    """The parameters of a case."""
    return LandedCostParams(**case.get("params", {}))


def day_of(case: Case) -> date:
    """The day of a case."""
    return date.fromisoformat(case["date"])


def item_of(case: Case) -> DutiableItem:
    """The item of a case as a noun."""
    exponent = get_exponent(case["currency"])
    country, _, region = case["destination"].partition("-")
    lines = tuple(
        DutiableLine(
            line["quantity"],
            to_minor(line["unit_value"], exponent),
            line.get("hs_code", ""),
            line.get("origin", ""),
            line.get("net_weight_g"),
        )
        for line in case["lines"]
    )
    amounts = (to_minor(case.get(name, "0"), exponent) for name in ("carriage", "insurance"))
    words = (case.get("seller_scheme_number", ""), case.get("nature", "sale"))
    return DutiableItem(case["name"], country, case["currency"], lines, region, *amounts, *words)


def frame_of(case: Case) -> pl.DataFrame:
    """The item of a case as content lines of text."""
    shared = {name: case.get(name) for name in ("destination", "currency", "carriage", "insurance", "nature")}
    shared |= {"item_id": case["name"], "seller_scheme_number": case.get("seller_scheme_number")}
    names = ("quantity", "unit_value", "hs_code", "origin", "net_weight_g")
    rows = [
        shared | {name: None if line.get(name) is None else str(line[name]) for name in names} for line in case["lines"]
    ]
    return pl.DataFrame(rows, schema=dict.fromkeys([*shared, *names], pl.String()))


def wrong(case: Case, found: dict[str, Any]) -> dict[str, Any]:
    """What came out otherwise than a case says: found and expected by name."""
    expected = dict.fromkeys(AMOUNTS) | case["expected"]
    return {name: (found[name], value) for name, value in expected.items() if found[name] != value}
