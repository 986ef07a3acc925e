"""How calm, busy and disrupted weeks of a lane differ: a mixture over what whole weeks have in common.

A *lane's week* is all items from one origin to one country that began in a week. Within it, durations of one kind
of step (work, travel, clearance, last mile) share a factor. What each factor would make of the week's spells is weighed
on a grid; a mixture of regimes, each with four factors, is fitted to the weeks by expectation and maximisation. What
lasts longer than a quarter is not a regime but a change of the steps: each week is compared with the median of its
lane's weeks around it. What was said before weighs as much as some weeks, and stays where nothing clearly better was
found.

References
----------
McLachlan, Peel: Finite mixture models, 2000. Schwarz: Estimating the dimension of a model, Annals of Statistics 1978.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

import numba as nb
import numpy as np
from numpy.typing import NDArray

from entrepost.base.clock import WEEK_HOURS
from entrepost.journey.learning.hazard import BIN_OF, EDGES, LONGEST, WIDTHS
from entrepost.journey.learning.hazard_pool import FACTORS, Floats, Numbers, Priors, tabulate
from entrepost.journey.learning.scans import History
from entrepost.journey.learning.spells import COMPLETED, LOST
from entrepost.journey.learning.stages import OFFICE
from entrepost.network.regime import Regime

KINDS = {"processing": "work_factor", "departures": "travel_factor", "clearance": "clear_factor"}
NAMES = ("work_factor", "travel_factor", "clear_factor", "deliver_factor")
"""The factors of a regime, in the order of the kinds of steps."""

START = (
    Regime("calm", 700_000, 0.9, 0.95, 0.9, 0.9, "assumed"),
    Regime("busy", 220_000, 1.2, 1.05, 1.2, 1.2, "assumed"),
    Regime("disrupted", 80_000, 1.7, 1.2, 1.8, 1.6, "assumed"),
)
"""What is believed before anything was seen, of a network that tells no regimes apart (assumed)."""

STEP = float(np.log(FACTORS[1] / FACTORS[0]))
BELOW, ABOVE = 22, 36
GRID = STEP * np.arange(-BELOW, ABOVE + 1)
"""Logarithms of the factors that are weighed, from 0.43 to 4."""

MOST = 100
"""So many spells of a lane's week and kind are weighed: more would tell nothing but their own shocks."""

ENOUGH = 10
"""So many spells must a lane's week have, and so many weeks a kind, to be compared."""

AROUND = 6
"""Weeks before and after with which a lane's week is compared."""

FAITH_FACTORS, FAITH_SHARES = 5.0, 10.0
"""What was said of factors and shares weighs as much as so many lane-weeks (assumed)."""

ROUNDS = 200


class Lanes(NamedTuple):
    """Of each item its lane's week, and of each lane's week its lane and week."""

    of_item: Numbers
    lane: Numbers
    week: Numbers


class Mix(NamedTuple):
    """Regimes as arrays: (regimes,) shares, (regimes, 4) logarithms of factors."""

    shares: Floats
    factors: Floats


@dataclass(frozen=True)
class Weighed:
    """What each factor makes of a lane's week: (weeks, 4, grid) log likelihoods, (weeks, 4) spells weighed."""

    likelihoods: Floats
    spells: Numbers


def learn_regimes(
    regimes: Sequence[Regime], history: History, spells: NDArray[Any], scale: Floats, day: date
) -> tuple[Regime, ...]:
    """The regimes that the weeks of a history show, or the old ones where they show nothing clearly better.

    Parameters
    ----------
    regimes : sequence of Regime
        As believed so far.
    history : History
        Whose steps, lanes and weeks they are.
    spells : numpy.ndarray
        Records of `spells.SPELL`; those that were inferred do not count.
    scale : numpy.ndarray
        Shape (steps,): how much longer each step takes than the folder says, over all weeks.
    day : date
        As of when, for the source of a learned row.
    """
    lanes = list_lane_weeks(history)
    weighed = compare_weeks(weigh_weeks(history, spells, scale, lanes), lanes)
    told = (weighed.spells >= ENOUGH).sum(axis=0) >= ENOUGH
    weeks = int((weighed.spells[:, told] >= ENOUGH).any(axis=1).sum()) if told.any() else 0
    if weeks < 2 * ENOUGH:
        return tuple(regimes)
    old = to_mix(regimes)
    begin = old if len(regimes) > 1 else to_mix(START)
    found = fit_mixture(weighed, begin, told)
    cells = (begin.shares.size - 1) + begin.shares.size * int(told.sum())
    gain = log_likelihood(weighed, found) - log_likelihood(weighed, _centred(old))
    if gain < 0.5 * cells * math.log(weeks):
        return tuple(regimes)
    names = regimes if len(regimes) > 1 else START
    return _to_regimes(names, _like(found, old, told), f"learned {day} from {weeks:,} lane-weeks")


def list_lane_weeks(history: History) -> Lanes:
    """The lane's week of each item; -1 for items on a journey that the network does not have."""
    numbers: dict[tuple[int, str], int] = {}
    lanes = np.full(history.stages.first.size - 1, -1, dtype=np.int64)
    for journey in range(lanes.size):
        rows = history.stages.rows[history.stages.first[journey] : history.stages.first[journey + 1]]
        ends = rows[rows["kind"] == OFFICE]
        if ends.size:
            named = (int(rows[0]["place"]), history.tables.steps[int(ends[0]["first"])].country)
            lanes[journey] = numbers.setdefault(named, len(numbers))
    lane = lanes[history.journey]
    week = (history.started + history.tables.timeline.first_hour + 72) // WEEK_HOURS
    known = (lane >= 0) & (history.started >= 0)
    pairs, member = np.unique(np.stack([lane[known], week[known]], axis=1), axis=0, return_inverse=True)
    of_item = np.full(lane.size, -1, dtype=np.int64)
    of_item[known] = member.reshape(-1)
    return Lanes(of_item, pairs[:, 0], pairs[:, 1])


def weigh_weeks(history: History, spells: NDArray[Any], scale: Floats, lanes: Lanes) -> Weighed:
    """Weigh every factor of the grid against the spells of each lane's week and kind of step."""
    steps = history.tables.steps
    figures = np.array([(step.old.hours_min, step.old.hours_p50, step.old.hours_p90) for step in steps])
    table = tabulate(Priors(figures, np.ones((len(steps), 1)), np.ones(1)))
    stayed = np.cumsum(table.stays, axis=2, dtype=np.float32)
    kinds = np.array([list(KINDS).index(step.table) if step.table in KINDS else len(KINDS) for step in steps])
    size = lanes.lane.size
    weighed = Weighed(np.zeros((size, len(NAMES), GRID.size)), np.zeros((size, len(NAMES)), dtype=np.int64))
    begin = np.log(scale) / STEP + (FACTORS.size - 1) / 2 - BELOW
    tables, arrays = (table.happens, table.stays, stayed), (weighed.likelihoods, weighed.spells)
    _weigh(spells, lanes.of_item, (table.number, kinds, begin), tables, arrays)
    return weighed


@nb.njit(cache=True)
def _weigh(spells: NDArray[Any], of_item: Numbers, steps: Any, tables: Any, found: Any) -> None:
    number, kinds, begins = steps
    likelihoods, counts = found
    whole = np.zeros(counts.shape, dtype=np.int64)
    for row in range(spells.size):
        week = of_item[spells[row]["item"]] if spells[row]["item"] >= 0 else -1
        if week >= 0 and spells[row]["outcome"] != LOST:
            whole[week, kinds[spells[row]["step"]]] += 1
    seen = np.zeros(counts.shape, dtype=np.int64)
    for row in range(spells.size):
        spell = spells[row]
        week = of_item[spell["item"]] if spell["item"] >= 0 else -1
        if week < 0 or spell["outcome"] == LOST:
            continue
        kind = kinds[spell["step"]]
        seen[week, kind] += 1
        if (seen[week, kind] - 1) % (1 + (whole[week, kind] - 1) // MOST) == 0:
            counts[week, kind] += 1
            _add(spell, (number[spell["step"]], begins[spell["step"]]), tables, likelihoods[week, kind])


@nb.njit(cache=True)
def _add(spell: Any, step: tuple[int, float], tables: Any, likelihoods: Floats) -> None:
    """Add what each factor makes of one spell; between two scales of the table it is interpolated."""
    hours = min(max(int(spell["hours"] + 0.5), 0), LONGEST)
    at = BIN_OF[hours]
    last = tables[0].shape[1] - 1
    for factor in range(likelihoods.size):
        place = min(max(step[1] + factor, 0.0), float(last))
        low = min(int(place), last - 1)
        for scale, share in ((low, low + 1 - place), (low + 1, place - low)):
            told = float(tables[2][step[0], scale, at] - tables[1][step[0], scale, at])
            if spell["outcome"] == COMPLETED:
                told += tables[0][step[0], scale, at]
            else:
                told += tables[1][step[0], scale, at] * (hours - EDGES[at] + 1) / WIDTHS[at]
            likelihoods[factor] += share * spell["weight"] * told


def compare_weeks(weighed: Weighed, lanes: Lanes) -> Weighed:
    """Each lane's week against the median of the weeks around it, so that a lasting change is no regime."""
    best = GRID[weighed.likelihoods.argmax(axis=2)]
    moved = weighed.likelihoods.copy()
    for kind in range(best.shape[1]):
        told = weighed.spells[:, kind] >= ENOUGH
        for lane in np.unique(lanes.lane[told]):
            own = np.flatnonzero(told & (lanes.lane == lane))
            near = np.abs(lanes.week[own][:, None] - lanes.week[own]) <= AROUND
            for row, beside in zip(own, near, strict=True):
                usual = float(np.median(best[own[beside], kind]))
                moved[row, kind] = np.interp(GRID + usual, GRID, weighed.likelihoods[row, kind])
        moved[~told, kind] = 0.0
    return Weighed(moved, weighed.spells)


def to_mix(regimes: Sequence[Regime]) -> Mix:
    """Regimes as arrays."""
    shares = np.array([row.share_per_million for row in regimes], dtype=np.float64)
    return Mix(shares / shares.sum(), np.log([[getattr(row, name) for name in NAMES] for row in regimes]))


def _centred(mix: Mix) -> Mix:
    """The same differences, around the regime that is usual: weeks are compared with the usual one."""
    usual = int(np.searchsorted(np.cumsum(mix.shares[np.argsort(mix.factors[:, 0])]), 0.5))
    return Mix(mix.shares, mix.factors - np.sort(mix.factors, axis=0)[usual])


def _terms(weighed: Weighed, mix: Mix) -> Floats:
    """The log likelihood of each lane's week in each regime, with the regime's share."""
    terms = np.tile(np.log(np.maximum(mix.shares, 1e-9)), (weighed.spells.shape[0], 1))
    place = np.clip(mix.factors / STEP + BELOW, 0, GRID.size - 1)
    low = np.minimum(place.astype(np.int64), GRID.size - 2)
    for regime, kind in np.ndindex(mix.factors.shape):
        at, part = low[regime, kind], place[regime, kind] - low[regime, kind]
        rows = weighed.likelihoods[:, kind]
        terms[:, regime] += (1 - part) * rows[:, at] + part * rows[:, at + 1]
    return terms


def log_likelihood(weighed: Weighed, mix: Mix) -> float:
    """The log likelihood of all lane-weeks under a mixture."""
    return float(np.logaddexp.reduce(_terms(weighed, mix), axis=1).sum())


def fit_mixture(weighed: Weighed, old: Mix, told: NDArray[np.bool_]) -> Mix:
    """Fit shares and factors, drawn to the old ones; kinds of which too little is told keep theirs."""
    mix = target = _centred(old)
    used = weighed.spells >= ENOUGH
    some = used.any(axis=1)
    for _ in range(ROUNDS):
        terms = _terms(weighed, mix)
        posterior = np.exp(terms - np.logaddexp.reduce(terms, axis=1)[:, None])[some]
        shares = posterior.sum(axis=0) + FAITH_SHARES * old.shares
        weights = posterior.T @ used[some]
        best = _peaks(np.einsum("ir,ikg->rkg", posterior, weighed.likelihoods[some]))
        factors = (weights * best + FAITH_FACTORS * target.factors) / (weights + FAITH_FACTORS)
        following = Mix(shares / shares.sum(), np.where(told, factors, target.factors))
        done = np.abs(following.factors - mix.factors).max() < 1e-5
        mix = following
        if done:
            break
    return mix


def _peaks(curves: Floats) -> Floats:
    """Where on the grid curves are highest, between its points by a parabola."""
    at = np.clip(curves.argmax(axis=-1), 1, GRID.size - 2)
    left, middle, right = (np.take_along_axis(curves, (at + by)[..., None], -1)[..., 0] for by in (-1, 0, 1))
    bend = left - 2 * middle + right
    shift = np.where(bend < -1e-9, 0.5 * (left - right) / np.minimum(bend, -1e-9), 0.0)
    found: Floats = GRID[at] + STEP * np.clip(shift, -0.5, 0.5)
    return found


def _like(mix: Mix, old: Mix, told: NDArray[np.bool_]) -> Mix:
    """The same differences with the mean factors of the old regimes, which the steps' own figures go with."""
    mean = old.shares @ old.factors
    found = mix.factors + (mean - mix.shares @ mix.factors)
    same = old.factors if old.factors.shape == found.shape else np.zeros_like(found)
    return Mix(mix.shares, np.where(told, found, same))


def _to_regimes(names: Sequence[Regime], mix: Mix, source: str) -> tuple[Regime, ...]:
    shares = [round(1_000_000 * float(share)) for share in mix.shares]
    shares[int(np.argmax(shares))] += 1_000_000 - sum(shares)
    factors = np.round(np.clip(np.exp(mix.factors), 0.1, 20.0), 3).tolist()
    return tuple(
        replace(row, share_per_million=share, source=source, **dict(zip(NAMES, own, strict=True)))
        for row, share, own in zip(names, shares, factors, strict=True)
    )
