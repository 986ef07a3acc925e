"""What all items of a store add up to, counted beside everything else and never while somebody waits.

Items are counted by blocks. A count goes through the marks of all blocks, which is quick, and adds up anew only the
blocks of which one item is another than at the last count; between two blocks others have their turn.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from threading import Event, Lock, Thread

import polars as pl

from entrepost.base.errors import StoreError
from entrepost.operations.acting import for_all_accounts
from entrepost.operations.look_store import BLOCK, SUMS, Wanted
from entrepost.operations.store import Store

RANGE = 16
"""Blocks whose marks are asked for at once."""

FRESH_SECONDS = 10.0
"""A count is not begun again sooner."""

SHARE = 20
"""Nor before so many times its own length has passed: counting takes at most a twentieth of a processor."""

PAUSE_SECONDS = 0.001
"""Given to others between two blocks, at least; otherwise as long as the block took."""

ORDINARY = date(1970, 1, 1)
FIRST_MONDAY = date(1969, 12, 29)


@dataclass(frozen=True, slots=True)
class Tally:
    """The sums of all items (columns of `SUMS`) by account, as they were at an instant; `last` is the last block."""

    parts: dict[str, pl.DataFrame]
    last: int
    at: datetime

    def of(self, tenant: str) -> pl.DataFrame:
        """The sums of an account."""
        return self.parts.get(tenant, pl.DataFrame(schema=SUMS))


@dataclass
class Counter:
    """Counts the items of a store; every process has its own."""

    store: Store
    _tally: Tally | None = None
    _marks: dict[int, int] = field(default_factory=dict)
    _sums: dict[int, pl.DataFrame] = field(default_factory=dict)
    _last: int = 0
    _next_at: float = 0.0
    _thread: Thread | None = None
    _done: Event = field(default_factory=Event)
    _lock: Lock = field(default_factory=Lock)

    def look(self, wait_seconds: float = 0.15) -> Tally | None:
        """The latest count, after waiting a moment for a newer one; None where the first one still goes on."""
        with self._lock:
            is_under_way = self._thread is not None and self._thread.is_alive()
            if not is_under_way and time.monotonic() >= self._next_at:
                self._done.clear()
                self._thread = Thread(target=self._run, name="tally", daemon=True)
                self._thread.start()
        self._done.wait(wait_seconds)
        return self._tally

    def count(self) -> Tally:
        """Count now, for all accounts at once."""
        with for_all_accounts():
            return self._count()

    def _count(self) -> Tally:
        at, last = self.store.clock.now(), self.store.look.find_last()
        for block in self._changed(last):
            began = time.monotonic()
            self._sums[block] = self.store.look.sum_block(block)
            time.sleep(max(PAUSE_SECONDS, time.monotonic() - began))
        self._last = last
        frame = pl.concat(self._sums.values(), rechunk=True) if self._sums else pl.DataFrame(schema=SUMS)
        parts = {str(tenant): part for (tenant,), part in frame.partition_by("tenant", as_dict=True).items()}
        self._tally = Tally(parts, last // BLOCK, at)
        return self._tally

    def _run(self) -> None:
        began = time.monotonic()
        try:
            self.count()
        except StoreError:
            return  # the store is away or closed; whoever looks next tries again
        finally:
            took = time.monotonic() - began
            self._next_at = time.monotonic() + max(FRESH_SECONDS, SHARE * took)
            self._done.set()

    def _changed(self, last: int) -> list[int]:
        """Blocks that are other than at the last count: by their marks, or because items came in."""
        marks: dict[int, int] = {}
        blocks = range(last // BLOCK + 1) if last else range(0)
        for first in blocks[::RANGE]:
            marks |= dict(self.store.look.list_marks(first, first + RANGE - 1).iter_rows())
            time.sleep(PAUSE_SECONDS)
        fresh = self._last // BLOCK if last != self._last else last // BLOCK + 1
        changed = [
            block
            for block in blocks
            if block not in self._sums or block >= fresh or marks.get(block) != self._marks.get(block)
        ]
        self._marks = marks
        return changed


def list_wanted(
    store: Store, wanted: Wanted, tally: Tally | None, before: int = 0, limit: int = 50, blocks_max: int = 40
) -> tuple[pl.DataFrame, int]:
    """Wanted items, the last first, and where to go on (0: nowhere).

    Blocks of which the tally says that they hold none are passed over; at most `blocks_max` others are looked through.

    Parameters
    ----------
    before : int
        Only items with a lower number; 0: from the last one on.
    """
    place = before or store.look.find_last() + 1
    holding = None if tally is None else _holding(tally, wanted)
    found: list[int] = []
    looked = 0
    for block in range((place - 1) // BLOCK, -1, -1):
        is_new = tally is not None and block >= tally.last
        if holding is not None and block not in holding and not is_new:
            continue
        if looked == blocks_max:
            return _items(store, found), (block + 1) * BLOCK
        looked += 1
        found += store.look.list_block(block, wanted, place, limit + 1 - len(found))["item_no"].to_list()
        if len(found) > limit:
            return _items(store, found[:limit]), found[limit - 1]
    return _items(store, found), 0


def week_of(number: int) -> date:
    """The Monday of a week, by its number in the sums."""
    return FIRST_MONDAY + timedelta(weeks=number)


def week_number(day: date) -> int:
    """The number of a day's week in the sums."""
    return (day - FIRST_MONDAY).days // 7


def day_number(day: date) -> int:
    """The number of a day in the sums."""
    return (day - ORDINARY).days


def _holding(tally: Tally, wanted: Wanted) -> set[int]:
    kept = tally.of(wanted.tenant)
    if wanted.states:
        kept = kept.filter(pl.col("state").is_in(list(wanted.states)))
    if wanted.country:
        kept = kept.filter(pl.col("country") == wanted.country)
    if wanted.due_before is not None:
        kept = kept.filter(pl.col("due_day") <= day_number(wanted.due_before.date()))
    return set(kept.get_column("block").unique().to_list())


def _items(store: Store, numbers: list[int]) -> pl.DataFrame:
    found = store.list_items(numbers=pl.DataFrame({"item_no": numbers}, schema={"item_no": pl.Int64()}))
    return found.sort("item_no", descending=True)
