"""What is remembered of interchanges and documents whose rows were pruned, and bytes that wait to be erased."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0022"
down_revision = "0021"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDS = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")


def upgrade() -> None:
    """Create the tables, and an index of interchanges by how they stand."""
    for table, key, other in (
        ("exchange_remembered", "mark", sa.Column("told", WORDS, nullable=False)),
        ("exchange_erasures", "body", sa.Column("asked_at", WHOLE, nullable=False)),
    ):
        op.create_table(
            table,
            *(sa.Column(name, WORDS, nullable=False) for name in ("tenant", key)),
            other,
            sa.PrimaryKeyConstraint("tenant", key, name=f"pk_{table}"),
            sqlite_with_rowid=False,
        )
    op.create_index("ix_exchange_came_tenant_state", "exchange_came", ["tenant", "state"])
