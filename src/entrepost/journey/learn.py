"""Learn from what happened how long every step takes at every place, and how often things go wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from entrepost.base.findings import Finding, finding_code
from entrepost.journey.learning.channels import LEAST_SCANNED, Believed, first_beliefs, weigh_spells
from entrepost.journey.learning.facts import Facts
from entrepost.journey.learning.gaps import FEW, divide_gaps, list_gaps
from entrepost.journey.learning.gaps_long import divide_long_gaps, list_long_gaps
from entrepost.journey.learning.hazard import count
from entrepost.journey.learning.hazard_pool import Pooled, Priors, Table, list_levels, pool, tabulate
from entrepost.journey.learning.regimes import KINDS, NAMES, learn_regimes
from entrepost.journey.learning.rows import Figures, count_observations, learn_lost, write_rows
from entrepost.journey.learning.scans import History, read_history
from entrepost.journey.learning.spells import COMPLETED, LOST_HOURS, UNDER_WAY
from entrepost.journey.learning.stages import Learnable, shares_of
from entrepost.journey.learning.twins import with_twins
from entrepost.network.network import Network
from entrepost.network.regime import Regime

STEPS_SPARSE = finding_code(
    "learn_steps_sparse", "Steps were seen rarely; they lean on their like, or on what was said before."
)

Likeness = tuple[Priors, Table, list[NDArray[np.int64]]]
"""The old figures of the steps, what each scale says of them, and who is like whom."""

HALF_LIVES = np.array([14.0, 28.0, 56.0, 112.0, np.inf])
"""Days after which an observation weighs half; the one that foretells the last two weeks best is taken."""

CLEAR_GAIN = 3.0
"""A shorter half-life must be so much likelier, in logarithms, than a longer one (assumed)."""

HELD_OUT_HOURS = 14 * 24
STALE_HOURS = 2 * 24
"""Where nothing was completed for longer, it is the history that has ended, not the work."""

ROUNDS = 3
ROUNDS_WITH_GAPS = 10
"""So often items are shared out among the customs channels that they may have gone through."""


@dataclass(frozen=True)
class Learned:
    """What was learned: the network, the half-life that was chosen, and what was wrong with the history."""

    network: Network
    half_life_days: float
    items: int
    events: int
    steps: int
    findings: tuple[Finding, ...]


def learn(network: Network, events: pl.DataFrame, as_of: datetime | date) -> Network:
    """Learn the times and shares of every step from event histories.

    Items still under way at `as_of` count as having lasted so long already; what was recorded later is
    not looked at. Sparse places learn from their like: facility, country, mode, all. Recent weeks
    weigh more where that foretells the last two weeks better.

    Parameters
    ----------
    network : Network
        Whose figures are what is believed so far; opening hours and departures are taken from it.
    events : DataFrame
        item_id, code, time; optionally tenant, facility, reason, recorded_at, placed_at (when the order
        was placed), and service, route, area as chosen for the item. A row without a code says that an
        item was ordered; without any such row, orders of the last 14 days do not tell how long the
        first step takes.
    as_of : datetime or date
        What happened or became known later is not looked at; a date is its first instant (UTC).

    Returns
    -------
    Network
        The network with learned rows, whose `source` says how many observations stand behind each.

    Raises
    ------
    MisuseError
        Where a column that is needed is not there.
    """
    return learn_more(network, events, as_of).network


def learn_more(network: Network, events: pl.DataFrame | Facts, as_of: datetime | date) -> Learned:
    """The same, with findings and how it was learned; also from facts that are known at that instant."""
    moment = to_instant(as_of)
    history = read_history(network, events, moment)
    steps = history.tables.steps
    if not steps:
        return Learned(network, float("inf"), history.items, history.events, 0, history.findings)
    priors = priors_of(network, steps)
    likeness = (priors, tabulate(priors), list_levels(steps))
    history, twins = _with_twins(history, priors)
    weigh_spells(history.spells.spells, history, first_beliefs(steps, priors), twins)
    half_life = choose_half_life(history, likeness)
    pooled, believed, spells = _settle(history, likeness, half_life, twins)
    regimes = learn_regimes(network.regimes, history, spells, pooled.scale, moment.date())
    priors = with_regimes(priors, steps, regimes)
    shares, lost = believed.shares, believed.lost
    figures = Figures(pooled, priors, spells, history.spells.missed, history.attempts, shares, lost, moment.date())
    learned = replace(write_rows(network, history.tables, figures), regimes=regimes)
    findings = (*history.findings, *_find_sparse(spells, len(steps)))
    return Learned(learned, float(half_life), history.items, history.events, len(steps), findings)


def _find_sparse(spells: NDArray[Any], steps: int) -> list[Finding]:
    """The finding that some steps were seen too rarely to speak for themselves."""
    few = int((count_observations(spells, steps)[0] < FEW).sum())
    message = f"{few:,} of {steps:,} steps have fewer than {FEW} observations; their rows say on what they lean"
    return [Finding(STEPS_SPARSE, "source", message, "events", level="warning")] if few else []


def to_instant(as_of: datetime | date) -> datetime:
    """The instant meant by a date (its first), or by a datetime (UTC where it says no zone)."""
    if not isinstance(as_of, datetime):
        return datetime(as_of.year, as_of.month, as_of.day, tzinfo=UTC)
    return as_of if as_of.tzinfo else as_of.replace(tzinfo=UTC)


def priors_of(network: Network, steps: Sequence[Learnable]) -> Priors:
    """The old figures of the steps as arrays."""
    return Priors(
        figures=np.array([(step.old.hours_min, step.old.hours_p50, step.old.hours_p90) for step in steps]),
        factors=np.array([step.factors for step in steps]),
        shares=shares_of(network.regimes),
    )


def with_regimes(priors: Priors, steps: Sequence[Learnable], regimes: Sequence[Regime]) -> Priors:
    """The old figures under other regimes."""
    names = [KINDS.get(step.table, NAMES[-1]) for step in steps]
    factors = np.array([[getattr(row, name) for row in regimes] for name in names])
    return Priors(priors.figures, factors, shares_of(regimes))


def choose_half_life(history: History, likeness: Likeness) -> float:
    """The half-life, in days, under which what was known two weeks ago foretells the two weeks best.

    A history of less than four weeks before them is not weighted. One that ended days ago is asked as of its end.
    """
    after = history.spells.spells
    end = min(history.as_of, int(after["ended"][after["outcome"] == COMPLETED].max(initial=0)) + STALE_HOURS)
    if end < history.as_of:
        after = cut_spells(history, end)
    cut = end - HELD_OUT_HOURS
    before = cut_spells(history, cut)
    if not before.size or cut - before["ended"].min() < 28 * 24 or not after.size:
        return float("inf")
    steps = len(history.tables.steps)
    known = count(before, steps, cut, HALF_LIVES, cut - LOST_HOURS)
    then = count(after, steps, end, np.array([np.inf]), 0)
    done = np.maximum(then.done[0] - known.done[-1], 0.0)
    held = np.maximum(then.held[0] - known.held[-1], 0.0)
    scores = []
    for which in range(HALF_LIVES.size):
        hazards = pool(known.done[which], known.held[which], *likeness).hazards
        hazards = np.clip(hazards, 1e-9, 1 - 1e-9)
        stayed = np.maximum(held - done, 0.0)
        scores.append(float((done * np.log(hazards) + stayed * np.log1p(-hazards)).sum()))
    good = [which for which, score in enumerate(scores) if score >= max(scores) - CLEAR_GAIN]
    return float(HALF_LIVES[good[-1]])


def cut_spells(history: History, cut: int) -> NDArray[Any]:
    """The spells as they were at an earlier hour."""
    spells = history.spells.spells
    calendar = history.stages.calendar[spells["step"]] if spells.size else np.empty(0, dtype=np.int32)
    before = spells[spells["begun"] <= cut].copy()
    still = before["ended"] > cut
    before["outcome"][still & (before["outcome"] == COMPLETED)] = UNDER_WAY
    which = calendar[spells["begun"] <= cut][still]
    begun = before["begun"][still]
    elapsed = np.where(
        which < 0,
        cut - begun,
        _opened(history, which, begun, cut),
    )
    before["hours"][still] = elapsed
    before["ended"][still] = cut
    return before


def _opened(history: History, which: NDArray[np.int32], begun: NDArray[np.int32], cut: int) -> NDArray[np.float64]:
    if not history.stages.opened.size:
        return np.zeros(which.size)
    at = np.maximum(which, 0)
    opened = history.stages.opened[at, cut] - history.stages.opened[at, begun]
    found: NDArray[np.float64] = opened / history.stages.slow[at, begun]
    return found


def _with_twins(history: History, priors: Priors) -> tuple[History, NDArray[Any]]:
    """The history with twins of the spells that were left lately, and what they are twins of."""
    p90 = priors.figures[:, 2] * priors.factors.max(axis=1)
    spells = history.spells.spells
    found = with_twins(spells, history.stages, history.missing.of_steps, p90, history.as_of)
    return replace(history, spells=history.spells._replace(spells=found.spells)), found.twins


def _settle(
    history: History, likeness: Likeness, half_life: float, twins: NDArray[Any]
) -> tuple[Pooled, Believed, NDArray[Any]]:
    """Weigh what scans leave open, divide gaps, learn, and again until it settles; and all spells, the inferred too."""
    steps, latest, spells = history.tables.steps, history.as_of - LOST_HOURS, history.spells.spells
    scanned = np.maximum(1 - history.missing.of_steps, LEAST_SCANNED)
    believed, whole = first_beliefs(steps, likeness[0]), spells
    gaps, long = list_gaps(history), list_long_gaps(history)
    some = gaps.gaps.size + long.gaps.size > 0
    for turn in range(ROUNDS_WITH_GAPS if some else ROUNDS):
        believed = believed._replace(shares=weigh_spells(spells, history, believed, twins))
        if some:
            divided = divide_gaps(history, gaps, believed.hazards, believed.shares, turn)
            divided_long = divide_long_gaps(history, long, believed.hazards, believed.shares, turn)
            whole = np.concatenate([spells, divided, divided_long])
        counts = count(whole, len(steps), history.as_of, np.array([half_life]), latest)
        pooled = pool(counts.done[0], counts.held[0], *likeness)
        believed = believed._replace(lost=learn_lost(steps, counts, scanned), hazards=pooled.hazards)
    return pooled, believed, whole
