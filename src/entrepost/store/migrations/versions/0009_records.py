"""People and their sessions, keys, answers that are given again, batches, and who did what."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDS = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
TABLES = {
    "people": ("email", "name role password", "created_at failures", "locked_until ended_at"),
    "invitations": ("invitation", "email role invited_by", "created_at until", "accepted_at"),
    "sessions": ("session", "email csrf", "created_at seen_at until", ""),
    "api_keys": ("key", "secret_hash name scopes created_by", "created_at", "until used_at revoked_at"),
    "kept_answers": ("idempotency_key", "request body_hash answer", "status created_at", ""),
    "batches": (
        "batch",
        "kind file state intake created_by message",
        "created_at size_bytes position accepted duplicates rejected",
        "lease_until finished_at",
    ),
    "audit": ("entry", "who action subject detail request", "at", ""),
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
