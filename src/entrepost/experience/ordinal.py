"""Ordered logit by maximum penalised likelihood: P(score <= k) = logistic(cut point k + losses of its terms).

The likelihood is concave in cut points and losses together, so Newton's method finds its one maximum.
Losses of terms are not negative (a step is a small quadratic programme with bounds); losses of lanes are
free and drawn to zero. Lanes are many and meet in no row, so they are eliminated one by one.

References
----------
P. McCullagh (1980), Regression models for ordinal data, J. R. Stat. Soc. B 42; J. W. Pratt (1981),
Concavity of the log likelihood, J. Am. Stat. Assoc. 76.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from scipy.linalg import cholesky, solve_triangular
from scipy.optimize import lsq_linear
from scipy.sparse import csr_matrix
from scipy.special import expit, log_expit

from entrepost.base.errors import EntrepostError
from entrepost.experience.curve import Floats

SCORES = 5
"""Scores run from 1 to 5; in arrays from 0 to 4."""

STEPS_MAX = 60
DECREMENT = 1e-6
"""The fit ends when a Newton step promises less than this gain of log-likelihood."""


@dataclass(frozen=True, slots=True)
class Observed:
    """Scores (0 to 4) with weights, n rows; terms n x p; lanes n x l, a one in each row that has a lane."""

    scores: np.ndarray[Any, np.dtype[np.int64]]
    weights: Floats
    terms: Floats
    lanes: csr_matrix

    def part(self, rows: np.ndarray[Any, Any]) -> Observed:
        """Only those rows."""
        return Observed(self.scores[rows], self.weights[rows], self.terms[rows], self.lanes[rows])


@dataclass(frozen=True, slots=True)
class Penalty:
    """Half of (losses - centre)' matrix (losses - centre), plus half of `lane` times the lanes' sum of squares."""

    centre: Floats
    matrix: Floats
    lane: float


@dataclass(frozen=True, slots=True)
class Fitted:
    """Cut points, the losses of terms and of lanes, and the covariance of cut points and terms (zero at a bound)."""

    cut_points: Floats
    losses: Floats
    lanes: Floats
    covariance: Floats

    def moved(self, cuts: Floats, losses: Floats, lanes: Floats) -> Fitted:
        """Another point on the way."""
        return Fitted(self.cut_points + cuts, np.maximum(self.losses + losses, 0), self.lanes + lanes, self.covariance)


class Curvature(NamedTuple):
    """Gradient and information of the penalised likelihood; `fixed` are cut points, then terms."""

    fixed_gradient: Floats
    lane_gradient: Floats
    fixed: Floats
    cross: Floats
    lane: Floats


def fit_ordinal(observed: Observed, penalty: Penalty, start: Fitted) -> Fitted:
    """Maximise the penalised likelihood from a starting point; raises where no maximum is found."""
    point, value = start, penalised(observed, penalty, start)
    for _ in range(STEPS_MAX):
        curvature = curve_of(observed, penalty, point)
        fixed, lanes, gain = _newton_step(curvature, point.losses)
        if gain < DECREMENT:
            return _with_covariance(point, curvature)
        point, value = _searched(observed, penalty, point, value, (fixed, lanes))
    raise EntrepostError(f"the fit of scores did not settle in {STEPS_MAX} steps; look for columns that say the same")


def log_likelihoods(observed: Observed, point: Fitted) -> Floats:
    """The log-likelihood of each row's score, unweighted."""
    upper, lower = _bounds(observed, point)
    gaps = np.diff(point.cut_points)
    if (gaps <= 0).any():
        return np.full(len(observed.scores), -np.inf)
    between = np.concatenate([[0.0], np.log(-np.expm1(-gaps)), [0.0]])
    found: Floats = log_expit(upper) + log_expit(-lower) + between[observed.scores]
    return found


def penalised(observed: Observed, penalty: Penalty, point: Fitted) -> float:
    """What is maximised."""
    away = point.losses - penalty.centre
    cost = away @ penalty.matrix @ away + penalty.lane * point.lanes @ point.lanes
    return float((observed.weights * log_likelihoods(observed, point)).sum() - cost / 2)


def curve_of(observed: Observed, penalty: Penalty, point: Fitted) -> Curvature:
    """Gradient and negative Hessian of what is maximised."""
    # Sums over rows by einsum: a BLAS that shares its cores takes several times as long over such thin arrays.
    upper, lower = _bounds(observed, point)
    below, under = expit(upper), expit(lower)
    weights, terms, lanes = observed.weights, observed.terms, observed.lanes
    curved_up, curved_low = weights * below * (1 - below), weights * under * (1 - under)
    slope, curved = weights * (1 - below - under), curved_up + curved_low
    of_score = csr_matrix((np.ones(len(weights)), (np.arange(len(weights)), observed.scores)), (len(weights), SCORES))
    gap_gradient, gap_information = _gaps(of_score.T @ weights, np.diff(point.cut_points))
    cut_gradient = (of_score.T @ (weights * (1 - below)))[:-1] - (of_score.T @ (weights * under))[1:] + gap_gradient
    cut_cut = np.diag((of_score.T @ curved_up)[:-1] + (of_score.T @ curved_low)[1:]) + gap_information
    up, low = of_score.multiply(curved_up[:, None]).tocsr(), of_score.multiply(curved_low[:, None]).tocsr()
    cut_term = (up.T @ terms)[:-1] + (low.T @ terms)[1:]
    cut_lane = (lanes.T @ up).toarray()[:, :-1] + (lanes.T @ low).toarray()[:, 1:]
    weighted = terms * curved[:, None]
    within = np.einsum("np,nq->pq", terms, weighted)
    pulled = penalty.matrix @ (point.losses - penalty.centre)
    return Curvature(
        np.concatenate([cut_gradient, np.einsum("np,n->p", terms, slope) - pulled]),
        lanes.T @ slope - penalty.lane * point.lanes,
        np.block([[cut_cut, cut_term], [cut_term.T, within + penalty.matrix]]),
        np.hstack([cut_lane, lanes.T @ weighted]),
        lanes.T @ curved + penalty.lane,
    )


def _bounds(observed: Observed, point: Fitted) -> tuple[Floats, Floats]:
    shift = np.einsum("np,p->n", observed.terms, point.losses) + observed.lanes @ point.lanes
    upper = np.append(point.cut_points, np.inf)[observed.scores] + shift
    lower = np.append(-np.inf, point.cut_points)[observed.scores] + shift
    return upper, lower


def _gaps(counts: Floats, gaps: Floats) -> tuple[Floats, Floats]:
    """What the distances between neighbouring cut points add to gradient and information of the cut points."""
    gradient, information = np.zeros(SCORES - 1), np.zeros((SCORES - 1, SCORES - 1))
    pull, bend = counts[1:-1] / np.expm1(gaps), counts[1:-1] / (4 * np.sinh(gaps / 2) ** 2)
    for low, (each_pull, each_bend) in enumerate(zip(pull, bend, strict=True)):
        gradient[[low, low + 1]] += (-each_pull, each_pull)
        information[low : low + 2, low : low + 2] += each_bend * np.array([[1.0, -1.0], [-1.0, 1.0]])
    return gradient, information


def _newton_step(curvature: Curvature, losses: Floats) -> tuple[Floats, Floats, float]:
    """The best step of the quadratic model that leaves no loss below zero, and what it promises."""
    reduced, gradient = _without_lanes(curvature)
    root = cholesky(reduced)
    least = np.concatenate([np.full(SCORES - 1, -np.inf), -losses])
    target = solve_triangular(root, gradient, trans="T")
    fixed: Floats = lsq_linear(root, target, (least, np.inf), method="bvls", tol=1e-12).x
    lanes = (curvature.lane_gradient - curvature.cross @ fixed) / curvature.lane
    promised = curvature.fixed_gradient @ fixed + curvature.lane_gradient @ lanes
    return fixed, lanes, float(promised) / 2


def _without_lanes(curvature: Curvature) -> tuple[Floats, Floats]:
    shared = curvature.cross / curvature.lane[:, None]
    return curvature.fixed - curvature.cross.T @ shared, curvature.fixed_gradient - shared.T @ curvature.lane_gradient


def _searched(
    observed: Observed, penalty: Penalty, point: Fitted, value: float, step: tuple[Floats, Floats]
) -> tuple[Fitted, float]:
    """The step, halved until it gains."""
    fixed, lanes = step
    for halving in range(40):
        length = 0.5**halving
        cuts, losses = length * fixed[: SCORES - 1], length * fixed[SCORES - 1 :]
        there = point.moved(cuts, losses, length * lanes)
        reached = penalised(observed, penalty, there)
        if reached > value:
            return there, reached
    return point, value


def _with_covariance(point: Fitted, curvature: Curvature) -> Fitted:
    reduced, _ = _without_lanes(curvature)
    free = np.concatenate([np.full(SCORES - 1, True), point.losses > 0])
    covariance = np.zeros_like(reduced)
    covariance[np.ix_(free, free)] = np.linalg.inv(reduced[np.ix_(free, free)])
    return Fitted(point.cut_points, point.losses, point.lanes, covariance)
