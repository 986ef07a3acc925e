"""Mail in receptacles: what is being filled, what left and what was announced, and what was said of items before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDS = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
TABLES = {
    "fillings": (
        "tag",
        "origin destination mail_category mail_subclass kind handling_class holds mode receptacle opened_by",
        "opened_at",
        "",
    ),
    "contents": ("item_id", "tag", "weight_g added_at", ""),
    "receptacles": (
        "receptacle",
        "receptacle_id dispatch tag kind handling_class counts state outcome consignment closed_by",
        "weight_g items exempt closed_at",
        "handed_over_at delivered_at received_at",
    ),
    "dispatches": (
        "dispatch",
        "dispatch_id state closed_by",
        "offset_minutes weight_g receptacles items version opened_at",
        "closed_at cancelled_at answered_at",
    ),
    "consignments": (
        "consignment",
        "consignment_id origin destination mail_category waybill security_status state closed_by",
        "offset_minutes weight_g receptacles version closed_at",
        "cancelled_at received_at delivered_at answered_at",
    ),
    "consignment_legs": (
        "leg",
        "consignment run mode carrier trip origin destination",
        "weight_g departs_offset arrives_offset",
        "departs_at arrives_at",
    ),
    "referrals": ("referral", "item_id message", "sent_at", ""),
    "waybill_stocks": ("airline", "carrier changed_by", "next last changed_at", ""),
}
"""Of each table: the name in the account, texts, numbers, and numbers that may be missing."""

INDEXES = {
    "contents": ("tag",),
    "receptacles": ("dispatch", "receptacle_id", "consignment", "tag"),
    "dispatches": ("dispatch_id",),
    "consignments": ("consignment_id",),
    "consignment_legs": ("consignment", "run"),
    "referrals": ("item_id",),
}


def upgrade() -> None:
    """Create the tables, with indexes for the questions that are asked of them."""
    for table, (key, texts, numbers, missing) in TABLES.items():
        op.create_table(
            table,
            *(sa.Column(name, WORDS, nullable=False) for name in ("tenant", key, *texts.split())),
            *(sa.Column(name, WHOLE, nullable=False) for name in numbers.split()),
            *(sa.Column(name, WHOLE, nullable=True) for name in missing.split()),
            sa.PrimaryKeyConstraint("tenant", key, name=f"pk_{table}"),
            sqlite_with_rowid=False,
        )
        for name in INDEXES.get(table, ()):
            op.create_index(f"ix_{table}_tenant_{name}", table, ["tenant", name])
