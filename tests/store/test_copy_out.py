"""Rows come out of PostgreSQL whole, or what went wrong is raised."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest

from entrepost.store import copy_out as reading
from entrepost.store.copy_out import copy_out
from tests.servers import Postgres

pytestmark = pytest.mark.server


@pytest.fixture
def connection(postgres: Postgres) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as made:
        yield made


def test_rows_come_in_order_with_their_values_in_place(connection: psycopg.Connection[Any]) -> None:
    sql = "SELECT i, %s || i FROM generate_series(1, %s) i"
    rows = copy_out(connection, sql, ["it's %", 30_000]).decode().splitlines()
    assert rows == [f"{number}\tit's %{number}" for number in range(1, 30_001)]
    assert copy_out(connection, "SELECT 1 WHERE false", []) == b""


def test_other_threads_go_on_while_a_row_is_waited_for(connection: psycopg.Connection[Any], postgres: Postgres) -> None:
    connection.execute("SELECT pg_advisory_lock(1)")
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as other, ThreadPoolExecutor(1) as pool:
        answer = pool.submit(copy_out, other, "SELECT 7 FROM (SELECT pg_advisory_lock(1)) waits", [])
        connection.execute("SELECT pg_advisory_unlock(1)")
        assert answer.result(30) == b"7\n"


@pytest.mark.parametrize("sql", ["SELECT nothing", "SELECT 1 / (5 - i) FROM generate_series(1, 9) i"])
def test_what_is_refused_at_once_or_in_the_middle_is_raised_and_the_connection_stays(
    connection: psycopg.Connection[Any], sql: str
) -> None:
    with pytest.raises(psycopg.Error, match=r"nothing|division by zero"):
        copy_out(connection, sql, [])
    assert copy_out(connection, "SELECT 1", []) == b"1\n"


def test_a_server_that_ends_the_connection_in_the_middle_is_noticed(
    connection: psycopg.Connection[Any], postgres: Postgres
) -> None:
    pid = connection.pgconn.backend_pid
    with pytest.raises(psycopg.OperationalError):
        copy_out(connection, "SELECT pg_terminate_backend(%s), i FROM generate_series(1, 100000) i", [pid])
    assert connection.closed


def test_a_reader_that_is_interrupted_leaves_no_connection_in_the_middle(
    connection: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_connection: object) -> Iterator[bytes]:
        raise KeyboardInterrupt
        yield

    monkeypatch.setattr(reading, "_messages", interrupted)
    with pytest.raises(KeyboardInterrupt):
        copy_out(connection, "SELECT i FROM generate_series(1, 100000) i", [])
    assert connection.closed
