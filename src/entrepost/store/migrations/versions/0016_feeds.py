"""How carriers' tracking in JSON is read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDS = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "feeds",
        *(sa.Column(name, WORDS, nullable=False) for name in ("tenant", "feed", "mapping", "changed_by")),
        sa.Column("changed_at", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("tenant", "feed", name="pk_feeds"),
        sqlite_with_rowid=False,
    )
