"""Satisfaction: which score goes with a wait and a broken promise.

All of it is an *association*: it says which scores were given with which waits, not which would be given if
a wait were changed. Who waits long differs in more than the wait, and much of what is written about late
orders is written before they are delivered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import polars as pl

from entrepost.base.errors import MisuseError
from entrepost.experience.curve import Curve, Floats

SCORE_COLUMNS = tuple(f"score_{score}" for score in range(1, 6))


@dataclass(frozen=True, slots=True)
class LaneLoss:
    """What an origin and destination lose beyond wait and promise, in log odds (below zero: they gain)."""

    loss: float
    reviews: int


@dataclass(frozen=True, slots=True)
class Before:
    """Reviews written before delivery: what they lose while the promise holds and once it is broken.

    `shares` are the shares written before delivery: with the promise kept, then between each day of the
    curve of lateness and the next, then after the last.
    """

    kept: float
    late: float
    shares: tuple[float, ...]

    def __post_init__(self) -> None:
        if not 0 <= self.kept <= self.late:
            raise MisuseError(f"losses before delivery need 0 <= kept <= late, not {self.kept} and {self.late}")
        if not all(0 <= share <= 1 for share in self.shares) or sorted(self.shares) != list(self.shares):
            raise MisuseError(f"shares before delivery lie between 0 and 1 and never fall, unlike {self.shares}")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the figures rest on: reviews and their dates, and log-likelihoods a review, held out.

    Each fifth of the reviews was foretold from the other four: by the model, by the model of the wait
    alone, and by the shares of the scores alone. `smoothness` and `lane_shrinkage` are the penalties that
    did best on the same fifths, so that the model's figure is a shade too good.
    """

    reviews: int
    first_reviewed: date
    last_reviewed: date
    log_likelihood: float
    log_likelihood_wait_only: float
    log_likelihood_intercept_only: float
    smoothness: float
    lane_shrinkage: float


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """A model of the score (1 to 5), as log odds: P(score <= k) = logistic(cut point k + losses).

    `source` is `assumed`, or says which reviews were learned; `evidence` is None where nothing was learned.
    What it states is an association.
    """

    cut_points: tuple[float, ...]
    wait: Curve
    late: Curve
    before: Before
    undelivered: float
    lanes: Mapping[str, LaneLoss] = field(default_factory=dict)
    source: str = "assumed"
    evidence: Evidence | None = None

    def __post_init__(self) -> None:
        if len(self.cut_points) != len(SCORE_COLUMNS) - 1 or not (np.diff(self.cut_points) > 0).all():
            raise MisuseError(f"five scores have four rising cut points, unlike {self.cut_points}")
        if self.wait.losses[0] != 0 or self.undelivered < 0:
            raise MisuseError("the curve of the wait begins with no loss, and undelivered loses at least nothing")
        if len(self.before.shares) != len(self.late.days) + 1:
            raise MisuseError("shares before delivery need one for the kept promise and one for each day of lateness")

    def predict(self, frame: pl.DataFrame) -> pl.DataFrame:
        """How likely each score is. An association, see the module.

        Parameters
        ----------
        frame : DataFrame
            `wait_days`; where there are, `late_days` (missing or at most 0: the promise was kept), `before`
            (reviewed before delivery; missing: by its share among orders as late), `undelivered` (missing:
            no) and `origin` and `country` (a lane that was never reviewed loses and gains nothing).

        Returns
        -------
        DataFrame
            `score_1` to `score_5`, which sum to one, and `score_mean`; a row for each row.
        """
        wait, late = _days(frame, "wait_days"), np.maximum(_days(frame, "late_days", 0.0), 0.0)
        undelivered, before = _flags(frame, "undelivered", 0.0), _flags(frame, "before", np.nan)
        share = np.array(self.before.shares)[_classes(late, self.late.days)]
        share = np.where(np.isnan(before), np.maximum(share, undelivered), before)
        losses = self.wait.at(wait) + self.late.at(late) + self.undelivered * undelivered + self._lane_losses(frame)
        at_most = (1 - share)[:, None] * self._at_most(losses)
        at_most += share[:, None] * self._at_most(losses + np.where(late > 0, self.before.late, self.before.kept))
        each = np.diff(at_most, prepend=0.0, append=1.0, axis=1)
        mean = len(SCORE_COLUMNS) - at_most.sum(axis=1)
        return pl.DataFrame({**dict(zip(SCORE_COLUMNS, each.T, strict=True)), "score_mean": mean})

    def value_of_day(
        self, wait_days: Sequence[float] | float, late_days: float = 1.0, origin: str = "", country: str = ""
    ) -> pl.DataFrame:
        """The mean score with a wait, and how it changes with a day more or a broken promise.

        An association, see the module: no promise that a day saved would be answered so.

        Parameters
        ----------
        wait_days : float or sequence of float
            Waits at which to ask.
        late_days : float
            How late the broken promise is.
        origin, country : str
            The lane; none: one that loses and gains nothing.

        Returns
        -------
        DataFrame
            `wait_days`; `score_mean` with the promise kept; `day_change` when a day longer is waited, the
            promise still kept; `broken_change` when that wait is late_days longer than was promised.
        """
        waits = np.atleast_1d(np.asarray(wait_days, dtype=np.float64))
        asked = pl.DataFrame({"wait_days": waits}).with_columns(origin=pl.lit(origin), country=pl.lit(country))
        mean = self.predict(asked).get_column("score_mean")
        longer = self.predict(asked.with_columns(pl.col("wait_days") + 1)).get_column("score_mean")
        broken = self.predict(asked.with_columns(late_days=pl.lit(late_days))).get_column("score_mean")
        changes = {"score_mean": mean, "day_change": longer - mean, "broken_change": broken - mean}
        return asked.select("wait_days").with_columns(**changes)

    def _at_most(self, losses: Floats) -> Floats:
        """P(score <= k) for each row and k from 1 to 4."""
        from scipy.special import expit  # a third of a second for a server that seldom asks

        found: Floats = expit(np.array(self.cut_points) + losses[:, None])
        return found

    def _lane_losses(self, frame: pl.DataFrame) -> Floats:
        if not {"origin", "country"} <= set(frame.columns) or not self.lanes:
            return np.zeros(frame.height)
        losses = {lane: each.loss for lane, each in self.lanes.items()}
        found = frame.select(lane_of().replace_strict(losses, default=0.0, return_dtype=pl.Float64))
        return found.to_series().fill_null(0.0).to_numpy()


def lane_of() -> pl.Expr:
    """The name of a row's lane, such as `CNSZXA>US`; null where origin or country is missing."""
    return pl.concat_str("origin", "country", separator=">").alias("lane")


def _classes(late: Floats, days: tuple[float, ...]) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """The place of each lateness in `Before.shares`."""
    return np.searchsorted(np.array(days), late, side="left")


def _days(frame: pl.DataFrame, name: str, default: float | None = None) -> Floats:
    if name not in frame.columns and default is not None:
        return np.full(frame.height, default)
    if name not in frame.columns:
        raise MisuseError(f"column {name} is missing; found {', '.join(frame.columns)}")
    days = frame.get_column(name).cast(pl.Float64).fill_null(np.nan if default is None else default).to_numpy()
    if not np.isfinite(days).all():
        raise MisuseError(f"column {name} holds rows without a number of days")
    return days


def _flags(frame: pl.DataFrame, name: str, missing: float) -> Floats:
    if name not in frame.columns:
        return np.full(frame.height, missing)
    return frame.get_column(name).cast(pl.Float64).fill_null(missing).to_numpy()
