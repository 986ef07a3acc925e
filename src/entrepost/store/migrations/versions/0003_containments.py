"""What is inside what, so that an event of a bag, a dispatch or a consignment comes down to its items."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDS = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
KEY = ("tenant", "container", "subject")


def upgrade() -> None:
    """Create the table, with an index for the question the other way round."""
    op.create_table(
        "containments",
        *(sa.Column(name, WORDS, nullable=False) for name in KEY),
        sa.Column("since", WHOLE, nullable=False, autoincrement=False),
        sa.Column("until", WHOLE, nullable=True),
        sa.PrimaryKeyConstraint(*KEY, "since", name="pk_containments"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_containments_tenant_subject", "containments", ["tenant", "subject"])
