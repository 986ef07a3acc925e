from __future__ import annotations

import numpy as np
import pytest

from entrepost.journey.learning.hazard import BINS
from entrepost.journey.learning.hazard_pool import Priors, list_hazards, list_levels, pool, shrink, sums, tabulate
from entrepost.journey.learning.stages import Learnable
from entrepost.network.duration import Duration

OLD = Duration(2.0, 10.0, 30.0)


def list_steps(places: int) -> list[Learnable]:
    return [
        Learnable("processing", (at,), OLD, (1.0,), name="accept", country="CN", place=f"P{at}") for at in range(places)
    ]


def expected_counts(priors: Priors, scale: np.ndarray, items: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What would be counted, on the mean, of so many items whose durations are this much longer."""
    hazards, ends = list_hazards(priors, scale)
    before = np.concatenate([np.zeros((scale.size, 1)), ends[:, :-1]], axis=1)
    done = (ends - before) * items[:, None]
    return done, np.where(hazards > 0, done / hazards, 0.0)


def priors_of(steps: list[Learnable]) -> Priors:
    figures = np.array([(step.old.hours_min, step.old.hours_p50, step.old.hours_p90) for step in steps])
    return Priors(figures, np.ones((len(steps), 1)), np.ones(1))


def test_levels_go_from_places_to_all() -> None:
    levels = list_levels(list_steps(3))
    assert [level.tolist() for level in levels] == [[0, 0, 0], [0], [0], [0]]


def test_much_seen_places_learn_their_own_scale_and_unseen_ones_that_of_their_like() -> None:
    steps = list_steps(5)
    priors, items = priors_of(steps), np.array([4000.0, 4000, 4000, 4000, 0])
    truth = np.array([1.3, 1.2, 1.25, 1.35, 1.0])
    pooled = pool(*expected_counts(priors, truth, items), priors, tabulate(priors), list_levels(steps))
    assert pooled.scale[:4] == pytest.approx(truth[:4], rel=0.03)
    assert pooled.scale[4] == pytest.approx(1.27, rel=0.05)


def test_a_place_seen_once_stays_near_its_like() -> None:
    steps = list_steps(5)
    priors, items = priors_of(steps), np.array([4000.0, 4000, 4000, 4000, 1])
    truth = np.array([1.0, 1.0, 1.0, 1.0, 3.0])
    pooled = pool(*expected_counts(priors, truth, items), priors, tabulate(priors), list_levels(steps))
    assert 1.0 <= pooled.scale[4] < 1.2


def test_without_observations_all_stays_as_it_was() -> None:
    steps = list_steps(2)
    priors = priors_of(steps)
    nothing = np.zeros((2, BINS))
    pooled = pool(nothing, nothing, priors, tabulate(priors), list_levels(steps))
    assert pooled.scale == pytest.approx([1.0, 1.0], abs=1e-6)


def test_a_shape_that_is_not_the_old_one_is_learned() -> None:
    """Half take 4 hours and half 40, where 10 was said: the distribution follows."""
    steps = list_steps(1)
    priors = priors_of(steps)
    done, held = np.zeros((1, BINS)), np.zeros((1, BINS))
    done[0, 4] = done[0, 26] = 5000
    held[0, :5], held[0, 5:27] = 10_000, 5000
    pooled = pool(done, held, priors, tabulate(priors), list_levels(steps))
    assert pooled.ends[0, 10] == pytest.approx(0.5, abs=0.02)


def test_rates_are_drawn_to_the_parents_the_more_the_less_was_seen() -> None:
    done = np.array([0.0, 2.0, 200.0, 90.0, 105.0, 100.0])
    expected = np.array([1.0, 1.0, 100.0, 100.0, 100.0, 100.0])
    rates, _ = shrink(done, expected, 1.0)
    assert 0.5 < rates[0] < 1.0 < rates[1] < 1.6
    assert rates[2] == pytest.approx(2.0, rel=0.15)


def test_alike_rates_give_a_great_strength() -> None:
    done = np.full(50, 100.0)
    assert shrink(done, done, 1.0)[1] >= 1000


def test_sums_are_by_member() -> None:
    assert sums(np.array([0, 1, 1]), np.array([1.0, 2.0, 3.0]), 3).tolist() == [1.0, 5.0, 0.0]
