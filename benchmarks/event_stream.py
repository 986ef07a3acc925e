"""A made-up stream of events in the order of time, many items under way at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from entrepost.tables.frames import INSTANT

CODES = ("EMA", "EMB", "EXA", "EXC", "EMC", "EMD", "EDB", "EDC", "EMF", "EMG", "EDG", "EMI", "EMH")
"""The course of an item that is delivered at the first attempt; the last code is a failed attempt in its stead."""

FULL = 12
FAILED = CODES.index("EMH")
PLACES = ("CNCANA", "CNCANA", "CNCANA", "CNCANA", "CNCANA", "DEFRAA", "DEFRAA", "DEFRAA", "DEFRAA", *["DE60311"] * 4)
FIRST_US = 1_767_571_200_000_000
"""5 January 2026, 00:00 UTC."""

GAP_SECONDS = 60 * 60 * 16
"""Between two events of an item, on average: an item is under way for about eight days."""


@dataclass(frozen=True)
class Stream:
    """Events in the order of time as columns of numbers: the item, the code's place in `CODES`, the instant."""

    item: NDArray[np.int64]
    code: NDArray[np.int64]
    time_us: NDArray[np.int64]
    items: int

    def frame(self, first: int = 0, last: int | None = None) -> pl.DataFrame:
        """The events from `first` to `last` as rows of the table `events`."""
        part = slice(first, last)
        code = pl.Series("code", self.code[part])
        time = pl.Series("time", self.time_us[part]).cast(INSTANT)
        return pl.DataFrame(
            {
                "item_id": name_items(self.item[part]),
                "code": code.replace_strict(dict(enumerate(CODES)), return_dtype=pl.String),
                "time": time,
                "facility": code.replace_strict(dict(enumerate(PLACES)), return_dtype=pl.String),
                "reason": pl.select(pl.when(code == FAILED).then(pl.lit("ABSENT"))).to_series(),
                "recorded_at": time,
            }
        )


def build(events: int, under_way: int, seed: int) -> Stream:
    """At least so many events, of which the first so many are kept; `under_way` items at any time.

    Of the items 85 % are delivered at the first attempt, 5 % end with a failed one, 10 % fall silent on the
    way. A new item begins each time that another one ends on average.
    """
    dice = np.random.default_rng(seed)
    items = events // 11 + under_way
    every_us = FULL * GAP_SECONDS * 1_000_000 // under_way
    fate = dice.random(items)
    length = np.where(fate < 0.9, FULL, dice.integers(5, FULL, items))
    item = np.repeat(np.arange(items), length)
    place = np.arange(item.size) - np.repeat(np.cumsum(length) - length, length)
    gaps = dice.integers(GAP_SECONDS // 2, GAP_SECONDS * 3 // 2, item.size) * 1_000_000
    upto = np.cumsum(gaps)
    since = upto - np.repeat((upto - gaps)[np.cumsum(length) - length], length)
    time = FIRST_US + item * every_us + since
    code = np.where((place == FULL - 1) & (fate[item] < 0.05), FAILED, place)
    order = np.argsort(time, kind="stable")[:events]
    return Stream(item[order], code[order], time[order], items)


def name_items(numbers: NDArray[np.int64]) -> pl.Series:
    """Identifiers with the look of S10, without its check digit: benchmarks ask no one to check it."""
    return pl.select("LX" + pl.Series(numbers).cast(pl.String).str.zfill(9) + "CN").to_series()
