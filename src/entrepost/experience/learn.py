"""Learning satisfaction from a file of reviews: what is sound is fitted, what is not is found."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from entrepost.base.findings import Finding, finding_code
from entrepost.experience.fit import FitParams, fit_satisfaction
from entrepost.experience.reviews import read_reviews
from entrepost.experience.satisfaction import Satisfaction
from entrepost.experience.satisfaction_file import default_satisfaction

FEW = finding_code("reviews_few", "There are too few sound reviews to learn from; the default stays, assumed.")
LATE_NEVER = finding_code("reviews_never_late", "Hardly a review is of a late order; lateness stays near the default.")

REVIEWS_LEAST = 200
"""Fewer reviews are not fitted: the default holds."""

LATE_LEAST = 20
"""With fewer reviews of late orders the losses of lateness are said to be the default's."""


@dataclass(frozen=True, slots=True)
class Learned:
    """The satisfaction, what is wrong with the reviews, and how many were used."""

    satisfaction: Satisfaction
    findings: tuple[Finding, ...]
    used: int


def learn_reviews(source: str | Path | pl.DataFrame, params: FitParams | None = None) -> Learned:
    """Fit satisfaction to reviews. An association, see `satisfaction`.

    Parameters
    ----------
    source : path or DataFrame
        The table `reviews`: a CSV file (plain or gzipped), a Parquet file, or a frame.
    params : FitParams, optional
        Which terms, and which penalties to choose from.

    Returns
    -------
    Learned
        One bad row never loses the others. Where fewer than `REVIEWS_LEAST` are sound the satisfaction is the
        documented default, and a finding says so.

    Raises
    ------
    UnreadableInputError
        When the file as a whole cannot be read, or lacks a column that reviews cannot be without.
    """
    reviews, findings = read_reviews(source)
    subject = "reviews" if isinstance(source, pl.DataFrame) else Path(source).name
    if reviews.height < REVIEWS_LEAST:
        message = f"{reviews.height} reviews are sound, and {REVIEWS_LEAST} are needed: the default stays"
        few = Finding(FEW, "", message, subject, fix="collect more reviews", level="warning")
        return Learned(default_satisfaction(), (*findings, few), 0)
    late = reviews.filter(pl.coalesce("delivered_at", "reviewed_at") > pl.col("promised_by")).height
    if late < LATE_LEAST:
        message = f"{late} reviews are of late orders: what lateness goes with stays close to the default"
        never = Finding(LATE_NEVER, "promised_by", message, subject, fix="fill promised_by", level="warning")
        findings = [*findings, never]
    return Learned(fit_satisfaction(reviews, params), tuple(findings), reviews.height)
