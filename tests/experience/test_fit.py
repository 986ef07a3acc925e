"""On drawn reviews the fit finds the truth; on real ones it gives the known table and foretells better."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepost.base.errors import MisuseError
from entrepost.experience.fit import FitParams, fit_satisfaction
from entrepost.experience.reviews import measure_reviews, read_reviews
from entrepost.experience.satisfaction import Satisfaction
from entrepost.experience.satisfaction_file import default_satisfaction
from tests.experience.real_reviews import load_reviews
from tests.experience.reviews_scene import LANES, TRUTH, draw_reviews

ONE = FitParams(smoothnesses=(1.0,), lane_shrinkages=(10.0,))
STANDARD_ERRORS = 4


@pytest.fixture(scope="module")
def drawn() -> Satisfaction:
    """Fitted to 36,000 reviews drawn from TRUTH."""
    return fit_satisfaction(draw_reviews(TRUTH, 36_000, seed=1))


def test_the_fit_finds_what_each_stretch_adds(drawn: Satisfaction) -> None:
    for found, truth in ((drawn.wait, TRUTH.wait), (drawn.late, TRUTH.late)):
        added, real = np.diff(found.losses, prepend=0.0), np.diff(truth.losses, prepend=0.0)
        # An increment at its bound has no error: it is held against those of its neighbours.
        errors = np.maximum(found.errors, np.median(found.errors))
        assert (np.abs(added - real) < STANDARD_ERRORS * errors).all()


def test_the_fit_finds_the_losses_before_delivery_and_of_lanes(drawn: Satisfaction) -> None:
    assert drawn.before.kept == pytest.approx(TRUTH.before.kept, abs=0.3)
    assert drawn.before.late == pytest.approx(TRUTH.before.late, abs=0.25)
    assert drawn.undelivered == pytest.approx(TRUTH.undelivered, abs=0.3)
    assert drawn.before.shares == pytest.approx(TRUTH.before.shares, abs=0.1)
    assert {lane: round(each.loss, 1) for lane, each in drawn.lanes.items()} == pytest.approx(LANES, abs=0.11)
    assert sum(each.reviews for each in drawn.lanes.values()) == 36_000


def test_the_fit_finds_the_value_of_a_day_and_of_a_promise(drawn: Satisfaction) -> None:
    waits = [5.0, 8.0, 12.0, 16.0, 20.0]
    found, truth = drawn.value_of_day(waits, 2.0), TRUTH.value_of_day(waits, 2.0)
    for column, tolerance in (("score_mean", 0.05), ("broken_change", 0.1)):
        assert found.get_column(column).to_list() == pytest.approx(truth.get_column(column).to_list(), abs=tolerance)
    widths, errors = (np.array(each)[[3, 4, 5, 6, 7]] for each in (stretches(drawn), drawn.wait.errors))
    real, seen = (each.get_column("day_change").to_numpy() for each in (truth, found))
    # A point of log odds moves the mean by less than one point of score.
    assert (np.abs(seen - real) < STANDARD_ERRORS * errors / widths).all()


def stretches(satisfaction: Satisfaction) -> list[float]:
    """The days of each stretch, named by its end."""
    return np.diff(satisfaction.wait.days, prepend=-1.0).tolist()


def test_the_evidence_counts_dates_and_compares(drawn: Satisfaction) -> None:
    evidence = drawn.evidence
    assert evidence is not None
    assert evidence.reviews == 36_000
    assert evidence.first_reviewed < evidence.last_reviewed
    assert evidence.log_likelihood_intercept_only < evidence.log_likelihood_wait_only < evidence.log_likelihood


def test_what_is_held_out_was_not_seen() -> None:
    alone = draw_reviews(TRUTH, 1000, seed=8).with_columns(origin="order_id")
    found = fit_satisfaction(alone, FitParams(("wait", "lane"), (1.0,), (0.1,))).evidence
    assert found is not None
    assert found.log_likelihood < found.log_likelihood_wait_only, "a lane that nobody else has foretells nothing"


def test_shares_before_delivery_are_those_of_delivered_orders_of_that_lateness() -> None:
    reviews = draw_reviews(TRUTH, 2000, seed=9)
    wait = (pl.col("delivered_at") - pl.col("placed_at")).dt.total_seconds() / 86_400
    whole = reviews.with_columns(promised_by=pl.col("delivered_at") - pl.duration(days=2)).filter(wait > 2)
    asked = pl.when(pl.int_range(pl.len()) % 4 == 0).then(-1).otherwise(1)
    written = whole.with_columns(reviewed_at=pl.col("delivered_at") + pl.duration(minutes=asked))
    nowhere = pl.lit(None, pl.Datetime("us", "UTC"))
    waiting = written.with_columns(delivered_at=nowhere, order_id=pl.col("order_id") + "w")
    asked = pl.when(pl.int_range(pl.len()) % 8 == 0).then(-1).otherwise(1)
    kept = whole.with_columns(
        reviewed_at=pl.col("delivered_at") + pl.duration(minutes=asked),
        promised_by="delivered_at",
        order_id=pl.col("order_id") + "k",
    )
    shares = fit_satisfaction(pl.concat([written, waiting, kept]), ONE).before.shares
    # Kept; up to 1 day late, where nobody is; up to 2; those after it follow, because shares never fall.
    assert (shares[0], shares[2]) == pytest.approx((0.125, 0.25), abs=0.01)


def test_a_curve_is_the_smoother_the_more_its_bends_are_held_against_it() -> None:
    reviews = draw_reviews(TRUTH, 2000, seed=10)

    def bend(smoothness: float) -> float:
        wait = fit_satisfaction(reviews, FitParams(("wait",), (smoothness,), (10.0,))).wait
        return float(np.abs(np.diff(np.diff(wait.losses) / np.diff(wait.days))).sum())

    assert bend(1e5) < 0.01 < bend(10.0) < bend(0.1)


def test_the_order_of_rows_does_not_matter() -> None:
    reviews = draw_reviews(TRUTH, 600, seed=2)
    assert fit_satisfaction(reviews.sample(fraction=1.0, shuffle=True, seed=3), ONE) == fit_satisfaction(reviews, ONE)


def test_terms_that_are_left_out_lose_nothing() -> None:
    found = fit_satisfaction(draw_reviews(TRUTH, 600, seed=4), FitParams(("wait",), (1.0,), (10.0,)))
    assert set(found.late.losses) == {0.0}
    assert (found.before.kept, found.before.late, found.undelivered, found.lanes) == (0, 0, 0, {})
    assert found.evidence is not None
    assert found.evidence.log_likelihood == pytest.approx(found.evidence.log_likelihood_wait_only, abs=1e-6)
    nothing = fit_satisfaction(draw_reviews(TRUTH, 600, seed=4), FitParams((), (1.0,), (10.0,)))
    assert set(nothing.wait.losses) == {0.0}


def test_what_the_reviews_do_not_say_stays_as_the_default_says() -> None:
    prompt = draw_reviews(TRUTH, 2000, seed=5).filter(
        (pl.col("delivered_at") < pl.col("promised_by")) & (pl.col("delivered_at") < pl.col("reviewed_at"))
    )
    found, default = fit_satisfaction(prompt, ONE), default_satisfaction()
    assert found.late.losses == pytest.approx(default.late.losses, abs=1e-6)
    assert (found.before.late, found.undelivered) == pytest.approx((default.before.late, default.undelivered), abs=1e-6)
    assert np.diff(found.wait.losses)[-2:] == pytest.approx(np.diff(default.wait.losses)[-2:], abs=0.2)


@settings(max_examples=20)
@given(st.lists(st.integers(1, 5), min_size=1, max_size=30))
def test_any_scores_can_be_fitted_and_every_score_stays_possible(scores: list[int]) -> None:
    reviews = draw_reviews(TRUTH, len(scores), seed=6).with_columns(score=pl.Series(scores))
    chances = fit_satisfaction(reviews, ONE).predict(pl.DataFrame({"wait_days": [10.0], "late_days": [1.0]}))
    assert min(chances.row(0)[:5]) > 0


def test_no_reviews_and_unknown_terms_are_refused() -> None:
    with pytest.raises(MisuseError, match="no reviews"):
        fit_satisfaction(draw_reviews(TRUTH, 10, seed=7).clear())
    with pytest.raises(MisuseError, match="'weather' is unknown"):
        FitParams(terms=("weather",))
    with pytest.raises(MisuseError, match="above zero"):
        FitParams(smoothnesses=(0.0,))
    with pytest.raises(MisuseError, match="at least one"):
        FitParams(lane_shrinkages=())


WAITS = {3: 4.48, 5: 4.44, 7: 4.37, 10: 4.33, 14: 4.26, 18: 4.18, 21: 4.09, 25: 3.79, 30: 3.37, 40: 2.52, 60: 1.70}
"""Mean score by waiting class, named by its upper end, as counted on a larger set of these orders."""

LATES = {1: 3.71, 2: 3.17, 3: 2.65, 5: 2.31, 7: 1.80}
"""Mean score by days late, likewise."""


@pytest.mark.shared
def test_on_real_orders_the_fitted_means_are_those_of_the_known_table(shared: Path) -> None:
    reviews, findings = read_reviews(load_reviews(shared))
    assert {each.code for each in findings if each.level == "error"} == {"review_cell_missing", "review_backwards"}
    facts = measure_reviews(reviews).with_columns(reviews.select("origin", "country"))
    found = facts.with_columns(fit_satisfaction(reviews).predict(facts)).filter(~pl.col("undelivered"))
    for column, known in (("wait_days", WAITS), ("late_days", LATES)):
        for low, high in zip([0, *known], known, strict=False):
            part = found.filter((pl.col(column) > low) & (pl.col(column) <= high))
            error = part.get_column("score").std() / np.sqrt(part.height)
            fitted = part.get_column("score_mean").mean()
            assert fitted == pytest.approx(part.get_column("score").mean(), abs=3 * error), (column, high)
            # The known table has a sampling error of its own, nearly as large.
            assert fitted == pytest.approx(known[high], abs=3 * np.sqrt(2) * error), (column, high)


@pytest.mark.shared
def test_on_real_orders_later_reviews_are_foretold_better_than_by_the_wait_or_by_nothing(shared: Path) -> None:
    reviews, _ = read_reviews(load_reviews(shared))
    reviews = reviews.sort("placed_at")
    cut = reviews.height * 2 // 3
    past, later = reviews.head(cut), reviews.tail(reviews.height - cut)
    facts = measure_reviews(later).with_columns(later.select("origin", "country"))
    scores = later.get_column("score").to_numpy() - 1
    reached = {}
    for terms in ((), ("wait",), ("wait", "late", "before", "lane")):
        fitted = fit_satisfaction(past, FitParams(terms))
        chances = fitted.predict(facts).to_numpy()[np.arange(later.height), scores]
        reached[len(terms)] = np.log(chances).mean()
        assert fitted.evidence is not None
    assert reached[0] + 0.02 < reached[1] < reached[4] - 0.02
    assert fitted.evidence.log_likelihood_intercept_only < fitted.evidence.log_likelihood_wait_only - 0.05
    assert fitted.evidence.log_likelihood_wait_only < fitted.evidence.log_likelihood - 0.03
