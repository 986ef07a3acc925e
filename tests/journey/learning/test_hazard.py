from __future__ import annotations

import numpy as np
import pytest

from entrepost.journey.discretise import discretise
from entrepost.journey.learning.hazard import (
    BIN_OF,
    BINS,
    EDGES,
    LONGEST,
    WIDTHS,
    Counts,
    count,
    fill_hazards,
    mixed_upto,
    upto,
)
from entrepost.journey.learning.spells import COMPLETED, LOST, SPELL, UNDER_WAY
from entrepost.network.duration import Duration


def spell(hours: float, outcome: int, ended: int = 1000, weight: float = 1.0, begun: int = 0) -> tuple[object, ...]:
    return (0, 0, begun, ended, hours, weight, outcome, True)


def count_one_step(*rows: tuple[object, ...], half_life: float = np.inf) -> Counts:
    return count(np.array(list(rows), dtype=SPELL), 1, 1000, np.array([half_life]), 100)


def test_bins_are_single_hours_and_then_grow() -> None:
    assert EDGES[:14].tolist() == list(range(14))
    assert EDGES[-1] >= LONGEST
    assert all(EDGES[BIN_OF[hour]] <= hour for hour in range(LONGEST + 1))
    assert WIDTHS.size == BINS


def test_each_item_is_at_risk_in_every_hour_until_it_is_done() -> None:
    """One done after 2 hours, one under way for 4: at risk in hours 0 to 2, and 0 to 4."""
    counts = count_one_step(spell(2, COMPLETED), spell(4, UNDER_WAY))
    assert counts.held[0, 0, :6].tolist() == [2, 2, 2, 1, 1, 0]
    assert counts.done[0, 0, :6].tolist() == [0, 0, 1, 0, 0, 0]


def test_a_lost_item_tells_of_loss_and_not_of_time() -> None:
    counts = count_one_step(spell(500, LOST), spell(2, COMPLETED), spell(2, COMPLETED, begun=500))
    assert counts.lost.tolist() == [1]
    assert counts.through.tolist() == [2]
    assert counts.held.sum() == 6


def test_weights_halve_with_each_half_life() -> None:
    counts = count_one_step(spell(1, COMPLETED, begun=1000 - 48), half_life=2.0)
    assert counts.done.sum() == pytest.approx(0.5)


def test_who_began_at_the_same_time_weighs_the_same_however_long_it_took() -> None:
    """Of two that began 48 hours ago one was done after an hour, one is there still: half of those at risk are done."""
    quick = spell(1, COMPLETED, begun=1000 - 48, ended=1000 - 47)
    counts = count_one_step(quick, spell(48, UNDER_WAY, begun=1000 - 48, ended=1000), half_life=2.0)
    assert counts.done[0, 0, 1] / counts.held[0, 0, 1] == pytest.approx(0.5)


@pytest.mark.parametrize("figures", [(1.0, 3.0, 9.0), (0.0, 0.5, 2.0), (24.0, 24.0, 24.0), (2.3, 2.3, 2.3)])
def test_the_distribution_is_that_of_the_engine(figures: tuple[float, float, float]) -> None:
    """Up to the last 0.1 %, which the engine puts at its own mean."""
    said = np.cumsum(discretise(Duration(*figures)))
    for hour in range(min(said.size, 40)):
        assert upto(*figures, hour) == pytest.approx(said[hour], abs=0.002)


def test_regimes_mix_the_distribution() -> None:
    figures, factors, shares = np.array([1.0, 3.0, 9.0]), np.array([1.0, 2.0]), np.array([0.75, 0.25])
    mixed = mixed_upto(figures, factors, shares, 5)
    assert mixed == pytest.approx(0.75 * upto(1, 3, 9, 5) + 0.25 * upto(2, 6, 18, 5))


def test_hazards_and_distribution_belong_together() -> None:
    hazards, ends = np.empty(BINS), np.empty(BINS)
    fill_hazards(np.array([1.0, 30.0, 90.0]), np.ones(1), np.ones(1), hazards, ends)
    left = np.cumprod(1 - hazards)
    assert left[:70] == pytest.approx(1 - ends[:70], abs=1e-6)
    assert (hazards > 0).all()
