"""Those who are in a step still, told by those who have left it: right truncation.

Where scans go missing, long silence tells little: most of the silent went on unscanned, and where they are now (before
a full departure, say) decides how silent they are. But whoever was scanned at both ends of a step was seen only
because the step took no longer than it is since. Of items that began as long ago and would be scanned at the end, so
many are in the step still for each that has left it as are expected to last longer, over those that are not: an
unseen *twin* under way stands for them. Only where most would be there still does silence tell more than
those that have left.

References
----------
Lynden-Bell: A method of allowing for known observational selection in small samples, MNRAS 1971. Turnbull: The
empirical distribution function with arbitrarily grouped, censored and truncated data, JRSS B 1976.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numba as nb
import numpy as np
from numpy.typing import NDArray

from entrepost.journey.learning.hazard_pool import Floats
from entrepost.journey.learning.silence import HALF, TRUSTED, Beliefs, chance_unscanned, remain
from entrepost.journey.learning.spell_walk import own_hours
from entrepost.journey.learning.spells import COMPLETED, UNDER_WAY, Stages

WIDE = 4.0
"""Nobody has a twin who began more than so many P90 ago, as said so far (assumed)."""

MOST = 4.0
"""A twin stands for no more than so many."""

TWIN = np.dtype([(name, np.int64) for name in ("source", "first", "count")])


class Twins(NamedTuple):
    """All spells, the twins behind the others, and of each twin its spell and the candidates beside that."""

    spells: NDArray[Any]
    twins: NDArray[Any]


def with_twins(spells: NDArray[Any], stages: Stages, missing: Floats, p90: Floats, as_of: int) -> Twins:
    """Spells with a twin for each that has been left lately, where scans go missing.

    Parameters
    ----------
    spells : numpy.ndarray
        Records of `spells.SPELL`.
    stages : Stages
        Whose calendars count.
    missing, p90 : numpy.ndarray
        Shape (steps,): how often the scan at the end goes missing; the P90 as said so far, hours.
    as_of : int
        The hour at which twins are under way.
    """
    some = np.flatnonzero(missing >= TRUSTED)
    if not some.size or not spells.size:
        return Twins(spells, np.empty(0, dtype=TWIN))
    sources = np.empty(spells.size, dtype=np.int64)
    hours = np.empty(spells.size, dtype=np.float32)
    limits = np.where(missing >= TRUSTED, WIDE * p90, -1.0)
    count = _list_sources(spells, stages, limits, as_of, (sources, hours))
    twins = np.empty(count, dtype=TWIN)
    found = spells[sources[:count]].copy()
    found["ended"], found["hours"] = as_of, hours[:count]
    found["outcome"], found["weight"], found["first"] = UNDER_WAY, 0.0, True
    _list_groups(spells, sources[:count], twins)
    return Twins(np.concatenate([spells, found]), twins)


@nb.njit(cache=True)
def _list_sources(spells: NDArray[Any], stages: Stages, limits: Floats, as_of: int, found: Any) -> int:
    count = 0
    for row in range(spells.size):
        spell = spells[row]
        limit = limits[spell["step"]]
        if spell["outcome"] != COMPLETED or limit < 0:
            continue
        if stages.calendar[spell["step"]] < 0 and as_of - spell["begun"] > limit:
            continue
        hours = own_hours(stages, spell["step"], spell["begun"], as_of)
        if hours <= limit:
            found[0][count], found[1][count] = row, hours
            count += 1
    return count


@nb.njit(cache=True)
def _list_groups(spells: NDArray[Any], sources: NDArray[np.int64], twins: NDArray[Any]) -> None:
    for number in range(sources.size):
        begin, end = sources[number], sources[number] + 1
        while not spells[begin]["first"]:
            begin -= 1
        while end < spells.size and not spells[end]["first"]:
            end += 1
        twins[number]["source"], twins[number]["first"] = sources[number], begin
        twins[number]["count"] = end - begin


@nb.njit(cache=True)
def weigh_twins(
    spells: NDArray[Any], twins: NDArray[Any], beliefs: Beliefs, held: NDArray[np.int8], refused: NDArray[np.bool_]
) -> None:
    """Weigh twins by how many last longer than it is since, for each that does not."""
    behind = spells.size - twins.size
    for number in range(twins.size):
        one, twin = twins[number], spells[behind + number]
        quiet, here, left = False, 0.0, 0.0
        for row in range(one["first"], one["first"] + one["count"]):
            step = spells[row]["step"]
            quiet = quiet or (held[step] == 0 and not refused[step])
        for row in range(one["first"], one["first"] + one["count"]):
            step = spells[row]["step"]
            share = beliefs.shares[step] * chance_unscanned(held[step], beliefs.usual, quiet)
            here += share
            left += share * remain(beliefs, step, twin["hours"])
        longer = remain(beliefs, twin["step"], twin["hours"])
        odds = min(longer / max(1 - longer, 1e-6), MOST)
        twin["weight"] = spells[one["source"]]["weight"] * odds if left < HALF * here else 0.0
