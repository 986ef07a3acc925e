"""A distribution over rounds says the same as one written out hour by hour."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepost.journey import rounds
from entrepost.journey.distribution import WAIT_CAP_HOURS, Distribution
from entrepost.journey.rounds import ROUNDING
from tests.journey.test_distribution import random_world, week_of

ONE = np.array([0], np.int32), np.array([0], np.int32), np.array([1], np.int32)
TWO_ROUNDS = np.array([9, 33], np.int32), np.array([13, 37], np.int32)


@given(st.integers(0, 40), st.integers(0, 167), st.floats(0.01, 0.99), st.integers(1, 3))
def test_a_quantile_is_the_hour_that_a_plain_search_finds(seed: int, start: int, level: float, items: int) -> None:
    week = random_week(seed)
    starts, each = np.array([start], np.int32), np.array([items], np.int32)
    hour, share = week.describe(starts, each, (level,))[0, 1:]
    arrived = week.cdf(start)
    enough = np.flatnonzero(arrived >= level ** (1 / items) - ROUNDING)
    assert hour == (enough[0] if enough.size else -1)
    assert np.isnan(share) if hour < 0 else share == pytest.approx(arrived[int(hour)] ** items)


@cache
def random_week(seed: int) -> Distribution:
    return week_of(random_world(seed), "PACKET", ("CNSHAA", "DEFRAA"))


@given(st.integers(0, 40), st.integers(0, 167), st.integers(1, 3))
def test_a_mean_is_the_sum_of_the_survival_hour_by_hour(seed: int, start: int, items: int) -> None:
    week = random_week(seed)
    mean = week.describe(np.array([start], np.int32), np.array([items], np.int32), (0.5,))[0, 0]
    assert mean == pytest.approx((1 - week.cdf(start)[:WAIT_CAP_HOURS] ** items).sum())


def test_who_reaches_the_office_between_two_rounds_goes_with_the_second() -> None:
    followed = np.array([[0.5, 0.5] + [0.0] * 39]), np.array([[0, 2]], np.int32)
    round_of = np.searchsorted(TWO_ROUNDS[0], np.arange(41)).astype(np.int32)
    eight_or_nine_hours = np.array([0, 10], np.int32), np.cumsum([0.0] * 8 + [0.5, 0.5])
    shares = np.zeros((1, 2))
    variant = np.zeros(41, np.int32)
    rounds.hand_over(followed, 0.9, (round_of, TWO_ROUNDS[0]), variant, eight_or_nine_hours, shares)
    assert shares.tolist() == [[pytest.approx(0.9 * 0.75), pytest.approx(0.9 * 0.25)]]
    after = np.zeros((1, 41)), np.array([[41, 0]], np.int32)
    rounds.in_hours(shares, TWO_ROUNDS, after)
    assert after[0][0, 10:14] == pytest.approx([0.9 * 0.75 / 4] * 4)
    assert after[0].sum() == pytest.approx(0.9)
    assert after[1].tolist() == [[10, 38]]


def test_what_comes_after_the_cap_or_never_counts_as_the_cap() -> None:
    reached = rounds.cumulate(np.array([[0.5, 0.3]]))
    assert rounds.means(ONE, np.array([100], np.int32), TWO_ROUNDS, reached) == pytest.approx(
        [0.5 * 11.5 + 0.3 * 35.5 + 0.2 * 100]
    )
    assert rounds.means(ONE, np.array([35], np.int32), TWO_ROUNDS, reached) == pytest.approx(
        [0.5 * 11.5 + 0.3 * (34 + 3 * 35) / 4 + 0.2 * 35]
    )


def test_probability_grows_within_a_round_and_rests_between_rounds() -> None:
    reached = rounds.cumulate(np.array([[0.5, 0.3]]))
    hours = np.array([-1, 9, 10, 13, 33, 37, 900], np.int32)
    ask = tuple(np.full(hours.size, value, np.int32) for value in (0, 0, 1))
    found = rounds.probabilities(ask, hours, TWO_ROUNDS, reached)
    assert found == pytest.approx([0, 0, 0.125, 0.5, 0.5, 0.8, 0.8])


def test_a_level_that_is_never_reached_has_no_quantile() -> None:
    reached = rounds.cumulate(np.array([[0.5, 0.3]]))
    found = rounds.quantiles(ONE, np.array([0.5, 0.6, 0.9]), TWO_ROUNDS, reached)[0]
    assert found[:4] == pytest.approx([13, 0.5, 35, 0.65])
    assert found[4] == -1
    assert np.isnan(found[5])
