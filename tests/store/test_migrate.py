"""A database is brought to this version, or refused."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from entrepost.base.errors import StoreError
from entrepost.store.connect import connect
from entrepost.store.migrate import FOLDER, HEAD, migrate
from entrepost.store.schema import METADATA
from tests.operations.shop import store_in


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
