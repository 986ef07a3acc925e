"""Items that were sent back: their way back is no way out, and where they turned ends a step in another way.

A return begins with an event EDX, or is seen by scans that only it can have: of leaving the country to which the
item went, or of arriving in the one that it came from. Scans from then on say nothing of the way out. In which
step an item was when it turned is open where scans before are missing: then each step that it may have reached is
weighed by how often items turn in such steps and how probable it is that the scans up to it went missing.
"""

from __future__ import annotations

from typing import Any

import numba as nb
import numpy as np
from numpy.typing import NDArray

from entrepost.journey.learning.hazard_pool import Floats
from entrepost.journey.learning.spells import (
    BACK,
    EDC,
    EDG,
    EDH,
    EDX,
    EMF,
    EMG,
    EMH,
    EMI,
    EXB,
    EXC,
    EXX,
    Events,
    Scans,
    Spells,
    Stages,
)
from entrepost.journey.learning.stages import ATTEMPT, CLEAR

EMA, EMB, EXA, EMC, EMD, EDB, EME = 0, 1, 2, 4, 7, 8, 16
OUTWARD = (EMA, EMB, EXA, EXC, EMC, EXB, EXX)
"""Scans in the country that an item leaves."""

LEAVING = (EXA, EXC, EMC, EXB, EXX)
"""Those that say that it leaves the country; accepted mail may still stay there."""

INWARD = (EMD, EDB, EME, EDC, EMF, EMG, EDG, EMI, EMH, EDH)
"""Scans in the country that an item comes to."""

ROUNDS = 30
"""So often it is weighed anew in which kind of step items turn."""

KINDS = 16
"""Kinds of stages, and those of clearance by whether they are import or export."""


def leave_out_way_back(events: Events, scans: Scans, stages: Stages) -> Events:
    """The events of the way out; by when each item was on its way back is written into the scans."""
    _find_way_back(events, scans, stages)
    if scans.extras[:, BACK].max(initial=-1) < 0:
        return events
    kept = _is_of_way_out(events, scans, stages)
    return Events(events.item[kept], events.code[kept], events.place[kept], events.hour[kept], events.reason[kept])


@nb.njit(cache=True)
def _find_way_back(events: Events, scans: Scans, stages: Stages) -> None:
    for event in range(events.item.size):
        who, code = events.item[event], events.code[event]
        found = code == EDX
        if not found and (code in LEAVING or code in INWARD):
            found = _is_elsewhere(stages, scans.journey[who], code, events.place[event])
        if found and (scans.extras[who, BACK] < 0 or events.hour[event] < scans.extras[who, BACK]):
            scans.extras[who, BACK] = events.hour[event]


@nb.njit(cache=True)
def _is_elsewhere(stages: Stages, journey: int, code: int, place: int) -> bool:
    """Whether a scan of leaving is in the country of the journey's end, or one of arriving in that of its begin."""
    first, last = stages.first[journey], stages.first[journey + 1]
    if first == last:
        return False
    start = stages.countries[stages.rows[first]["place"]]
    end = stages.countries[stages.rows[last - 1]["place"]]
    country = stages.countries[place]
    if start == end or country < 0:
        return False
    return bool(country == (end if code in OUTWARD else start))


@nb.njit(cache=True)
def _is_of_way_out(events: Events, scans: Scans, stages: Stages) -> NDArray[np.bool_]:
    kept = np.ones(events.item.size, dtype=np.bool_)
    for event in range(events.item.size):
        who, code, hour = events.item[event], events.code[event], events.hour[event]
        back = scans.extras[who, BACK]
        if code == EDX or back < 0 or hour < back:
            continue
        kept[event] = (
            hour == back and code in INWARD and not _is_elsewhere(stages, scans.journey[who], code, events.place[event])
        )
    return kept


@nb.njit(cache=True)
def find_reached(scans: Scans, stages: Stages, item: int) -> int:
    """The stage, counted from the journey's first, that holds and rounds show an item to have reached; 0 for none."""
    extras = scans.extras[item]
    first, last = stages.first[scans.journey[item]], stages.first[scans.journey[item] + 1]
    if extras[4] >= 0:
        return int(last - first - 1)
    reached = 0
    for row in range(first, last):
        if stages.rows[row]["kind"] == CLEAR:
            abroad = stages.rows[row]["code"] != EXC
            if extras[1 if abroad else 0] >= 0:
                reached = row - first
    return int(reached)


def weigh_returned(stages: Stages, spells: Spells, missing: Floats) -> None:
    """Weigh the spells that may have ended with an item's return by how probable it is that they did."""
    if spells.returned.size:
        _weigh_returned(stages, spells.spells, spells.returned, missing)


@nb.njit(cache=True)
def _weigh_returned(stages: Stages, spells: NDArray[Any], returned: NDArray[Any], missing: Floats) -> None:
    rates, sums, chances = np.ones(KINDS), np.zeros(KINDS), np.zeros(64)
    for turn in range(ROUNDS):
        sums[:] = 0.0
        for number in range(returned.size):
            one = returned[number]
            total, unscanned, size = 0.0, 1.0, one["last"] - one["row"]
            for at in range(size):
                stage = stages.rows[one["row"] + at]
                chances[at] = unscanned * rates[_kind_of(stage)]
                unscanned *= missing[stage["place"], stage["code"]]
                total += chances[at]
            for at in range(size):
                sums[_kind_of(stages.rows[one["row"] + at])] += chances[at] / max(total, 1e-12)
            if turn == ROUNDS - 1 and one["spell"] >= 0:
                spells[one["spell"]]["weight"] = chances[0] / max(total, 1e-12)
        rates = sums / returned.size + 1e-9


@nb.njit(cache=True)
def _kind_of(stage: Any) -> int:
    """The kind of a stage, import and export apart."""
    return int(stage["kind"]) + (8 if stage["code"] in INWARD or stage["kind"] == ATTEMPT else 0)
