"""Which customs channel an item went through, where the scans leave it open: by how probable each is."""

from __future__ import annotations

from typing import Any, NamedTuple

import numba as nb
import numpy as np
from numpy.typing import NDArray

from entrepost.journey.learning.hazard import BIN_OF, LONGEST, WIDTHS
from entrepost.journey.learning.hazard_pool import Floats, Priors, list_hazards, shrink, sums
from entrepost.journey.learning.scans import History
from entrepost.journey.learning.silence import TRUSTED, Beliefs, chance_unscanned, to_beliefs, weigh_silent
from entrepost.journey.learning.spells import COMPLETED, LOST
from entrepost.journey.learning.stages import Learnable
from entrepost.journey.learning.twins import weigh_twins

LEAST_SCANNED = 0.02
"""Where fewer scans are sent, it is not believed that so many more items went through (assumed)."""


class Believed(NamedTuple):
    """What is believed so far, by step: the shares of channels (1 for other steps), the shares lost, hazards by bin."""

    shares: Floats
    lost: Floats
    hazards: Floats


def first_beliefs(steps: list[Learnable], priors: Priors) -> Believed:
    """What the folder says."""
    shares, lost = (np.array([getattr(step, name) for step in steps]) for name in ("share", "lost"))
    return Believed(shares, lost, list_hazards(priors, np.ones(len(steps)))[0])


def weigh_spells(
    spells: NDArray[Any], history: History, believed: Believed, twins: NDArray[Any] | None = None
) -> Floats:
    """Weigh the spells that scans leave open, and return the share of each channel.

    Those are clearances that may have taken several channels, and the spells of items that are silent.

    Parameters
    ----------
    spells : numpy.ndarray
        Their weights are written over; those of one completed clearance keep their sum.
    history : History
        Whose spells they are.
    believed : Believed
        As believed so far.
    twins : numpy.ndarray, optional
        Of the last spells, which stand for those that are under way still (`learning.twins`).
    """
    stages, missing = history.stages, history.missing
    beliefs = to_beliefs(*believed, missing)
    _weigh(spells, beliefs, stages.held, stages.refused)
    weigh_silent(spells, history.spells, stages, beliefs, missing, 1.0 if twins is None else TRUSTED)
    if twins is not None and twins.size:
        weigh_twins(spells, twins, beliefs, stages.held, stages.refused)
    there = _sum_weights(spells, believed.shares.size) / np.maximum(1 - missing.of_steps, LEAST_SCANNED)
    return learn_shares(history.tables.steps, there, believed.shares)


def learn_shares(steps: list[Learnable], passed: Floats, shares: Floats) -> Floats:
    """The shares of channels from how many went through each; those of one place sum to what they did."""
    clears = [number for number, step in enumerate(steps) if step.table == "clearance"]
    if not clears:
        return shares
    at = np.array(clears)
    group = np.array([steps[number].group for number in clears])
    name_of = {name: number for number, name in enumerate(dict.fromkeys(steps[number].name for number in clears))}
    name = np.array([name_of[steps[number].name] for number in clears])
    old = np.array([steps[number].share for number in clears])
    expected = sums(group, passed[at])[group] * old
    alike, _ = shrink(sums(name, passed[at]), sums(name, expected), np.ones(len(name_of)))
    rates, _ = shrink(passed[at], expected, alike[name])
    found = old * rates
    whole = sums(group, old) / np.maximum(sums(group, found), 1e-12)
    result = shares.copy()
    result[at] = found * whole[group]
    return result


@nb.njit(cache=True)
def _weigh(spells: NDArray[Any], beliefs: Beliefs, held: NDArray[np.int8], refused: NDArray[np.bool_]) -> None:
    begin = 0
    while begin < spells.size:
        end = begin + 1
        while end < spells.size and not spells[end]["first"]:
            end += 1
        if end > begin + 1 and spells[begin]["outcome"] == COMPLETED:
            _weigh_one(spells[begin:end], beliefs, held, refused)
        begin = end


@nb.njit(cache=True)
def _weigh_one(spells: NDArray[Any], beliefs: Beliefs, held: NDArray[np.int8], refused: NDArray[np.bool_]) -> None:
    """Share one clearance out among its channels."""
    quiet, total, whole = False, 0.0, 0.0
    for row in range(spells.size):
        step = spells[row]["step"]
        quiet = quiet or (held[step] == 0 and not refused[step])
        whole += spells[row]["weight"]
    for row in range(spells.size):
        step = spells[row]["step"]
        cell = BIN_OF[min(max(int(spells[row]["hours"] + 0.5), 0), LONGEST)]
        weight = beliefs.shares[step] * max(beliefs.before[step, cell], 1e-12)
        weight *= max(beliefs.hazards[step, cell], 1e-12) / WIDTHS[cell]
        weight *= chance_unscanned(held[step], beliefs.usual, quiet)
        spells[row]["weight"] = weight
        total += weight
    for row in range(spells.size):
        spells[row]["weight"] *= whole / total


@nb.njit(cache=True)
def _sum_weights(spells: NDArray[Any], steps: int) -> Floats:
    """Of each step the items that went through it, or are in it still."""
    there = np.zeros(steps)
    for row in range(spells.size):
        if spells[row]["outcome"] != LOST:
            there[spells[row]["step"]] += spells[row]["weight"]
    return there
