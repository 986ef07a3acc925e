"""A store on a PostgreSQL server: how it is named, what is said when it refuses or is away, and that it comes back."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from entrepost.base.errors import MisuseError, StoreError
from entrepost.store.postgres import PostgresStore, place_of, read_url
from tests.conftest import miss_server
from tests.operations.shop import FixedClock, counts, lamp, take, write_csv
from tests.servers import MissingServerError, Postgres

pytestmark = pytest.mark.server


@pytest.fixture
def own_server() -> Iterator[Postgres]:
    """A server that a test may stop, crash and start."""
    try:
        server = Postgres()
    except MissingServerError as error:
        miss_server(str(error))
    yield server
    server.close()


def test_a_place_is_named_without_its_password() -> None:
    url = read_url("postgresql://clerk:secret@db.example:6432/mail")
    assert place_of(url) == "PostgreSQL at db.example:6432/mail"
    assert place_of(read_url("postgresql:///mail?host=/run/pg")) == "PostgreSQL at /run/pg/mail"


@pytest.mark.parametrize("url", ["postgresql://host", "postgresql://host:port/mail"])
def test_a_url_without_database_or_sense_is_misuse(url: str) -> None:
    with pytest.raises(MisuseError, match="postgresql://USER@HOST"):
        read_url(url)


def test_a_server_that_is_not_there_is_named() -> None:
    with pytest.raises(StoreError, match=r"PostgreSQL at 127.0.0.1:1/mail cannot be reached: .*refused"):
        PostgresStore("postgresql://clerk:secret@127.0.0.1:1/mail")


def test_a_database_that_is_not_there_is_named(postgres: Postgres) -> None:
    with pytest.raises(StoreError, match="nowhere"):
        PostgresStore(postgres.url("nowhere"))


def test_a_database_that_cannot_hold_every_text_is_refused(postgres: Postgres) -> None:
    postgres.say("postgres", "CREATE DATABASE ascii ENCODING 'SQL_ASCII' TEMPLATE template0")
    with pytest.raises(StoreError, match="not in UTF8"):
        PostgresStore(postgres.url("ascii"))


def test_a_commit_waits_for_the_disk_whatever_the_server_is_told(postgres: Postgres, database: str) -> None:
    postgres.say("postgres", f"ALTER DATABASE {read_url(database).database} SET synchronous_commit = off")
    store = PostgresStore(database)
    assert store._rows.driver.execute("SHOW synchronous_commit").fetchone() == ("on",)
    store.close()


def test_a_server_that_does_not_wait_for_the_disk_is_warned_of(own_server: Postgres) -> None:
    url = own_server.create_database("mail")
    own_server.say("postgres", "ALTER SYSTEM SET fsync = off")
    own_server.say("postgres", "SELECT pg_reload_conf()")
    with pytest.warns(RuntimeWarning, match="fsync off"):
        PostgresStore(url).close()


def test_a_server_that_goes_away_is_said_and_what_was_committed_is_there_when_it_is_back(
    own_server: Postgres, tmp_path: Path
) -> None:
    store = PostgresStore(own_server.create_database("mail"), FixedClock())
    take(store, write_csv(tmp_path, lamp()))
    own_server.stop(signal.SIGQUIT)
    for _ in range(2):
        with pytest.raises(StoreError, match=r"PostgreSQL at .*(away|cannot be reached)"):
            store.list_orders()
    own_server.start()
    assert store.list_orders().height == 1
    assert counts(take(store, write_csv(tmp_path, lamp(), lamp(order_id="o2")))) == (2, 1, 1, 0)
    store.close()


def test_a_transaction_in_which_the_server_goes_away_left_nothing(own_server: Postgres, tmp_path: Path) -> None:
    store = PostgresStore(own_server.create_database("mail"), FixedClock())
    take(store, write_csv(tmp_path, lamp()))
    lines = store.list_orders().drop("intake")
    with pytest.raises(StoreError, match="away"):
        _add_and_crash(store, lines.with_columns(order_id=lines["order_id"] + "x"), own_server)
    own_server.start()
    assert store.list_orders().get_column("order_id").to_list() == ["o1"]
    store.close()


def _add_and_crash(store: PostgresStore, lines: pl.DataFrame, server: Postgres) -> None:
    with store.transaction():
        store.add_lines(lines, "file")
        server.stop(signal.SIGQUIT)
        store.list_orders()
