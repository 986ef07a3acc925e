"""The ordered logit: its slopes are those of its likelihood, and its fit is a maximum."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from entrepost.experience.ordinal import Fitted, Observed, Penalty, curve_of, fit_ordinal, log_likelihoods, penalised

CUTS = np.array([-2.0, -1.0, 0.5, 1.5])
SETTLED = 1e-4


@pytest.fixture
def scene() -> tuple[Observed, Penalty]:
    """400 scores with two terms and three lanes; the last term goes with better scores, which no loss can say."""
    random = np.random.default_rng(7)
    terms = random.random((400, 2))
    lanes = csr_matrix((np.ones(300), (np.arange(300), random.integers(0, 3, 300))), (400, 3))
    shift = terms @ np.array([1.5, -1.0]) + lanes @ np.array([0.5, -0.5, 0.0])
    chance = 1 / (1 + np.exp(-(CUTS + shift[:, None])))
    scores = (random.random(400)[:, None] > chance).sum(axis=1)
    return Observed(scores, np.ones(400), terms, lanes), Penalty(np.array([0.3, 0.1]), np.diag([1.0, 2.0]), 4.0)


def at(point: np.ndarray) -> Fitted:
    return Fitted(point[:4], point[4:6], point[6:], np.zeros((0, 0)))


def test_gradient_and_information_are_the_differences_of_the_likelihood(scene: tuple[Observed, Penalty]) -> None:
    point, step = np.array([-2.1, -0.9, 0.4, 1.6, 0.8, 0.2, 0.1, -0.2, 0.3]), 1e-5
    around = [(at(point + step * unit), at(point - step * unit)) for unit in np.eye(9)]
    found = curve_of(*scene, at(point))
    slopes = [(penalised(*scene, up) - penalised(*scene, down)) / (2 * step) for up, down in around]
    gradient = np.concatenate([found.fixed_gradient, found.lane_gradient])
    assert gradient.tolist() == pytest.approx(slopes, abs=1e-5)
    bends = [
        (np.concatenate(curve_of(*scene, down)[:2]) - np.concatenate(curve_of(*scene, up)[:2])) / (2 * step)
        for up, down in around
    ]
    information = np.block([[found.fixed, found.cross.T], [found.cross, np.diag(found.lane)]])
    assert information == pytest.approx(np.array(bends), abs=1e-4)


def test_the_fit_is_a_maximum_in_every_direction_that_is_allowed(scene: tuple[Observed, Penalty]) -> None:
    fitted = fit_ordinal(*scene, at(np.concatenate([CUTS, np.zeros(5)])))
    found = curve_of(*scene, fitted)
    gradient = np.concatenate([found.fixed_gradient, found.lane_gradient])
    assert fitted.losses[0] > 0
    assert fitted.losses[1] == 0
    assert gradient[5] < 0, "only a gain would do better, and losses are not negative"
    assert np.abs(np.delete(gradient, 5)).max() < 0.05
    best = penalised(*scene, fitted)
    random = np.random.default_rng(1)
    for _ in range(50):
        away = fitted.moved(*(0.05 * random.standard_normal(size) for size in (4, 2, 3)))
        assert penalised(*scene, away) < best + SETTLED


def test_a_loss_at_its_bound_has_no_error_and_the_others_have_one(scene: tuple[Observed, Penalty]) -> None:
    fitted = fit_ordinal(*scene, at(np.concatenate([CUTS, np.zeros(5)])))
    errors = np.sqrt(np.diag(fitted.covariance))
    assert errors[5] == 0
    assert (errors[:5] > 0.05).all()


def test_the_start_does_not_matter(scene: tuple[Observed, Penalty]) -> None:
    near = fit_ordinal(*scene, at(np.concatenate([CUTS, np.zeros(5)])))
    far = fit_ordinal(*scene, at(np.array([-9.0, -8.0, 7.0, 9.0, 5.0, 5.0, 2.0, 2.0, 2.0])))
    assert far.cut_points.tolist() == pytest.approx(near.cut_points.tolist(), abs=1e-3)
    assert far.losses.tolist() == pytest.approx(near.losses.tolist(), abs=1e-3)


def test_a_weight_of_two_is_the_same_as_the_row_twice(scene: tuple[Observed, Penalty]) -> None:
    observed, penalty = scene
    twice = observed.part(np.repeat(np.arange(400), 2))
    doubled = replace(observed, weights=np.full(400, 2.0))
    start = at(np.concatenate([CUTS, np.zeros(5)]))
    one, other = fit_ordinal(twice, penalty, start), fit_ordinal(doubled, penalty, start)
    assert one.cut_points.tolist() == pytest.approx(other.cut_points.tolist())


def test_likelihoods_are_those_of_the_chances_by_hand() -> None:
    rows = Observed(np.array([0, 2, 4]), np.ones(3), np.zeros((3, 0)), csr_matrix((3, 0)))
    point = Fitted(np.array([-2.0, -1.0, 0.5, 1.5]), np.zeros(0), np.zeros(0), np.zeros((0, 0)))
    chance = 1 / (1 + np.exp(-point.cut_points))
    by_hand = np.log([chance[0], chance[2] - chance[1], 1 - chance[3]])
    assert log_likelihoods(rows, point).tolist() == pytest.approx(by_hand.tolist())


def test_cut_points_out_of_order_are_impossible() -> None:
    rows = Observed(np.array([1]), np.ones(1), np.zeros((1, 0)), csr_matrix((1, 0)))
    point = Fitted(np.array([0.0, -1.0, 0.5, 1.5]), np.zeros(0), np.zeros(0), np.zeros((0, 0)))
    assert log_likelihoods(rows, point).tolist() == [-np.inf]
