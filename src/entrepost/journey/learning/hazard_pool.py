"""Sparse places learn from their like: how much longer a step takes than said, and how its shape differs.

A step's *scale* is one factor on its old durations, drawn around that of its parent, which is drawn
around that of its own parent, and so on; the spread at each level has the greatest marginal
likelihood. Its *shape* is a multiplier on the hazard in each bin: completions in a bin are Poisson
around the expected ones times a gamma variable around the parent's multiplier, so their number is
negative binomial, and the strength of each level is the one that makes it most probable.

References
----------
Gelman, Hill: Data analysis using regression and multilevel models, 2007 (partial pooling). Clayton,
Kaldor: Empirical Bayes estimates of age-standardized relative risks, Biometrics 1987 (gamma-Poisson).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numba as nb
import numpy as np
from numpy.typing import NDArray

from entrepost.journey.learning.hazard import BINS, fill_hazards
from entrepost.journey.learning.stages import Learnable

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]

FACTORS = np.exp(np.linspace(math.log(1 / 4), math.log(4), 73))
"""The scales that are weighed."""

SPREADS = (0.01, 0.03, 0.06, 0.1, 0.15, 0.2, 0.3, 0.5)
"""Standard deviations, in logarithms, of a place's scale around its parent's."""

ROOT_SPREAD = 0.3
STRENGTHS = (1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0, 1e4, 1e5)
"""Gamma shapes: so many completions as expected weigh as much as the parent does."""

CLASSES = np.array([0.1, 0.3, 0.5, 0.7, 0.85, 0.95])
"""Where the old distribution is cut so that bins of unlike steps can learn from each other."""


class Priors(NamedTuple):
    """The old figures of the steps: (steps, 3) hours, (steps, regimes) factors, (regimes,) shares."""

    figures: Floats
    factors: Floats
    shares: Floats


@dataclass(frozen=True)
class Pooled:
    """What is learned: scales, distribution functions at the ends of bins, hazards; and how alike places are."""

    scale: Floats
    ends: Floats
    hazards: Floats
    spreads: tuple[float, ...]
    strengths: tuple[float, ...]


def list_levels(steps: Sequence[Learnable]) -> list[Numbers]:
    """For each level, from steps upwards, the number of each member's parent; the last has one parent."""
    below: list[tuple[str, ...]] = [(step.table, step.name, step.country, step.place) for step in steps]
    levels = []
    while below and below[0]:
        above = [key[:-1] for key in below]
        distinct = list(dict.fromkeys(above))
        number = {key: at for at, key in enumerate(distinct)}
        levels.append(np.array([number[key] for key in above]))
        below = distinct
    return levels


def pool(done: Floats, held: Floats, priors: Priors, table: Table, levels: list[Numbers]) -> Pooled:
    """Learn the distribution of each step from completions and items at risk by bin."""
    scale, spreads = learn_scales(done, held, table, levels)
    hazards, ends = list_hazards(priors, scale)
    shaped, strengths = learn_shapes(done, held, hazards, ends, levels)
    hazards = np.clip(hazards * shaped, 0.0, 1.0).astype(np.float64)
    left: Floats = np.cumprod(1.0 - hazards, axis=1, dtype=np.float64)
    return Pooled(scale, 1 - left, hazards, spreads, strengths)


def learn_scales(done: Floats, held: Floats, table: Table, levels: list[Numbers]) -> tuple[Floats, tuple[float, ...]]:
    """The scale of each step, and the spread at each level: messages up the tree, then down."""
    below = _scale_likelihoods(done, held, table)
    ups, spreads = [], []
    for parents in levels:
        best, spread, messages, above = -np.inf, SPREADS[0], below, below
        for candidate in SPREADS:
            sent = _through(below, candidate)
            gathered = np.zeros((parents.max() + 1, FACTORS.size))
            np.add.at(gathered, parents, sent)
            evidence = float(_log_sum(gathered - math.log(FACTORS.size)).sum())
            if evidence > best:
                best, spread, messages, above = evidence, candidate, sent, gathered
        ups.append((messages, below))
        spreads.append(spread)
        below = above
    belief = below - 0.5 * (np.log(FACTORS) / ROOT_SPREAD) ** 2
    for parents, (messages, own), spread in zip(reversed(levels), reversed(ups), reversed(spreads), strict=True):
        belief = own + _through(belief[parents] - messages, spread)
    weights = np.exp(belief - belief.max(axis=1, keepdims=True))
    means = (weights * np.log(FACTORS)).sum(axis=1) / weights.sum(axis=1)
    return np.exp(means), tuple(spreads)


def _through(logs: Floats, spread: float) -> Floats:
    """A message across one level: blurred by the level's spread."""
    steps = np.log(FACTORS)
    kernel = np.exp(-0.5 * ((steps[:, None] - steps) / max(spread, 0.02)) ** 2)
    kernel /= kernel.sum(axis=0)
    top = logs.max(axis=1, keepdims=True)
    found: Floats = np.log(np.exp(logs - top) @ kernel + 1e-300) + top
    return found


def _log_sum(logs: Floats) -> Floats:
    top = logs.max(axis=1)
    found: Floats = np.log(np.exp(logs - top[:, None]).sum(axis=1)) + top
    return found


class Table(NamedTuple):
    """The logarithms of hazards and of their complements, of each distinct step at each scale and bin."""

    number: Numbers
    happens: NDArray[np.float32]
    stays: NDArray[np.float32]


def tabulate(priors: Priors) -> Table:
    """Tabulate what each scale says; steps with the same old figures share a row."""
    whole = np.concatenate([priors.figures, priors.factors], axis=1)
    distinct, number = np.unique(whole, axis=0, return_inverse=True)
    size = (distinct.shape[0], FACTORS.size, BINS)
    happens, stays = np.empty(size, dtype=np.float32), np.empty(size, dtype=np.float32)
    _tabulate(Priors(distinct[:, :3].copy(), distinct[:, 3:].copy(), priors.shares), FACTORS, happens, stays)
    return Table(number.reshape(-1), happens, stays)


@nb.njit(cache=True)
def _tabulate(priors: Priors, scales: Floats, happens: NDArray[np.float32], stays: NDArray[np.float32]) -> None:
    hazards, ends = np.empty(happens.shape[2]), np.empty(happens.shape[2])
    for step in range(happens.shape[0]):
        for at in range(scales.size):
            fill_hazards(priors.figures[step] * scales[at], priors.factors[step], priors.shares, hazards, ends)
            happens[step, at] = np.log(hazards)
            stays[step, at] = np.log(np.maximum(1 - hazards, 1e-12))


@nb.njit(cache=True)
def _scale_likelihoods(done: Floats, held: Floats, table: Table) -> Floats:
    """The log likelihood of each scale, of each step that was seen."""
    logs = np.zeros((done.shape[0], table.happens.shape[1]))
    for step in range(done.shape[0]):
        cells = np.flatnonzero(held[step])
        if done[step].sum() == 0:
            continue
        for at in range(logs.shape[1]):
            logs[step, at] = _log_likelihood(done[step], held[step], table, (table.number[step], at), cells)
    return logs


@nb.njit(cache=True)
def _log_likelihood(done: Floats, held: Floats, table: Table, which: tuple[int, int], cells: Numbers) -> float:
    total = 0.0
    happens, stays = table.happens[which[0], which[1]], table.stays[which[0], which[1]]
    for cell in cells:
        total += done[cell] * happens[cell] + max(held[cell] - done[cell], 0.0) * stays[cell]
    return total


def list_hazards(priors: Priors, scale: Floats) -> tuple[Floats, Floats]:
    """The hazards and the distribution function of each step at its scale."""
    hazards, ends = np.empty((scale.size, BINS)), np.empty((scale.size, BINS))
    _fill_all(priors.figures * scale[:, None], priors.factors, priors.shares, hazards, ends)
    return hazards, ends


@nb.njit(cache=True)
def _fill_all(figures: Floats, factors: Floats, shares: Floats, hazards: Floats, ends: Floats) -> None:
    for step in range(figures.shape[0]):
        fill_hazards(figures[step], factors[step], shares, hazards[step], ends[step])


def learn_shapes(
    done: Floats, held: Floats, hazards: Floats, ends: Floats, levels: list[Numbers]
) -> tuple[Floats, tuple[float, ...]]:
    """The multiplier of each step's hazard in each bin, and the strength of each level."""
    expected = held * hazards
    middle = (np.concatenate([np.zeros((ends.shape[0], 1)), ends[:, :-1]], axis=1) + ends) / 2
    classes = np.searchsorted(CLASSES, middle)
    members = [np.arange(done.shape[0])]
    for parents in levels:
        members.append(parents[members[-1]])
    prior, strengths = np.ones((1, CLASSES.size + 1)), []
    for depth in range(len(levels) - 2, 0, -1):
        group, size = members[depth], members[depth].max() + 1
        sums = np.zeros((2, size, CLASSES.size + 1))
        np.add.at(sums[0], (group[:, None], classes), done)
        np.add.at(sums[1], (group[:, None], classes), expected)
        parents = np.zeros(size, dtype=np.int64) if depth == len(levels) - 2 else levels[depth]
        prior, strength = shrink(sums[0], sums[1], prior[parents])
        strengths.append(strength)
    found, strength = shrink(done, expected, prior[members[1][:, None], classes])
    return found, (*strengths, strength)


def shrink(done: Floats, expected: Floats, prior: Floats | float) -> tuple[Floats, float]:
    """Rates relative to what is expected, drawn towards the prior ones with the most probable strength.

    Parameters
    ----------
    done, expected : numpy.ndarray
        How often it happened, and how often it should have at a rate of 1.
    prior : numpy.ndarray or float
        The parent's rates.

    Returns
    -------
    tuple
        The rates, in the shape of `done`, and the strength.
    """
    around = expected * prior
    seen = around > 0
    evidence = [_negative_binomial(done[seen], around[seen], strength) for strength in STRENGTHS]
    strength = STRENGTHS[int(np.argmax(evidence))]
    return prior * (done + strength) / (around + strength), strength


@nb.njit(cache=True)
def _negative_binomial(done: Floats, around: Floats, strength: float) -> float:
    total = 0.0
    for at in range(done.size):
        total += math.lgamma(done[at] + strength) - math.lgamma(strength) - math.lgamma(done[at] + 1)
        total += strength * math.log(strength / (strength + around[at]))
        if done[at] > 0:
            total += done[at] * math.log(around[at] / (strength + around[at]))
    return total


def sums(member: NDArray[np.int64], values: Floats, size: int = 0) -> Floats:
    """The sum of the values of each member."""
    found: Floats = np.bincount(member, values, size).astype(np.float64)
    return found
