"""A small shop whose files the tests write: one sound order line, and what is changed in it."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl

from entrepost.operations.intake import intake_orders
from entrepost.operations.mapping import load_mapping
from entrepost.operations.numbering import allocate_numbers
from entrepost.operations.progress import Outcome
from entrepost.operations.store import ITEM, Store
from entrepost.tables.items import items_of
from entrepost.wiring import open_store

NOW = datetime(2026, 1, 10, 8, 30, tzinfo=UTC)
LAMP = {
    "seller": "shop",
    "order_id": "o1",
    "line": "1",
    "placed_at": "2026-01-05T10:00:00+08:00",
    "sku": "LAMP",
    "quantity": "1",
    "unit_value": "30.00",
    "currency": "CNY",
    "weight_g": "400",
    "origin": "CNSHAA",
    "country": "DE",
    "postcode": "60311",
    "city": "Frankfurt",
}


class FixedClock:
    """It is always the same instant."""

    def __init__(self, instant: datetime = NOW) -> None:
        self.instant = instant

    def now(self) -> datetime:
        return self.instant


def store_in(folder: Path) -> Store:
    return open_store(folder / "shop.db", FixedClock())


def lamp(**changed: str) -> dict[str, str]:
    return LAMP | changed


def csv_text(*rows: dict[str, str]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def write_csv(folder: Path, *rows: dict[str, str], name: str = "orders.csv") -> Path:
    return write(folder / name, csv_text(*rows).encode())


def write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def take_in(folder: Path, *rows: dict[str, str], mapping: str = "") -> tuple[Store, Outcome]:
    """Take these rows in through a CSV file; a new store in the folder."""
    store = store_in(folder)
    return store, take(store, write_csv(folder, *rows), mapping)


def take(store: Store, path: Path, mapping: str = "", origins: tuple[str, ...] = ()) -> Outcome:
    if not mapping:
        return intake_orders(store, path, origins=origins)
    file = write(path.parent / "mapping.toml", mapping.encode())
    return intake_orders(store, path, load_mapping(file), origins)


def counts(outcome: Outcome) -> tuple[int, int, int, int]:
    """Rows read, accepted, duplicates, rejected."""
    return outcome.read, outcome.accepted, outcome.duplicates, outcome.rejected


LAMP_NO, MUG_NO = "LX000000005CN", "LX000000014CN"
POSTED = datetime(2026, 1, 5, 2, tzinfo=UTC)


def two_items(folder: Path, store: Store | None = None) -> Store:
    """The orders o1 and o2 of Monday 02:00 UTC, one numbered item each; in a new store, or in that one."""
    store = store or store_in(folder)
    take(store, write_csv(folder, lamp(), lamp(order_id="o2", sku="MUG")))
    orders = store.list_orders()
    store.add_items(
        orders.select(
            *("tenant", "seller", "order_id", "origin", "country", "weight_g", "currency"),
            item=pl.lit(1, pl.Int64),
            pieces="quantity",
            value_minor="unit_value_minor",
            issued_at="placed_at",
            service=pl.lit("PACKET"),
            item_id=pl.Series([LAMP_NO, MUG_NO]),
        )
    )
    return store


def number(store: Store, order_id: str) -> list[str]:
    """Number the items of an order of `main` as if a service had been promised; their numbers."""
    lines = store.list_orders("main").filter(pl.col("order_id") == order_id)
    items = items_of(lines).with_columns(issued_at="placed_at", service=pl.lit("PACKET"))
    numbers = allocate_numbers(store, "RX", "CN", items.height, "main")
    store.add_items(items.with_columns(item_id=pl.Series(numbers)).select(ITEM))
    return numbers


def event(code: str, hours: float = 0, item_id: str = LAMP_NO, **changed: object) -> dict[str, object]:
    time = POSTED + timedelta(hours=hours)
    return {"item_id": item_id, "code": code, "time": time, "facility": "CNSHAA", "recorded_at": time} | changed
