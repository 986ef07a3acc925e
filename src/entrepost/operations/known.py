"""Items that events were about lately, remembered for as long as nobody else changes them."""

from __future__ import annotations

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

    def take_turn(self) -> None:
        """Begin to change the account's items; all is forgotten if somebody else changed any meanwhile."""
        last, turn = self._store.take_turn(self._tenant)
        if last != self._turn:
            self._forget_all()
        self._turn = turn

    def find(self, names: pl.Series) -> Integers:
        """The place of each named item; items that are not remembered are asked for."""
        if self._places.count + names.len() > self._most:
            self._forget_half()
        places = self._places.find_or_add(names)
        while self._places.count > len(self.rows):
            self.rows = np.concatenate([self.rows, np.full_like(self.rows, STRANGE)])
        missing = self.rows[places, ITEM_NO] == STRANGE
        if missing.any():
            self._learn(names.filter(missing).unique())
        return places

    def forget(self, places: Integers) -> None:
        """Forget the items at these places."""
        self.rows[places, ITEM_NO] = STRANGE

    def _learn(self, names: pl.Series) -> None:
        asked = names.sort().alias("item_id").to_frame().with_columns(tenant=pl.lit(self._tenant))
        found = self._store.find_items(asked)
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
