"""The first version: accounts, orders, promises, items, events, findings, identifiers, intakes."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDS = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
ORDER = ("tenant", "seller", "order_id")
CLUSTERED = {"sqlite_with_rowid": False}


def upgrade() -> None:
    """Create every table."""
    _accounts()
    _orders()
    _promises()
    _items()
    _events()
    _findings()
    _numbers()


def _texts(names: str, nullable: bool = False) -> list[sa.Column[Any]]:
    return [sa.Column(name, WORDS, nullable=nullable) for name in names.split()]


def _wholes(names: str, nullable: bool = False) -> list[sa.Column[Any]]:
    return [sa.Column(name, WHOLE, nullable=nullable, autoincrement=False) for name in names.split()]


def _serial(name: str) -> sa.Column[Any]:
    return sa.Column(name, WHOLE, nullable=False, autoincrement=True)


def _key(table: str, *names: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*names, name=f"pk_{table}")


def _of(table: str, other: str, *names: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(names, [f"{other}.{name}" for name in names], name=f"fk_{table}_{other}")


def _only(table: str, *names: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*names, name=f"uq_{table}_{'_'.join(names)}")


def _accounts() -> None:
    op.create_table("tenants", *_texts("tenant"), *_wholes("created_at"), _key("tenants", "tenant"), **CLUSTERED)
    op.create_table(
        "sellers",
        *_texts("tenant seller"),
        *_wholes("created_at"),
        _key("sellers", "tenant", "seller"),
        _of("sellers", "tenants", "tenant"),
        **CLUSTERED,
    )
    op.create_table(
        "intakes",
        *_texts("intake tenant kind file"),
        *_wholes("shift_days started_at"),
        *_wholes("finished_at", nullable=True),
        *_wholes("position read accepted duplicates rejected orders"),
        _key("intakes", "intake"),
        **CLUSTERED,
    )


def _orders() -> None:
    op.create_table(
        "orders",
        *_texts("tenant seller order_id"),
        *_wholes("placed_at"),
        *_wholes("wanted_by", nullable=True),
        *_texts("origin country"),
        *_texts("postcode city", nullable=True),
        *_texts("intake"),
        _key("orders", *ORDER),
        _of("orders", "sellers", "tenant", "seller"),
        **CLUSTERED,
    )
    op.create_index("ix_orders_placed_at", "orders", ["placed_at", *ORDER])
    op.create_table(
        "order_lines",
        *_texts("tenant seller order_id"),
        sa.Column("line", sa.Integer(), nullable=False),
        *_texts("sku", nullable=True),
        *_wholes("quantity unit_value_minor"),
        *_texts("currency", nullable=True),
        *_wholes("weight_g length_mm width_mm height_mm"),
        *_texts("battery"),
        *_texts("hs_code description", nullable=True),
        _key("order_lines", *ORDER, "line"),
        _of("order_lines", "orders", *ORDER),
        **CLUSTERED,
    )


def _promises() -> None:
    op.create_table(
        "promises",
        *_texts("tenant seller order_id service"),
        *_wholes("given_at"),
        *_wholes("charge_minor cost_minor", nullable=True),
        *_texts("currency"),
        *_texts("route region area", nullable=True),
        *_wholes("items"),
        sa.Column("wait_hours_mean", sa.Float(), nullable=True),
        *_wholes("wait_hours_p50 wait_hours_p90 wait_hours_p95 arrive_by_p90", nullable=True),
        sa.Column("arrive_by_p90_probability", sa.Float(), nullable=True),
        *_wholes("wanted_by", nullable=True),
        sa.Column("wanted_probability", sa.Float(), nullable=True),
        *_texts("explanation", nullable=True),
        _key("promises", *ORDER, "service"),
        _of("promises", "orders", *ORDER),
        **CLUSTERED,
    )


def _items() -> None:
    op.create_table(
        "items",
        _serial("item_no"),
        *_texts("tenant seller order_id"),
        *_wholes("item"),
        *_texts("item_id service origin country"),
        *_wholes("weight_g pieces value_minor"),
        *_texts("currency", nullable=True),
        *_wholes("issued_at"),
        *_texts("status kind reason action_required"),
        *_wholes("since last_event_at wait_ended_at", nullable=True),
        *_wholes("events anomalies"),
        _key("items", "item_no"),
        _only("items", "tenant", "item_id", "issued_at"),
        _only("items", *ORDER, "item"),
        _of("items", "orders", *ORDER),
        postgresql_with={"fillfactor": 50},
    )


def _events() -> None:
    op.create_table(
        "events",
        *_wholes("item_no minute"),
        *_texts("code facility"),
        *_wholes("time offset_minutes"),
        *_texts("reason", nullable=True),
        *_wholes("recorded_at"),
        _key("events", "item_no", "minute", "code", "facility"),
        _of("events", "items", "item_no"),
        **CLUSTERED,
        postgresql_partition_by="RANGE (minute)",
    )


def _findings() -> None:
    op.create_table(
        "findings",
        _serial("finding_no"),
        *_texts("tenant intake code field message subject"),
        *_wholes("row"),
        *_texts("fix level raw"),
        *_wholes("found_at"),
        _key("findings", "finding_no"),
        _only("findings", "intake", "subject", "row", "code", "field"),
    )


def _numbers() -> None:
    op.create_table(
        "number_blocks",
        _serial("block_no"),
        *_texts("tenant indicator issuer"),
        *_wholes("first last next reuse_months"),
        _key("number_blocks", "block_no"),
        _only("number_blocks", "indicator", "issuer", "first"),
    )
    op.create_table(
        "number_runs",
        *_wholes("block_no day first last"),
        _key("number_runs", "block_no", "day", "first"),
        _of("number_runs", "number_blocks", "block_no"),
        **CLUSTERED,
    )
