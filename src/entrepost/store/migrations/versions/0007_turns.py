"""The turn of an account, by which remembered items can be trusted; the status of an item as one number."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STATES = {
    "pending ": 0,
    "accepted ": 1,
    "in_transit ": 2,
    "at_customs ": 3,
    "on_hold ": 4,
    "out_for_delivery ": 5,
    "ready_for_pickup ": 6,
    "delivery_failed ": 7,
    "delivered ": 8,
    "returning ": 9,
    "returned ": 10,
    "ended ": 11,
    "ended cancelled": 12,
    "ended lost": 13,
    "ended seized": 14,
    "ended destroyed": 15,
}
WORDS = ("status", "kind", "action_required")


def upgrade() -> None:
    """Add the turn; turn three words into the number that they follow from."""
    op.add_column("tenants", sa.Column("turn", WHOLE, nullable=False, server_default="0"))
    op.add_column("statuses", sa.Column("state", WHOLE, nullable=False, server_default="0"))
    cases = " ".join(f"WHEN '{words}' THEN {state}" for words, state in STATES.items())
    op.execute(f"UPDATE statuses SET state = CASE status || ' ' || kind {cases} END")
    with op.batch_alter_table("statuses") as statuses:
        statuses.alter_column("state", server_default=None)
        for name in WORDS:
            statuses.drop_column(name)
