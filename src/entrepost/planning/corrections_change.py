"""A change of all waits at once: since when, and by how much longer they take, measured on promises of one network.

A network that has learned of a change states what holds now, so orders from before it look too early (or late) by the
change itself. Their shape still tells how promises stray; so their waits are drawn out as the change did, and orders
that were under way when it came are left out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from entrepost.planning.corrections_share import FACTORS, Floats, Ratios, effective, find_factor, list_shares

COARSE = 4
"""So many steps of `FACTORS` are one bin when cohorts are compared."""

LEVELS = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
"""Quantiles at which before and after are compared, as far as they are known."""

LEAST_LEFT = 20.0
SURE = 4.0
"""Standard errors beyond which a change is believed (assumed: many days are looked at)."""

LEAST_WEEKS, USUAL_SPREAD = 3, 0.05
"""Fewer weeks do not tell by how much weeks differ; then this is taken (assumed)."""


@dataclass(frozen=True, slots=True)
class Cohorts:
    """How changes are looked for; the defaults are assumed.

    A change is looked for up to `back_days` ago, and not before `least_days` have passed since.
    """

    back_days: int = 70
    least_days: int = 7
    between_days: int = 14


@dataclass(frozen=True, slots=True)
class Change:
    """Orders placed up to so many days ago take `factor` times as long as before; `between_days` were under way."""

    days_ago: int
    factor: float
    between_days: int


def find_change(ratios: Ratios, age: Floats, cohorts: Cohorts | None = None) -> Change | None:
    """The change that parts orders best into before and after, if there is one beyond doubt.

    Parameters
    ----------
    ratios : Ratios
        The wait over the stated hours; clusters that share shocks.
    age : numpy.ndarray
        Days since each order was placed.
    """
    cohorts = cohorts or Cohorts()
    days = np.minimum(age, cohorts.back_days + 2 * cohorts.between_days).astype(np.int64)
    if not days.size:
        return None
    done, left = _counts(ratios, days)
    candidates = range(cohorts.least_days, min(cohorts.back_days, int(days.max()) - 2 * cohorts.between_days) + 1)
    fits = [_parted(done, left, ago, ago + cohorts.between_days) for ago in candidates]
    if not fits:
        return None
    ago = candidates[int(np.argmax(fits))]
    was, now = days >= ago + cohorts.between_days, days < ago
    moved = _compare(ratios.of(was), ratios.of(now), _weekly_spread(ratios.of(was), days[was] // 7), ago / 7)
    if moved is None or abs(moved[0]) <= SURE * moved[1]:
        return None
    return Change(ago, float(np.exp(moved[0])), cohorts.between_days)


def follow_change(outcomes: pl.DataFrame, change: Change | None, hours: tuple[str, ...]) -> pl.DataFrame:
    """The outcomes as if the change had always been: earlier waits drawn out, those under way then left out.

    Parameters
    ----------
    outcomes : DataFrame
        `age` in days, and columns of hours.
    """
    if change is None:
        return outcomes
    before = pl.col("age") >= change.days_ago + change.between_days
    drawn = [pl.when(before).then(pl.col(name) * change.factor).otherwise(name).alias(name) for name in hours]
    return outcomes.filter(before | (pl.col("age") < change.days_ago)).with_columns(drawn)


def _counts(ratios: Ratios, days: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """By days ago and coarse bin: who ended in it, and who was left to be seen; sums from today back."""
    size, bins = int(days.max()) + 1, FACTORS.size // COARSE + 2
    place = np.searchsorted(FACTORS, ratios.ratio, side="left") // COARSE
    shape = (size, bins)
    done, gone = np.zeros(shape), np.zeros(shape)
    np.add.at(done, (days[ratios.ended], place[ratios.ended]), 1.0)
    np.add.at(gone, (days[~ratios.ended], place[~ratios.ended]), 1.0)
    still = np.flip(np.cumsum(np.flip(done + gone, 1), 1), 1) - gone / 2
    return np.cumsum(done, 0), np.cumsum(still, 0)


def _parted(done: Floats, left: Floats, after: int, before: int) -> float:
    """The log-likelihood of three cohorts, each with hazards of its own: after, between, before."""
    ends = (after - 1, before - 1, done.shape[0] - 1)
    total, last_done, last_left = 0.0, np.zeros(done.shape[1]), np.zeros(done.shape[1])
    for end in ends:
        total += _likelihood(done[end] - last_done, left[end] - last_left)
        last_done, last_left = done[end], left[end]
    return total


def _likelihood(done: Floats, left: Floats) -> float:
    share = np.divide(done, left, out=np.zeros_like(done), where=left > 0)
    inside = (share > 0) & (share < 1)
    d, n, p = done[inside], left[inside], share[inside]
    return float((d * np.log(p) + (n - d) * np.log1p(-p)).sum())


def _weekly_spread(before: Ratios, weeks: NDArray[np.int64]) -> tuple[float, int]:
    """The standard deviation of the weeks' medians (in logarithms) where nothing changed, and how many weeks."""
    medians = [find_factor(list_shares(before.of(weeks == week), np.inf), 0.5, 1.0) for week in np.unique(weeks)]
    known = np.log([each for each in medians if each is not None])
    return (float(known.std(ddof=1)), known.size) if known.size >= LEAST_WEEKS else (USUAL_SPREAD, 1)


def _compare(
    before: Ratios, after: Ratios, weekly: tuple[float, int], weeks_after: float
) -> tuple[float, float] | None:
    """By how much longer (in logarithms) it took after than before, with its standard error."""
    if min(before.ratio.size, after.ratio.size) == 0:
        return None
    two = (list_shares(before, np.inf), list_shares(after, np.inf))
    found = [[find_factor(each, level, LEAST_LEFT) for each in two] for level in LEVELS]
    known = np.log([pair for pair in found if None not in pair])  # type: ignore[arg-type]
    if known.shape[0] < 2:
        return None
    moved = float((known[:, 1] - known[:, 0]).mean())
    inner = [find_factor(two[0], level, 0.0) or 1.0 for level in (0.25, 0.75)]
    spread = max(float(np.log(inner[1] / inner[0])) / 1.349, 0.02)
    drawn = (1.5 * spread) ** 2 * (1 / max(effective(before), 1.0) + 1 / max(effective(after), 1.0))
    shared = weekly[0] ** 2 * (1 / weekly[1] + 1 / max(weeks_after, 1.0))
    return moved, (drawn + shared) ** 0.5
