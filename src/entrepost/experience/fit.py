"""Fitting satisfaction to reviews by maximum penalised likelihood, the penalties chosen on held-out reviews.

What the reviews do not say stays as the documented default says: losses are drawn to it, by a little at each
stretch and by `smoothness` where the slopes of neighbouring stretches differ; lanes are drawn to no loss
by `lane_shrinkage` (a normal distribution of lanes with that precision). One more review, scored as the default
expects, keeps a score that nobody gave possible.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import polars as pl
from scipy.optimize import isotonic_regression
from scipy.sparse import csr_matrix

from entrepost.base.errors import MisuseError
from entrepost.experience.curve import Curve, Floats, ramps
from entrepost.experience.ordinal import SCORES, Fitted, Observed, Penalty, fit_ordinal, log_likelihoods
from entrepost.experience.reviews import ORDER, measure_reviews
from entrepost.experience.satisfaction import Before, Evidence, LaneLoss, Satisfaction
from entrepost.experience.satisfaction_file import default_satisfaction

TERMS = ("wait", "late", "before", "lane")
FOLDS = 5
SMOOTHNESSES = (0.1, 1.0, 10.0, 100.0)
SHRINKAGES = (3.0, 10.0, 30.0, 100.0, 300.0)
RIDGE = 1.0
"""How firmly each loss is drawn to the default: as one that is known to one in log odds."""


@dataclass(frozen=True, slots=True)
class FitParams:
    """Which terms the score may go with, and the penalties to choose from (one: it is taken).

    `wait`; `late`: the promise broken, and by how much; `before`: reviewed before delivery, and undelivered;
    `lane`: origin and destination.
    """

    terms: tuple[str, ...] = TERMS
    smoothnesses: tuple[float, ...] = SMOOTHNESSES
    lane_shrinkages: tuple[float, ...] = SHRINKAGES

    def __post_init__(self) -> None:
        if unknown := sorted(set(self.terms) - set(TERMS)):
            raise MisuseError(f"term {unknown[0]!r} is unknown; there are {', '.join(TERMS)}")
        if not all(each and min(each) > 0 for each in (self.smoothnesses, self.lane_shrinkages)):
            raise MisuseError("give at least one smoothness and one lane shrinkage, all above zero")


def fit_satisfaction(reviews: pl.DataFrame, params: FitParams | None = None) -> Satisfaction:
    """The satisfaction that goes best with reviews. An association, see `satisfaction`.

    Parameters
    ----------
    reviews : DataFrame
        Sound rows of the table `reviews` (`read_reviews` gives them), one an order.
    params : FitParams, optional
        Terms and penalties; without it all terms.

    Returns
    -------
    Satisfaction
        With its evidence: how many reviews, of which dates, and how well it foretold those held out.
    """
    if reviews.is_empty():
        raise MisuseError("there are no reviews to fit; default_satisfaction() is what holds without any")
    params = params or FitParams()
    # Fifths are cut in the order of references, so that the same reviews always give the same fit.
    measured = measure_reviews(reviews.sort(ORDER, nulls_last=True, maintain_order=True))
    sample = _sample(measured, params.terms)
    chosen = _choose(sample, params)
    fitted = _fit(sample.observed, sample.layout, chosen)
    wait_only = _sample(measured, tuple(term for term in params.terms if term == "wait"))
    days = measured.get_column("reviewed_at").dt.date().sort()
    evidence = Evidence(
        reviews=measured.height,
        first_reviewed=days[0],
        last_reviewed=days[-1],
        log_likelihood=chosen.log_likelihood,
        log_likelihood_wait_only=_held_out(wait_only, chosen)[0],
        log_likelihood_intercept_only=_held_out(_sample(measured, ()), chosen)[0],
        smoothness=chosen.smoothness,
        lane_shrinkage=chosen.lane_shrinkage,
    )
    return _satisfaction(measured, sample, fitted, evidence)


class Layout(NamedTuple):
    """The columns of terms in order, each with its term's name and the loss that the default gives it."""

    terms: tuple[str, ...]
    centre: Floats
    roughness: Floats


class Sample(NamedTuple):
    """Reviews as arrays, and what stands in which column."""

    observed: Observed
    layout: Layout
    lanes: tuple[str, ...]
    folds: np.ndarray[tuple[int], np.dtype[np.int64]]


class Chosen(NamedTuple):
    """Penalties, what they foretold of held-out reviews (log-likelihood each), and the fits of the fifths."""

    smoothness: float
    lane_shrinkage: float
    log_likelihood: float = -np.inf
    starts: tuple[Fitted, ...] = ()


def _sample(measured: pl.DataFrame, terms: tuple[str, ...]) -> Sample:
    """The reviews and, last, the one that the default expects: a fifth of it held out never, of no lane."""
    default, count = default_satisfaction(), measured.height
    wait, late = (np.append(measured.get_column(name).to_numpy(), 0.0) for name in ("wait_days", "late_days"))
    before, undelivered = (np.append(measured.get_column(name).to_numpy(), False) for name in ("before", "undelivered"))
    blocks = {
        "wait": ramps(wait, default.wait.days, stepped=False),
        "late": ramps(late, default.late.days, stepped=True),
        "before": np.column_stack([before, before & (late > 0), undelivered]).astype(np.float64),
    }
    kept = [name for name in blocks if name in terms]
    matrix = np.hstack([blocks[name] for name in kept]) if kept else np.zeros((count + 1, 0))
    expected = np.diff(default.predict(pl.DataFrame({"wait_days": [0.0]})).to_numpy()[0, :SCORES].cumsum(), prepend=0)
    rows = np.concatenate([np.arange(count), np.full(SCORES, count)])
    scores = np.concatenate([measured.get_column("score").to_numpy() - 1, np.arange(SCORES)])
    weights = np.concatenate([np.ones(count), expected])
    lanes, places = _lanes(measured, "lane" in terms)
    folds = np.concatenate([np.arange(count) % FOLDS, np.full(SCORES, -1)])
    return Sample(Observed(scores, weights, matrix[rows], places), _layout(tuple(kept)), lanes, folds)


def _lanes(measured: pl.DataFrame, wanted: bool) -> tuple[tuple[str, ...], csr_matrix]:
    height = measured.height + SCORES
    if not wanted:
        return (), csr_matrix((height, 0))
    names = measured.get_column("lane").drop_nulls().unique().sort()
    places = measured.select(pl.col("lane").replace_strict(names, pl.int_range(names.len(), eager=True), default=None))
    found = places.with_row_index("row").drop_nulls()
    cells = (found.get_column("row").to_numpy(), found.get_column("lane").to_numpy())
    return tuple(names), csr_matrix((np.ones(found.height), cells), (height, names.len()))


def _layout(terms: tuple[str, ...]) -> Layout:
    default = default_satisfaction()
    wait, late, before = default.wait, default.late, default.before
    increments = {
        "wait": np.diff(wait.losses),
        "late": np.diff(late.losses, prepend=0.0),
        "before": np.array([before.kept, before.late - before.kept, default.undelivered]),
    }
    rough = {"wait": _roughness(wait.days, 0), "late": _roughness(late.days, 1), "before": np.zeros((3, 3))}
    names = tuple(term for term in terms for _ in increments[term])
    matrix = np.zeros((len(names), len(names)))
    for term in terms:
        place = [number for number, name in enumerate(names) if name == term]
        matrix[np.ix_(place, place)] = rough[term]
    centre = np.concatenate([increments[term] for term in terms]) if terms else np.zeros(0)
    return Layout(names, centre, matrix)


def _roughness(days: tuple[float, ...], steps: int) -> Floats:
    """The sum of squares of changes of slope between stretches, over the distance of their middles, as a matrix."""
    widths = np.diff(days)
    bends = np.diff(np.diag(1 / widths), axis=0) * ((widths[1:] + widths[:-1]) / 2)[:, None]
    matrix = np.zeros((len(widths) + steps, len(widths) + steps))
    matrix[steps:, steps:] = bends.T @ bends
    return matrix


def _fit(observed: Observed, layout: Layout, chosen: Chosen, start: Fitted | None = None) -> Fitted:
    matrix = RIDGE * np.eye(len(layout.terms)) + chosen.smoothness * layout.roughness
    cuts = np.array(default_satisfaction().cut_points)
    nothing = Fitted(cuts, layout.centre, np.zeros(observed.lanes.shape[1]), np.zeros((0, 0)))
    return fit_ordinal(observed, Penalty(layout.centre, matrix, chosen.lane_shrinkage), start or nothing)


def _choose(sample: Sample, params: FitParams) -> Chosen:
    """The penalties that foretell best: first the smoothness, then, with it, the shrinkage of lanes."""
    middle = params.lane_shrinkages[len(params.lane_shrinkages) // 2]
    best = Chosen(params.smoothnesses[0], middle)
    trials = [Chosen(smoothness, middle) for smoothness in params.smoothnesses]
    for trial in trials:
        best = _better(sample, best, trial)
    others = params.lane_shrinkages if sample.lanes else ()
    for shrinkage in others:
        if shrinkage != middle:
            best = _better(sample, best, Chosen(best.smoothness, shrinkage))
    return best


def _better(sample: Sample, best: Chosen, trial: Chosen) -> Chosen:
    reached, starts = _held_out(sample, trial, best.starts)
    return trial._replace(log_likelihood=reached, starts=starts) if reached > best.log_likelihood else best


def _held_out(sample: Sample, chosen: Chosen, starts: tuple[Fitted, ...] = ()) -> tuple[float, tuple[Fitted, ...]]:
    """The mean log-likelihood of each review, foretold from the other fifths; and the fits, to start others from."""
    total, fits = 0.0, []
    for fold in range(FOLDS):
        start = starts[fold] if starts else None
        fitted = _fit(sample.observed.part(sample.folds != fold), sample.layout, chosen, start)
        total += float(log_likelihoods(sample.observed.part(sample.folds == fold), fitted).sum())
        fits.append(fitted)
    return total / int((sample.folds >= 0).sum()), tuple(fits)


def _satisfaction(measured: pl.DataFrame, sample: Sample, fitted: Fitted, evidence: Evidence) -> Satisfaction:
    default = default_satisfaction()
    kept, extra, undelivered = _losses(sample, fitted, "before") if "before" in sample.layout.terms else (0.0, 0.0, 0.0)
    counts = np.asarray(sample.observed.lanes.sum(axis=0)).ravel()
    lanes = zip(sample.lanes, fitted.lanes, counts, strict=True)
    return Satisfaction(
        cut_points=tuple(fitted.cut_points.tolist()),
        wait=_curve(sample, fitted, "wait", default.wait.days),
        late=_curve(sample, fitted, "late", default.late.days),
        before=Before(kept, kept + extra, _before_shares(measured, default)),
        undelivered=undelivered,
        lanes={lane: LaneLoss(float(loss), int(count)) for lane, loss, count in lanes},
        source=f"{evidence.reviews} reviews",
        evidence=evidence,
    )


def _losses(sample: Sample, fitted: Fitted, term: str) -> list[float]:
    return [float(loss) for loss, name in zip(fitted.losses, sample.layout.terms, strict=True) if name == term]


def _curve(sample: Sample, fitted: Fitted, term: str, days: tuple[float, ...]) -> Curve:
    """Increments added up to a curve, with the error of each; level where the term was left out."""
    place = [number for number, name in enumerate(sample.layout.terms) if name == term]
    if not place:
        return Curve(days, (0.0,) * len(days))
    losses = np.cumsum(fitted.losses[place])
    errors = np.sqrt(np.diag(fitted.covariance)[SCORES - 1 :][place])
    start = [0.0] * (len(days) - len(place))
    return Curve(days, (*start, *losses.tolist()), (*start, *errors.tolist()))


def _before_shares(measured: pl.DataFrame, default: Satisfaction) -> tuple[float, ...]:
    """The share of delivered orders that were reviewed before, by lateness; never falling, the default counted once."""
    delivered = measured.filter(~pl.col("undelivered"))
    late = delivered.get_column("late_days").to_numpy()
    classes = np.searchsorted(np.array(default.late.days), late, side="left")
    length = len(default.before.shares)
    counts = np.bincount(classes, minlength=length) + 1.0
    before = np.bincount(classes, delivered.get_column("before").to_numpy(), minlength=length) + default.before.shares
    shares = isotonic_regression(before / counts, weights=counts).x
    return tuple(np.clip(shares, 0.0, 1.0).tolist())
