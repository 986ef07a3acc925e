import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepost.journey.discretise import Z90, discretise, mean_hours, slices
from entrepost.network.duration import Duration

hours = st.floats(0, 200)


def test_a_fixed_duration_is_one_hour_of_the_week() -> None:
    assert discretise(Duration(12, 12, 12)).tolist() == [0] * 12 + [1]


def test_a_fixed_half_hour_is_shared_by_its_neighbours() -> None:
    assert discretise(Duration(2.5, 2.5, 2.5)).tolist() == pytest.approx([0, 0, 0.5, 0.5])


def test_no_time_at_all_is_certainly_zero_hours() -> None:
    assert discretise(Duration(0, 0, 0)).tolist() == [1]


@given(hours, st.floats(0.5, 100), st.floats(1.05, 6), st.floats(0.5, 2))
def test_the_mean_of_the_lognormal_is_kept(low: float, middle: float, ratio: float, factor: float) -> None:
    probabilities = discretise(Duration(low, low + middle, low + middle * ratio), factor)
    sigma = math.log(ratio) / Z90
    expected = factor * (low + middle * math.exp(sigma * sigma / 2))
    assert probabilities.sum() == pytest.approx(1)
    assert (probabilities >= -1e-9).all()
    assert mean_hours(probabilities) == pytest.approx(expected, rel=1e-6, abs=1e-6)


def test_median_and_ninetieth_percentile_are_those_that_were_given() -> None:
    cumulated = np.cumsum(discretise(Duration(10, 40, 90)))
    assert np.searchsorted(cumulated, 0.5) == pytest.approx(40, abs=1)
    assert np.searchsorted(cumulated, 0.9) == pytest.approx(90, abs=1)


def test_a_median_at_the_minimum_still_gives_a_distribution() -> None:
    probabilities = discretise(Duration(5, 5, 25))
    assert probabilities.sum() == pytest.approx(1)
    assert probabilities[:5].sum() == pytest.approx(0, abs=1e-9)


@given(hours, st.floats(0.5, 100), st.floats(1.05, 6))
def test_slices_keep_the_mean_and_the_whole(low: float, middle: float, ratio: float) -> None:
    duration = Duration(low, low + middle, low + middle * ratio)
    whole_hours, shares = slices(0.3 * discretise(duration))
    assert shares.sum() == pytest.approx(0.3)
    assert whole_hours @ shares == pytest.approx(0.3 * mean_hours(discretise(duration)), rel=1e-9)
