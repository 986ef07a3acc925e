from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import polars as pl
import pytest

from entrepost.journey.learn import learn, learn_more
from entrepost.journey.learning.regimes import (
    GRID,
    NAMES,
    Lanes,
    Mix,
    Weighed,
    compare_weeks,
    fit_mixture,
    list_lane_weeks,
    log_likelihood,
    to_mix,
)
from entrepost.journey.learning.scans import read_history
from entrepost.network.check import check_network
from entrepost.network.feed import write_network
from entrepost.network.network import Network
from entrepost.network.regime import Regime
from entrepost.planning.simulation.world import AS_ASSUMED
from tests.journey.histories import simulate_history, uncertain_offices
from tests.worlds import MONDAY, two_offices

DAYS, WEEKS = 420, 60
LATER = MONDAY + timedelta(days=DAYS + 40)
TRUTH = (
    Regime("calm", 700_000, 0.85, 0.98, 0.85, 0.9, "truth"),
    Regime("busy", 220_000, 1.25, 1.03, 1.3, 1.2, "truth"),
    Regime("disrupted", 80_000, 1.8, 1.15, 2.0, 1.6, "truth"),
)


def learn_from(truth: Network, seed: int, prior: Network | None = None) -> Network:
    return learn(prior or uncertain_offices(), simulate_history(truth, 3000, AS_ASSUMED, seed, DAYS), LATER)


def weeks_of(*best: float, spells: int = 50, sigma: float = 0.05) -> tuple[Weighed, Lanes]:
    """One lane's weeks of which work alone tells, a parabola around these logarithms of factors."""
    likelihoods = np.zeros((len(best), 4, GRID.size))
    likelihoods[:, 0] = -0.5 * ((GRID - np.array(best)[:, None]) / sigma) ** 2
    told = np.zeros((len(best), 4), dtype=np.int64)
    told[:, 0] = spells
    return Weighed(likelihoods, told), Lanes(np.arange(1), np.zeros(len(best), np.int64), np.arange(len(best)))


@pytest.mark.parametrize("seed", [1, 2])
def test_regimes_are_those_of_the_truth(seed: int) -> None:
    """Of 60 weeks some 42 are calm, 13 busy and 5 disrupted, so shares have standard errors of 6, 5 and 4 points.

    Each factor rests on at least that many weeks and leans on what is assumed; 10 % and 20 % are allowed.
    """
    network = uncertain_offices()
    learned = learn_from(replace(network, regimes=TRUTH), seed)
    assert [row.regime for row in learned.regimes] == ["calm", "busy", "disrupted"]
    assert all(row.source.startswith("learned 2027-04-10 from 6") for row in learned.regimes)
    assert sum(row.share_per_million for row in learned.regimes) == 1_000_000
    calm, busy, disrupted = learned.regimes
    for name in NAMES:
        for row, true, within in ((busy, TRUTH[1], 0.1), (disrupted, TRUTH[2], 0.2)):
            differs = getattr(row, name) / getattr(calm, name)
            assert differs == pytest.approx(getattr(true, name) / getattr(TRUTH[0], name), rel=within), (name, row)
    assert calm.share_per_million == pytest.approx(700_000, abs=180_000)


def test_the_steps_keep_their_times_over_all_weeks_together() -> None:
    """The regimes' mean factor goes with the figures: their product is that of the truth.

    The logarithm of a week's work factor has a standard deviation of 0.24, so the mean of 60 weeks one of 0.03.
    """
    network = uncertain_offices()
    learned = learn_from(replace(network, regimes=TRUTH), 1)
    for new, old in zip(learned.processing, network.processing, strict=True):
        means = [
            sum(row.share_per_million * np.log(row.work_factor) for row in rows) / 1e6
            for rows in (learned.regimes, TRUTH)
        ]
        assert np.log(new.hours_p50) + means[0] == pytest.approx(np.log(old.hours_p50) + means[1], abs=0.12)


@pytest.mark.parametrize("seed", [1, 2])
def test_weeks_that_do_not_differ_make_no_regimes(seed: int) -> None:
    network = uncertain_offices()
    assert learn_from(network, seed).regimes == network.regimes


def test_a_lasting_change_is_no_regime() -> None:
    """All work takes 30 % longer from the middle on."""
    network = uncertain_offices()
    slow = tuple(
        replace(row, hours_min=row.hours_min * 1.3, hours_p50=row.hours_p50 * 1.3, hours_p90=row.hours_p90 * 1.3)
        for row in network.processing
    )
    middle = MONDAY + timedelta(days=DAYS // 2)
    before = simulate_history(network, 3000, AS_ASSUMED, 1, DAYS).filter(pl.col("placed_at") < middle)
    after = simulate_history(replace(network, processing=slow), 3000, AS_ASSUMED, 1, DAYS)
    learned = learn_more(network, pl.concat([before, after.filter(pl.col("placed_at") >= middle)]), LATER)
    assert learned.network.regimes == network.regimes
    assert learned.half_life_days < 120
    for row, old in zip(learned.network.processing, slow, strict=True):
        assert row.hours_p50 == pytest.approx(old.hours_p50, rel=0.06)


def test_few_weeks_change_nothing() -> None:
    network = uncertain_offices()
    truth = replace(network, regimes=TRUTH)
    history = simulate_history(truth, 800, AS_ASSUMED, 1, 100)
    assert learn(network, history, MONDAY + timedelta(days=120)).regimes == network.regimes


def test_learned_regimes_pass_the_check_of_the_folder(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("learned")
    write_network(learn_from(replace(uncertain_offices(), regimes=TRUTH), 1), folder)
    assert not [finding for finding in check_network(folder) if finding.level == "error"]


def test_a_week_is_compared_with_those_around_it() -> None:
    weighed, lanes = weeks_of(*[0.0] * 20, *[0.5] * 20)
    best = GRID[compare_weeks(weighed, lanes).likelihoods[:, 0].argmax(axis=1)]
    assert np.abs(best[[0, 10, 30, 39]]).max() < 0.02


def test_a_mixture_finds_its_parts() -> None:
    weighed, _ = weeks_of(*[0.0] * 300, *[0.4] * 100)
    old = Mix(np.array([0.5, 0.5]), np.array([[0.0] * 4, [0.2] * 4]))
    found = fit_mixture(weighed, old, np.array([True, False, False, False]))
    assert found.shares == pytest.approx([0.75, 0.25], abs=0.01)
    assert found.factors[:, 0] == pytest.approx([0.0, 0.39], abs=0.02)
    assert found.factors[:, 1:].tolist() == [[0.0] * 3, [0.2] * 3]
    assert log_likelihood(weighed, found) > log_likelihood(weighed, old)


def test_regimes_as_arrays_sum_to_one() -> None:
    mix = to_mix(TRUTH)
    assert mix.shares.sum() == pytest.approx(1)
    assert np.exp(mix.factors[2]).tolist() == pytest.approx([1.8, 1.15, 2.0, 1.6])


def test_a_lane_week_is_origin_country_and_week() -> None:
    network = two_offices()
    read = read_history(network, simulate_history(network, 28, AS_ASSUMED, 1, 28), LATER)
    lanes = list_lane_weeks(read)
    assert np.bincount(lanes.of_item).tolist() == [7, 7, 7, 7]
    assert set(lanes.lane.tolist()) == {0}
    assert np.diff(lanes.week).tolist() == [1, 1, 1]
