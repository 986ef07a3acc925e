"""The spells of a history, one item after the other, by a compiled walk over their milestones."""

from __future__ import annotations

from typing import Any, NamedTuple

import numba as nb
import numpy as np
from numpy.typing import NDArray

from entrepost.journey.learn_stages import CLEAR, DEPART, OFFICE, TRAVEL, WORK
from entrepost.journey.spells import (
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
    SPELL,
    UNDER_WAY,
    Scans,
    Spells,
    Stages,
)


class Desk(NamedTuple):
    """What the walk reads and writes; `numbers`: spells, gaps, missed, backwards, before acceptance."""

    scans: Scans
    stages: Stages
    spells: NDArray[Any]
    gaps: NDArray[Any]
    missed: NDArray[Any]
    numbers: NDArray[np.int64]
    as_of: int
    unscanned: float
    settled: int


@nb.njit(cache=True)
def list_spells(scans: Scans, stages: Stages, as_of: int, unscanned: float, settled: int) -> Spells:
    """The spells, gaps and missed departures of all items, as known at an hour.

    Orders placed after `settled` do not tell how long it is to the first scan: who was not scanned yet is
    not known.
    """
    size = count_most(scans, stages)
    spells = np.empty(size[0], dtype=SPELL)
    gaps = np.empty(size[1], dtype=GAP)
    missed = np.empty(size[1], dtype=MISSED)
    numbers = np.zeros(5, dtype=np.int64)
    desk = Desk(scans, stages, spells, gaps, missed, numbers, as_of, unscanned, settled)
    for item in range(scans.journey.size):
        _list_item(desk, item)
    return Spells(spells[: numbers[0]], gaps[: numbers[1]], missed[: numbers[2]], numbers[3], numbers[4])


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
    """What follows an item's last milestone: refused, lost, or under way still."""
    scans, stages = desk.scans, desk.stages
    first, last = stages.first[scans.journey[item]], stages.first[scans.journey[item] + 1]
    row, begun = stages.rows[first + known], scans.hours[item, known]
    refused = max(scans.extras[item, REFUSED_EXPORT], scans.extras[item, REFUSED_IMPORT])
    if refused >= 0 or begun > desk.as_of:
        if row["kind"] == CLEAR and refused >= begun:
            _end_stage(desk, item, row, (begun, refused, COMPLETED))
        return
    usual = 0.0
    for later in range(first + known, last):
        usual += stages.rows[later]["p90"]
    quiet = desk.as_of - scans.last[item] > LOST_HOURS + usual
    before = desk.numbers[0]
    _end_stage(desk, item, row, (begun, desk.as_of, LOST if quiet else UNDER_WAY))
    here = still_here(stages, (first + known, last), desk.as_of - begun, desk.unscanned)
    for number in range(before, desk.numbers[0]):
        desk.spells[number]["weight"] *= here


@nb.njit(cache=True)
def still_here(stages: Stages, span: tuple[int, int], elapsed: float, unscanned: float) -> float:
    """How probable it is that an item which is silent is in its next stage still, and did not pass it unscanned."""
    here, later, passed = 1.0, 0.0, 1.0
    spent = float(elapsed)
    for at in range(span[0], span[1]):
        stage = stages.rows[at]
        staying = _staying(stage, spent)
        if at == span[0]:
            here = staying
        else:
            later += passed * staying
        passed *= (1 - staying) * unscanned
        spent = max(spent - stage["median"], 0.0)
    return float(here / max(here + later + passed, 1e-9))


@nb.njit(cache=True)
def _staying(stage: Any, hours: float) -> float:
    """A rough chance of a stage to last longer, in calendar hours: exponential beyond its median, or lost."""
    beyond = max(hours - stage["median"], 0.0) / max(stage["p90"] - stage["median"], 1.0)
    return float(stage["lost"] + (1 - stage["lost"]) * min(1.0, np.exp(-2.3 * beyond)))


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
    held = scans.extras[item, HELD_IMPORT if abroad else HELD_EXPORT] >= 0
    refused = scans.extras[item, REFUSED_IMPORT if abroad else REFUSED_EXPORT] >= 0
    reason = scans.reason[item, HELD_IMPORT if abroad else HELD_EXPORT]
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
        desk.spells[desk.numbers[0] - 1]["first"] = begins
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
