"""A store in a SQLite file: durable, migrated, and refused where it is not ours."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from entrepost.base.errors import StoreError
from entrepost.operations.store import Store
from tests.operations.shop import lamp, take_in


class RefusedError(Exception):
    pass


def test_what_fails_inside_a_transaction_leaves_nothing_behind(tmp_path: Path) -> None:
    store, _ = take_in(tmp_path, lamp())
    lines = store.list_orders().drop("intake")
    with pytest.raises(RefusedError):
        _add_and_refuse(store, lines.with_columns(order_id=lines["order_id"] + "x"))
    assert store.list_orders().get_column("order_id").to_list() == ["o1"]


def test_a_line_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    store, _ = take_in(tmp_path, lamp())
    with pytest.raises(StoreError, match="UNIQUE"):
        store.add_lines(store.list_orders().drop("intake"), "file")


def _add_and_refuse(store: Store, lines: pl.DataFrame) -> None:
    with store.transaction():
        store.add_lines(lines, "file")
        raise RefusedError
