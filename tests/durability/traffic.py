"""Events on their way in: a file of them, and what the store must hold when so many of its rows are done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from entrepost.operations.events import fold_items
from entrepost.operations.intake import intake_orders
from entrepost.operations.store import STATUS, Store
from tests.operations.shop import csv_text, lamp, write

POSTED = datetime(2026, 1, 5, 2, tzinfo=UTC)
CODES = ("EMA", "EMB", "EMC", "EMD", "EME", "EDB", "EMF", "EDC", "EMG", "EDF", "EMH", "EMI")
ODD_CODE, ODD_ITEM = "Q99", "LX999999999CN"
FACT = ("item_id", "minute", "code", "facility")
COLUMNS = ("item_id", "code", "time", "facility")


@dataclass(frozen=True, slots=True)
class Traffic:
    """`rows` is the file (`item_id`, `code`, `time`, `facility`); `items` are the identifiers it is about."""

    items: list[str]
    rows: pl.DataFrame

    def write(self, path: Path) -> Path:
        """The events as a CSV file."""
        self.rows.with_columns(pl.col("time").dt.strftime("%Y-%m-%dT%H:%M:%SZ")).write_csv(path)
        return path

    def expected(self, done: int) -> pl.DataFrame:
        """The events that a store holds when the first rows are done: the sound ones, each fact once."""
        sound = self.rows.head(done).filter(pl.col("code") != ODD_CODE, pl.col("item_id") != ODD_ITEM)
        keyed = sound.with_columns(pl.col("time").dt.epoch("s").floordiv(60).alias("minute"))
        return keyed.unique(FACT, keep="first").select(COLUMNS).sort(COLUMNS)

    def expected_findings(self, done: int) -> int:
        """How many findings these rows give."""
        odd = (pl.col("code") == ODD_CODE) | (pl.col("item_id") == ODD_ITEM)
        return self.rows.head(done).filter(odd).height


def make_traffic(items: int, rows: int, seed: int) -> Traffic:
    """A file in which every item is met again and again, late and repeated; a thousandth of the rows is odd."""
    chance = np.random.default_rng(seed)
    names = [f"LX{number:09d}CN" for number in range(items)]
    facts = rows - rows // 20
    item = np.arange(facts) % items
    step = np.arange(facts) // items
    minute = step * 120 + chance.integers(0, 100, facts)
    order = np.argsort(step * 100 + chance.integers(0, 300, facts), kind="stable")
    frame = pl.DataFrame(
        {
            "item_id": np.array(names)[item][order],
            "code": np.array(CODES)[step % len(CODES)][order],
            "time": (np.datetime64(POSTED.replace(tzinfo=None), "us") + minute.astype("timedelta64[m]"))[order],
            "facility": np.array(["CNSHAA", "DEFRAA"])[step % 2][order],
        }
    ).with_columns(pl.col("time").dt.replace_time_zone("UTC"))
    again = frame[np.sort(chance.choice(facts, rows - facts, replace=False))]
    later = pl.concat([frame.with_row_index("at"), again.with_row_index("at").with_columns(pl.col("at") * 19 + items)])
    mixed = later.sort("at", maintain_order=True).drop("at").with_row_index("at")
    odd = pl.col("at") % 1000
    return Traffic(
        names,
        mixed.with_columns(
            pl.when(odd == 333).then(pl.lit(ODD_CODE)).otherwise("code").alias("code"),
            pl.when(odd == 777).then(pl.lit(ODD_ITEM)).otherwise("item_id").alias("item_id"),
        ).select(COLUMNS),
    )


def issue_items(store: Store, folder: Path, items: list[str]) -> None:
    """Put the items there, one for each order of one line; where they are there already nothing happens."""
    if store.list_items().height:
        return
    one = csv_text(lamp(order_id="o0"))
    if not store.list_orders().height:
        header, line = one.splitlines()
        lines = (line.replace(",o0,", f",o{number},") for number in range(len(items)))
        intake_orders(store, write(folder / "orders.csv", "\n".join((header, *lines)).encode()))
    orders = store.list_orders().with_columns(pl.col("order_id").str.slice(1).cast(pl.Int64).alias("at")).sort("at")
    store.add_items(
        orders.select(
            *("tenant", "seller", "order_id", "origin", "country", "weight_g", "currency"),
            item=pl.lit(1, pl.Int64),
            pieces="quantity",
            value_minor="unit_value_minor",
            issued_at="placed_at",
            service=pl.lit("PACKET"),
            item_id=pl.Series(items),
        )
    )


def differences(store: Store, traffic: Traffic, done: int) -> list[str]:
    """What is wrong in a store when the first rows of the file are done, in words; empty where all is right."""
    wrong = []
    kept = store.list_events()
    held = kept.select(COLUMNS).sort(COLUMNS)
    expected = traffic.expected(done)
    if not held.equals(expected):
        lost = expected.join(held, on=COLUMNS, how="anti").height
        strange = held.join(expected, on=COLUMNS, how="anti").height
        doubled = held.height - held.unique().height
        wrong.append(f"{lost} events lost, {doubled} twice, {strange} that should not be there, of {expected.height}")
    items = store.list_items().sort("item_no")
    states = fold_items(_numbered(expected, items)).sort("item_no")
    stored = items.filter(pl.col("events") > 0).select("item_no", *STATUS)
    odd = states.join(stored, on=["item_no", *STATUS], how="anti", nulls_equal=True).height
    if odd or states.height != stored.height:
        wrong.append(f"{odd} statuses are not the fold of their events; {stored.height} of {states.height} are there")
    findings = store.list_findings().filter(pl.col("code").str.starts_with("event_")).height
    if findings != traffic.expected_findings(done):
        wrong.append(f"{findings} findings instead of {traffic.expected_findings(done)}")
    return wrong


def _numbered(events: pl.DataFrame, items: pl.DataFrame) -> pl.DataFrame:
    return (
        events.join(items.select("item_id", "item_no"), on="item_id")
        .with_columns(pl.lit(None, pl.String).alias("reason"))
        .select("item_no", "code", "time", "facility", "reason")
    )


def day_after(hours: float) -> datetime:
    """So many hours after the orders were posted."""
    return POSTED + timedelta(hours=hours)
