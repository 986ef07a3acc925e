"""To whom orders go, sealed; which orders are pseudonymised."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDS = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
ORDER = ("tenant", "seller", "order_id")


def upgrade() -> None:
    """Create the table and add the column."""
    op.create_table(
        "recipients",
        *(sa.Column(name, WORDS, nullable=False) for name in (*ORDER, "sealed", "person")),
        *(sa.Column(name, WHOLE, nullable=True) for name in ("pseudonymised_at", "erased_at")),
        sa.PrimaryKeyConstraint(*ORDER, name="pk_recipients"),
        sa.ForeignKeyConstraint(ORDER, [f"orders.{name}" for name in ORDER], name="fk_recipients_orders"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_recipients_tenant_person", "recipients", ["tenant", "person"])
    op.add_column("orders", sa.Column("pseudonymised_at", WHOLE, nullable=True))
