"""What pages for people need of a store: items found by what somebody remembers of them, and sums of their blocks.

Items are looked at in blocks of `BLOCK` numbers, so that no question keeps others waiting for long.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import polars as pl

BLOCK = 2_048
"""Items of a block: number `item_no // BLOCK`."""

SUMS = {
    **dict.fromkeys(("block", "state"), pl.Int64()),
    **dict.fromkeys(("tenant", "origin", "country", "service", "reason"), pl.String()),
    **dict.fromkeys(("placed_week", "ended_week", "due_day", "kept", "items", "wait_hours"), pl.Int64()),
}
"""Columns of the sums of a block.

`placed_week` and `ended_week` count weeks from 1970 (the latter is missing where the wait goes on), `due_day` days
from 1970 to the promised instant of items that are still waited for, `kept` is 1 where the wait ended as promised, 0
where it did not, and missing where nothing was promised or the wait goes on.
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which items are wanted: of a tenant, in some states (empty: any), promised before an instant and not there."""

    tenant: str
    states: tuple[int, ...] = ()
    country: str = ""
    due_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class FindingsWanted:
    """Which findings are wanted: of a tenant, perhaps of one intake, file, level and code; and where a page begins.

    Of an intake they stand by the line of its file, otherwise in the order in which they were found; `after` is the key
    of the last one before the page (`ROW_KEY`, or the number alone).
    """

    tenant: str
    intake: str = ""
    subject: str = ""
    level: str = ""
    code: str = ""
    after: tuple[str | int, ...] = ()
    limit: int = 100


ROW_KEY = ("subject", "row", "code", "field")
"""What tells findings of an intake apart, in their order."""

FINDING = (
    *("finding_no", "tenant", "intake", "code", "field", "message", "subject", "row", "fix", "level", "found_at"),
)
"""Columns of findings as pages have them: without the rejected rows."""


class LookStore(Protocol):
    """The verbs of `Store.look`."""

    def find_last(self) -> int:
        """The highest number of an item; 0 where there is none."""

    def list_marks(self, first: int, last: int) -> pl.DataFrame:
        """For the blocks of a range: block, mark, which is another number as soon as one of their items is."""

    def sum_block(self, block: int) -> pl.DataFrame:
        """What the items of a block add up to (columns of `SUMS`)."""

    def list_block(self, block: int, wanted: Wanted, before: int, limit: int) -> pl.DataFrame:
        """Wanted items of a block with a number below `before`, the last first: item_no."""

    def page_findings(self, wanted: FindingsWanted) -> pl.DataFrame:
        """A page of findings: columns of `FINDING`."""

    def count_findings(self, wanted: FindingsWanted) -> int:
        """How many findings are wanted, wherever a page begins."""

    def find_like(self, tenant: str, beginning: str, limit: int) -> pl.DataFrame:
        """Items (item_no) whose identifier begins so."""

    def find_orders_like(self, tenant: str, beginning: str, limit: int) -> pl.DataFrame:
        """Orders (tenant, seller, order_id) whose number begins so."""

    def find_orders_of(self, tenant: str, person: str, limit: int) -> pl.DataFrame:
        """Orders that go to a person, by e-mail address or whole name; what was forgotten is not found."""
