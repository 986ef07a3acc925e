"""What it says of a step that nothing more was heard of an item: it is there still, went on unscanned, or is lost.

Silence is weighed by all ways that lead to it. That the item is in the step still is one; that it has gone on
and the scan went missing is another, and then the next step may hold it, or its scan may have gone missing too, and
so on to the end of the journey; that it was lost, or refused, is a third. A step is learned from those items whose
scan at its end was sent, or would have been. To these an item belongs that was scanned there, does not belong of
which the scan is missing though later ones are there, and one that is silent with the probability that it is in the
step still and would be scanned at its end. Whether a scan goes missing does not depend on how long the step
took, so these items take as long as all.

References
----------
Little, Rubin: Statistical analysis with missing data, 2002 (missing at random). Dempster, Laird, Rubin: Maximum
likelihood from incomplete data via the EM algorithm, JRSS B 1977.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numba as nb
import numpy as np
from numpy.typing import NDArray

from entrepost.journey.learning.hazard import BIN_OF, BINS, EDGES, LONGEST, WIDTHS
from entrepost.journey.learning.hazard_pool import Floats
from entrepost.journey.learning.missing import Missing
from entrepost.journey.learning.spells import EDG, LOST, Spells, Stages
from entrepost.journey.learning.stages import ATTEMPT, CLEAR, OFFICE, PASS, TRAVEL, WORK

LEAST = 1e-7
"""What is less probable is left out."""

TRUSTED, HALF = 0.02, 0.5
"""Where fewer scans go missing, silence is trusted; elsewhere while this share would be in the step still (assumed)."""


class Beliefs(NamedTuple):
    """What decides what a silence means, by step: shares of channels, shares lost, hazards and who is left by bin."""

    shares: Floats
    lost: Floats
    hazards: Floats
    before: Floats
    missing: Floats
    usual: float


def to_beliefs(shares: Floats, lost: Floats, hazards: Floats, missing: Missing) -> Beliefs:
    """Beliefs, with the share that is left at the begin of each bin."""
    stayed = np.cumprod(1 - hazards, axis=1)
    before = np.concatenate([np.ones((shares.size, 1)), stayed[:, :-1]], axis=1)
    return Beliefs(shares, lost, hazards, before, missing.of_steps, missing.usual)


def weigh_silent(
    spells: NDArray[Any], found: Spells, stages: Stages, beliefs: Beliefs, missing: Missing, trusted: float = 1.0
) -> None:
    """Weigh the spells that no scan ended; of a clearance each channel that it may be in.

    Parameters
    ----------
    spells : numpy.ndarray
        Records of `spells.SPELL`; the weights of those in `found.silent` are written over.
    found : Spells
        Where they stand, and in which stage.
    stages : Stages
        The stages of all journeys.
    beliefs : Beliefs
        As believed so far.
    missing : Missing
        How often scans go missing.
    trusted : float
        Where more of them do, a spell does not count any more when most like it have ended (see `learning.twins`).
    """
    silent = found.silent
    if not silent.size:
        return
    journey = np.searchsorted(stages.first, silent["row"], side="right") - 1
    needed = np.full(stages.first.size - 1, stages.rows.size, dtype=np.int64)
    np.minimum.at(needed, journey, silent["row"] + 1)
    longest = int((spells["ended"] - spells["begun"])[silent["spell"]].max())
    curves = list_curves(stages, needed, beliefs, missing.shares, longest)
    _weigh(spells, silent, stages, beliefs, (curves, stages.first[journey + 1], trusted))


def list_curves(stages: Stages, needed: NDArray[np.int64], beliefs: Beliefs, shares: Floats, longest: int) -> Any:
    """How probable it is, from the begin of each stage on, to hear nothing for so many hours: (stages, bins).

    Parameters
    ----------
    needed : numpy.ndarray
        Shape (journeys,): the first stage of each that is asked for; beyond its last for none.
    shares : numpy.ndarray
        How often scans go missing, by place and code.
    longest : int
        No longer silence is asked for.
    """
    curves = np.ones((stages.rows.size, BINS), dtype=np.float32)
    size = min(int(BIN_OF[min(longest, LONGEST)]) + 2, BINS)
    open_shares = stages.opened[:, -1] / max(stages.opened.shape[1] - 1, 1) if stages.opened.size else np.ones(1)
    _list_curves(stages, needed, beliefs, (shares, np.maximum(open_shares, 1e-3), size), curves)
    return curves


@nb.njit(cache=True)
def _list_curves(stages: Stages, needed: NDArray[np.int64], beliefs: Beliefs, asked: Any, curves: Any) -> None:
    stays, quiet, after = np.empty(BINS), np.empty(BINS), np.empty(BINS)
    for journey in range(needed.size):
        after[:] = 1.0
        for at in range(stages.first[journey + 1] - 1, needed[journey] - 1, -1):
            stage = stages.rows[at]
            _stay(stages, stage, beliefs, asked, (stays, quiet))
            missing = asked[0][stage["place"], stage["code"]]
            missing *= asked[0][stage["place"], EDG] if stage["kind"] == ATTEMPT else 1.0
            for cell in range(asked[2]):
                passed = _pass_all(stays, after, cell) if missing > LEAST else 0.0
                curves[at, cell] = min(stays[cell] + quiet[cell] + missing * passed, 1.0)
            for cell in range(BINS):
                after[cell] = curves[at, cell]


@nb.njit(cache=True)
def _pass_all(stays: Floats, after: Floats, cell: int) -> float:
    """How probable it is to have passed a stage within so many hours, and to be silent since."""
    passed = 0.0
    for begin in range(cell):
        gone = stays[begin] - stays[begin + 1]
        if gone > LEAST:
            passed += gone * at_hours(after, EDGES[cell] - 0.5 * (EDGES[begin] + EDGES[begin + 1]))
    return passed


@nb.njit(cache=True)
def at_hours(curve: Any, hours: float) -> float:
    """The value of a curve over `EDGES` at any hour."""
    if hours <= 0:
        return float(curve[0])
    cell = BIN_OF[min(int(hours), LONGEST)]
    if cell + 1 >= curve.size:
        return float(curve[cell])
    share = (hours - EDGES[cell]) / (EDGES[cell + 1] - EDGES[cell])
    return float(curve[cell] + share * (curve[cell + 1] - curve[cell]))


@nb.njit(cache=True)
def _stay(stages: Stages, stage: Any, beliefs: Beliefs, asked: Any, found: tuple[Floats, Floats]) -> None:
    """By calendar hours who is in a stage still, and who never leaves it for the next: lost or refused, and silent."""
    stays, quiet = found
    stays[:], quiet[:] = 0.0, 0.0
    kind = stage["kind"]
    if stage["first"] < 0 or kind not in (WORK, TRAVEL, CLEAR, OFFICE):
        stays[0] = 1.0
        for cell in range(1, BINS if kind != PASS else 1):
            stays[cell] = _wait(stage, EDGES[cell])
        return
    for step in range(stage["first"], stage["first"] + stage["count"]):
        share = beliefs.shares[step] if kind == CLEAR else 1.0
        share *= beliefs.usual if stages.held[step] > 0 else 1.0
        calendar = stages.calendar[step]
        pace = asked[1][calendar] if calendar >= 0 else 1.0
        for cell in range(BINS):
            left = remain(beliefs, step, EDGES[cell] * pace - 0.5)
            if stages.refused[step]:
                quiet[cell] += share * (left + (1 - left) * beliefs.missing[step])
            else:
                stays[cell] += share * (1 - beliefs.lost[step]) * left
                quiet[cell] += share * beliefs.lost[step]


@nb.njit(cache=True)
def _wait(stage: Any, hours: float) -> float:
    """A rough chance of a wait to last longer: as long as usual for all, then exponential."""
    beyond = max(hours - stage["median"], 0.0) / max(stage["p90"] - stage["median"], 1.0)
    return float(np.exp(-2.3 * beyond))


@nb.njit(cache=True)
def remain(beliefs: Beliefs, step: int, hours: float) -> float:
    """The share that is in a step still after so many of its own hours, if it is not lost."""
    if hours < 0:
        return 1.0
    whole = min(int(hours + 0.5), LONGEST)
    at = BIN_OF[whole]
    return float(beliefs.before[step, at] * (1 - beliefs.hazards[step, at] * (whole - EDGES[at] + 1) / WIDTHS[at]))


@nb.njit(cache=True)
def _weigh(spells: NDArray[Any], silent: NDArray[Any], stages: Stages, beliefs: Beliefs, ahead: Any) -> None:
    curves, lasts, trusted = ahead
    for number in range(silent.size):
        one = silent[number]
        begin, end = one["spell"], one["spell"] + one["count"]
        after = one["row"] + 1 if one["row"] + 1 < lasts[number] else -1
        whole, there, all_left = 0.0, 0.0, 0.0
        for row in range(begin, end):
            spell = spells[row]
            step = spell["step"]
            share = beliefs.shares[step] * chance_unscanned(stages.held[step], beliefs.usual, not one["held"])
            left, missing = remain(beliefs, step, spell["hours"]), beliefs.missing[step]
            gone = 1 - left
            if not stages.refused[step] and after >= 0:
                gone = _pass(beliefs, spell, curves[after])
            lost, here = share * beliefs.lost[step], share * (1 - beliefs.lost[step])
            whole += lost + here * (left + missing * gone)
            there, all_left = there + here, all_left + here * left
            spell["weight"] = lost if spell["outcome"] == LOST else here * left * (1 - missing)
        for row in range(begin, end):
            spell = spells[row]
            doubted = spell["outcome"] != LOST and beliefs.missing[spell["step"]] >= trusted
            spell["weight"] *= 0.0 if doubted and all_left < HALF * there else 1.0 / max(whole, 1e-12)


@nb.njit(cache=True)
def chance_unscanned(gives: int, usual: float, quiet: bool) -> float:
    """How probable it is that no hold was scanned where none was, in a channel that gives a reason or none."""
    return usual if gives > 0 and quiet else 1.0


@nb.njit(cache=True)
def _pass(beliefs: Beliefs, spell: Any, after: Any) -> float:
    """How probable it is that an item has passed its step since, if it is not lost, and that all was silent after."""
    hours = min(max(int(spell["hours"] + 0.5), 0), LONGEST)
    elapsed = float(spell["ended"] - spell["begun"])
    step, last, pace = spell["step"], BIN_OF[hours], elapsed / (hours + 1.0)
    passed = 0.0
    for cell in range(last + 1):
        upto = min(EDGES[cell] + WIDTHS[cell], hours + 1.0)
        gone = beliefs.before[step, cell] * beliefs.hazards[step, cell] * (upto - EDGES[cell]) / WIDTHS[cell]
        if gone > LEAST:
            passed += gone * at_hours(after, elapsed - 0.5 * (EDGES[cell] + upto) * pace)
    return passed
