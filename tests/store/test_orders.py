"""Orders are read by time, page by page."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl

from entrepost.operations.store import Store
from tests.operations.shop import counts, lamp, take, write_csv


def test_orders_are_read_on_from_where_the_last_page_ended(store: Store, tmp_path: Path) -> None:
    rows = [lamp(order_id=f"o{number}", line=str(line)) for number in range(5) for line in (1, 2)]
    take(store, write_csv(tmp_path, *rows))
    seen, after = [], None
    while (page := store.list_orders(after=after, limit=2)).height:
        seen += page.get_column("order_id").unique(maintain_order=True).to_list()
        after = page.select("placed_at", "tenant", "seller", "order_id").row(-1)
    assert seen == [f"o{number}" for number in range(5)]


def test_references_stand_in_the_order_of_their_bytes(store: Store, tmp_path: Path) -> None:
    take(store, write_csv(tmp_path, *(lamp(order_id=each) for each in ("b", "é", "B", "a-1", "a1", "A"))))
    assert store.list_orders().get_column("order_id").to_list() == ["A", "B", "a-1", "a1", "b", "é"]


def test_lines_are_found_in_the_order_in_which_their_orders_are_asked_for(store: Store, tmp_path: Path) -> None:
    take(store, write_csv(tmp_path, *(lamp(order_id=f"o{number}") for number in range(4))))
    asked = store.list_orders().select("tenant", "seller", "order_id").reverse()
    asked = pl.concat([asked, asked.with_columns(tenant=pl.lit("other"))])
    assert store.find_lines(asked).get_column("order_id").to_list() == ["o3", "o2", "o1", "o0"]


def test_a_text_with_the_character_nul_is_a_finding_and_loses_nothing_else(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "orders.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in (lamp(), lamp(order_id="o2", sku="LA\0MP"))))
    outcome = take(store, file)
    assert counts(outcome) == (2, 1, 0, 1)
    assert outcome.findings == {"cell_malformed": 1}
    assert "\\u0000" in store.list_findings().get_column("raw")[0]
