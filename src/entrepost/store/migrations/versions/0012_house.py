"""What a server does by itself, and for how long accounts keep people's data."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDS = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
TABLES = {
    "chores": ("chore", "holder", "", "lease_until done_at"),
    "retentions": ("retention", "changed_by", "keep_days open_days changed_at", ""),
}
"""Of each table: the name in the account, texts, numbers, and numbers that may be missing."""


def upgrade() -> None:
    """Create the tables."""
    for table, (key, texts, numbers, missing) in TABLES.items():
        op.create_table(
            table,
            *(sa.Column(name, WORDS, nullable=False) for name in ("tenant", key, *texts.split())),
            *(sa.Column(name, WHOLE, nullable=False) for name in numbers.split()),
            *(sa.Column(name, WHOLE, nullable=True) for name in missing.split()),
            sa.PrimaryKeyConstraint("tenant", key, name=f"pk_{table}"),
            sqlite_with_rowid=False,
        )
