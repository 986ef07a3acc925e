"""What stands for the name of a recipient, by which people of the account find an order."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"

WORDS = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")


def upgrade() -> None:
    """Add the column; orders that are there already are found by their number and address alone."""
    op.add_column("recipients", sa.Column("name_key", WORDS, nullable=True))
    op.create_index("ix_recipients_tenant_name_key", "recipients", ["tenant", "name_key"])
