"""Texts at places: a table in memory that finds thousands of names among hundreds of thousands at once."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from entrepost.tables.rules import compile_kernel

Integers = np.ndarray[Any, np.dtype[np.int64]]

SEEDS = (11, 23)
"""Two hashes of 64 bits tell texts apart: among a million, that two share both is less likely than 1 in 10**26."""

FREE = -1
FIRST, SECOND, PLACE = range(3)


class Places:
    """A place for each text that was met, counted from 0 in the order in which they came."""

    def __init__(self) -> None:
        self.count = 0
        self._keys: Integers = np.empty((1024, 2), dtype=np.int64)
        self._slots: Integers = _free_slots(4096)

    def find_or_add(self, texts: pl.Series) -> Integers:
        """The place of each text; a new text gets the next one."""
        hashes = [texts.hash(seed).reinterpret(signed=True).to_numpy() for seed in SEEDS]
        self._make_room(self.count + len(texts))
        return self._add(np.stack(hashes, axis=1))

    def only(self, places: Integers) -> Places:
        """These places alone, counted anew in this order."""
        kept = Places()
        kept._make_room(len(places))
        kept._add(self._keys[places])
        return kept

    def _add(self, keys: Integers) -> Integers:
        places: Integers = np.empty(len(keys), dtype=np.int64)
        self.count = compile_kernel(_find_or_add)(keys, self._slots, self._keys, self.count, places)
        return places

    def _make_room(self, count: int) -> None:
        if count > len(self._keys):
            self._keys = np.concatenate([self._keys, np.empty((count, 2), dtype=np.int64)])
        if 2 * count > len(self._slots):
            known = self._keys[: self.count].copy()
            self._slots, self.count = _free_slots(4 * count), 0
            self._add(known)


def _free_slots(least: int) -> Integers:
    slots: Integers = np.full((1 << (least - 1).bit_length(), 3), FREE, dtype=np.int64)
    return slots


def _find_or_add(asked: Any, slots: Any, keys: Any, count: Any, places: Any) -> Any:
    """Fill in the place of each pair of hashes; how many places there are then."""
    most = len(slots) - 1
    for row in range(len(asked)):
        first, second = asked[row, FIRST], asked[row, SECOND]
        slot = first & most
        while slots[slot, PLACE] != FREE and (slots[slot, FIRST] != first or slots[slot, SECOND] != second):
            slot = (slot + 1) & most
        if slots[slot, PLACE] == FREE:
            slots[slot, FIRST], slots[slot, SECOND], slots[slot, PLACE] = first, second, count
            keys[count, FIRST], keys[count, SECOND] = first, second
            count += 1
        places[row] = slots[slot, PLACE]
    return count
