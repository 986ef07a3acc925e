"""By what partners and we sign what goes over HTTPS."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018"
down_revision = "0017"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDS = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
TEXTS = "tenant key direction own partner sent_name secret created_by"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "partner_keys",
        *(sa.Column(name, WORDS, nullable=False) for name in TEXTS.split()),
        sa.Column("created_at", WHOLE, nullable=False),
        sa.Column("until", WHOLE, nullable=True),
        sa.PrimaryKeyConstraint("tenant", "key", name="pk_partner_keys"),
        sqlite_with_rowid=False,
    )
