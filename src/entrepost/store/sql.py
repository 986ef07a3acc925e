"""What the stores of both databases have in common: one connection, transactions, and every verb of `Store`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime
from threading import RLock
from typing import Any

import polars as pl
from sqlalchemy.exc import DBAPIError

from entrepost.base.clock import Clock, SystemClock
from entrepost.base.errors import StoreError
from entrepost.mail.numbering import Allocation, Block, Run
from entrepost.operations.acting import find_account
from entrepost.operations.store import Intake, ItemPlace, OrderPlace, StoredBlock
from entrepost.store import containments as containment_table
from entrepost.store import intakes, numbers, seals
from entrepost.store import items as item_table
from entrepost.store import notices as notice_table
from entrepost.store import orders as order_table
from entrepost.store.access import Access
from entrepost.store.desk import SqlDesk
from entrepost.store.exchange import SqlExchange
from entrepost.store.glance import SqlGlance
from entrepost.store.inbound import SqlInbound
from entrepost.store.look import SqlLook
from entrepost.store.migrate import HEAD, find_version, migrate
from entrepost.store.partner_keys import SqlPartnerKeys
from entrepost.store.recipients import SqlRecipients
from entrepost.store.records import SqlRecords
from entrepost.store.rows import Rows
from entrepost.store.schema import EVENTS
from entrepost.store.seal import MasterSource, no_keys
from entrepost.store.vault import Vault
from entrepost.store.webhooks import SqlWebhooks
from entrepost.tables.frames import INSTANT


class SqlStore:
    """A `Store` over the rows of a database, through one connection; threads take turns.

    What a use case reads inside a transaction to decide what it writes is held until the transaction ends, always in
    this order: the orders of a tenant, its containments, its events, the blocks of numbers, the notices.
    """

    def __init__(self, rows: Rows, place: str, clock: Clock | None = None, masters: MasterSource = no_keys) -> None:
        self.place, self._rows, self._clock = place, rows, clock or SystemClock()
        self._lock, self._depth = RLock(), 0
        self._turns: dict[str, tuple[int, int]] = {}
        self._remembered: dict[str, Any] = {}
        self.records = SqlRecords(lambda: self._rows, self.transaction, self._reading)
        self.vault = Vault(lambda: self._rows, masters)
        access = Access(lambda: self._rows, self._reading, self.transaction, self._hold_name, self._now, self.vault)
        self.webhooks, self.recipients = SqlWebhooks(access), SqlRecipients(access)
        self.partner_keys, self.exchange = SqlPartnerKeys(access), SqlExchange(access)
        self.look, self.desk, self.inbound = SqlLook(access), SqlDesk(access), SqlInbound(access)
        self.glance = SqlGlance(lambda: self._rows, self._reading)
        try:
            self._bring_forward()
        except BaseException:
            self.close()
            raise

    @property
    def clock(self) -> Clock:
        """Who tells the present instant."""
        return self._clock

    @property
    def remembered(self) -> dict[str, Any]:
        """What use cases remember of this store's items from one call to the next."""
        return self._remembered

    def close(self) -> None:
        """Give the connection back."""
        self.look.close()
        self.glance.close()
        self._remembered.clear()
        engine = self._rows.connection.engine
        self._rows.connection.close()
        engine.dispose()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside becomes durable together or not at all; inside another it is part of that."""
        with self._turn():
            outermost = self._depth == 0
            if outermost:
                self._rows.begin(find_account())
                self._turns = {}
            self._depth += 1
            try:
                with self._acting():
                    yield
                if outermost:
                    self._rows.commit()
            except BaseException:
                if outermost:
                    self.vault.forget()
                    self._remembered.clear()
                    self._rows.rollback()
                raise
            finally:
                self._depth -= 1

    def list_sellers(self) -> pl.DataFrame:
        """Every seller."""
        with self._reading():
            return order_table.list_sellers(self._rows)

    def add_lines(self, lines: pl.DataFrame, intake: str) -> None:
        """Keep new order lines."""
        with self.transaction():
            order_table.add_lines(self._rows, lines.with_columns(intake=pl.lit(intake)), self._now())

    def find_lines(self, orders: pl.DataFrame) -> pl.DataFrame:
        """The lines of those orders that are there."""
        with self._reading():
            self._hold("orders", orders)
            return order_table.find_lines(self._rows, orders)

    def list_orders(
        self, tenant: str = "", unpromised: bool = False, after: OrderPlace | None = None, limit: int = 0
    ) -> pl.DataFrame:
        """Order lines by the time of their orders."""
        with self._reading():
            return order_table.list_orders(self._rows, tenant, unpromised, after, limit)

    def add_promises(self, promises: pl.DataFrame) -> None:
        """Keep promises."""
        with self.transaction():
            order_table.add_promises(self._rows, promises)

    def list_promises(self, tenant: str = "", orders: pl.DataFrame | None = None) -> pl.DataFrame:
        """Promises given."""
        with self._reading():
            if orders is not None:
                self._hold("orders", orders)
            return order_table.list_promises(self._rows, tenant, orders)

    def take_turn(self, tenant: str) -> tuple[int, int]:
        """Hold the items of a tenant and their events; the number of the turn before, and of this one."""
        with self._reading():
            if tenant not in self._turns:
                self._rows.hold([f"events of {tenant}"])
                self._turns[tenant] = item_table.take_turn(self._rows, tenant)
            return self._turns[tenant]

    def add_items(self, items: pl.DataFrame) -> None:
        """Keep new items."""
        with self._changing():
            self._take_turns(items)
            item_table.add_items(self._rows, items)

    def find_items(self, names: pl.DataFrame) -> pl.DataFrame:
        """Every item that has or had one of these identifiers."""
        with self._reading():
            self._take_turns(names)
            return item_table.find_items(self._rows, names)

    def ask_items(self, tenant: str, names: pl.Series, beside: bool = False) -> Callable[[], pl.DataFrame]:
        """Look for what `find_items` gives, and leave the frame to be made by any thread."""
        with self._reading():
            return item_table.ask_items(self._rows, tenant, names)

    def list_items(
        self, tenant: str = "", orders: pl.DataFrame | None = None, numbers: pl.DataFrame | None = None
    ) -> pl.DataFrame:
        """Items."""
        with self._reading():
            return item_table.list_items(self._rows, tenant, orders, numbers)

    def page_items(self, tenant: str, after: ItemPlace | None = None, limit: int = 100) -> pl.DataFrame:
        """Items of an account by identifier."""
        with self._reading():
            return item_table.page_items(self._rows, tenant, after, limit)

    def set_status(self, statuses: pl.DataFrame) -> None:
        """Keep the status of items."""
        with self._changing():
            item_table.set_status(self._rows, statuses)

    def add_events(self, events: pl.DataFrame) -> None:
        """Keep new events."""
        with self._changing():
            item_table.add_events(self._rows, events)

    def pack_news(self, events: pl.DataFrame, statuses: pl.DataFrame) -> item_table.News:
        """Make news ready for `add_news`."""
        return item_table.pack_news(self._rows, events, statuses)

    def add_news(self, news: item_table.News) -> None:
        """Keep new events and the status of their items."""
        with self.transaction():
            item_table.add_news(self._rows, news)

    def link_events(self, events: pl.DataFrame) -> None:
        """Say anew which event came before each of these."""
        with self._changing():
            item_table.link_events(self._rows, events)

    def find_events(self, items: pl.DataFrame) -> pl.DataFrame:
        """All events of these items."""
        with self._reading():
            return item_table.find_events(self._rows, items)

    def list_events(self, tenant: str = "", orders: pl.DataFrame | None = None) -> pl.DataFrame:
        """Events by time."""
        with self._reading():
            return item_table.list_events(self._rows, tenant, orders)

    def add_containments(self, containments: pl.DataFrame) -> None:
        """Keep what is inside what."""
        with self.transaction():
            containment_table.add_containments(self._rows, containments)

    def find_containments(self, names: pl.DataFrame) -> pl.DataFrame:
        """What is inside of what is named, however deep."""
        with self._reading():
            self._hold("containments", names)
            return containment_table.find_containments(self._rows, names)

    def list_quiet(self, before: datetime) -> pl.DataFrame:
        """Items without any event since."""
        with self._reading():
            return item_table.list_quiet(self._rows, pl.DataFrame({"before": [before]}, schema={"before": INSTANT}))

    def archive_events(self, items: pl.DataFrame) -> int:
        """Let the events of these items go."""
        with self._changing():
            self._take_turns(items)
            return item_table.archive_events(self._rows, items, self._now()).height

    def restore_events(self, events: pl.DataFrame) -> None:
        """Take archived events back."""
        with self._changing():
            item_table.restore_events(self._rows, events)

    def drop_months(self, before: datetime) -> None:
        """Give back the room of events that were archived."""
        with self.transaction():
            self._rows.drop_months(EVENTS, before)

    def add_contacts(self, contacts: pl.DataFrame) -> None:
        """Keep whom to write to."""
        with self.transaction():
            notice_table.add_contacts(self._rows, seals.seal_contacts(self.vault, contacts), self._now())

    def remove_contacts(self, orders: pl.DataFrame) -> None:
        """Forget whom to write to."""
        with self.transaction():
            notice_table.remove_contacts(self._rows, orders)

    def find_contacts(self, tenant: str = "", orders: pl.DataFrame | None = None) -> pl.DataFrame:
        """Whom to write to."""
        with self._reading():
            return seals.open_contacts(self.vault, notice_table.find_contacts(self._rows, tenant, orders))

    def add_notices(self, notices: pl.DataFrame) -> None:
        """Keep notices."""
        with self.transaction():
            notice_table.add_notices(self._rows, notices)

    def set_notices(self, notices: pl.DataFrame) -> None:
        """Change notices that are there."""
        with self.transaction():
            notice_table.set_notices(self._rows, notices)

    def find_notices(self, names: pl.DataFrame) -> pl.DataFrame:
        """The notices of items, or those named."""
        with self._reading():
            self._hold_name("notices")
            return notice_table.find_notices(self._rows, names)

    def list_notices(self, tenant: str = "", state: str = "") -> pl.DataFrame:
        """Notices in the order in which they were planned."""
        with self._reading():
            return notice_table.list_notices(self._rows, tenant, state)

    def find_due_notices(self, now: datetime, limit: int) -> pl.DataFrame:
        """Notices whose time has come."""
        with self._reading():
            self._hold_name("notices")
            return notice_table.find_due(self._rows, now, limit)

    def add_silenced(self, addresses: pl.DataFrame) -> None:
        """Keep who is not written to."""
        with self.transaction():
            notice_table.add_silenced(self._rows, addresses)

    def remove_silenced(self, addresses: pl.DataFrame) -> None:
        """Forget that they are not written to."""
        with self.transaction():
            notice_table.remove_silenced(self._rows, addresses)

    def find_silenced(self, addresses: pl.DataFrame) -> pl.DataFrame:
        """Who is not written to."""
        with self._reading():
            return notice_table.find_silenced(self._rows, addresses)

    def add_findings(self, findings: pl.DataFrame, tenant: str, intake: str) -> None:
        """Keep findings."""
        place = {"tenant": pl.lit(tenant), "intake": pl.lit(intake), "found_at": self._now()}
        with self.transaction():
            intakes.add_findings(self._rows, seals.seal_findings(self.vault, findings.with_columns(**place)))

    def list_findings(self, intake: str | None = None) -> pl.DataFrame:
        """Findings."""
        with self._reading():
            return seals.open_findings(self.vault, intakes.list_findings(self._rows, intake))

    def put_intake(self, intake: Intake) -> None:
        """Keep how far an intake is."""
        with self.transaction():
            intakes.put_intake(self._rows, intake)

    def find_intake(self, intake: str) -> Intake | None:
        """How far an intake is."""
        with self._reading():
            if self._depth:
                self._rows.hold([f"intake {intake}"])
            return intakes.find_intake(self._rows, intake)

    def list_intakes(self) -> list[Intake]:
        """Every intake."""
        with self._reading():
            return intakes.list_intakes(self._rows)

    def add_block(self, block: Block, tenant: str = "") -> None:
        """Keep a new block of identifiers."""
        with self.transaction():
            numbers.add_block(self._rows.connection, block, tenant)

    def list_blocks(self, indicator: str, issuer: str) -> list[StoredBlock]:
        """The blocks of an indicator and issuer."""
        with self._reading():
            if self._depth:
                self._rows.hold(["numbers"])
            return numbers.list_blocks(self._rows.connection, indicator, issuer)

    def list_runs(self, block_no: int) -> list[Run]:
        """What a block gave out."""
        with self._reading():
            return numbers.list_runs(self._rows.connection, block_no)

    def put_allocation(self, block_no: int, allocation: Allocation) -> None:
        """Move a block on, and keep what it gave."""
        with self.transaction():
            numbers.put_allocation(self._rows.connection, block_no, allocation)

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """A transaction after which nothing of what was remembered of items is trusted."""
        with self.transaction():
            self._remembered.clear()
            yield

    def _reading(self) -> AbstractContextManager[None]:
        """A turn in which is read, or more where a transaction is begun."""
        return self._turn()

    def _acting(self) -> AbstractContextManager[None]:
        """Act for whoever is meant now, in a transaction that was perhaps begun for another."""
        return nullcontext()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Threads take turns, and what the database says through SQLAlchemy is ours to say."""
        with self._lock:
            try:
                yield
            except DBAPIError as error:
                raise StoreError(f"{self.place} refused: {error.orig}") from None

    def _hold_name(self, name: str) -> None:
        if self._depth:
            self._rows.hold([name])

    def _hold(self, what: str, named: pl.DataFrame) -> None:
        if self._depth:
            tenants = named.get_column("tenant").unique().to_list()
            self._rows.hold(f"{what} of {tenant}" for tenant in tenants)

    def _take_turns(self, named: pl.DataFrame) -> None:
        if self._depth:
            for tenant in sorted(named.get_column("tenant").unique().to_list()):
                self.take_turn(tenant)

    def _bring_forward(self) -> None:
        with self._turn():
            if find_version(self._rows.connection) != HEAD:
                with self.transaction():
                    self._rows.hold(["tables"])
                    migrate(self._rows.connection)

    def _now(self) -> pl.Expr:
        return pl.lit(self._clock.now()).cast(INSTANT)
