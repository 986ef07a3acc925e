"""Events in the order of time, each with the item's one before it; the status of items in a table of its own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDS = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
TEXTS = ("status", "kind", "reason", "action_required")
INSTANTS = ("since", "last_event_at", "wait_ended_at")
COUNTS = ("events", "anomalies")
KEY = ("minute", "item_no", "code", "facility")
FACTS = ("time", "offset_minutes", "reason", "recorded_at")
BEFORE = """max(minute) OVER (PARTITION BY item_no ORDER BY minute RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)"""


def upgrade() -> None:
    """Move what is there."""
    _statuses()
    if op.get_bind().dialect.name == "postgresql":
        _link_partitions()
    else:
        _write_anew()


def _statuses() -> None:
    names = (*TEXTS, *INSTANTS, *COUNTS, "archived_at")
    op.create_table(
        "statuses",
        sa.Column("item_no", WHOLE, nullable=False, autoincrement=False),
        *(sa.Column(name, WORDS, nullable=False) for name in TEXTS),
        *(sa.Column(name, WHOLE, nullable=True) for name in INSTANTS),
        *(sa.Column(name, WHOLE, nullable=False) for name in COUNTS),
        sa.Column("archived_at", WHOLE, nullable=True),
        sa.PrimaryKeyConstraint("item_no", name="pk_statuses"),
        postgresql_with={"fillfactor": 50},
    )
    listed = ", ".join(("item_no", *names))
    op.execute(f"INSERT INTO statuses ({listed}) SELECT {listed} FROM items WHERE events > 0")
    with op.batch_alter_table("items") as items:
        for name in names:
            items.drop_column(name)


def _link_partitions() -> None:
    op.add_column("events", sa.Column("previous_minute", WHOLE, nullable=True))
    op.drop_constraint("pk_events", "events")
    op.create_primary_key("pk_events", "events", list(KEY))
    found = f"SELECT {', '.join(KEY)}, {BEFORE} AS previous FROM events"
    tied = " AND ".join(f"t.{name} = s.{name}" for name in KEY)
    op.execute(f"UPDATE events t SET previous_minute = s.previous FROM ({found}) s WHERE {tied}")


def _write_anew() -> None:
    op.rename_table("events", "events_before")
    op.create_table(
        "events",
        *(sa.Column(name, WHOLE, nullable=False, autoincrement=False) for name in ("item_no", "minute")),
        *(sa.Column(name, WORDS, nullable=False) for name in ("code", "facility")),
        *(sa.Column(name, WHOLE, nullable=False) for name in FACTS[:2]),
        sa.Column("reason", WORDS, nullable=True),
        sa.Column("recorded_at", WHOLE, nullable=False),
        sa.Column("previous_minute", WHOLE, nullable=True),
        sa.PrimaryKeyConstraint(*KEY, name="pk_events"),
        sqlite_with_rowid=False,
    )
    names = ", ".join((*KEY, *FACTS))
    moved = f"SELECT {names}, {BEFORE} FROM events_before ORDER BY minute, item_no"
    op.execute(f"INSERT INTO events ({names}, previous_minute) {moved}")
    op.drop_table("events_before")
