"""How improbable it is that nothing was heard of an item for so long, if all goes as its steps usually go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import numba as nb
import numpy as np
import polars as pl
from numpy.typing import NDArray

from entrepost.base.clock import HOUR_US
from entrepost.journey.learn import to_instant
from entrepost.journey.learning.facts import JOURNEY
from entrepost.journey.learning.spells import LOST_HOURS
from entrepost.journey.learning.stages import CODES
from entrepost.journey.silences.book import Book, write_book
from entrepost.journey.silences.known import Known, learn_known
from entrepost.journey.silences.parts import Parts
from entrepost.journey.silences.read import ROOM_HOURS, Watch, held_reasons, read_watch
from entrepost.network.network import Network
from entrepost.tables.frames import INSTANT

FINAL_UNSCANNED = 0.001
"""So probable it is that the first attempt to deliver is never scanned, before anything is known (assumed)."""

EXPORT = CODES.index("EXC")
DAY_HOURS = 24

SCHEMA = {
    **dict.fromkeys(("tenant", "seller", "item_id", *JOURNEY, "awaited", "place"), pl.String()),
    "since": INSTANT,
    "chance": pl.Float64(),
}


@dataclass(frozen=True)
class Silence:
    """The silence of every item under way.

    By the number of an item in `watch`: `chance`, how probable it is to hear nothing for so long (nan where it
    is not under way); `place` and `code` of the next scan (-1 where there is none).
    """

    watch: Watch
    known: Known
    book: Book
    chance: NDArray[np.float64]
    place: NDArray[np.int32]
    code: NDArray[np.int32]

    @property
    def under_way(self) -> NDArray[np.bool_]:
        """Of each item whether it is under way."""
        found: NDArray[np.bool_] = self.watch.milestone >= 0
        return found

    def to_frame(self) -> pl.DataFrame:
        """The items under way, the most improbable silence first."""
        hours = (self.watch.heard.astype(np.int64) + self.watch.first_hour) * HOUR_US
        columns = self.watch.items.select(*list(SCHEMA)[:6]).with_columns(
            awaited=name_each(CODES, self.code),
            place=name_each(self.watch.history.tables.places, self.place),
            since=pl.Series(hours).cast(INSTANT),
            chance=pl.Series(self.chance),
        )
        kept = columns.filter(pl.Series(self.under_way))
        return kept.sort("chance", "since", "tenant", "seller", "item_id").select(*SCHEMA)


def name_each(names: Sequence[str], numbers: NDArray[np.int32]) -> pl.Series:
    """The names of numbers; null for -1."""
    named = pl.Series([*names, None], dtype=pl.String)
    return named.gather(pl.Series(np.where(numbers < 0, len(names), numbers)))


def list_silences(network: Network, events: pl.DataFrame, now: datetime) -> pl.DataFrame:
    """Weigh the silence of every item under way.

    Parameters
    ----------
    network : Network
        What the steps usually take; better a learned one.
    events : DataFrame
        As for `learn`: item_id, code, time; optionally tenant, seller, facility, reason, recorded_at, placed_at,
        and service, route, area. What happened or became known after `now` is not looked at.
    now : datetime
        The instant of looking.

    Returns
    -------
    DataFrame
        A row per item under way: its names and journey, the code that is awaited and where, since when nothing
        was heard, and `chance`: how probable it is to hear nothing for so long, scans that are never sent or not
        yet reported counted in.
    """
    return weigh_silence(network, events, now).to_frame()


def weigh_silence(
    network: Network, events: pl.DataFrame, now: datetime, final_unscanned: float = FINAL_UNSCANNED
) -> Silence:
    """The same as arrays, with all that it rests on."""
    watch = read_watch(network, events, to_instant(now))
    known = learn_known(watch, final_unscanned)
    book = write_book(Parts(network, watch), known, _hours_back(watch))
    place, code, slot, held = _next_scans(watch)
    under_way = watch.milestone >= 0
    found = book.look_up(watch.scans.journey, slot, watch.heard, held)
    return Silence(watch, known, book, np.where(under_way, found.astype(np.float64), np.nan), place, code)


def _hours_back(watch: Watch) -> int:
    """How far back an item that is not yet given up can have been heard of."""
    stages = watch.history.stages
    whole = np.concatenate([[0.0], np.cumsum(stages.rows["p90"])])
    usual = (whole[stages.first[1:]] - whole[stages.first[:-1]]).max(initial=0.0)
    return int(min(max(watch.history.as_of - ROOM_HOURS, DAY_HOURS), LOST_HOURS + usual))


def _next_scans(
    watch: Watch,
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32], NDArray[np.int8]]:
    """Of each item where its next scan is to come from, its code, the milestone before it, and why it is held there."""
    stages, under_way = watch.history.stages, watch.milestone >= 0
    slot = np.maximum(watch.milestone, 0)
    rows = np.minimum(stages.first[watch.scans.journey] + slot, max(stages.rows.size - 1, 0))
    if not stages.rows.size:
        nothing = np.full(slot.size, -1, dtype=np.int32)
        return nothing, nothing, slot, np.zeros(slot.size, dtype=np.int8)
    place = np.where(under_way, stages.rows["place"][rows], -1).astype(np.int32)
    code = np.where(under_way, stages.rows["code"][rows], -1).astype(np.int32)
    held = held_reasons(watch)
    return place, code, slot, np.where(code == EXPORT, held[:, 0], held[:, 1]).astype(np.int8)


BINS_A_DECADE, DECADES = 50, 12
"""Chances are counted in so many bins for each factor of ten, from 1 down to 1e-12."""

BINS = BINS_A_DECADE * DECADES


def to_bins(chance: NDArray[np.float64]) -> NDArray[np.int64]:
    """The bin of each chance, 0 for those near 1."""
    with np.errstate(divide="ignore"):
        found = -np.log10(np.maximum(chance, 10.0 ** (-DECADES - 1))) * BINS_A_DECADE
    return np.clip(found.astype(np.int64), 0, BINS - 1)


def expect_silent(silence: Silence, counted: NDArray[np.bool_]) -> NDArray[np.float64]:
    """How many items would be silent in each bin of chances if all went as usual.

    Each milestone that an item passed was one occasion to fall silent: with the chance of that silence it would
    be silent still.
    """
    watch, book, found = silence.watch, silence.book, np.zeros(BINS)
    occasions = Occasions(watch.scans.journey, watch.scans.hours, watch.history.stages.first, counted)
    _expect(occasions, book.table, book.row, (book.first, 0 if watch.whole else 1), found)
    return found


class Occasions(NamedTuple):
    """Of each item its journey, the hours of its milestones, and whether it counts; `first` as in `Stages`."""

    journey: NDArray[np.int32]
    hours: NDArray[np.int32]
    first: NDArray[np.int64]
    counted: NDArray[np.bool_]


@nb.njit(cache=True)
def _expect(
    items: Occasions,
    table: NDArray[np.float32],
    row: NDArray[np.int32],
    begins: tuple[int, int],
    found: NDArray[np.float64],
) -> None:
    for item in range(items.journey.size):
        journey = items.journey[item]
        if not items.counted[item]:
            continue
        for slot in range(begins[1], items.first[journey + 1] - items.first[journey]):
            at = items.hours[item, slot] - begins[0]
            if items.hours[item, slot] < 0 or at < 0 or at >= table.shape[1]:
                continue
            chance = table[row[journey, slot, 0], at]
            which = int(-np.log10(max(chance, 1e-13)) * BINS_A_DECADE)
            found[min(max(which, 0), BINS - 1)] += chance
