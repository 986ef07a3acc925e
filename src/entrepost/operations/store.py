"""What every use case needs of a store: nouns and frames in, nouns and frames out.

Frames hold instants as UTC, money in minor units, and name an order by tenant, seller and order_id. A
store keeps what it is given and decides nothing; what a row means is decided in the use cases.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import polars as pl

from entrepost.base.clock import Clock
from entrepost.mail.numbering import Allocation, Block, Run
from entrepost.operations.desk_store import DeskStore
from entrepost.operations.exchange_store import ExchangeStore
from entrepost.operations.glance import Glance
from entrepost.operations.inbound_store import InboundStore
from entrepost.operations.look_store import LookStore
from entrepost.operations.partner_key_store import PartnerKeyStore
from entrepost.operations.recipient_store import RecipientStore
from entrepost.operations.records import Records
from entrepost.operations.webhook_store import WebhookStore

OrderPlace = tuple[datetime, str, str, str]
"""Where an order stands when orders are read by time: placed_at, tenant, seller, order_id."""


ItemPlace = tuple[str, datetime]
"""Where an item stands when items are read by their names: item_id, issued_at."""


@dataclass(frozen=True, slots=True)
class Intake:
    """How far the intake of a file is, named by the content of file and mapping.

    `position` counts the rows of the file that are done; `read` is accepted + duplicates + rejected, all
    rows after joining; `orders` the new orders (0 for events).
    """

    intake: str
    tenant: str
    kind: str
    file: str
    shift_days: int
    started_at: datetime
    finished_at: datetime | None = None
    position: int = 0
    read: int = 0
    accepted: int = 0
    duplicates: int = 0
    rejected: int = 0
    orders: int = 0


@dataclass(frozen=True, slots=True)
class StoredBlock:
    """A block of identifiers as it is kept: `block_no` names it, an empty tenant means that all share it."""

    block_no: int
    tenant: str
    block: Block


class Store(Protocol):
    """Where tenants, sellers, orders, items, promises, events, findings, identifiers and intakes are kept."""

    @property
    def clock(self) -> Clock:
        """Who tells the present instant."""

    @property
    def remembered(self) -> dict[str, Any]:
        """What use cases remember of items from one call to the next, each under a name of its own.

        Whoever changes items by another verb than `add_news` makes the store forget it.
        """

    @property
    def records(self) -> Records:
        """People, sessions, keys, kept answers, batches and the audit."""

    @property
    def glance(self) -> Glance:
        """Single rows, looked at quickly."""

    @property
    def partner_keys(self) -> PartnerKeyStore:
        """By what partners and we sign what goes over HTTPS."""

    @property
    def webhooks(self) -> WebhookStore:
        """Endpoints that want to be told of what happens, and messages to them."""

    @property
    def recipients(self) -> RecipientStore:
        """To whom orders go, sealed, and what is forgotten of them."""

    @property
    def exchange(self) -> ExchangeStore:
        """What was sent to other operators and what came from them."""

    @property
    def inbound(self) -> InboundStore:
        """Items that other operators announced."""

    @property
    def look(self) -> LookStore:
        """Items by what somebody remembers of them, and what blocks of them add up to."""

    @property
    def desk(self) -> DeskStore:
        """Orders that wait for a promise, and what promises took from shelves."""

    def close(self) -> None:
        """Give the store back; what was committed is durable without it."""

    def transaction(self) -> AbstractContextManager[None]:
        """Everything inside becomes durable together or not at all; one process writes at a time."""

    def list_sellers(self) -> pl.DataFrame:
        """Every seller: tenant, seller."""

    def add_lines(self, lines: pl.DataFrame, intake: str) -> None:
        """Keep new order lines, with their orders, sellers and tenants where they are new."""

    def find_lines(self, orders: pl.DataFrame) -> pl.DataFrame:
        """The lines of those orders (tenant, seller, order_id) that are there, with `intake` and `unit_value_minor`."""

    def list_orders(
        self, tenant: str = "", unpromised: bool = False, after: OrderPlace | None = None, limit: int = 0
    ) -> pl.DataFrame:
        """Order lines by the time of their orders; `limit` counts orders, 0 means all, as does an empty tenant."""

    def add_promises(self, promises: pl.DataFrame) -> None:
        """Keep promises (columns of `promises`); one that is there already stays."""

    def list_promises(self, tenant: str = "", orders: pl.DataFrame | None = None) -> pl.DataFrame:
        """Promises given, all or those of some orders."""

    def take_turn(self, tenant: str) -> tuple[int, int]:
        """Hold an account's items, their status and events to the end of the transaction.

        Returns the number of the turn before, 0 for none, and of this one. Every transaction that changes any of
        them takes one: whoever remembers what a turn of its own left behind can tell whether it still stands.
        """

    def add_items(self, items: pl.DataFrame) -> None:
        """Keep new items; their status is pending."""

    def find_items(self, names: pl.DataFrame) -> pl.DataFrame:
        """Items that have or had one of these identifiers: tenant, item_id, item_no, issued_at, and `STANDING`.

        An item without any event stands as a pending one does; `archived_at` tells since when its events are in
        the archive (`operations.archive`), if they are.
        """

    def ask_items(self, tenant: str, names: pl.Series, beside: bool = False) -> Callable[[], pl.DataFrame]:
        """Look for what `find_items` gives of one account, in a transaction that took its turn.

        The frame is made by whoever calls what comes back: any thread may, while the transaction goes on. Where
        `beside` says that the transaction changes none of these items, another connection may look for them then.
        """

    def list_items(
        self, tenant: str = "", orders: pl.DataFrame | None = None, numbers: pl.DataFrame | None = None
    ) -> pl.DataFrame:
        """Items, all, those of some orders, or by their numbers (item_no), with `item_no` and status."""

    def page_items(self, tenant: str, after: ItemPlace | None = None, limit: int = 100) -> pl.DataFrame:
        """Items of an account as `list_items` gives them, by identifier and issue, those after a place."""

    def set_status(self, statuses: pl.DataFrame) -> None:
        """Keep the status of items: item_no, and the columns of `STANDING` but `archived_at`."""

    def add_events(self, events: pl.DataFrame) -> None:
        """Keep new events (item_no, the columns of `EVENT`, and `previous`); one that is there already stays.

        `previous` is when the item's event in the minute before it happened: from the `last_event_at` of its
        status back to null, an item's events are found by it alone (`operations.trail`).
        """

    def pack_news(self, events: pl.DataFrame, statuses: pl.DataFrame) -> Any:
        """Make ready for `add_news` what `add_events` and `set_status` take; the database is not asked.

        Any thread may do it, beside a transaction. Statuses have the column `is_begun` besides: whether the item
        had no event before.
        """

    def add_news(self, news: Any) -> None:
        """Keep new events and the status of their items, as `pack_news` made them ready."""

    def link_events(self, events: pl.DataFrame) -> None:
        """Change the `previous` of events that are there (item_no, code, time, facility)."""

    def find_events(self, items: pl.DataFrame) -> pl.DataFrame:
        """The events of items (item_no, last_event_at): item_no, code, time, facility, reason, previous.

        Each item's come by the minute.
        """

    def list_events(self, tenant: str = "", orders: pl.DataFrame | None = None) -> pl.DataFrame:
        """Events, all or those of some orders, with tenant, seller, order_id and item_id, in order of time."""

    def list_quiet(self, before: datetime) -> pl.DataFrame:
        """Items with events here, none of them since: tenant, seller, order_id, item_id, item_no, events (how many)."""

    def archive_events(self, items: pl.DataFrame) -> int:
        """Let the events of these items (as `list_quiet` gave them) go; how many items still had as many of them."""

    def restore_events(self, events: pl.DataFrame) -> None:
        """Take archived events (as `add_events` has them) back; their items have them again."""

    def drop_months(self, before: datetime) -> None:
        """Give back the room of earlier events that were let go."""

    def add_containments(self, containments: pl.DataFrame) -> None:
        """Keep what is inside what (columns of `CONTAINMENT`); what is there already gets the end that is told.

        `since` is always there (`tables.containment.EVER`: from ever), `until` may be missing.
        """

    def find_containments(self, names: pl.DataFrame) -> pl.DataFrame:
        """What is inside of what is named (tenant, subject), however deep, and what that is inside of, at any time."""

    def add_contacts(self, contacts: pl.DataFrame) -> None:
        """Keep whom to write to about orders that are there (columns of `CONTACT`); the latest holds."""

    def remove_contacts(self, orders: pl.DataFrame) -> None:
        """Forget whom to write to about these orders (tenant, seller, order_id)."""

    def find_contacts(self, tenant: str = "", orders: pl.DataFrame | None = None) -> pl.DataFrame:
        """Whom to write to: about all orders, those of an account, or these."""

    def add_notices(self, notices: pl.DataFrame) -> None:
        """Keep notices (columns of `NOTICE`); one that is there already stays."""

    def set_notices(self, notices: pl.DataFrame) -> None:
        """Change what the frame tells of notices that are there, each by its `notice`."""

    def find_notices(self, names: pl.DataFrame) -> pl.DataFrame:
        """The notices of items (item_no), or those named (notice).

        What is found inside a transaction is nobody else's to plan or to send until it ends.
        """

    def list_notices(self, tenant: str = "", state: str = "") -> pl.DataFrame:
        """Notices, all, of an account, in a state, in the order in which they were planned."""

    def find_due_notices(self, now: datetime, limit: int) -> pl.DataFrame:
        """Notices being sent whose lease is over, then queued ones whose time has come; the longest due first."""

    def add_silenced(self, addresses: pl.DataFrame) -> None:
        """Keep who is not written to (columns of `SILENCE`); what is there already stays."""

    def remove_silenced(self, addresses: pl.DataFrame) -> None:
        """Forget that these addresses (tenant, address_key, seller) are not written to."""

    def find_silenced(self, addresses: pl.DataFrame) -> pl.DataFrame:
        """Which of these addresses (tenant, address_key) are not written to, by whom and why."""

    def add_findings(self, findings: pl.DataFrame, tenant: str, intake: str) -> None:
        """Keep findings of an intake, or of no intake (empty); one that is there already stays."""

    def list_findings(self, intake: str | None = None) -> pl.DataFrame:
        """Findings, all or those of one intake, with tenant, intake and found_at."""

    def put_intake(self, intake: Intake) -> None:
        """Keep how far an intake is."""

    def find_intake(self, intake: str) -> Intake | None:
        """How far an intake is, or None where it never began."""

    def list_intakes(self) -> list[Intake]:
        """Every intake, in the order of their beginning."""

    def add_block(self, block: Block, tenant: str = "") -> None:
        """Keep a new block of identifiers."""

    def list_blocks(self, indicator: str, issuer: str) -> Sequence[StoredBlock]:
        """The blocks of an indicator and issuer, in order of their first number."""

    def list_runs(self, block_no: int) -> Sequence[Run]:
        """What a block gave out."""

    def put_allocation(self, block_no: int, allocation: Allocation) -> None:
        """Move a block on, and keep what it gave."""


PROMISE = (
    *("tenant", "seller", "order_id", "service", "given_at", "charge_minor", "cost_minor", "currency", "route"),
    *("region", "area", "time_zone", "items", "wait_hours_mean", "wait_hours_p10", "wait_hours_p50"),
    *("wait_hours_p90", "wait_hours_p95", "arrive_by_p90", "arrive_by_p90_probability"),
    *("wanted_by", "wanted_probability", "explanation"),
)
"""Columns of promises in frames."""

ITEM = (
    *("tenant", "seller", "order_id", "item", "item_id", "service", "origin", "country", "weight_g", "pieces"),
    *("value_minor", "currency", "issued_at"),
)
"""Columns of items in frames, before their status."""

FROM = ("operator", "announced")
"""Columns that say who announced an item, and by what; both are empty for an item of our own."""

EVENT = ("code", "time", "offset_minutes", "facility", "reason", "recorded_at")
"""Columns of events in frames, beside the item that they are about."""

CONTAINMENT = ("tenant", "subject", "container", "since", "until")
"""Columns of containments in frames: those of the table `containment`."""

CONTACT = ("tenant", "seller", "order_id", "email", "language", "zone")
"""Columns of contacts in frames."""

NOTICE = (
    *("notice", "tenant", "seller", "order_id", "item_id", "item_no", "follows", "kind", "from_day", "to_day"),
    *("probability", "state", "planned_at", "due_at", "attempts", "lease_until", "told_at", "answer"),
)
"""Columns of notices in frames; days are counted from 1970 in the recipient's zone."""

SILENCE = ("tenant", "seller", "address_key", "reason", "notice", "since")
"""Columns of who is not written to; an empty seller stands for all of an account."""

STATUS = (
    *("status", "kind", "reason", "action_required", "since", "last_event_at", "wait_ended_at"),
    *("events", "anomalies"),
)
"""Columns of an item's status: those of `tables.status.fold`."""

STANDING = ("state", "reason", "since", "last_event_at", "wait_ended_at", "events", "anomalies", "archived_at")
"""What further events of an item go on from; `state` is the number of `mail.status.Status`."""
