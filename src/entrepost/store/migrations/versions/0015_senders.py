"""Who stands as the sender on labels of a seller's items."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDS = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
TEXTS = "operator office name line1 line2 line3 city region postcode country phone email tax_id changed_by"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "senders",
        *(sa.Column(name, WORDS, nullable=False) for name in ("tenant", "seller", *TEXTS.split())),
        sa.Column("changed_at", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("tenant", "seller", name="pk_senders"),
        sqlite_with_rowid=False,
    )
