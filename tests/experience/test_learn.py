"""What is sound is learned; too little keeps the default and says so."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from entrepost.experience.fit import FitParams, fit_satisfaction
from entrepost.experience.learn import REVIEWS_LEAST, learn_reviews
from entrepost.experience.reviews import read_reviews
from entrepost.experience.satisfaction_file import default_satisfaction, read_satisfaction, write_satisfaction
from tests.experience.reviews_scene import TRUTH, draw_reviews

ONE = FitParams(smoothnesses=(1.0,), lane_shrinkages=(10.0,))


def test_a_file_is_learned_and_kept(tmp_path: Path) -> None:
    reviews = draw_reviews(TRUTH, 600, seed=1)
    reviews.with_columns(pl.col(pl.Datetime).dt.strftime("%Y-%m-%dT%H:%M:%S%.6f%:z")).write_csv(tmp_path / "r.csv")
    learned = learn_reviews(tmp_path / "r.csv", ONE)
    assert learned.findings == ()
    assert learned.used == 600
    assert learned.satisfaction == fit_satisfaction(reviews, ONE)
    write_satisfaction(learned.satisfaction, tmp_path / "satisfaction.toml")
    assert read_satisfaction(tmp_path / "satisfaction.toml") == learned.satisfaction


def test_one_bad_row_loses_no_other() -> None:
    reviews = draw_reviews(TRUTH, 300, seed=2)
    spoilt = reviews.with_columns(score=pl.when(pl.int_range(300) == 7).then(9).otherwise("score"))
    learned = learn_reviews(spoilt, ONE)
    assert [each.code for each in learned.findings] == ["review_score_bad"]
    assert learned.satisfaction == fit_satisfaction(reviews.filter(pl.int_range(300) != 7), ONE)


def test_too_few_reviews_keep_the_default_and_say_so() -> None:
    for count in (0, 1, REVIEWS_LEAST - 1):
        learned = learn_reviews(draw_reviews(TRUTH, REVIEWS_LEAST, seed=3).head(count))
        assert [(each.code, each.level) for each in learned.findings] == [("reviews_few", "warning")]
        assert learned.satisfaction == default_satisfaction()
        assert learned.used == 0
    assert learn_reviews(draw_reviews(TRUTH, REVIEWS_LEAST, seed=3), ONE).used == REVIEWS_LEAST


def test_reviews_that_are_never_late_say_that_lateness_is_assumed() -> None:
    reviews = draw_reviews(TRUTH, 400, seed=4).with_columns(promised_by=None)
    learned = learn_reviews(reviews, ONE)
    assert [each.code for each in learned.findings] == ["reviews_never_late"]
    sound, _ = read_reviews(reviews)
    assert learned.satisfaction == fit_satisfaction(sound, ONE)
