from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from entrepost.journey.discretise import discretise, mean_hours
from entrepost.journey.learn import learn, priors_of
from entrepost.journey.learning.gaps import INFERRED, MOST, divide_gaps, draw_even, list_gaps, thin
from entrepost.journey.learning.hazard_pool import list_hazards
from entrepost.journey.learning.scans import read_history
from entrepost.network.network import Network
from entrepost.planning.simulation.world import AS_ASSUMED
from tests.journey.histories import DIFFERENT, LATER, SEED, simulate_history, uncertain_offices
from tests.worlds import two_offices


def mean_of(network: Network) -> float:
    """Mean hours of inward work and import customs together."""
    return sum(mean_hours(discretise(row.duration)) for row in (network.processing[3], network.clearance[1]))


def test_a_place_whose_code_is_never_scanned_is_learned_from_its_neighbours() -> None:
    """The sum of both steps is that of the truth to four standard errors of its mean, and 1 % of division.

    Of 500 sums that stand for 2,000; the standard deviation of each step is not greater than its mean.
    """
    network = uncertain_offices()
    history = simulate_history(network, 2000)
    learned = learn(network, history.filter(pl.col("code") != "EDB"), LATER)
    inward, customs = learned.processing[3], learned.clearance[1]
    assert inward.source.endswith("from 0 observations, 0 under way, 2,000 inferred")
    truth = 0.0
    for row, place, step in (
        (network.processing[3], "DEFRAA", "inward"),
        (network.clearance[1], "DEFRAA", "import green"),
    ):
        truth += mean_hours(discretise(row.duration, DIFFERENT.draw_factor(SEED, place, step)))
    assert mean_of(learned) == pytest.approx(truth, abs=4 * truth / 500**0.5 * 0.7 + 0.01 * truth)
    assert abs(mean_of(network) - truth) > 0.1 * truth
    for new, old in ((inward, network.processing[3]), (customs, network.clearance[1])):
        assert 0.8 < new.hours_p50 / old.hours_p50 < 1.4


def test_fixed_times_are_divided_as_they_are() -> None:
    """Four hours inward and six in customs: ten hours between the scans have one division."""
    network = two_offices()
    history = simulate_history(network, 20, AS_ASSUMED).filter(pl.col("code") != "EDB")
    read = read_history(network, history, LATER)
    gaps = list_gaps(read)
    assert gaps.gaps.size == 20
    hazards, _ = list_hazards(priors_of(network, read.tables.steps), np.ones(8))
    spells = divide_gaps(read, gaps, hazards, np.ones(8), 0)
    assert (spells["item"] == INFERRED).all()
    assert sorted(set(spells["hours"].tolist())) == [4, 6]


def test_gaps_between_steps_that_are_often_seen_are_left_alone() -> None:
    network = uncertain_offices()
    history = simulate_history(network, 200)
    some = history.filter((pl.col("code") != "EDB") | (pl.col("order_id").str.len_chars() > 2))
    assert list_gaps(read_history(network, some, LATER)).gaps.size == 0


def test_of_many_gaps_some_stand_for_all() -> None:
    groups = np.array([7] * 3 + [5] * (3 * MOST + 1))
    chosen, weights = thin(groups)
    assert np.bincount(groups[chosen]).tolist()[7] == 3
    assert np.bincount(groups[chosen]).tolist()[5] <= MOST
    assert weights.sum() == pytest.approx(groups.size)


def test_draws_are_even_and_repeat() -> None:
    draws = np.array([draw_even(item, slot, 1) for item in range(500) for slot in range(4)])
    assert abs(draws.mean() - 0.5) < 4 / (12 * 2000) ** 0.5
    assert draws.min() >= 0
    assert draws.max() < 1
    assert draw_even(3, 2, 1) == draws[14]
