"""Scores sum to one, and neither a longer wait nor a later delivery goes with a better mean."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepost.base.errors import MisuseError
from entrepost.experience.curve import Curve
from entrepost.experience.satisfaction import SCORE_COLUMNS, Before, LaneLoss, Satisfaction
from entrepost.experience.satisfaction_file import default_satisfaction

ROUNDING = 1e-9

BEFORE = st.sampled_from([None, True])

FLAT = Satisfaction(
    cut_points=(-3.0, -2.0, -1.0, 0.0),
    wait=Curve((0, 10), (0.0, 1.0)),
    late=Curve((0, 2), (0.5, 0.7)),
    before=Before(0.2, 1.0, (0.1, 0.5, 1.0)),
    undelivered=2.0,
    lanes={"CNSZXA>US": LaneLoss(0.25, 10)},
)


@st.composite
def satisfactions(draw: st.DrawFn) -> Satisfaction:
    """Any satisfaction that can be: rising cut points, losses that never fall, shares that never fall."""
    gain = st.floats(0, 2)
    share = st.lists(st.floats(0, 1), min_size=4, max_size=4).map(sorted)
    kept, extra = draw(gain), draw(gain)
    return Satisfaction(
        cut_points=tuple(np.cumsum([draw(st.floats(-4, 2)), *(draw(st.floats(0.01, 2)) for _ in range(3))]).tolist()),
        wait=Curve((0, 5, 20), tuple(np.cumsum([0.0, draw(gain), draw(gain)]).tolist())),
        late=Curve((0, 1, 4), tuple(np.cumsum([draw(gain), draw(gain), draw(gain)]).tolist())),
        before=Before(kept, kept + extra, tuple(draw(share))),
        undelivered=draw(gain),
    )


def mean_of(satisfaction: Satisfaction, **columns: list[float]) -> list[float]:
    return satisfaction.predict(pl.DataFrame(columns)).get_column("score_mean").to_list()


def test_the_chances_are_those_of_the_formula_by_hand() -> None:
    found = FLAT.predict(pl.DataFrame({"wait_days": [5.0], "late_days": [0.0], "before": [False]}))
    at_most = 1 / (1 + np.exp(-(np.array([-3.0, -2.0, -1.0, 0.0]) + 0.5)))
    assert found.row(0)[:5] == pytest.approx(tuple(np.diff(at_most, prepend=0, append=1)))
    assert found.row(0)[5] == pytest.approx(5 - at_most.sum())


@pytest.mark.parametrize(("late", "share"), [(-3.0, 0.1), (0.0, 0.1), (0.001, 0.5), (2.0, 0.5), (2.001, 1.0)])
def test_a_review_that_may_have_been_written_before_delivery_is_mixed_by_its_share(late: float, share: float) -> None:
    after, before = mean_of(FLAT, wait_days=[5, 5], late_days=[late, late], before=[0, 1])
    mixed = mean_of(FLAT, wait_days=[5], late_days=[late])
    assert before < after
    assert mixed == pytest.approx([(1 - share) * after + share * before])


def test_what_is_not_delivered_was_reviewed_before_delivery() -> None:
    frame = pl.DataFrame({"wait_days": [5.0, 5.0], "undelivered": [True, True], "before": [None, True]})
    assert FLAT.predict(frame).get_column("score_mean").n_unique() == 1


def test_a_lane_counts_and_a_lane_never_reviewed_loses_nothing() -> None:
    frame = pl.DataFrame({"wait_days": [5.0] * 3, "origin": ["CNSZXA", "CNSZXA", None], "country": ["US", "XX", "US"]})
    known, unknown, missing = FLAT.predict(frame).get_column("score_mean")
    assert known < unknown == missing == pytest.approx(mean_of(FLAT, wait_days=[5])[0])


def test_no_rows_give_no_rows() -> None:
    found = FLAT.predict(pl.DataFrame({"wait_days": []}, schema={"wait_days": pl.Float64}))
    assert found.columns == [*SCORE_COLUMNS, "score_mean"]
    assert found.is_empty()


@given(satisfactions(), st.floats(0, 100), st.floats(-10, 40), st.sampled_from([None, False, True]))
def test_the_chances_sum_to_one(satisfaction: Satisfaction, wait: float, late: float, before: bool | None) -> None:
    frame = pl.DataFrame({"wait_days": [wait], "late_days": [late], "before": [before]})
    chances = satisfaction.predict(frame).row(0)[:5]
    assert sum(chances) == pytest.approx(1)
    assert min(chances) >= 0


@given(
    satisfactions(),
    st.lists(st.floats(0, 100), min_size=2, max_size=8),
    st.floats(0, 40),
    st.sampled_from([None, True]),
)
def test_a_longer_wait_never_goes_with_a_better_mean(
    satisfaction: Satisfaction, waits: list[float], late: float, before: bool | None
) -> None:
    frame = pl.DataFrame({"wait_days": sorted(waits)}).with_columns(late_days=pl.lit(late), before=pl.lit(before))
    assert satisfaction.predict(frame).get_column("score_mean").diff().drop_nulls().max() <= ROUNDING


@given(
    satisfactions(),
    st.floats(0, 60),
    st.lists(st.floats(-5, 40), min_size=2, max_size=8),
    st.sampled_from([None, True]),
)
def test_a_later_delivery_never_goes_with_a_better_mean(
    satisfaction: Satisfaction, wait: float, lates: list[float], before: bool | None
) -> None:
    frame = pl.DataFrame({"late_days": sorted(lates)}).with_columns(wait_days=pl.lit(wait), before=pl.lit(before))
    assert satisfaction.predict(frame).get_column("score_mean").diff().drop_nulls().max() <= ROUNDING


def test_the_value_of_a_day_is_the_difference_of_two_means() -> None:
    found = FLAT.value_of_day([2.0, 8.0], late_days=2.0, origin="CNSZXA", country="US")
    asked = {"origin": ["CNSZXA"] * 2, "country": ["US"] * 2}
    now, later = (
        FLAT.predict(pl.DataFrame({"wait_days": waits, **asked})).get_column("score_mean")
        for waits in ([2.0, 8.0], [3.0, 9.0])
    )
    assert found.get_column("day_change").to_list() == pytest.approx((later - now).to_list())
    assert (found.get_column("broken_change") < found.get_column("day_change")).all()
    assert FLAT.value_of_day(50.0).get_column("day_change").to_list() == [0.0]


def test_the_wait_must_be_there_and_be_a_number() -> None:
    with pytest.raises(MisuseError, match="wait_days is missing"):
        FLAT.predict(pl.DataFrame({"days": [1.0]}))
    with pytest.raises(MisuseError, match="without a number"):
        FLAT.predict(pl.DataFrame({"wait_days": [1.0, None]}))


@pytest.mark.parametrize(
    "wrong",
    [
        {"cut_points": (0.0, 1.0, 1.0, 2.0)},
        {"cut_points": (0.0, 1.0, 2.0)},
        {"undelivered": -1.0},
        {"wait": Curve((0, 10), (0.5, 1.0))},
        {"before": Before(0.0, 1.0, (0.0, 0.5))},
    ],
)
def test_figures_that_cannot_be_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(MisuseError):
        replace(FLAT, **wrong)


@pytest.mark.parametrize("wrong", [(1.0, 0.5, (0.0,)), (-0.1, 0.5, (0.0,)), (0.0, 0.5, (0.5, 0.1)), (0.0, 0.5, (1.5,))])
def test_losses_and_shares_before_delivery_never_fall(wrong: tuple[float, float, tuple[float, ...]]) -> None:
    with pytest.raises(MisuseError, match="before delivery"):
        Before(*wrong)


def test_the_default_says_of_a_prompt_delivery_what_its_file_says() -> None:
    chances = default_satisfaction().predict(pl.DataFrame({"wait_days": [0.0]})).row(0)
    assert chances == pytest.approx((0.05, 0.05, 0.1, 0.2, 0.6, 4.25), abs=1e-6)
