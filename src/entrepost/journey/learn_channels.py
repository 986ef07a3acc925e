"""Which customs channel an item went through, where the scans leave it open: by how probable each is."""

from __future__ import annotations

from typing import Any, NamedTuple

import numba as nb
import numpy as np
from numpy.typing import NDArray

from entrepost.journey.hazard import BIN_OF, LONGEST, WIDTHS
from entrepost.journey.hazard_pool import Floats, Priors, list_hazards, shrink, sums
from entrepost.journey.learn_scans import History
from entrepost.journey.learn_stages import Learnable
from entrepost.journey.spells import COMPLETED


def share_channels(
    spells: NDArray[Any], history: History, priors: Priors, shares: Floats, hazards: Floats | None
) -> Floats:
    """Weigh the channels that each clearance may have taken, and return the share of each channel.

    Parameters
    ----------
    spells : numpy.ndarray
        Their weights are written over; those of one clearance keep their sum.
    history : History
        Whose spells they are.
    priors : Priors
        The old figures of the steps.
    shares : numpy.ndarray
        Shape (steps,): of each channel the share as believed so far; 1 for other steps.
    hazards : numpy.ndarray, optional
        Shape (steps, bins): as learned so far; missing: the old figures.
    """
    first = hazards is None
    if hazards is None:
        hazards, _ = list_hazards(priors, np.ones(shares.size))
    stayed = np.cumprod(1 - hazards, axis=1)
    before = np.concatenate([np.ones((shares.size, 1)), stayed[:, :-1]], axis=1)
    stages = history.stages
    _weigh(spells, Beliefs(shares, hazards, before, stages.held, stages.refused, history.unscanned), first)
    return learn_shares(history.tables.steps, _passed(spells, shares.size), shares)


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


class Beliefs(NamedTuple):
    """What decides between channels; `unscanned`: the share of scans that go missing."""

    shares: Floats
    hazards: Floats
    before: Floats
    held: NDArray[np.int8]
    refused: NDArray[np.bool_]
    unscanned: float


@nb.njit(cache=True)
def _weigh(spells: NDArray[Any], beliefs: Beliefs, first: bool) -> None:
    begin = 0
    while begin < spells.size:
        end = begin + 1
        while end < spells.size and not spells[end]["first"]:
            end += 1
        if end > begin + 1:
            whole = spells[begin]["weight"] if first else spells["weight"][begin:end].sum()
            _weigh_one(spells[begin:end], beliefs, whole)
        begin = end


@nb.njit(cache=True)
def _weigh_one(spells: NDArray[Any], beliefs: Beliefs, whole: float) -> None:
    """Share one clearance out among its channels."""
    quiet, total = False, 0.0
    for row in range(spells.size):
        step = spells[row]["step"]
        quiet = quiet or (beliefs.held[step] == 0 and not beliefs.refused[step])
    for row in range(spells.size):
        step = spells[row]["step"]
        cell = BIN_OF[min(max(int(spells[row]["hours"] + 0.5), 0), LONGEST)]
        weight = beliefs.shares[step] * max(beliefs.before[step, cell], 1e-12)
        if spells[row]["outcome"] == COMPLETED:
            weight *= max(beliefs.hazards[step, cell], 1e-12) / WIDTHS[cell]
        if quiet and beliefs.held[step] > 0:
            weight *= beliefs.unscanned
        spells[row]["weight"] = weight
        total += weight
    for row in range(spells.size):
        spells[row]["weight"] *= whole / total


@nb.njit(cache=True)
def _passed(spells: NDArray[Any], steps: int) -> Floats:
    passed = np.zeros(steps)
    for row in range(spells.size):
        if spells[row]["outcome"] == COMPLETED:
            passed[spells[row]["step"]] += spells[row]["weight"]
    return passed
