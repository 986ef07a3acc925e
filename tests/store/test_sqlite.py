"""A store in a SQLite file."""

from __future__ import annotations

from pathlib import Path

from entrepost.store.sqlite import SqliteStore
from tests.operations.shop import FixedClock, lamp, take, write_csv


def test_what_was_brought_in_is_in_the_file(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "own.db", FixedClock())
    take(store, write_csv(tmp_path, lamp()))
    store.close()
    assert store.path.read_bytes().startswith(b"SQLite format 3")
    assert SqliteStore(str(store.path)).list_orders().height == 1
