"""Worlds come two by two."""

from __future__ import annotations

import numpy as np
import pytest

from entrepost.planning.simulation.world import World
from entrepost.planning.trials.measure import interval_of, interval_of_worlds
from entrepost.planning.trials.worlds import list_worlds


def test_the_second_of_two_worlds_has_the_step_times_of_the_first_mirrored() -> None:
    (seed, first), (other, second), (third, again) = list_worlds(World(), 7, range(3))
    assert (seed, other, third) == (7, 8, 9)
    assert again == first
    factors = [world.draw_factor(number, "CNSHAA", "sort") for number, world in ((seed, first), (other, second))]
    assert sum(factors) == pytest.approx(2.0)
    assert factors[0] != factors[1]


def test_what_cancels_in_pairs_does_not_widen_the_interval() -> None:
    dice = np.random.default_rng(1)
    apart = dice.normal(0, 1, 10)
    waits = 12 + np.stack([apart, -apart], axis=1).ravel() + dice.normal(0, 0.05, 20)
    pairs, singles = interval_of_worlds(waits), interval_of(waits)
    assert pairs.mean == pytest.approx(singles.mean)
    assert pairs.half_width < singles.half_width / 5
    assert pairs.replications == 20


def test_few_pairs_are_not_told_from_worlds() -> None:
    waits = [12.0, 13.0, 12.5, 12.7]
    assert interval_of_worlds(waits) == interval_of(waits)
