"""What promises took from shelves adds up by filling, and orders wait each for its batch."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl

from entrepost.operations.store import Store
from entrepost.tables.frames import INSTANT

EVER, FILLED = datetime(1970, 1, 1, tzinfo=UTC), datetime(2026, 1, 5, tzinfo=UTC)


def taken(*rows: tuple[str, str, datetime, int]) -> pl.DataFrame:
    names = ["tenant", "sku", "filled_at", "quantity"]
    frame = pl.DataFrame(rows, schema=names, orient="row").with_columns(pl.col("filled_at").cast(INSTANT))
    return frame.with_columns(warehouse=pl.lit("DEFRAW"), seller=pl.lit("shop"))


def test_what_was_taken_adds_up_by_account_article_and_filling(store: Store) -> None:
    store.desk.add_taken(taken(("main", "LAMP", EVER, 2), ("main", "LAMP", EVER, 1), ("other", "LAMP", EVER, 5)))
    store.desk.add_taken(taken(("main", "LAMP", EVER, 3), ("main", "LAMP", FILLED, 4), ("main", "MUG", FILLED, 1)))
    pieces = [("DEFRAW", "shop", "LAMP", 10), ("DEFRAW", "shop", "MUG", 1)]
    assert store.desk.list_taken("main").rows() == pieces
    assert store.desk.list_taken("main", FILLED).rows() == [("DEFRAW", "shop", "LAMP", 4), ("DEFRAW", "shop", "MUG", 1)]
    assert store.desk.list_taken().rows()[0][-1] == 15
    assert store.desk.list_taken("nobody").rows() == []


def test_orders_wait_in_the_order_of_time_each_for_its_batch(store: Store) -> None:
    placed = pl.Series("placed_at", [FILLED, EVER], dtype=INSTANT)
    orders = pl.DataFrame({"tenant": ["main"] * 2, "seller": ["shop"] * 2, "order_id": ["late", "early"]})
    orders = orders.with_columns(placed)
    store.desk.let_wait(orders, "a")
    store.desk.let_wait(orders, "a")
    store.desk.let_wait(orders.head(1), "b")
    assert store.desk.list_waiting("main", "a", 9)["order_id"].to_list() == ["early", "late"]
    first = store.desk.list_waiting("main", "a", 1)
    store.desk.wait_no_more(first, "a")
    assert [store.desk.count_waiting("main", batch) for batch in ("a", "b")] == [1, 1]
    store.desk.end_waiting("main", "a")
    assert [store.desk.count_waiting("main", batch) for batch in ("a", "b")] == [0, 1]
