"""A store in a SQLite file: durable, migrated, and refused where it is not ours."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import polars as pl
import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from entrepost.base.errors import MisuseError, StoreError
from entrepost.operations.store import Store
from entrepost.store.connect import connect, warn_of_reset_bug
from entrepost.store.migrate import FOLDER, HEAD, migrate
from entrepost.store.schema import METADATA
from entrepost.wiring import open_store
from tests.operations.shop import FixedClock, lamp, store_in, take_in


class RefusedError(Exception):
    pass


def test_the_migrations_end_at_the_schema(tmp_path: Path) -> None:
    connection = connect(tmp_path / "new.db")
    migrate(connection)
    context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
    assert compare_metadata(context, METADATA) == []
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]
    tables = {row[0] for row in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert set(METADATA.tables) <= tables


def test_every_commit_is_synchronised_and_references_are_kept(tmp_path: Path) -> None:
    connection = connect(tmp_path / "new.db")
    values = [
        connection.exec_driver_sql(f"PRAGMA {name}").scalar()
        for name in ("journal_mode", "synchronous", "foreign_keys")
    ]
    assert values == ["wal", 2, 1]


def test_a_database_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    store_in(tmp_path).close()
    with closing(sqlite3.connect(tmp_path / "shop.db", isolation_level=None)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match="newer"):
        store_in(tmp_path)


def test_somebody_elses_database_is_refused(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "shop.db", isolation_level=None)) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
    with pytest.raises(StoreError, match="recipes"):
        store_in(tmp_path)


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "shop.db").write_text("order_id,seller\n" * 1000)
    with pytest.raises(StoreError, match="not a database"):
        store_in(tmp_path)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="folder"):
        open_store(tmp_path / "nowhere" / "shop.db")


@pytest.mark.parametrize("place", ["postgresql://host/db", ":memory:", "", "sqlite://"])
def test_a_place_that_keeps_nothing_or_is_not_known_is_misuse(place: str) -> None:
    with pytest.raises(MisuseError):
        open_store(place)


def test_a_url_and_a_path_are_the_same_store(tmp_path: Path) -> None:
    store, _ = take_in(tmp_path, lamp())
    store.close()
    again = open_store(f"sqlite:///{tmp_path}/shop.db")
    assert again.list_orders().height == 1
    assert again.list_sellers().rows() == [("main", "shop")]


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


def test_orders_are_read_on_from_where_the_last_page_ended(tmp_path: Path) -> None:
    rows = [lamp(order_id=f"o{number}", line=str(line)) for number in range(5) for line in (1, 2)]
    store, _ = take_in(tmp_path, *rows)
    seen, after = [], None
    while (page := store.list_orders(after=after, limit=2)).height:
        seen += page.get_column("order_id").unique(maintain_order=True).to_list()
        after = page.select("placed_at", "tenant", "seller", "order_id").row(-1)
    assert seen == [f"o{number}" for number in range(5)]


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


def _add_and_refuse(store: Store, lines: pl.DataFrame) -> None:
    with store.transaction():
        store.add_lines(lines, "file")
        raise RefusedError
