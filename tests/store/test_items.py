"""Items and events are found by identifier, by order and by account."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from entrepost.operations.events import record_events
from tests.operations.test_events import LAMP_NO, MUG_NO, event, frame, two_items


def test_an_item_is_found_in_its_own_account_only(tmp_path: Path) -> None:
    store = two_items(tmp_path)
    names = pl.DataFrame({"tenant": ["main", "other"], "item_id": [LAMP_NO, MUG_NO]})
    assert store.find_items(names).get_column("item_id").to_list() == [LAMP_NO]
    assert store.list_items("other").height == 0
    assert store.list_items("main").height == 2


def test_events_are_listed_for_all_orders_or_for_some(tmp_path: Path) -> None:
    store = two_items(tmp_path)
    record_events(store, frame([event("EMB", 2), event("EMA"), event("EMA", 1, MUG_NO)]))
    assert store.list_events().get_column("code").to_list() == ["EMA", "EMA", "EMB"]
    order = store.list_items().filter(pl.col("item_id") == MUG_NO)
    assert store.list_events(orders=order).select("order_id", "item_id", "code").rows() == [("o2", MUG_NO, "EMA")]
    assert store.list_events("other").height == 0
