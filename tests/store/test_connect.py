"""Connections lose nothing, and say so where this SQLite might."""

from __future__ import annotations

from pathlib import Path

import pytest

from entrepost.base.errors import StoreError
from entrepost.store.connect import connect, warn_of_reset_bug
from entrepost.wiring import open_store
from tests.operations.shop import FixedClock


def test_every_commit_is_synchronised_and_references_are_kept(tmp_path: Path) -> None:
    connection = connect(tmp_path / "new.db")
    values = [
        connection.exec_driver_sql(f"PRAGMA {name}").scalar()
        for name in ("journal_mode", "synchronous", "foreign_keys")
    ]
    assert values == ["wal", 2, 1]


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="folder"):
        open_store(tmp_path / "nowhere" / "shop.db")


def test_an_affected_sqlite_warns_where_the_file_seems_to_be_open_elsewhere(tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    assert not warn_of_reset_bug(path, "3.40.1")
    store = open_store(path, FixedClock())
    assert (tmp_path / "shop.db-wal").stat().st_size > 0
    with pytest.warns(RuntimeWarning, match=r"3\.40\.1 can lose commits"):
        assert warn_of_reset_bug(path, "3.40.1")
    assert not warn_of_reset_bug(path, "3.51.3")
    store.close()
    assert not warn_of_reset_bug(path, "3.40.1")
