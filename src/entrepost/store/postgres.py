"""The store in a PostgreSQL database."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from threading import Lock

import polars as pl
from sqlalchemy import Connection, create_engine, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import NullPool

from entrepost.base.clock import Clock
from entrepost.base.errors import MisuseError, StoreError
from entrepost.operations.acting import find_account, for_all_accounts
from entrepost.store.items import ask_items
from entrepost.store.row_security import is_secure, secure
from entrepost.store.seal import MasterSource, no_keys
from entrepost.store.sql import SqlStore

try:
    from entrepost.store.postgres_rows import PostgresRows
except ModuleNotFoundError as error:  # pragma: no cover - the tests have it
    raise MisuseError(f"a PostgreSQL store needs {error.name}; install it: pip install 'entrepost[postgres]'") from None

CONNECT_SECONDS = 10
"""How long a server may take to answer, unless the URL says otherwise (connect_timeout)."""


class PostgresStore(SqlStore):
    """A `Store` in a database of a server; transactions on other tenants' mail go on beside ours.

    A connection that was lost is opened again by the next call; what was not committed was undone.
    """

    _rows: PostgresRows

    def __init__(self, url: str, clock: Clock | None = None, masters: MasterSource | None = None) -> None:
        self._beside: PostgresRows | None = None
        self._asking = Lock()
        self._url = read_url(url)
        self._place = place_of(self._url)
        super().__init__(self._connect(), self._place, clock, masters or no_keys)

    def close(self) -> None:
        """Give the connections back, unless they were lost."""
        if self._beside is not None:
            self._beside.driver.close()
            self._beside.connection.invalidate()
            self._beside = None
        if self._rows.driver.closed and not self._rows.connection.closed:
            self._rows.connection.invalidate()
        super().close()

    def ask_items(self, tenant: str, names: pl.Series, beside: bool = False) -> Callable[[], pl.DataFrame]:
        """Look for what `find_items` gives; `beside` through a second connection, by whoever calls.

        It sees what was committed: who holds the turn of an account knows that nobody else changes its items.
        """
        if beside and self._depth == 1:
            return partial(self._ask_beside, find_account(), tenant, names)
        return super().ask_items(tenant, names)

    def _ask_beside(self, account: str | None, tenant: str, names: pl.Series) -> pl.DataFrame:
        with self._asking:
            if self._beside is None or self._beside.driver.closed:
                self._beside = self._connect()
                self._beside.look_up_one_by_one()
            with _reading_for(self._beside, account):
                return ask_items(self._beside, tenant, names)()

    def _connect(self) -> PostgresRows:
        rows = PostgresRows(connect(self._url), self._place)
        check_server(rows)
        rows.mean_all_accounts()
        return rows

    @contextmanager
    def _turn(self) -> Iterator[None]:
        with super()._turn():
            if self._depth == 0 and self._rows.driver.closed:
                self.close()
                self._rows = self._connect()
            yield

    @contextmanager
    def _reading(self) -> Iterator[None]:
        with self._turn():
            if self._depth or self._rows.is_begun:
                with self._acting():
                    yield
            else:
                with _reading_for(self._rows, find_account()):
                    yield

    @contextmanager
    def _acting(self) -> Iterator[None]:
        rows, account = self._rows, self._rows.account
        rows.act_for(find_account())
        try:
            yield
        finally:
            if rows.is_begun:
                rows.act_for(account)

    def _bring_forward(self) -> None:
        with for_all_accounts(), self._turn():
            super()._bring_forward()
            if not is_secure(self._rows):
                with self.transaction():
                    self._rows.hold(["tables"])
                    secure(self._rows, self._place)


@contextmanager
def _reading_for(rows: PostgresRows, account: str | None) -> Iterator[None]:
    """What is read for an account is read in a transaction that names it; for all, each statement is its own."""
    if account is None:
        yield
        return
    rows.begin(account, reading=True)
    try:
        yield
        rows.commit()
    except BaseException:
        rows.rollback()
        raise


def read_url(url: str) -> URL:
    """The URL as SQLAlchemy takes it, with our driver.

    Raises
    ------
    MisuseError
        When it is none, or names no database.
    """
    try:
        parts = make_url(url)
    except (ArgumentError, ValueError):
        raise MisuseError("the URL of the store cannot be read; give postgresql://USER@HOST:PORT/DATABASE") from None
    if not parts.database:
        raise MisuseError("the URL of the store names no database; give postgresql://USER@HOST:PORT/DATABASE")
    return parts.set(drivername="postgresql+psycopg")


def place_of(url: URL) -> str:
    """Server and database, as messages name them: without user and password."""
    host = url.host or url.query.get("host") or "the local server"
    port = f":{url.port}" if url.port else ""
    return f"PostgreSQL at {host}{port}/{url.database}"


def connect(url: URL) -> Connection:
    """A connection that commits by itself.

    Raises
    ------
    StoreError
        When the server does not answer, or does not let us in.
    """
    wait = {} if "connect_timeout" in url.query else {"connect_timeout": CONNECT_SECONDS}
    own = {"application_name": "entrepost", "client_encoding": "utf8"} | wait
    engine = create_engine(
        url, isolation_level="AUTOCOMMIT", poolclass=NullPool, pool_reset_on_return=None, connect_args=own
    )
    try:
        return engine.connect()
    except DBAPIError as error:
        said = " ".join(str(error.orig).split())
        raise StoreError(f"{place_of(url)} cannot be reached: {said}") from None


def check_server(rows: PostgresRows) -> None:
    """See to it that a commit waits for the disk, and that every text can be kept."""
    settings = {name: rows.driver.execute(f"SHOW {name}").fetchone() for name in ("server_encoding", "fsync")}
    if settings["server_encoding"] != ("UTF8",):
        raise StoreError(f"{rows.place} is not in UTF8; create one: createdb --encoding UTF8 NAME")
    if settings["fsync"] != ("on",):
        warnings.warn(f"{rows.place} has fsync off: a power cut may lose everything", RuntimeWarning, stacklevel=4)
    if rows.driver.execute("SHOW synchronous_commit").fetchone() == ("off",):
        rows.driver.execute("SET synchronous_commit = on")
