"""The store in a SQLite file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock

import polars as pl
from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError

from entrepost.base.clock import Clock, SystemClock
from entrepost.base.errors import StoreError
from entrepost.mail.numbering import Allocation, Block, Run
from entrepost.operations.store import Intake, OrderPlace, StoredBlock
from entrepost.store import intakes, numbers
from entrepost.store import items as item_table
from entrepost.store import orders as order_table
from entrepost.store.connect import connect
from entrepost.store.migrate import HEAD, find_version, migrate
from entrepost.store.rows import driver
from entrepost.tables.frames import INSTANT


class SqliteStore:
    """A `Store` in one file, through one connection; threads take turns, processes wait for each other."""

    def __init__(self, path: str | Path, clock: Clock | None = None) -> None:
        self.path = Path(path)
        self._clock = clock or SystemClock()
        self._lock = RLock()
        self._depth = 0
        self._connection: Connection = connect(self.path)
        try:
            self._bring_forward()
        except BaseException:
            self.close()
            raise

    @property
    def clock(self) -> Clock:
        """Who tells the present instant."""
        return self._clock

    def close(self) -> None:
        """Close the file."""
        engine = self._connection.engine
        self._connection.close()
        engine.dispose()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside becomes durable together or not at all; inside another it is part of that."""
        with self._lock:
            outermost = self._depth == 0
            if outermost:
                self._say("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield
                if outermost:
                    self._say("COMMIT")
            except BaseException as error:
                if outermost:
                    driver(self._connection).rollback()
                if isinstance(error, DatabaseError):
                    raise StoreError(f"{self.path} refused: {error.orig}") from None
                raise
            finally:
                self._depth -= 1

    def list_sellers(self) -> pl.DataFrame:
        """Every seller."""
        with self._lock:
            return order_table.list_sellers(self._connection)

    def add_lines(self, lines: pl.DataFrame, intake: str) -> None:
        """Keep new order lines."""
        with self.transaction():
            order_table.add_lines(self._connection, lines.with_columns(intake=pl.lit(intake)), self._now())

    def find_lines(self, orders: pl.DataFrame) -> pl.DataFrame:
        """The lines of those orders that are there."""
        with self._lock:
            return order_table.find_lines(self._connection, orders)

    def list_orders(
        self, tenant: str = "", unpromised: bool = False, after: OrderPlace | None = None, limit: int = 0
    ) -> pl.DataFrame:
        """Order lines by the time of their orders."""
        with self._lock:
            return order_table.list_orders(self._connection, tenant, unpromised, after, limit)

    def add_promises(self, promises: pl.DataFrame) -> None:
        """Keep promises."""
        with self.transaction():
            order_table.add_promises(self._connection, promises)

    def list_promises(self, tenant: str = "", orders: pl.DataFrame | None = None) -> pl.DataFrame:
        """Promises given."""
        with self._lock:
            return order_table.list_promises(self._connection, tenant, orders)

    def add_items(self, items: pl.DataFrame) -> None:
        """Keep new items."""
        with self.transaction():
            item_table.add_items(self._connection, items)

    def find_items(self, names: pl.DataFrame) -> pl.DataFrame:
        """Every item that has or had one of these identifiers."""
        with self._lock:
            return item_table.find_items(self._connection, names)

    def list_items(self, tenant: str = "", orders: pl.DataFrame | None = None) -> pl.DataFrame:
        """Items."""
        with self._lock:
            return item_table.list_items(self._connection, tenant, orders)

    def set_status(self, statuses: pl.DataFrame) -> None:
        """Keep the status of items."""
        with self.transaction():
            item_table.set_status(self._connection, statuses)

    def add_events(self, events: pl.DataFrame) -> None:
        """Keep new events."""
        with self.transaction():
            item_table.add_events(self._connection, events)

    def find_events(self, item_nos: pl.Series) -> pl.DataFrame:
        """All events of these items."""
        with self._lock:
            return item_table.find_events(self._connection, item_nos)

    def list_events(self, tenant: str = "", orders: pl.DataFrame | None = None) -> pl.DataFrame:
        """Events by time."""
        with self._lock:
            return item_table.list_events(self._connection, tenant, orders)

    def add_findings(self, findings: pl.DataFrame, tenant: str, intake: str) -> None:
        """Keep findings."""
        place = {"tenant": pl.lit(tenant), "intake": pl.lit(intake), "found_at": self._now()}
        with self.transaction():
            intakes.add_findings(self._connection, findings.with_columns(**place))

    def list_findings(self, intake: str | None = None) -> pl.DataFrame:
        """Findings."""
        with self._lock:
            return intakes.list_findings(self._connection, intake)

    def put_intake(self, intake: Intake) -> None:
        """Keep how far an intake is."""
        with self.transaction():
            intakes.put_intake(self._connection, intake)

    def find_intake(self, intake: str) -> Intake | None:
        """How far an intake is."""
        with self._lock:
            return next(iter(intakes.list_intakes(self._connection, intake)), None)

    def list_intakes(self) -> list[Intake]:
        """Every intake."""
        with self._lock:
            return intakes.list_intakes(self._connection)

    def add_block(self, block: Block, tenant: str = "") -> None:
        """Keep a new block of identifiers."""
        with self.transaction():
            numbers.add_block(self._connection, block, tenant)

    def list_blocks(self, indicator: str, issuer: str) -> list[StoredBlock]:
        """The blocks of an indicator and issuer."""
        with self._lock:
            return numbers.list_blocks(self._connection, indicator, issuer)

    def list_runs(self, block_no: int) -> list[Run]:
        """What a block gave out."""
        with self._lock:
            return numbers.list_runs(self._connection, block_no)

    def put_allocation(self, block_no: int, allocation: Allocation) -> None:
        """Move a block on, and keep what it gave."""
        with self.transaction():
            numbers.put_allocation(self._connection, block_no, allocation)

    def _bring_forward(self) -> None:
        try:
            if find_version(self._connection) != HEAD:
                with self.transaction():
                    migrate(self._connection)
        except DatabaseError as error:
            raise StoreError(f"{self.path} cannot be used as a database: {error.orig}") from None

    def _say(self, sql: str) -> None:
        try:
            self._connection.exec_driver_sql(sql)
        except DatabaseError as error:
            raise StoreError(
                f"{self.path}: {error.orig}; another process may hold it, or the disk may be full"
            ) from None

    def _now(self) -> pl.Expr:
        return pl.lit(self._clock.now()).cast(INSTANT)
