"""The spells of a history, one item after the other, by a compiled walk over their milestones."""

from __future__ import annotations

from typing import Any, NamedTuple

import numba as nb
import numpy as np
from numpy.typing import NDArray

from entrepost.journey.learning.returns import find_reached
from entrepost.journey.learning.spells import (
    BACK,
    COMPLETED,
    EXC,
    GAP,
    HELD_EXPORT,
    HELD_IMPORT,
    LOST,
    LOST_HOURS,
    MISSED,
    REFUSED_EXPORT,
    REFUSED_IMPORT,
    RETURNED,
    SILENT,
    SPELL,
    UNDER_WAY,
    Scans,
    Spells,
    Stages,
)
from entrepost.journey.learning.stages import CLEAR, DEPART, OFFICE, TRAVEL, WORK


class Desk(NamedTuple):
    """What the walk reads and writes; `numbers`: spells, gaps, missed, backwards, early, silent, returned."""

    scans: Scans
    stages: Stages
    spells: NDArray[Any]
    gaps: NDArray[Any]
    missed: NDArray[Any]
    silent: NDArray[Any]
    returned: NDArray[Any]
    numbers: NDArray[np.int64]
    as_of: int
    settled: int


@nb.njit(cache=True)
def list_spells(scans: Scans, stages: Stages, as_of: int, settled: int) -> Spells:
    """The spells, gaps and missed departures of all items, as known at an hour.

    Orders placed after `settled` do not tell how long it is to the first scan: who was not scanned yet is
    not known.
    """
    size = count_most(scans, stages)
    spells = np.empty(size[0], dtype=SPELL)
    gaps = np.empty(size[1], dtype=GAP)
    missed = np.empty(size[1], dtype=MISSED)
    silent = np.empty(scans.journey.size, dtype=SILENT)
    returned = np.empty((scans.extras[:, BACK] >= 0).sum(), dtype=RETURNED)
    numbers = np.zeros(7, dtype=np.int64)
    desk = Desk(scans, stages, spells, gaps, missed, silent, returned, numbers, as_of, settled)
    for item in range(scans.journey.size):
        _list_item(desk, item)
    ends = (spells[: numbers[0]], gaps[: numbers[1]], missed[: numbers[2]])
    return Spells(*ends, silent[: numbers[5]], returned[: numbers[6]], numbers[3], numbers[4])


@nb.njit(cache=True)
def count_most(scans: Scans, stages: Stages) -> tuple[int, int]:
    """How many spells and gaps there can be at most."""
    spells, gaps = 0, 0
    for item in range(scans.journey.size):
        first, last = stages.first[scans.journey[item]], stages.first[scans.journey[item] + 1]
        for row in range(first, last):
            spells += max(1, stages.rows[row]["count"])
        gaps += last - first
    return spells, gaps


@nb.njit(cache=True)
def _list_item(desk: Desk, item: int) -> None:
    hours = desk.scans.hours[item]
    first = desk.stages.first[desk.scans.journey[item]]
    size = desk.stages.first[desk.scans.journey[item] + 1] - first
    known = -1
    for slot in range(size + 1):
        if hours[slot] < 0:
            continue
        if known >= 0:
            _end_between(desk, item, known, slot)
        known = slot
    if 0 <= known < size:
        _end_open(desk, item, known)


@nb.njit(cache=True)
def _end_between(desk: Desk, item: int, known: int, slot: int) -> None:
    """What lies between two milestones: a spell, a gap, or nothing that can be."""
    begun, ended = desk.scans.hours[item, known], desk.scans.hours[item, slot]
    first = desk.stages.first[desk.scans.journey[item]]
    if ended < begun:
        desk.numbers[3] += 1
        desk.numbers[4] += known == 0
    elif slot == known + 1 and (known > 0 or begun <= desk.settled):
        _end_stage(desk, item, desk.stages.rows[first + known], (begun, ended, COMPLETED))
    elif slot > known + 1:
        gap = desk.gaps[desk.numbers[1]]
        gap["item"], gap["after"], gap["until"], gap["begun"], gap["ended"] = item, known, slot, begun, ended
        desk.numbers[1] += 1


@nb.njit(cache=True)
def _end_open(desk: Desk, item: int, known: int) -> None:
    """What follows an item's last milestone: refused, sent back, lost, or under way still."""
    scans, stages = desk.scans, desk.stages
    first, last = stages.first[scans.journey[item]], stages.first[scans.journey[item] + 1]
    row, begun = stages.rows[first + known], scans.hours[item, known]
    refused, back = scans.extras[item, REFUSED_EXPORT], scans.extras[item, BACK]
    reached = find_reached(scans, stages, item)
    if begun > desk.as_of:
        return
    if back >= 0:
        _end_returned(desk, item, (known, max(known, reached)), (begun, back))
    elif refused >= 0:
        if row["kind"] == CLEAR and refused >= begun:
            _end_stage(desk, item, row, (begun, refused, COMPLETED))
    elif reached <= known:
        usual = 0.0
        for later in range(first + known, last):
            usual += stages.rows[later]["p90"]
        quiet = desk.as_of - scans.last[item] > LOST_HOURS + usual
        _end_silent(desk, item, first + known, (begun, desk.as_of, LOST if quiet else UNDER_WAY))


@nb.njit(cache=True)
def _end_silent(desk: Desk, item: int, at: int, span: tuple[int, int, int]) -> None:
    """The spell of an item of which nothing more was heard; how much it counts is weighed later."""
    row, before = desk.stages.rows[at], desk.numbers[0]
    _end_stage(desk, item, row, span)
    if desk.numbers[0] > before:
        one = desk.silent[desk.numbers[5]]
        one["spell"], one["count"], one["row"] = before, desk.numbers[0] - before, at
        one["held"] = row["kind"] == CLEAR and desk.scans.extras[item, held_at(row)] >= 0
        desk.numbers[5] += 1


@nb.njit(cache=True)
def _end_returned(desk: Desk, item: int, slots: tuple[int, int], span: tuple[int, int]) -> None:
    """What ended with an item's return: a refusal by customs, or it is gone from the step as if lost."""
    (known, reached), (begun, back) = slots, span
    first, last = desk.stages.first[desk.scans.journey[item]], desk.stages.first[desk.scans.journey[item] + 1]
    row, before = desk.stages.rows[first + known], desk.numbers[0]
    if reached == known and back >= begun:
        if row["kind"] == CLEAR and row["code"] != EXC and desk.scans.extras[item, REFUSED_IMPORT] == back:
            _end_stage(desk, item, row, (begun, back, COMPLETED))
        elif row["kind"] in (WORK, OFFICE):
            _end_stage(desk, item, row, (begun, back, LOST))
    one = desk.returned[desk.numbers[6]]
    one["spell"] = before if desk.numbers[0] == before + 1 else -1
    one["row"], one["last"] = first + reached, last
    desk.numbers[6] += 1


@nb.njit(cache=True)
def held_at(row: Any) -> int:
    """Where the hold of a clearance is kept."""
    return HELD_EXPORT if row["code"] == EXC else HELD_IMPORT


@nb.njit(cache=True)
def _end_stage(desk: Desk, item: int, row: Any, span: tuple[int, int, int]) -> None:
    """The spell of one stage, as its kind asks."""
    begun, ended, outcome = span
    kind = row["kind"]
    if kind in (WORK, OFFICE):
        _add(desk, item, row["first"], span)
    elif kind == TRAVEL:
        step = step_of_run(desk.stages, row["leg"], begun)
        if step >= 0:
            _add(desk, item, step, span)
    elif kind == CLEAR:
        _add_channels(desk, item, row, span)
    elif kind == DEPART and outcome == COMPLETED:
        _add_missed(desk, row["leg"], begun, ended)


@nb.njit(cache=True)
def _add(desk: Desk, item: int, step: int, span: tuple[int, int, int]) -> None:
    begun, ended, outcome = span
    spell = desk.spells[desk.numbers[0]]
    desk.numbers[0] += 1
    spell["item"], spell["step"], spell["begun"], spell["ended"] = item, step, begun, ended
    spell["outcome"], spell["weight"], spell["first"] = outcome, 1.0, True
    spell["hours"] = own_hours(desk.stages, step, begun, ended)


@nb.njit(cache=True)
def own_hours(stages: Stages, step: int, begun: int, ended: int) -> float:
    """The time between two hours as a step counts it: open hours where it has a calendar, less on slow days."""
    calendar = stages.calendar[step]
    if calendar < 0:
        return float(ended - begun)
    opened = stages.opened[calendar, ended] - stages.opened[calendar, begun]
    return float(opened / stages.slow[calendar, begun])


@nb.njit(cache=True)
def _add_channels(desk: Desk, item: int, row: Any, span: tuple[int, int, int]) -> None:
    """A candidate for each channel that the scans allow; their weights are shared out later."""
    scans, stages = desk.scans, desk.stages
    abroad = row["code"] != EXC
    held = scans.extras[item, held_at(row)] >= 0
    refused = scans.extras[item, REFUSED_IMPORT if abroad else REFUSED_EXPORT] == span[1] and span[2] == COMPLETED
    reason = scans.reason[item, held_at(row)]
    first, last = row["first"], row["first"] + row["count"]
    exact = False
    for step in range(first, last):
        exact = exact or (held and alike(stages.held[step], reason))
    begins = True
    for step in range(first, last):
        gives = stages.held[step]
        if span[2] == COMPLETED and stages.refused[step] != refused:
            continue
        if not refused and held and (gives == 0 or (exact and not alike(gives, reason))):
            continue
        _add(desk, item, step, span)
        spell = desk.spells[desk.numbers[0] - 1]
        spell["first"], spell["weight"] = begins, 1.0 if begins else 0.0
        begins = False


@nb.njit(cache=True)
def alike(gives: int, reason: int) -> bool:
    """Whether a channel's reason is the one that was scanned; examination and screening are one."""
    return gives == reason or (gives == 1 and reason == 1)


@nb.njit(cache=True)
def step_of_run(stages: Stages, leg: int, left: int) -> int:
    """The step of the departure that left last at an hour; -1 for a leg without any."""
    low, end = stages.leg_first[leg], stages.leg_first[leg + 1]
    if low == end:
        return -1
    at = low + np.searchsorted(stages.runs["leaves"][low:end], left, side="right") - 1
    return int(stages.runs[max(at, low)]["step"])


@nb.njit(cache=True)
def _add_missed(desk: Desk, leg: int, ready: int, left: int) -> None:
    """How many departures an item missed that was ready at an hour and left at another."""
    stages = desk.stages
    low, end = stages.leg_first[leg], stages.leg_first[leg + 1]
    first = low + np.searchsorted(stages.runs["leaves"][low:end], ready)
    while first < end and stages.runs[first]["cutoff"] < ready:
        first += 1
    if first == end:
        return
    count = -1
    at = first
    while at < end and stages.runs[at]["leaves"] <= left:
        count += 1 if at == first or stages.runs[at]["leaves"] > stages.runs[at - 1]["leaves"] else 0
        at += 1
    row = desk.missed[desk.numbers[2]]
    row["mode"], row["missed"], row["left"] = stages.runs[first]["mode"], max(count, 0), left
    desk.numbers[2] += 1
