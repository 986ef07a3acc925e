"""What is exchanged with other operators: partners, what was sent and what came, and its bytes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0019"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDS = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
TABLES = {
    "exchange_sent": (
        "sent",
        "own partner operator reference transport syntax state answer",
        "messages size_bytes attempts created_at due_at",
        "taken_at answered_at",
    ),
    "exchange_sent_messages": (
        "entry",
        "sent operator reference message document function state why",
        "created_at",
        "",
    ),
    "exchange_came": (
        "came",
        "sender own operator reference transmission transport syntax digest state why stage receipt",
        "messages accepted refused times created_at",
        "prepared_at",
    ),
    "exchange_came_messages": (
        "entry",
        "came operator sender reference message document function identity digest state why",
        "told_at created_at",
        "applied_at",
    ),
    "exchange_counters": ("counter", "", "last", ""),
    "advance_data": (
        "item_id",
        "operator came destination mail_class",
        "weight_g posted_at told_at received_at",
        "",
    ),
    "exchange_alarms": ("alarm", "operator message kind what", "found_at", "ended_at"),
    "partner_operators": ("operator", "name countries time_zone own", "", ""),
    "partner_offices": ("row", "office operator valid_from valid_to time_zone", "", ""),
    "partner_addresses": ("row", "address operator valid_from valid_to qualifier place", "", ""),
    "partner_channels": (
        "row",
        "operator direction message valid_from valid_to address version syntax profile transport stage",
        "",
        "",
    ),
    "exchange_bodies": ("body", "sealed", "kept_at", ""),
}
"""Of each table: the name in the account, texts, numbers, and numbers that may be missing."""
INDEXES = {
    "exchange_sent": ("tenant state due_at", "tenant created_at", "tenant reference"),
    "exchange_sent_messages": (
        *("tenant created_at", "tenant sent", "tenant state", "tenant document"),
        "tenant operator message state",
    ),
    "exchange_came": ("tenant created_at", "tenant receipt"),
    "exchange_came_messages": (
        *("tenant created_at", "tenant identity", "tenant came", "tenant state", "tenant document"),
        "tenant operator message state",
    ),
    "exchange_bodies": ("kept_at",),
}


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
    for table, indexes in INDEXES.items():
        for columns in indexes:
            op.create_index(f"ix_{table}_{columns.replace(' ', '_')}", table, columns.split())
