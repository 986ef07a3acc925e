"""Landed cost: a million items at once against the same items one by one, by the same rules.

``python -m benchmarks.landed_cost [--json]``
"""

from __future__ import annotations

import os
import sys
import tempfile
from dataclasses import asdict
from datetime import date
from pathlib import Path
from statistics import median

import numpy as np
import polars as pl

from benchmarks.comparison import Comparison, Goal, Say, Side, require_equal, time_runs
from benchmarks.report import main
from entrepost.customs.item_cost import LandedCostDesk
from entrepost.customs.landed_cost import landed_cost
from entrepost.mail.dutiable import DutiableItem, DutiableLine
from entrepost.reference.tariff import add_tariff
from entrepost.tables.content_lines import read_lines

SEED = 5
DAY = date(2026, 7, 2)
ARTICLES = 5_000
PLACES = ("DE", "FR", "IT", "ES", "PL", "GB", "US", "BR-SP", "BR-MG", "AU", "CA-ON", "JP", "CH", "NO", "KR", "MX", "KZ")
CURRENCIES = ("EUR", "USD", "CNY", "GBP", "JPY")
NUMBERS = {"GB": "GB123456789", "AU": "51824753556", "BR-SP": "12345678000195", "NO": "2021234", "CH": "CHE123456789"}
"""A seller's number by place; into the European Union an IOSS number, elsewhere none."""
UNION = ("DE", "FR", "IT", "ES", "PL")
DUTIES = ("0.0%", "4.5%", "12.0%", "6.50% + 12.40 {} / 100 kg", "8.00% MIN 22.40 {} / 100 kg")
MUST_SECONDS, MUST_MICROSECONDS = 10.0, 50.0


def compare(tiny: bool, say: Say) -> Comparison:
    """Require the same answers from both doors, then time each."""
    count, sample = (400, 200) if tiny else (1_000_000, 20_000)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["ENTREPOST_REFERENCE"] = folder
        add_articles(Path(folder))
        lines = build(count)
        say(f"{count:,} items with {lines.height:,} lines to {len(PLACES)} places, a tariff of {ARTICLES:,} articles")
        items = to_items(lines.filter(pl.col("item_id").cast(pl.Int64) < sample))
        desk = LandedCostDesk(DAY)
        say("equal: " + check(landed_cost(lines.filter(pl.col("item_id").cast(pl.Int64) < sample), DAY), desk, items))
        say("timed, ours: customs.landed_cost.landed_cost, decimal text in, a row an item out, all looked up")
        say("timed, peer: LandedCostDesk.of, one item after another in Python, items already built, the desk warm")
        ours = Side(
            "Entrepost, frame", "landed_cost", count, time_runs(lambda: landed_cost(lines, DAY), 1 if tiny else 3)
        )
        peer = Side("Entrepost, one item", "of", len(items), time_runs(lambda: [desk.of(item) for item in items], 3))
    micro = median(peer.seconds) / peer.units * 1e6
    goals = (
        Goal("seconds for 1,000,000 items", median(ours.seconds) * 1_000_000 / count, MUST_SECONDS, at_most=True),
        Goal("microseconds for one item", micro, MUST_MICROSECONDS, at_most=True),
    )
    found = {"items": count, "lines": lines.height, "items one by one": len(items)}
    return Comparison("landed cost of items", "items", SEED, ours, peer, goals, found)


def add_articles(folder: Path) -> None:
    """A tariff of made-up duties for the European Union and the United Kingdom."""
    rows = [
        f"{country},{currency},{code},{DUTIES[code % len(DUTIES)].format(currency)}"
        for country, currency in (("EU", "EUR"), ("GB", "GBP"))
        for code in article_codes()
    ]
    (folder / "tariff.csv").write_text("\n".join(["country,currency,hs_code,duty", *rows]) + "\n")
    add_tariff("tariff", folder / "tariff.csv")


def article_codes() -> range:
    """Six-digit codes, all of different headings."""
    return range(250_100, 250_100 + ARTICLES * 100, 100)


def build(count: int) -> pl.DataFrame:
    """Content lines as text: one in four items has two lines, values from 1 to 400."""
    rng = np.random.default_rng(SEED)
    item = np.repeat(np.arange(count), rng.choice([1, 2], count, p=[0.75, 0.25]))
    place, currency = (np.array(words)[rng.integers(0, len(words), count)][item] for words in (PLACES, CURRENCIES))
    numbers = {name: NUMBERS.get(name, "IM1234567890" if name in UNION else "") for name in PLACES}
    registered = (rng.random(count) < 0.7)[item]
    number = np.where(registered, pl.Series(place).replace_strict(numbers).to_numpy(), "")
    cents = rng.integers(100, 40_000, len(item))
    yen = currency == "JPY"
    carriage = rng.integers(0, 1_500, count)[item]
    frame = pl.DataFrame(
        {
            "item_id": item,
            "origin": np.array(["CN", "CN", "CN", "VN", "US"])[rng.integers(0, 5, len(item))],
            "destination": place,
            "hs_code": np.array(article_codes())[rng.integers(0, ARTICLES, len(item))],
            "description": np.full(len(item), "article"),
            "quantity": rng.integers(1, 4, len(item)),
            "currency": currency,
            "net_weight_g": rng.integers(20, 3_000, len(item)),
            "seller_scheme_number": number,
            "value": np.where(yen, cents * 100, cents),
            "carried": np.where(yen, carriage * 100, carriage),
            "yen": yen,
        }
    )
    return frame.with_columns(
        _decimal("value").alias("unit_value"),
        _decimal("carried").alias("carriage"),
        pl.lit("0").alias("insurance"),
        pl.col("item_id", "hs_code", "quantity", "net_weight_g").cast(pl.String),
    ).drop("value", "carried", "yen")


def _decimal(name: str) -> pl.Expr:
    whole, part = pl.col(name) // 100, pl.col(name) % 100
    tail = pl.when("yen").then(pl.lit("")).otherwise("." + part.cast(pl.String).str.zfill(2))
    return whole.cast(pl.String) + tail


def to_items(lines: pl.DataFrame) -> list[DutiableItem]:
    """The same lines as items."""
    held: dict[str, list[dict[str, object]]] = {}
    for row in read_lines(lines).frame.iter_rows(named=True):
        held.setdefault(row["item_id"], []).append(row)
    return [_item(item, rows) for item, rows in held.items()]


def _item(item: str, rows: list[dict[str, object]]) -> DutiableItem:
    names = ("quantity", "unit_value_minor", "hs_code", "origin", "net_weight_g")
    held = tuple(DutiableLine(*(row[name] for name in names)) for row in rows)  # type: ignore[arg-type]
    first = rows[0]
    words = [first["region"] or "", first["carriage_minor"], first["insurance_minor"]]
    number = first["seller_scheme_number"] or ""
    return DutiableItem(item, first["destination"], first["currency"], held, *words, number)  # type: ignore[arg-type]


def check(frame: pl.DataFrame, desk: LandedCostDesk, items: list[DutiableItem]) -> str:
    """Require the same answer for each item from both doors; how equal they were."""
    unknown = 0
    for row, item in zip(frame.iter_rows(named=True), items, strict=True):
        cost = asdict(desk.of(item))
        require_equal(cost == row, f"item {item.item_id} to {item.destination}: {row} and {cost}")
        unknown += cost["total_minor"] is None
    return f"all columns of {len(items):,} items, {len(items) - unknown:,} of them with every amount known"


if __name__ == "__main__":
    sys.exit(main(compare))
