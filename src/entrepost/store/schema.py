"""The tables of the database. Instants are microseconds since 1970 in UTC, money minor units.

Both databases have the same tables. Texts are compared byte by byte on either; on PostgreSQL a month of events
is a partition, and a page of statuses has room for the next one of each: so no index is written anew for it.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects import postgresql

METADATA = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)
ORDER = ("tenant", "seller", "order_id")
Whole = BigInteger().with_variant(Integer(), "sqlite")
"""64 bits: what SQLite calls an integer."""
Words = Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
"""Text in the order of its bytes, as SQLite has it."""
MONTHLY = {"events": "minute"}
"""Tables in partitions by month on PostgreSQL, and the minutes by which they are divided."""


def _key(*names: str) -> list[Column[str]]:
    return [Column(name, Words, primary_key=True, nullable=False) for name in names]


def _texts(*names: str, nullable: bool = False) -> list[Column[str]]:
    return [Column(name, Words, nullable=nullable) for name in names]


def _numbers(*names: str, nullable: bool = False) -> list[Column[int]]:
    return [Column(name, Whole, nullable=nullable) for name in names]


def _of_order(table: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(ORDER, [f"{table}.{name}" for name in ORDER])


TENANTS = Table(
    "tenants",
    METADATA,
    *_key("tenant"),
    *_numbers("created_at"),
    Column("turn", Whole, nullable=False, server_default="0"),
    sqlite_with_rowid=False,
)

SELLERS = Table(
    "sellers",
    METADATA,
    *_key("tenant", "seller"),
    *_numbers("created_at"),
    ForeignKeyConstraint(["tenant"], ["tenants.tenant"]),
    sqlite_with_rowid=False,
)

INTAKES = Table(
    "intakes",
    METADATA,
    *_key("intake"),
    *_texts("tenant", "kind", "file"),
    *_numbers("shift_days", "started_at"),
    *_numbers("finished_at", nullable=True),
    *_numbers("position", "read", "accepted", "duplicates", "rejected", "orders"),
    sqlite_with_rowid=False,
)

ORDERS = Table(
    "orders",
    METADATA,
    *_key(*ORDER),
    *_numbers("placed_at"),
    *_numbers("wanted_by", nullable=True),
    *_texts("origin", "country"),
    *_texts("postcode", "city", nullable=True),
    *_texts("intake"),
    *_numbers("pseudonymised_at", nullable=True),
    ForeignKeyConstraint(["tenant", "seller"], ["sellers.tenant", "sellers.seller"]),
    Index("ix_orders_placed_at", "placed_at", *ORDER),
    sqlite_with_rowid=False,
)

ORDER_LINES = Table(
    "order_lines",
    METADATA,
    *_key(*ORDER),
    Column("line", Integer, primary_key=True, nullable=False),
    *_texts("sku", nullable=True),
    *_numbers("quantity", "unit_value_minor"),
    *_texts("currency", nullable=True),
    *_numbers("weight_g", "length_mm", "width_mm", "height_mm"),
    *_texts("battery"),
    *_texts("hs_code", "description", nullable=True),
    _of_order("orders"),
    sqlite_with_rowid=False,
)

PROMISES = Table(
    "promises",
    METADATA,
    *_key(*ORDER, "service"),
    *_numbers("given_at"),
    *_numbers("charge_minor", "cost_minor", nullable=True),
    *_texts("currency"),
    *_texts("route", "region", "area", nullable=True),
    *_numbers("items"),
    Column("wait_hours_mean", Float, nullable=True),
    *_numbers("wait_hours_p50", "wait_hours_p90", "wait_hours_p95", "arrive_by_p90", nullable=True),
    Column("arrive_by_p90_probability", Float, nullable=True),
    *_numbers("wanted_by", nullable=True),
    Column("wanted_probability", Float, nullable=True),
    *_texts("explanation", nullable=True),
    *_numbers("wait_hours_p10", nullable=True),
    *_texts("time_zone", nullable=True),
    _of_order("orders"),
    sqlite_with_rowid=False,
)

ITEMS = Table(
    "items",
    METADATA,
    Column("item_no", Whole, primary_key=True, autoincrement=True),
    *_texts(*ORDER),
    *_numbers("item"),
    *_texts("item_id", "service", "origin", "country"),
    *_numbers("weight_g", "pieces", "value_minor"),
    *_texts("currency", nullable=True),
    *_numbers("issued_at"),
    *(Column(name, Words, nullable=False, server_default=text("''")) for name in ("operator", "announced")),
    UniqueConstraint("tenant", "item_id", "issued_at"),
    UniqueConstraint(*ORDER, "item"),
    _of_order("orders"),
)
"""`operator` announced the item to us, and `announced` is by what; both are empty for an item of our own."""

STATUSES = Table(
    "statuses",
    METADATA,
    Column("item_no", Whole, primary_key=True, autoincrement=False, nullable=False),
    *_texts("reason"),
    *_numbers("since", "last_event_at", "wait_ended_at", nullable=True),
    *_numbers("events", "anomalies"),
    *_numbers("archived_at", nullable=True),
    *_numbers("state"),
    postgresql_with={"fillfactor": 50},
)
"""What the events of an item add up to, from its first event on; small, because every event changes a row.

`state` is the number of `mail.status.Status`, from which with the reason the words follow that people read.
"""

EVENTS = Table(
    "events",
    METADATA,
    *_numbers("item_no", "minute"),
    *_texts("code", "facility"),
    *_numbers("time", "offset_minutes"),
    *_texts("reason", nullable=True),
    *_numbers("recorded_at"),
    *_numbers("previous_minute", nullable=True),
    PrimaryKeyConstraint("minute", "item_no", "code", "facility"),
    sqlite_with_rowid=False,
    postgresql_partition_by="RANGE (minute)",
)
"""Events in the order of time, so that new ones come where the last ones came; each knows the item's one before it.

They name their items without a foreign key: a use case finds the item first, and items are never deleted.
"""

CONTAINMENTS = Table(
    "containments",
    METADATA,
    *_key("tenant", "container", "subject"),
    Column("since", Whole, primary_key=True, autoincrement=False, nullable=False),
    *_numbers("until", nullable=True),
    Index("ix_containments_tenant_subject", "tenant", "subject"),
    sqlite_with_rowid=False,
)

FINDINGS = Table(
    "findings",
    METADATA,
    Column("finding_no", Whole, primary_key=True, autoincrement=True),
    *_texts("tenant", "intake", "code", "field", "message", "subject"),
    *_numbers("row"),
    *_texts("fix", "level", "raw"),
    *_numbers("found_at"),
    UniqueConstraint("intake", "subject", "row", "code", "field"),
)

NUMBER_BLOCKS = Table(
    "number_blocks",
    METADATA,
    Column("block_no", Whole, primary_key=True, autoincrement=True),
    *_texts("tenant", "indicator", "issuer"),
    *_numbers("first", "last", "next", "reuse_months"),
    UniqueConstraint("indicator", "issuer", "first"),
)

NUMBER_RUNS = Table(
    "number_runs",
    METADATA,
    Column("block_no", Whole, primary_key=True, autoincrement=False, nullable=False),
    Column("day", Whole, primary_key=True, autoincrement=False, nullable=False),
    Column("first", Whole, primary_key=True, autoincrement=False, nullable=False),
    *_numbers("last"),
    ForeignKeyConstraint(["block_no"], ["number_blocks.block_no"]),
    sqlite_with_rowid=False,
)

CONTACTS = Table(
    "contacts",
    METADATA,
    *_key(*ORDER),
    *_texts("email", "language", "zone"),
    *_numbers("added_at"),
    _of_order("orders"),
    sqlite_with_rowid=False,
)

NOTICES = Table(
    "notices",
    METADATA,
    *_key("notice"),
    *_texts(*ORDER, "item_id"),
    *_numbers("item_no"),
    *_texts("follows", "kind"),
    *_numbers("from_day", "to_day", nullable=True),
    Column("probability", Float, nullable=True),
    *_texts("state"),
    *_numbers("planned_at", "due_at", "attempts"),
    *_numbers("lease_until", "told_at", nullable=True),
    *_texts("answer", nullable=True),
    Index("ix_notices_item_no", "item_no"),
    Index("ix_notices_state_due_at", "state", "due_at"),
    sqlite_with_rowid=False,
)
"""What recipients are told, named by its content: item, what was told before, and what is told now."""

SILENCED = Table(
    "silenced",
    METADATA,
    *_key("tenant", "address_key", "seller"),
    *_texts("reason", "notice"),
    *_numbers("since"),
    sqlite_with_rowid=False,
)
"""Addresses, by their hash, that are not written to: for a seller, or for all of an account (empty)."""

TENANT_KEYS = Table(
    "tenant_keys",
    METADATA,
    *_key("tenant"),
    Column("key_no", Whole, primary_key=True, autoincrement=False, nullable=False),
    *_texts("wrapped"),
    sqlite_with_rowid=False,
)
"""The keys of an account, wrapped by a master key that is not in the database; 0 makes pseudonyms."""

WEBHOOK_ENDPOINTS = Table(
    "webhook_endpoints",
    METADATA,
    *_key("tenant", "endpoint"),
    *_texts("url", "kinds", "state", "secret", "former_secret"),
    *_numbers("former_until", nullable=True),
    *_numbers("created_at", "failures"),
    *_numbers("failing_since", "paused_until", nullable=True),
    *_texts("answer"),
    sqlite_with_rowid=False,
)
"""Where an account wants to be told of what happens; the secrets are sealed."""

WEBHOOK_MESSAGES = Table(
    "webhook_messages",
    METADATA,
    *_key("message"),
    *_texts("tenant", "kind", "subject", "body"),
    *_numbers("created_at"),
    Index("ix_webhook_messages_created_at", "created_at"),
    sqlite_with_rowid=False,
)
"""What is told, named by its content, once however many endpoints it goes to."""

WEBHOOK_DELIVERIES = Table(
    "webhook_deliveries",
    METADATA,
    Column("delivery_no", Whole, primary_key=True, autoincrement=True),
    *_texts("tenant", "endpoint", "message", "kind", "subject", "state"),
    *_numbers("created_at", "due_at", "attempts"),
    *_numbers("first_at", "lease_until", "done_at", nullable=True),
    *_texts("answer"),
    Index("ix_webhook_deliveries_tenant_endpoint_state_due_at", "tenant", "endpoint", "state", "due_at"),
    Index("ix_webhook_deliveries_tenant_endpoint_subject_delivery_no", "tenant", "endpoint", "subject", "delivery_no"),
    Index("ix_webhook_deliveries_state_due_at", "state", "due_at"),
    Index("ix_webhook_deliveries_message", "message"),
)
"""A message on its way to one endpoint: the queue, and afterwards the record of what became of it."""

WEBHOOK_ATTEMPTS = Table(
    "webhook_attempts",
    METADATA,
    Column("delivery_no", Whole, primary_key=True, autoincrement=False, nullable=False),
    Column("attempt", Whole, primary_key=True, autoincrement=False, nullable=False),
    *_numbers("tried_at", "took_ms"),
    *_numbers("code", nullable=True),
    *_texts("answer"),
    sqlite_with_rowid=False,
)
"""The log of deliveries."""

RECIPIENTS = Table(
    "recipients",
    METADATA,
    *_key(*ORDER),
    *_texts("sealed", "person"),
    *_numbers("pseudonymised_at", "erased_at", nullable=True),
    *_texts("name_key", nullable=True),
    _of_order("orders"),
    Index("ix_recipients_tenant_person", "tenant", "person"),
    Index("ix_recipients_tenant_name_key", "tenant", "name_key"),
    sqlite_with_rowid=False,
)
"""To whom orders go: name and address in one sealed text, and what stands for the person, and for the name."""

PARTNER_KEYS = Table(
    "partner_keys",
    METADATA,
    *_key("tenant", "key"),
    *_texts("direction", "own", "partner", "sent_name", "secret", "created_by"),
    *_numbers("created_at"),
    *_numbers("until", nullable=True),
    sqlite_with_rowid=False,
)
"""By what partners and we sign what goes over HTTPS; the secrets are sealed."""

AWAITING = Table(
    "awaiting",
    METADATA,
    *_key("tenant", "batch"),
    Column("placed_at", Whole, primary_key=True, autoincrement=False, nullable=False),
    *_key("seller", "order_id"),
    sqlite_with_rowid=False,
)
"""Orders that wait for a promise, each for a batch, in the order in which they are promised."""

TAKINGS = Table(
    "takings",
    METADATA,
    *_key("tenant", "warehouse", "seller", "sku"),
    Column("filled_at", Whole, primary_key=True, autoincrement=False, nullable=False),
    *_numbers("quantity"),
    sqlite_with_rowid=False,
)
"""Pieces that promises took from shelves; `filled_at` tells which filling (0: that of the network's folder)."""

EXCHANGE_BODIES = Table(
    "exchange_bodies",
    METADATA,
    *_key("tenant", "body"),
    *_texts("sealed"),
    *_numbers("kept_at"),
    Index("ix_exchange_bodies_kept_at", "kept_at"),
    sqlite_with_rowid=False,
)
"""The bytes of what was sent and what came, packed and sealed, because messages name people."""
