"""Items that other operators announce, and messages that wait for them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0021"
down_revision = "0020"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDS = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
TABLE = "exchange_awaited"
TEXTS = ("tenant", "awaited", "entry", "item_id", "operator", "state")
INDEXES = ("tenant item_id", "tenant entry", "tenant operator", "tenant state")


def upgrade() -> None:
    """Let items say who announced them, and create the table."""
    for name in ("operator", "announced"):
        op.add_column("items", sa.Column(name, WORDS, nullable=False, server_default=sa.text("''")))
    op.create_table(
        TABLE,
        *(sa.Column(name, WORDS, nullable=False) for name in TEXTS),
        sa.Column("since", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("tenant", "awaited", name=f"pk_{TABLE}"),
        sqlite_with_rowid=False,
    )
    for columns in INDEXES:
        op.create_index(f"ix_{TABLE}_{columns.replace(' ', '_')}", TABLE, columns.split())
