"""Whom to write to about an order, and what its recipient was or is to be told."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDS = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
ORDER = ("tenant", "seller", "order_id")


def upgrade() -> None:
    """Create both tables."""
    op.create_table(
        "contacts",
        *_columns(WORDS, *ORDER, "email", "language", "zone"),
        *_columns(WHOLE, "added_at"),
        sa.PrimaryKeyConstraint(*ORDER, name="pk_contacts"),
        sa.ForeignKeyConstraint(ORDER, [f"orders.{name}" for name in ORDER], name="fk_contacts_orders"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "notices",
        *_columns(WORDS, "notice", *ORDER, "item_id"),
        *_columns(WHOLE, "item_no"),
        *_columns(WORDS, "follows", "kind"),
        *_columns(WHOLE, "from_day", "to_day", nullable=True),
        sa.Column("probability", sa.Float(), nullable=True),
        *_columns(WORDS, "state"),
        *_columns(WHOLE, "planned_at", "due_at", "attempts"),
        *_columns(WHOLE, "lease_until", "told_at", nullable=True),
        *_columns(WORDS, "answer", nullable=True),
        sa.PrimaryKeyConstraint("notice", name="pk_notices"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_notices_item_no", "notices", ["item_no"])
    op.create_index("ix_notices_state_due_at", "notices", ["state", "due_at"])


def _columns(dtype: sa.types.TypeEngine[Any], *names: str, nullable: bool = False) -> list[sa.Column[Any]]:
    return [sa.Column(name, dtype, nullable=nullable) for name in names]
