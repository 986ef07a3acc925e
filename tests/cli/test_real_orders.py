"""The guide with real orders is run as it stands: its mapping, its commands, and what it says they answer."""

from __future__ import annotations

import shutil
from pathlib import Path

import polars as pl
import pytest

from entrepost.wiring import open_store
from tests.cli.pages import follow

FILES = ("orders", "order_items", "products", "customers")
SPOILT = {
    ("join_missing", "order_id"): 7_593,
    ("join_missing", "customer_id"): 608,
    ("cell_missing", "placed_at"): 47,
    ("cell_missing", "weight_g"): 3,
}


@pytest.mark.shared
def test_real_orders_go_the_whole_way_as_the_guide_says(tmp_path: Path, shared: Path) -> None:
    for name in FILES:
        shutil.copy(shared / "data" / "olist" / f"{name}.csv.gz", tmp_path)
    done = follow("real-orders.md", tmp_path)
    assert [(command.split()[1], answer.code) for command, answer in done] == [
        ("intake", 3),
        ("quote", 3),
        ("simulate", 0),
        ("report", 0),
    ]
    assert spoilt(tmp_path) == SPOILT
    rejected = pl.read_csv(tmp_path / "rejected.csv", infer_schema=False)
    assert rejected.height == sum(SPOILT.values())
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "Real orders of a Brazilian marketplace" in page
    assert "2,912 days" in page, "that the dates were moved is told"


def spoilt(folder: Path) -> dict[tuple[str, str], int]:
    store = open_store(folder / "entrepost.db")
    found = store.list_findings().filter(pl.col("code") != "order_unserved").group_by("code", "field").len()
    store.close()
    return {(code, field): count for code, field, count in found.iter_rows()}
