"""Steps that became slower are told with by how much; those that go as said are not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import polars as pl
import pytest

from entrepost.journey.silence import Silence, weigh_silence
from entrepost.journey.silences.drift import Drift, find_factor, weigh_drift
from entrepost.network.network import Network
from entrepost.network.regime import Regime
from tests.journey.histories import uncertain_offices
from tests.journey.planted import NOW, slow_step, usual
from tests.worlds import MONDAY

NETWORK = uncertain_offices()
INWARD, FORTNIGHT = 5, 14 * 24


def drift(network: Network, events: pl.DataFrame, days: float = 0) -> tuple[Silence, Drift]:
    silence = weigh_silence(network, events, NOW + timedelta(days=days))
    return silence, weigh_drift(silence, FORTNIGHT, np.ones(silence.chance.size, dtype=np.bool_), 1.15)


def test_a_slower_step_stands_out_alone() -> None:
    silence, found = drift(NETWORK, slow_step())
    assert silence.watch.history.tables.steps[INWARD].name == "inward"
    assert found.chance[INWARD] < 1e-6
    assert found.least[INWARD] > 1.3
    assert np.delete(found.chance, INWARD).min() > 0.05
    assert found.begun_a_day[INWARD] == pytest.approx(30, abs=2)


def test_by_how_much_it_is_slower_is_found() -> None:
    """Half as long again; 418 items tell the scale of such a step to about a twentieth."""
    silence, _ = drift(NETWORK, slow_step())
    everyone = np.ones(silence.chance.size, dtype=np.bool_)
    assert find_factor(silence, INWARD, FORTNIGHT, everyone) == pytest.approx(1.5, abs=0.1)
    assert find_factor(silence, 2, FORTNIGHT, everyone) < 1.1


def test_steps_that_go_as_said_are_within_their_errors() -> None:
    """Eight steps in four windows: completions within four of the errors that are stated."""
    for days in (-20, -6, 8, 22):
        _, found = drift(NETWORK, usual(), days)
        seen = found.expected > 5
        far = np.abs(found.completed - found.expected)[seen] / np.sqrt(found.variance[seen])
        assert far.max() < 4
        assert found.chance[seen].min() > 0.001


def test_weeks_that_are_all_alike_slow_or_quick_make_a_count_less_certain() -> None:
    regimes = (
        Regime("calm", 700_000, 0.8, 1.0, 0.8, 0.9, "assumed"),
        Regime("busy", 300_000, 1.5, 1.0, 1.5, 1.2, "assumed"),
    )
    _, sure = drift(NETWORK, slow_step())
    _, unsure = drift(replace(NETWORK, regimes=regimes), slow_step())
    assert unsure.variance[INWARD] > 3 * sure.variance[INWARD]
    assert unsure.chance[INWARD] > sure.chance[INWARD]


def test_who_does_not_count_is_not_counted() -> None:
    silence = weigh_silence(NETWORK, usual(), NOW)
    found = weigh_drift(silence, FORTNIGHT, np.zeros(silence.chance.size, dtype=np.bool_), 1.15)
    assert found.completed.sum() == found.expected.sum() == 0
    assert (found.chance > 0.3).all()


def test_a_single_item_tells_nothing() -> None:
    one = usual().filter(pl.col("item_id") == "x1700#1")
    silence = weigh_silence(NETWORK, one, MONDAY + timedelta(days=65))
    found = weigh_drift(silence, FORTNIGHT, np.ones(silence.chance.size, dtype=np.bool_), 1.15)
    assert found.chance.min() > 0.05
