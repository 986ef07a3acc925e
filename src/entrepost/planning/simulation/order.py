"""Scans from the order in which they were sent to the order of time, by their digits."""

from __future__ import annotations

from typing import Any, NamedTuple

import numba as nb
import numpy as np
from numpy.typing import NDArray

from entrepost.planning.simulation.compile import compiled, inlined

SECOND_US = 1_000_000
DIGIT = 8
"""Bits of a digit: its counts fit into the nearest caches."""


class Scans(NamedTuple):
    """The columns of scans."""

    time: NDArray[np.int64]
    recorded: NDArray[np.int64]
    item: NDArray[np.uint32]
    place: NDArray[np.uint32]
    code: NDArray[np.uint32]
    reason: NDArray[np.uint32]


def order_scans(events: NDArray[Any]) -> Scans:
    """The columns of events in the order of time, then of items; those of one item stay as they were sent."""
    time, recorded = (np.empty(events.size, dtype=np.int64) for _ in range(2))
    item, place, code, reason = (np.empty(events.size, dtype=np.uint32) for _ in range(4))
    scans = Scans(time, recorded, item, place, code, reason)
    if events.size:
        room = np.empty((2, events.size), dtype=np.uint64)
        write_sorted(events, room[sort_by_second(events["time"], *room)], scans)
    return scans


@nb.njit(cache=True)
def sort_by_second(time: NDArray[np.int64], keys: NDArray[np.uint64], spare: NDArray[np.uint64]) -> int:
    """Write for each event in the order of its second: the second, and in the lower 32 bits its row.

    0: they stand in the first of the two arrays; 1: in the second.
    """
    first, last = time.min(), time.max()
    for row in range(time.size):
        keys[row] = np.uint64((time[row] - first) // SECOND_US) << np.uint64(32) | np.uint64(row)
    passes = 0
    while (last - first) // SECOND_US >> (DIGIT * passes):
        sort_by_digit(keys, spare, np.uint64(32 + DIGIT * passes))
        keys, spare = spare, keys
        passes += 1
    return passes % 2


@nb.njit(cache=True)
def sort_by_digit(keys: NDArray[np.uint64], ordered: NDArray[np.uint64], low: np.uint64) -> None:
    """Write keys in the order of the digit that begins at a bit; equal ones stay in theirs."""
    mask = np.uint64((1 << DIGIT) - 1)
    place = np.zeros((1 << DIGIT) + 1, dtype=np.int64)
    for key in keys:
        place[(key >> low & mask) + np.uint64(1)] += 1
    for digit in range(1 << DIGIT):
        place[digit + 1] += place[digit]
    for key in keys:
        digit = key >> low & mask
        ordered[place[digit]] = key
        place[digit] += 1


@compiled()
def write_sorted(events: NDArray[Any], keys: NDArray[np.uint64], scans: Scans) -> None:
    """Write events in the order of their keys; the few of one second are put in the order of time and item."""
    latest, who = np.int64(0), np.int32(0)
    for row in range(keys.size):
        event = events[keys[row] & np.uint64(0xFFFFFFFF)]
        scans.time[row], scans.recorded[row], scans.item[row] = event["time"], event["recorded"], event["item"]
        scans.place[row], scans.code[row], scans.reason[row] = event["place"], event["code"], event["reason"]
        if row and (event["time"] < latest or (event["time"] == latest and event["item"] < who)):
            move_back(scans, row)
        else:
            latest, who = event["time"], event["item"]


@compiled()
def move_back(scans: Scans, row: int) -> None:
    """Exchange a row with those before it that are later."""
    while row and is_later(scans, row - 1, row):
        for column in (scans.time, scans.recorded):
            column[row - 1], column[row] = column[row], column[row - 1]
        for number in (scans.item, scans.place, scans.code, scans.reason):
            number[row - 1], number[row] = number[row], number[row - 1]
        row -= 1


@inlined()
def is_later(scans: Scans, one: int, other: int) -> bool:
    """Whether a scan comes after another one."""
    later, same = scans.time[one] > scans.time[other], scans.time[one] == scans.time[other]
    return bool(later or (same and scans.item[one] > scans.item[other]))
