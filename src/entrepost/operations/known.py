"""Items that events were about lately, remembered for as long as nobody else changes them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl

from entrepost.operations.store import Store
from entrepost.tables.places import Places
from entrepost.tables.status_numbers import LAST, PENDING, Integers, Reasons, number_standing

MOST = 400_000
"""Items that are remembered; the half without news for longest is forgotten where they become more."""

STRANGE = -1
"""The number of an item that is not known."""

ITEM_NO, ISSUED_US = len(PENDING), len(PENDING) + 1
"""Columns of an item after those of its status."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The places of named items, and what the store answered of those that were not remembered."""

    places: Integers
    answer: Callable[[], pl.DataFrame] | None


class KnownItems:
    """Items of one account: a row for each, of where it stands, its number, and when it was issued.

    Whoever changes an account's items takes its turn (`Store.take_turn`). As long as the last turn was ours,
    the store still has what is remembered here. An item that was issued twice or is in the archive is never
    known.
    """

    def __init__(self, store: Store, tenant: str, most: int = MOST) -> None:
        self.reasons = Reasons()
        self._store, self._tenant, self._most = store, tenant, most
        self._turn = 0
        self._places, self.rows = Places(), _no_rows()

    def take_turn(self) -> bool:
        """Begin to change the account's items; whether what is remembered holds.

        All is forgotten if somebody else changed any item meanwhile.
        """
        last, turn = self._store.take_turn(self._tenant)
        holds = self._turn in {last, turn}
        if not holds:
            self._forget_all()
        self._turn = turn
        return holds

    def has_room(self, count: int) -> bool:
        """Whether so many further items are remembered without forgetting any."""
        return self._places.count + count <= self._most

    def find(self, names: pl.Series) -> Integers:
        """The place of each named item; items that are not remembered are asked for."""
        return self.take_in(self.ask(names))

    def ask(self, names: pl.Series, beside: bool = False) -> Asked:
        """Ask the store for those of the named items that are not remembered; `beside` as in `Store.ask_items`."""
        if not self.has_room(names.len()):
            self._forget_half()
        places = self._places.find_or_add(names)
        while self._places.count > len(self.rows):
            self.rows = np.concatenate([self.rows, np.full_like(self.rows, STRANGE)])
        missing = self.rows[places, ITEM_NO] == STRANGE
        if not missing.any():
            return Asked(places, None)
        return Asked(places, self._store.ask_items(self._tenant, names.filter(missing), beside))

    def take_in(self, asked: Asked) -> Integers:
        """Remember what was asked for, in any thread; the place of each item that was named."""
        if asked.answer is not None:
            self._learn(asked.answer())
        return asked.places

    def forget(self, places: Integers) -> None:
        """Forget the items at these places."""
        self.rows[places, ITEM_NO] = STRANGE

    def _learn(self, found: pl.DataFrame) -> None:
        found = found.filter(pl.col("item_id").is_unique() & pl.col("archived_at").is_null())
        places = self._places.find_or_add(found.get_column("item_id"))
        self.rows[places, : len(PENDING)] = number_standing(found, self.reasons)
        self.rows[places, ITEM_NO] = found.get_column("item_no").to_numpy()
        self.rows[places, ISSUED_US] = found.get_column("issued_at").dt.epoch("us").to_numpy()

    def _forget_half(self) -> None:
        """Forget the half of the items that had no news for longest."""
        last = self.rows[: self._places.count, LAST]
        latest = np.argsort(last)[len(last) // 2 :]
        self.rows = self.rows[latest]
        self._places = self._places.only(latest)

    def _forget_all(self) -> None:
        self._places, self.rows = Places(), _no_rows()


def _no_rows() -> Integers:
    return np.full((1024, ISSUED_US + 1), STRANGE, dtype=np.int64)
