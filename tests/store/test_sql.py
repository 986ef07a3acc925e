"""Transactions hold on both stores: all or nothing, durable, and nobody's work is done twice."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import polars as pl
import pytest

from entrepost.base.errors import StoreError
from entrepost.mail.numbering import Block
from entrepost.operations.events import record_events
from entrepost.operations.numbering import add_block, allocate_numbers
from entrepost.operations.store import Store
from tests.operations.shop import counts, event, lamp, take, two_items, write_csv
from tests.operations.test_events import frame, journey

Open = Callable[[], Store]


class RefusedError(Exception):
    pass


def test_what_fails_inside_a_transaction_leaves_nothing_behind(opened: Open, tmp_path: Path) -> None:
    store = opened()
    take(store, write_csv(tmp_path, lamp()))
    lines = store.list_orders().drop("intake")
    with pytest.raises(RefusedError):
        _add_and_refuse(store, lines.with_columns(order_id=lines["order_id"] + "x"))
    assert store.list_orders().get_column("order_id").to_list() == ["o1"]
    assert opened().list_orders().height == 1


def test_nobody_else_sees_what_is_not_committed(opened: Open, tmp_path: Path) -> None:
    store, other = opened(), opened()
    take(store, write_csv(tmp_path, lamp()))
    lines = store.list_orders().drop("intake")
    with store.transaction():
        store.add_lines(lines.with_columns(order_id=pl.lit("o2")), "file")
        assert (store.list_orders().height, other.list_orders().height) == (2, 1)
    assert other.list_orders().height == 2


def test_a_line_that_is_there_is_not_written_over(opened: Open, tmp_path: Path) -> None:
    store = opened()
    take(store, write_csv(tmp_path, lamp()))
    with pytest.raises(StoreError, match=r"(?i)unique"):
        store.add_lines(store.list_orders().drop("intake"), "file")
    assert store.list_orders().height == 1


def test_numbers_asked_for_at_once_are_given_once(opened: Open) -> None:
    stores = [opened() for _ in range(4)]
    add_block(stores[0], Block("LX", "CN", 0, 9_999, 0))

    def ask(store: Store) -> list[str]:
        return [number for _ in range(10) for number in allocate_numbers(store, "LX", "CN", 7)]

    with ThreadPoolExecutor(len(stores)) as pool:
        given = [number for part in pool.map(ask, stores) for number in part]
    assert len(set(given)) == len(given) == 4 * 10 * 7


def test_a_series_without_a_block_is_opened_once_whoever_asks_first(opened: Open) -> None:
    stores = [opened() for _ in range(4)]
    with ThreadPoolExecutor(len(stores)) as pool:
        given = list(pool.map(lambda store: allocate_numbers(store, "EX", "DE", 1)[0], stores))
    assert len(set(given)) == 4
    assert len(stores[0].list_blocks("EX", "DE")) == 1


def test_events_of_an_item_recorded_at_once_all_count(opened: Open, tmp_path: Path) -> None:
    stores = [opened() for _ in range(3)]
    two_items(tmp_path, stores[0])
    parts = [frame(journey()[start::3]) for start in range(3)]
    with ThreadPoolExecutor(len(stores)) as pool:
        list(pool.map(record_events, stores, parts))
    kept = stores[0].list_items().select("status", "events").rows()
    assert kept == [("delivered", 8), ("pending", 0)]


def test_orders_brought_in_twice_at_once_are_kept_once(opened: Open, tmp_path: Path) -> None:
    stores = [opened() for _ in range(2)]
    rows = [lamp(order_id=f"o{number}") for number in range(200)]
    paths = [write_csv(tmp_path, *rows, name="shop.csv"), write_csv(tmp_path, *rows[::-1], name="broker.csv")]
    with ThreadPoolExecutor(len(stores)) as pool:
        outcomes = list(pool.map(take, stores, paths))
    assert sorted(counts(each)[1:3] for each in outcomes) == [(0, 200), (200, 0)]
    assert stores[0].list_orders().height == 200


def test_an_event_of_tomorrows_month_finds_a_place(opened: Open, tmp_path: Path) -> None:
    store = opened()
    two_items(tmp_path, store)
    outcome = record_events(store, frame([event("EMA"), event("EMB", 24 * 45), event("EMI", 24 * 90)]))
    assert counts(outcome) == (3, 3, 0, 0)
    assert opened().list_events().get_column("code").to_list() == ["EMA", "EMB", "EMI"]


def _add_and_refuse(store: Store, lines: pl.DataFrame) -> None:
    with store.transaction():
        store.add_lines(lines, "file")
        raise RefusedError
