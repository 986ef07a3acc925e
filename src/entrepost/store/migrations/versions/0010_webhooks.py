"""The keys of accounts; where they want to be told of what happens, what is told, and what became of it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDS = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
INDEXES: dict[str, list[tuple[str, ...]]] = {
    "webhook_messages": [("created_at",)],
    "webhook_deliveries": [
        ("tenant", "endpoint", "state", "due_at"),
        ("tenant", "endpoint", "subject", "delivery_no"),
        ("state", "due_at"),
        ("message",),
    ],
}


def upgrade() -> None:
    """Create the tables."""
    _create("tenant_keys", ("tenant", "key_no"), _texts("tenant"), _numbers("key_no"), _texts("wrapped"))
    _create(
        "webhook_endpoints",
        ("tenant", "endpoint"),
        _texts("tenant", "endpoint", "url", "kinds", "state", "secret", "former_secret"),
        _numbers("former_until", nullable=True),
        _numbers("created_at", "failures"),
        _numbers("failing_since", "paused_until", nullable=True),
        _texts("answer"),
    )
    _create(
        "webhook_messages",
        ("message",),
        _texts("message", "tenant", "kind", "subject", "body"),
        _numbers("created_at"),
    )
    op.create_table(
        "webhook_deliveries",
        sa.Column("delivery_no", WHOLE, primary_key=True, autoincrement=True),
        *_texts("tenant", "endpoint", "message", "kind", "subject", "state"),
        *_numbers("created_at", "due_at", "attempts"),
        *_numbers("first_at", "lease_until", "done_at", nullable=True),
        *_texts("answer"),
        sa.PrimaryKeyConstraint("delivery_no", name="pk_webhook_deliveries"),
    )
    _create(
        "webhook_attempts",
        ("delivery_no", "attempt"),
        _numbers("delivery_no", "attempt", "tried_at", "took_ms"),
        _numbers("code", nullable=True),
        _texts("answer"),
    )
    for table, indexes in INDEXES.items():
        for names in indexes:
            op.create_index(f"ix_{table}_{'_'.join(names)}", table, list(names))


def _create(table: str, key: tuple[str, ...], *columns: list[sa.Column[Any]]) -> None:
    made: list[sa.Column[Any]] = [column for part in columns for column in part]
    op.create_table(table, *made, sa.PrimaryKeyConstraint(*key, name=f"pk_{table}"), sqlite_with_rowid=False)


def _texts(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, WORDS, nullable=False) for name in names]


def _numbers(*names: str, nullable: bool = False) -> list[sa.Column[Any]]:
    return [sa.Column(name, WHOLE, nullable=nullable) for name in names]
