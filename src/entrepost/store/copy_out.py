"""What PostgreSQL copies out, read message by message: psycopg's own loop takes five times as long for short rows."""

from __future__ import annotations

import select
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, cast

import psycopg
from psycopg import pq

Connection = psycopg.Connection[tuple[Any, ...]]
ENDED = "57P"
"""The class of what a server says when it ends a connection: it is shut down, it crashed. Or it says nothing."""


def copy_out(connection: Connection, sql: str, values: Sequence[Any]) -> bytes:
    """The rows of a query as `COPY (query) TO STDOUT` writes them; `%s` marks values.

    Raises
    ------
    psycopg.Error
        What the server refused, or that it is away.
    """
    query = psycopg.ClientCursor(connection).mogrify(cast(Any, f"COPY ({sql}) TO STDOUT"), list(values))
    with _whole(connection):
        begun = connection.pgconn.exec_(query.encode())
        if begun.status != pq.ExecStatus.COPY_OUT:
            raise psycopg.errors.error_from_result(begun)
        return b"".join(_messages(connection.pgconn))


def _messages(connection: pq.abc.PGconn) -> Iterator[bytes]:
    """Each row; other threads go on while the next one is waited for."""
    waiting = select.poll()
    waiting.register(connection.socket, select.POLLIN)
    while (found := connection.get_copy_data(1))[0] >= 0:
        if found[0]:
            yield bytes(found[1])
        else:
            waiting.poll()
            connection.consume_input()
    failed = None
    while (ended := connection.get_result()) is not None:
        if ended.status != pq.ExecStatus.COMMAND_OK:
            failed = failed or psycopg.errors.error_from_result(ended)
    if failed:
        raise failed


@contextmanager
def _whole(connection: Connection) -> Iterator[None]:
    """A connection that the server ended, or that is left in the middle of its rows, is closed."""
    try:
        yield
    except psycopg.Error as error:
        if error.sqlstate is None or error.sqlstate.startswith(ENDED):
            connection.close()
        raise
    finally:
        if connection.pgconn.transaction_status == pq.TransactionStatus.ACTIVE:
            connection.close()
