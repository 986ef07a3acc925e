"""Steps that drift: what was completed in the last weeks against what the network makes expect of who was there.

As `learning.drift`, with what makes its counts less certain than independent ones: items of a day go together, and
the weeks of a lane are calm, busy or disrupted as a whole. The count is taken as a Poisson one of as many
independent items as its variance is worth (quasi-Poisson, with the gamma tail).

References
----------
Breslow, Day: Statistical methods in cancer research II, 1987. McCullagh, Nelder: Generalized linear models, 1989
(overdispersion).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numba as nb
import numpy as np
import polars as pl
from numpy.typing import NDArray

from entrepost.base.clock import WEEK_HOURS
from entrepost.journey.learn import priors_of
from entrepost.journey.learning.channels import first_beliefs, weigh_spells
from entrepost.journey.learning.hazard import BIN_OF, EDGES, LONGEST, WIDTHS
from entrepost.journey.learning.hazard_pool import Priors, list_hazards
from entrepost.journey.learning.spell_walk import own_hours
from entrepost.journey.learning.spells import COMPLETED, LOST, Stages
from entrepost.journey.learning.stages import Learnable
from entrepost.journey.silence import Silence

Floats = NDArray[np.float64]
DAY_HOURS = 24

FACTORS = np.arange(1.0, 8.01, 0.05)
"""How many times as long as said a step may take."""


class Drift(NamedTuple):
    """Of each step completions and those expected, the variance of the difference, and how many began a day.

    `chance`: how probable so few completions are if the step is `tolerated` times as slow as said and no slower;
    `slower`: by which factor it is slower than said, at least so with 97.5 % (`least`).
    """

    completed: Floats
    expected: Floats
    variance: Floats
    begun_a_day: Floats
    chance: Floats
    slower: Floats
    least: Floats


def weigh_drift(silence: Silence, hours: int, counted: NDArray[np.bool_], tolerated: float) -> Drift:
    """Weigh the last hours of every step.

    Parameters
    ----------
    silence : Silence
        What was known, and of whom.
    hours : int
        So many hours back from now.
    counted : numpy.ndarray
        Of each item whether it counts: not one whose silence is explained by something else.
    tolerated : float
        A step that is so many times as slow as said is not told.
    """
    from scipy.special import gammaincc, gammainccinv  # a third of a second, and seldom needed

    history = silence.watch.history
    steps, spells = history.tables.steps, history.spells.spells
    priors = priors_of(history.tables.timeline.network, steps)
    weigh_spells(spells, history, first_beliefs(steps, priors))
    cut = max(history.as_of - hours, 0)
    some = spells[counted[spells["item"]] & (spells["outcome"] != LOST) & (spells["ended"] > cut)]
    hazards, _ = list_hazards(priors, np.ones(len(steps)))
    done, due = np.zeros(some.size), np.zeros(some.size)
    _weigh(some, history.stages, np.cumsum(hazards, axis=1), (cut, done, due))
    size, step = len(steps), some["step"]
    completed, expected = (np.bincount(step, each, size).astype(np.float64) for each in (done, due))
    slower = (expected + 1) / (completed + 1)
    variance = _vary(some, done - due / slower[step], size)
    variance = np.maximum(variance, np.maximum(completed, 1.0))
    variance += _vary(some, due / slower[step], size, _lanes(silence, some)) * _unevenness(priors, steps)
    spread = variance / np.maximum(completed, 1.0)
    chance = gammaincc(completed / spread + 1, expected / tolerated / spread)
    most = gammainccinv(completed / spread + 1, 0.025) * spread
    begun = np.bincount(step, some["weight"] * (some["begun"] >= cut) * some["first"], size) * DAY_HOURS / hours
    return Drift(completed, expected, variance, begun, chance, slower, expected / np.maximum(most, 1e-9))


def find_factor(silence: Silence, step: int, hours: int, counted: NDArray[np.bool_]) -> float:
    """How many times as long as said a step took in the last hours: where as many would have been completed.

    To be asked after `weigh_drift`, which shares items out among the channels of a clearance.
    """
    history = silence.watch.history
    spells, cut = history.spells.spells, max(history.as_of - hours, 0)
    some = spells[(spells["step"] == step) & (spells["outcome"] != LOST) & (spells["ended"] > cut)]
    some = some[counted[some["item"]]]
    steps = history.tables.steps
    priors = priors_of(history.tables.timeline.network, steps)
    priors = Priors(priors.figures[[step] * FACTORS.size], priors.factors[[step] * FACTORS.size], priors.shares)
    hazards, _ = list_hazards(priors, FACTORS)
    table = np.zeros((len(steps), hazards.shape[1]))
    for factor, row in zip(FACTORS, np.cumsum(hazards, axis=1), strict=True):
        table[step] = row
        done, due = np.zeros(some.size), np.zeros(some.size)
        _weigh(some, history.stages, table, (cut, done, due))
        if due.sum() <= done.sum():
            return float(factor)
    return float(FACTORS[-1])


@nb.njit(cache=True)
def _weigh(spells: NDArray[Any], stages: Stages, upto: Floats, window: tuple[int, Floats, Floats]) -> None:
    """Of each spell whether it was completed in the window, and the hazard that it went through in it."""
    cut, done, due = window
    for row in range(spells.size):
        spell = spells[row]
        before = 0.0
        if spell["begun"] < cut:
            before = _hazard(upto[spell["step"]], own_hours(stages, spell["step"], spell["begun"], cut), False)
        after = _hazard(upto[spell["step"]], spell["hours"], spell["outcome"] == COMPLETED)
        due[row] = spell["weight"] * max(after - before, 0.0)
        done[row] = spell["weight"] * (spell["outcome"] == COMPLETED)


@nb.njit(cache=True)
def _hazard(upto: Floats, hours: float, completed: bool) -> float:
    """The hazards of the bins up to an hour, added up; the last in proportion to how far in it, unless completed."""
    whole = min(max(int(hours + 0.5), 0), LONGEST)
    at = BIN_OF[whole]
    before = upto[at - 1] if at else 0.0
    part = 1.0 if completed else (whole - EDGES[at] + 1) / WIDTHS[at]
    return float(before + (upto[at] - before) * part)


def _vary(spells: NDArray[Any], values: Floats, size: int, lanes: NDArray[np.int64] | None = None) -> Floats:
    """Of each step the sum, over the days (or the weeks of lanes) in which spells begin, of squared sums."""
    day = spells["begun"].astype(np.int64) // DAY_HOURS if lanes is None else lanes
    rows = pl.DataFrame({"step": spells["step"], "day": day, "value": values})
    sums = rows.group_by("step", "day").agg(pl.col("value").sum()).sort("step", "day")
    squares = sums.get_column("value").to_numpy() ** 2
    found: Floats = np.bincount(sums.get_column("step").to_numpy(), squares, size).astype(np.float64)
    return found


def _lanes(silence: Silence, spells: NDArray[Any]) -> NDArray[np.int64]:
    """Of each spell the number of its lane and week, in which all items fare alike."""
    watch = silence.watch
    ends = watch.journeys.select("route", "area").rows()
    names = {lane: number for number, lane in enumerate(dict.fromkeys(_lane(*end) for end in ends))}
    lanes = np.array([names[_lane(*end)] for end in ends], dtype=np.int64)
    weeks = spells["begun"].astype(np.int64) // WEEK_HOURS
    found: NDArray[np.int64] = weeks * len(names) + lanes[watch.scans.journey[spells["item"]]]
    return found


def _lane(route: str | None, area: str | None) -> tuple[str, str]:
    return (route or "").partition(">")[0], (area or "")[:2]


def _unevenness(priors: Priors, steps: list[Learnable]) -> Floats:
    """Of each step the variance of its pace between weeks, relative to its mean."""
    if not steps:
        return np.zeros(0)
    pace, shares = 1 / priors.factors, priors.shares / priors.shares.sum()
    mean = pace @ shares
    found: Floats = (pace**2) @ shares / mean**2 - 1
    return found
