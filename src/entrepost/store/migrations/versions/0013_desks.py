"""Who takes care of exceptions and what they noted, plans that are made on the server, and the rules that hold."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDS = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
TABLES = {
    "cares": ("exception", "kind subject state assigned_to reason changed_by", "changed_at items", ""),
    "notes": ("note", "exception text written_by", "written_at", ""),
    "plan_runs": (
        "run",
        "kind of title asked state stage message created_by",
        "created_at is_stopping seconds",
        "gap_ppm warehouses lease_until started_at finished_at",
    ),
    "segments": ("segments", "run title rules facts created_by", "created_at", ""),
    "active_segments": ("use", "segments changed_by", "changed_at", ""),
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
