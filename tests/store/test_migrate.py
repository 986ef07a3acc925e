"""A database is brought to this version, or refused; both have the same tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from entrepost.base.errors import StoreError
from entrepost.mail.status import Status
from entrepost.operations.store import Store
from entrepost.store import migrate as migrate_module
from entrepost.store import postgres
from entrepost.store.connect import connect
from entrepost.store.migrate import FOLDER, HEAD, find_version, migrate
from entrepost.store.schema import METADATA
from entrepost.wiring import find_file
from tests.operations.shop import store_in

Open = Callable[[], Store]


def connect_to(place: str) -> Connection:
    file = find_file(place)
    return connect(file) if file else postgres.connect(postgres.read_url(place))


@pytest.fixture
def connection(place: str) -> Iterator[Connection]:
    """A connection to an empty database, past any store."""
    made = connect_to(place)
    yield made
    made.close()
    made.engine.dispose()


def test_the_migrations_end_at_the_schema(connection: Connection) -> None:
    migrate(connection)
    context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
    assert compare_metadata(context, METADATA) == []
    assert ScriptDirectory.from_config(scripts(connection)).get_heads() == [HEAD]
    assert set(inspect(connection).get_table_names()) == {*METADATA.tables, "alembic_version"}


@pytest.mark.server
def test_both_databases_have_the_same_tables(tmp_path: Path, database: str) -> None:
    ours = []
    for place in (str(tmp_path / "shop.db"), database):
        connection = connect_to(place)
        migrate(connection)
        ours.append({name: reflected(connection, name) for name in inspect(connection).get_table_names()})
        connection.close()
        connection.engine.dispose()
    assert ours[0] == ours[1]
    assert ours[0]["events"]["key"] == ["minute", "item_no", "code", "facility"]


def test_the_next_empty_database_of_a_process_gets_the_same(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrate_module, "_SAID", {})
    made = []
    for _ in range(2):
        connection.exec_driver_sql("BEGIN")
        migrate(connection)
        made.append(everything_in(connection))
        connection.exec_driver_sql("ROLLBACK")
        assert find_version(connection) is None
    assert made[0] == made[1]
    assert len(made[0]) > 100


def test_a_database_of_the_first_version_keeps_its_rows(connection: Connection) -> None:
    command.upgrade(scripts(connection), "0001")
    for sql in (
        "INSERT INTO tenants VALUES ('main', 0)",
        "INSERT INTO sellers VALUES ('main', 'shop', 0)",
        "INSERT INTO orders VALUES ('main', 'shop', 'o1', 0, NULL, 'CNSHAA', 'DE', NULL, NULL, 'file')",
        "INSERT INTO items VALUES (7, 'main', 'shop', 'o1', 1, 'LX1', 'PACKET', 'CNSHAA', 'DE', 1, 1, 0, NULL, 0, "
        "'accepted', '', '', '', 0, 0, NULL, 1, 0)",
    ):
        connection.exec_driver_sql(sql)
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("CREATE TABLE first PARTITION OF events FOR VALUES FROM (0) TO (9)")
    for minute, code in ((1, "EMA"), (5, "EMC"), (3, "EMB"), (5, "EXA")):
        moment = 60_000_000 * minute
        connection.exec_driver_sql(
            f"INSERT INTO events VALUES (7, {minute}, '{code}', 'CNSHAA', {moment}, 480, NULL, {moment})"
        )
    migrate(connection)
    assert find_version(connection) == HEAD
    found = connection.exec_driver_sql("SELECT item_no, code, previous_minute FROM events ORDER BY minute, code").all()
    assert found == [(7, "EMA", None), (7, "EMB", 1), (7, "EMC", 3), (7, "EXA", 3)]
    statuses = connection.exec_driver_sql("SELECT item_no, state, events, archived_at FROM statuses").all()
    assert statuses == [(7, Status.ACCEPTED, 1, None)]


def test_a_database_of_a_newer_version_is_refused(opened: Open, place: str) -> None:
    opened().close()
    connection = connect_to(place)
    connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    connection.engine.dispose()
    with pytest.raises(StoreError, match="newer"):
        opened()


def test_somebody_elses_database_is_refused(opened: Open, connection: Connection) -> None:
    connection.exec_driver_sql("CREATE TABLE recipes (name TEXT)")
    with pytest.raises(StoreError, match="recipes"):
        opened()


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "shop.db").write_text("order_id,seller\n" * 1000)
    with pytest.raises(StoreError, match="not a database"):
        store_in(tmp_path)


def everything_in(connection: Connection) -> list[Any]:
    """All that a database says of its tables, columns, indexes and rules."""
    asked = ["SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY 1, 2"]
    if connection.dialect.name == "postgresql":
        asked = [
            "SELECT table_name, column_name, ordinal_position, data_type, is_nullable, column_default, collation_name "
            "FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 3",
            "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1, 2",
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2",
        ]
    found = [tuple(row) for sql in asked for row in connection.exec_driver_sql(sql).all()]
    return [*found, connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()]


def scripts(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = connection
    return config


def reflected(connection: Connection, table: str) -> dict[str, Any]:
    """A table as its database describes it, in words that both databases share."""
    seen = inspect(connection)
    return {
        "columns": [(each["name"], kind_of(each["type"]), each["nullable"]) for each in seen.get_columns(table)],
        "key": seen.get_pk_constraint(table)["constrained_columns"],
        "unique": sorted(sorted(each["column_names"]) for each in seen.get_unique_constraints(table)),
        "references": sorted(
            (each["constrained_columns"], each["referred_table"], each["referred_columns"])
            for each in seen.get_foreign_keys(table)
        ),
        "indexes": sorted(
            each["column_names"] for each in seen.get_indexes(table) if not each.get("duplicates_constraint")
        ),
    }


def kind_of(dtype: Any) -> str:
    """Whole numbers have 64 bits on either database, whatever they are called."""
    words = {"BIGINT": "INTEGER", "DOUBLE PRECISION": "FLOAT", "VARCHAR": "TEXT"}
    word = re.sub(r'\(\d+\)| COLLATE "C"', "", str(dtype))
    return words.get(word, word)
