"""Some items under way are found all over a store."""

from __future__ import annotations

from pathlib import Path

from entrepost.operations.under_way import list_under_way
from tests.operations.shop import store_in
from tests.web.shop import ANNOUNCED, AT_CUSTOMS, DELIVERED, ON_ITS_WAY, TRIED, fill


def test_items_that_are_not_at_an_end_are_listed_the_last_first(tmp_path: Path) -> None:
    store = fill(store_in(tmp_path), tmp_path)
    numbers = dict(store.list_items().select("item_id", "order_id").iter_rows())
    found = [numbers[item_id] for _, item_id in list_under_way(store, 10)]
    assert sorted(found) == sorted([ANNOUNCED, ON_ITS_WAY, AT_CUSTOMS, TRIED])
    assert DELIVERED not in found
    assert len(list(list_under_way(store, 2))) == 2
    store.close()
