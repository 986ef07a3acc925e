"""Items and events are found by identifier, by order and by account."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import polars as pl

from entrepost.operations.archive import archive_events, list_history, restore_events
from entrepost.operations.events import record_events
from entrepost.operations.store import Store
from entrepost.operations.trail import link
from tests.operations.shop import LAMP_NO, MUG_NO, NOW, POSTED, event, two_items
from tests.operations.test_events import frame


def test_an_item_is_found_in_its_own_account_only(store: Store, tmp_path: Path) -> None:
    two_items(tmp_path, store)
    names = pl.DataFrame({"tenant": ["main", "other"], "item_id": [LAMP_NO, MUG_NO]})
    assert store.find_items(names).get_column("item_id").to_list() == [LAMP_NO]
    assert store.list_items("other").height == 0
    assert store.list_items("main").height == 2


def test_events_are_listed_for_all_orders_or_for_some(store: Store, tmp_path: Path) -> None:
    two_items(tmp_path, store)
    record_events(store, frame([event("EMB", 2), event("EMA"), event("EMA", 1, MUG_NO)]))
    assert store.list_events().get_column("code").to_list() == ["EMA", "EMA", "EMB"]
    order = store.list_items().filter(pl.col("item_id") == MUG_NO)
    assert store.list_events(orders=order).select("order_id", "item_id", "code").rows() == [("o2", MUG_NO, "EMA")]
    assert store.list_events("other").height == 0


def test_an_event_that_is_there_stays_as_it_came(store: Store, tmp_path: Path) -> None:
    two_items(tmp_path, store)
    item_no = store.list_items().get_column("item_no")[0]
    rows = link(
        frame([event("EMA", reason="16"), event("EMB", 2, reason=None)]).with_columns(
            item_no=pl.lit(item_no, pl.Int64), offset_minutes=pl.lit(480, pl.Int64)
        )
    )
    store.add_events(rows.head(1))
    store.add_events(rows.with_columns(reason=pl.lit("17")))
    kept = store.find_events(rows.select("item_no", last_event_at=pl.col("time").max()))
    assert kept.select("item_no", "code", "reason").rows() == [(item_no, "EMA", "16"), (item_no, "EMB", "17")]


def test_an_items_events_come_by_the_minute_whenever_they_were_recorded(store: Store, tmp_path: Path) -> None:
    two_items(tmp_path, store)
    for hours in (24 * 40, 2, 24 * 80, 0):
        record_events(store, frame([event("EMA", hours)]))
    found = store.find_events(store.list_items())
    assert found.get_column("time").to_list() == sorted(found.get_column("time"))
    assert found.get_column("previous").to_list() == [None, *found.get_column("time")[:-1]]
    assert found.height == 4


def test_archived_events_leave_with_their_empty_months_and_come_back(store: Store, tmp_path: Path) -> None:
    two_items(tmp_path, store)
    record_events(store, frame([event("EMA"), event("EMI", 24 * 40), event("EMA", 24 * 80, MUG_NO)]))
    before, summer = store.list_events(), POSTED + timedelta(days=60)
    done = archive_events(store, tmp_path / "past", summer)
    assert (done.items, done.events, store.list_events().height) == (1, 2, 1)
    assert list_history(store, tmp_path / "past").equals(before)
    found = store.find_items(before.select("tenant", "item_id").unique()).sort("item_no")
    assert found.get_column("archived_at").to_list() == [NOW, None]
    assert restore_events(store, tmp_path / "past", found) == 2
    assert store.list_events().equals(before)
    assert store.list_quiet(summer).select("item_id", "events").rows() == [(LAMP_NO, 2)]


def test_items_come_in_pages_by_identifier_with_their_status(store: Store, tmp_path: Path) -> None:
    two_items(tmp_path, store)
    first = store.page_items("main", limit=1)
    after = first.select("item_id", "issued_at").row(0)
    rest = store.page_items("main", after)
    assert pl.concat([first, rest]).equals(store.list_items("main").sort("item_id"))
    assert store.page_items("other").height == 0
