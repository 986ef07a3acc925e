"""Events without a foreign key, which cost as much as recording them; items whose events left for the archive."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Drop the key, add the column."""
    with op.batch_alter_table("events", table_kwargs={"sqlite_with_rowid": False}) as events:
        events.drop_constraint("fk_events_items", type_="foreignkey")
    op.add_column("items", sa.Column("archived_at", WHOLE, nullable=True))
