"""Orders come in: each kind of bad input costs its own row and nothing else."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from entrepost.operations import intake
from entrepost.operations.intake import intake_orders
from tests.operations.shop import LAMP, counts, lamp, store_in, take_in, write_csv

GOOD = lamp(order_id="good")


def test_a_sound_order_is_kept_with_every_cell(tmp_path: Path) -> None:
    store, outcome = take_in(tmp_path, LAMP)
    assert counts(outcome) == (1, 1, 0, 0)
    assert outcome.orders == 1
    row = store.list_orders().row(0, named=True)
    assert (row["tenant"], row["seller"], row["order_id"], row["line"]) == ("main", "shop", "o1", 1)
    assert row["placed_at"].isoformat() == "2026-01-05T02:00:00+00:00"
    assert (row["unit_value"], row["unit_value_minor"], row["currency"]) == ("30.00", 3000, "CNY")
    assert (row["weight_g"], row["length_mm"], row["battery"], row["wanted_by"]) == (400, 0, "none", None)


def test_a_column_that_nothing_reads_is_a_warning(tmp_path: Path) -> None:
    store, outcome = take_in(tmp_path, lamp(colour="red"))
    assert counts(outcome) == (1, 1, 0, 0)
    assert store.list_findings().select("code", "field", "level").row(0) == ("column_unknown", "colour", "warning")


def test_orders_stay_whole_where_chunks_meet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "CHUNK_ROWS", 2)
    rows = [lamp(order_id="a"), *(lamp(order_id="b", line=str(line), sku=f"S{line}") for line in range(1, 6))]
    rows = [{name: cell for name, cell in row.items() if name != "line"} for row in (*rows, GOOD)]
    seen: list[int] = []
    store = store_in(tmp_path)
    outcome = intake_orders(store, write_csv(tmp_path, *rows), progress=seen.append)
    assert counts(outcome) == (7, 7, 0, 0)
    assert store.list_orders().filter(pl.col("order_id") == "b").get_column("line").to_list() == [1, 2, 3, 4, 5]
    assert seen == sorted(seen)
    assert seen[-1] == 7
