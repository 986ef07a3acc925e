"""Orders that wait for a promise, what promises took from shelves, and how an account's orders are promised."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision = "0018"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDS = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
TABLES = {
    "awaiting": ("tenant batch *placed_at seller order_id", ""),
    "takings": ("tenant warehouse seller sku *filled_at", "*quantity"),
    "promising": ("tenant use", "policy changed_by *at_once *changed_at"),
}
"""The key of each table, and its other columns; those with a star are whole numbers."""

TAKEN = """INSERT INTO takings (tenant, warehouse, seller, sku, filled_at, quantity)
    SELECT p.tenant, p.route, p.seller, l.sku, CASE WHEN p.given_at >= a.changed_at THEN a.changed_at ELSE 0 END,
        sum(l.quantity)
    FROM promises p
    JOIN order_lines l ON l.tenant = p.tenant AND l.seller = p.seller AND l.order_id = p.order_id
    LEFT JOIN active_segments a ON a.tenant = p.tenant AND a.use = 'network' AND a.segments <> ''
    WHERE p.route NOT LIKE '%>%' AND l.sku IS NOT NULL
    GROUP BY 1, 2, 3, 4, 5"""
"""A promise whose route is a single place is served from the shelves there."""


def upgrade() -> None:
    """Create the tables; what was promised before took from shelves, too."""
    for name, (keys, others) in TABLES.items():
        columns = [*keys.split(), *others.split()]
        op.create_table(
            name,
            *(sa.Column(each.lstrip("*"), WHOLE if "*" in each else WORDS, nullable=False) for each in columns),
            sa.PrimaryKeyConstraint(*(each.lstrip("*") for each in keys.split()), name=f"pk_{name}"),
            sqlite_with_rowid=False,
        )
    op.execute(sa.text(TAKEN))
