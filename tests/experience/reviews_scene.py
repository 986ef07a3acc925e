"""Reviews drawn from a known satisfaction, so that what is learned can be held against the truth."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl

from entrepost.experience.curve import Curve
from entrepost.experience.satisfaction import Before, LaneLoss, Satisfaction

TUESDAY = datetime(2026, 3, 3, 8, tzinfo=UTC)
LANES = {"CNSZXA>US": 0.4, "CNSZXA>DE": -0.3, "CNSHAA>US": 0.1, "CNSHAA>BR": -0.2}

TRUTH = Satisfaction(
    cut_points=(-3.4, -2.8, -2.0, -0.7),
    wait=Curve((0, 3, 5, 7, 10, 14, 18, 21, 25, 30, 40, 60), (0, 0, 0.1, 0.3, 0.4, 0.6, 0.6, 0.9, 1.2, 1.3, 1.5, 1.6)),
    late=Curve((0, 1, 2, 3, 5, 7, 14, 30), (0.6, 0.7, 0.9, 1.0, 1.1, 1.5, 1.7, 2.0)),
    before=Before(0.2, 1.2, (0.02, 0.1, 0.3, 0.4, 0.5, 0.7, 0.8, 0.9, 0.9)),
    undelivered=0.5,
    lanes={lane: LaneLoss(loss, 1) for lane, loss in LANES.items()},
)


def draw_reviews(truth: Satisfaction, count: int, seed: int) -> pl.DataFrame:
    """Rows of the table `reviews`: waits around 12 days, promises of 8 to 25, one in fifty not delivered."""
    random = np.random.default_rng(seed)
    wait = random.gamma(3.0, 4.0, count)
    promised = random.choice([8.0, 12.0, 16.0, 25.0], count)
    late = np.maximum(wait - promised, 0.0)
    undelivered = random.random(count) < 0.02
    share = np.array(truth.before.shares)[np.searchsorted(truth.late.days, late)]
    before = undelivered | (random.random(count) < share)
    lanes = [lane.split(">") for lane in random.choice(list(LANES), count)]
    facts = pl.DataFrame(
        {"wait_days": wait, "late_days": late, "before": before, "undelivered": undelivered},
    ).with_columns(origin=pl.Series([lane[0] for lane in lanes]), country=pl.Series([lane[1] for lane in lanes]))
    at_most = truth.predict(facts).to_numpy()[:, :5].cumsum(axis=1)
    score = 1 + (random.random(count)[:, None] > at_most[:, :4]).sum(axis=1)
    # What is not delivered was reviewed when it had waited so long; the others a little before or after delivery.
    offset = np.where(undelivered, 0.0, np.where(before, -0.01, 0.01))
    return facts.select(
        pl.lit("main").alias("tenant"),
        pl.lit("shop").alias("seller"),
        order_id=pl.Series([f"o{number:06}" for number in range(count)]),
        score=pl.Series(score),
        reviewed_at=pl.Series([TUESDAY + timedelta(days=days) for days in wait + offset]),
        placed_at=pl.lit(TUESDAY),
        delivered_at=pl.Series(
            [None if lost else TUESDAY + timedelta(days=days) for days, lost in zip(wait, undelivered, strict=True)]
        ),
        promised_by=pl.Series([TUESDAY + timedelta(days=days) for days in promised]),
        origin="origin",
        country="country",
    )
