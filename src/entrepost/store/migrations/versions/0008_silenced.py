"""Addresses that are not written to: their letters came back, or their owner wants no more of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDS = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "silenced",
        *(sa.Column(name, WORDS, nullable=False) for name in ("tenant", "address_key", "seller")),
        *(sa.Column(name, WORDS, nullable=False) for name in ("reason", "notice")),
        sa.Column("since", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("tenant", "address_key", "seller", name="pk_silenced"),
        sqlite_with_rowid=False,
    )
