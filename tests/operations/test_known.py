"""What is remembered of items holds until somebody else changes them."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import polars as pl
import pytest

from entrepost.operations.events import record_events
from entrepost.operations.known import ITEM_NO, STRANGE, KnownItems
from entrepost.operations.store import Store
from tests.operations.shop import LAMP_NO, MUG_NO, event, store_in, two_items
from tests.operations.test_events import frame

NAMES = pl.Series([LAMP_NO, "XX000000000CN", MUG_NO, LAMP_NO])


def find(store: Store, known: KnownItems) -> list[int]:
    with store.transaction():
        known.take_turn()
        return known.rows[known.find(NAMES), ITEM_NO].tolist()


def test_items_are_known_by_their_names_and_strangers_are_not(tmp_path: Path) -> None:
    store = two_items(tmp_path)
    lamp, stranger, mug, again = find(store, KnownItems(store, "main"))
    assert (lamp, stranger) == (again, STRANGE)
    assert store.list_items().get_column("item_no").to_list() == [lamp, mug]


def test_what_is_known_is_not_asked_for_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = two_items(tmp_path)
    known = KnownItems(store, "main")
    find(store, known)
    with store.transaction():
        known.take_turn()
        monkeypatch.setattr(store, "ask_items", None)
        assert STRANGE not in known.rows[known.find(pl.Series([MUG_NO, LAMP_NO])), ITEM_NO]


def test_everything_is_forgotten_once_somebody_else_took_a_turn(tmp_path: Path) -> None:
    store, other = two_items(tmp_path), store_in(tmp_path)
    known = KnownItems(store, "main")
    find(store, known)
    before = known.rows[0].copy()
    record_events(other, frame([event("EMA")]))
    find(store, known)
    assert known.rows[0, ITEM_NO] == before[ITEM_NO]
    assert known.rows[0].tolist() != before.tolist()


def test_a_turn_that_was_undone_is_not_trusted(tmp_path: Path) -> None:
    store = two_items(tmp_path)
    known = KnownItems(store, "main")
    with suppress(ZeroDivisionError), store.transaction():
        known.take_turn()
        known.rows[known.find(NAMES), ITEM_NO] = 1 // 0
    known.rows[:, ITEM_NO] = 77
    assert 77 not in find(store, known)


def test_the_items_without_news_for_longest_are_forgotten_first(tmp_path: Path) -> None:
    store = two_items(tmp_path)
    record_events(store, frame([event("EMA", item_id=MUG_NO), event("EMA", 2)]))
    known = KnownItems(store, "main", most=2)
    with store.transaction():
        known.take_turn()
        known.find(pl.Series([MUG_NO, LAMP_NO]))
        lamp = known.rows[1].tolist()
        known.find(pl.Series([LAMP_NO]))
    assert known.rows.tolist() == [lamp]
