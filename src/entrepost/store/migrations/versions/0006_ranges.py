"""What was promised as a range of days at the recipient's: the tenth percentile of the wait, and the time zone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDS = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")


def upgrade() -> None:
    """Add both columns; promises given before have neither."""
    op.add_column("promises", sa.Column("wait_hours_p10", WHOLE, nullable=True))
    op.add_column("promises", sa.Column("time_zone", WORDS, nullable=True))
