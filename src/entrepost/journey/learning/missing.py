"""How often a scan goes missing, by place and code: of those milestones that an item must have passed.

Whoever was scanned later had passed a milestone: it was scanned then, or missed. Of the last one, the attempt, nothing
later tells; there items count that reached the delivery office long ago. Of rounds those tell that had an attempt.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numba as nb
import numpy as np

from entrepost.journey.learning.hazard_pool import Floats
from entrepost.journey.learning.spells import BACK, EDG, EDX, EMI, EXC, EXX, ROUND, Scans, Stages
from entrepost.journey.learning.stages import CLEAR, CODES, TRAVEL

FAITH = 20.0
"""What is so at all places weighs as much as so many scans of one (assumed)."""

FINAL_FAITH = 10.0
"""How often other scans go missing weighs as much as so many items of which the last one should be known (assumed)."""

ATTEMPTED_HOURS = 14 * 24
"""Whoever reached a delivery office so long ago had an attempt, scanned or not (assumed)."""


class Missing(NamedTuple):
    """How probable it is that a scan goes missing: anywhere, by place and code, and at the end of each step.

    `shares`: (places + 1, codes), the last row for unknown places; `of_steps`: (steps,).
    """

    usual: float
    shares: Floats
    of_steps: Floats


def learn_missing(scans: Scans, stages: Stages, as_of: int) -> Missing:
    """Count the scans that are missing where there must have been one, places drawn towards all."""
    size = (2, stages.countries.size, len(CODES))
    counts, finals, rounds = np.zeros(size), np.zeros(size[:2]), np.zeros(size[:2])
    count_missing(scans, stages, counts)
    _count_finals(scans, stages, as_of - ATTEMPTED_HOURS, finals, rounds)
    usual = float((counts[0].sum() + 1.0) / (counts[1].sum() + 10.0))
    shares = (counts[0] + FAITH * usual) / (counts[1] + FAITH)
    last = (finals[0].sum() + FINAL_FAITH * usual) / (finals[1].sum() + FINAL_FAITH)
    shares[:, EMI] = (finals[0] + FAITH * last) / (finals[1] + FAITH)
    shares[:, EDG] = (rounds[0] + FAITH * usual) / (rounds[1] + FAITH)
    shares[:, [EXX, EDX]] = usual
    of_steps = np.full(stages.calendar.size, usual)
    _write_steps(stages, shares, of_steps)
    return Missing(usual, shares, of_steps)


@nb.njit(cache=True)
def count_missing(scans: Scans, stages: Stages, counts: Floats) -> None:
    """Of each place and code the milestones before an item's last one: those not scanned, and all."""
    for item in range(scans.journey.size):
        first, last = stages.first[scans.journey[item]], stages.first[scans.journey[item] + 1]
        heard = False
        for slot in range(last - first, 0, -1):
            stage = stages.rows[first + slot - 1]
            seen = scans.hours[item, slot] >= 0
            if heard:
                counts[0, stage["place"], stage["code"]] += not seen
                counts[1, stage["place"], stage["code"]] += 1
            heard = heard or seen


@nb.njit(cache=True)
def _count_finals(scans: Scans, stages: Stages, latest: int, counts: Floats, rounds: Floats) -> None:
    """Of each place the items that reached the delivery office until an hour: those of no attempt, and all.

    And the items that had an attempt: those of no round, and all.
    """
    for item in range(scans.journey.size):
        first, last = stages.first[scans.journey[item]], stages.first[scans.journey[item] + 1]
        size = last - first
        if size and scans.hours[item, size] >= 0:
            rounds[0, stages.rows[last - 1]["place"]] += scans.extras[item, ROUND] < 0
            rounds[1, stages.rows[last - 1]["place"]] += 1
        if size and 0 <= scans.hours[item, size - 1] <= latest and scans.extras[item, BACK] < 0:
            place = stages.rows[last - 1]["place"]
            counts[0, place] += scans.hours[item, size] < 0
            counts[1, place] += 1


@nb.njit(cache=True)
def _write_steps(stages: Stages, shares: Floats, of_steps: Floats) -> None:
    """How often the scan that ends each step goes missing."""
    for row in range(stages.rows.size):
        stage = stages.rows[row]
        missing = shares[stage["place"], stage["code"]]
        if stage["kind"] == TRAVEL:
            for run in range(stages.leg_first[stage["leg"]], stages.leg_first[stage["leg"] + 1]):
                of_steps[stages.runs[run]["step"]] = missing
        elif stage["first"] >= 0:
            for step in range(stage["first"], stage["first"] + stage["count"]):
                of_steps[step] = shares[stage["place"], ending(stage, stages.refused[step])]


@nb.njit(cache=True)
def ending(stage: Any, refused: bool) -> int:
    """The code that ends a stage, or a refusal in it."""
    if refused and stage["kind"] == CLEAR:
        return EXX if stage["code"] == EXC else EDX
    return int(stage["code"])
