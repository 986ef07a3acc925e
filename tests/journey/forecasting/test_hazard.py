"""The distribution of actual over expected, with what is under way counted as long as it was seen."""

from __future__ import annotations

import numpy as np
import pytest

from entrepost.journey.forecasting.hazard import Ratio, Spans, choose_half_life, count, learn_ratio
from entrepost.journey.forecasting.orders import Floats

AS_OF = 1000.0


def spans(ratio: Floats, begun: Floats, expected_days: float = 10.0) -> Spans:
    ended = begun + ratio * expected_days
    return Spans(begun, np.where(ended < AS_OF, ended, np.nan), np.full(begun.size, np.log(expected_days)), AS_OF)


@pytest.fixture
def generator() -> np.random.Generator:
    return np.random.default_rng(2)


def test_a_censored_exponential_is_found_again(generator: np.random.Generator) -> None:
    begun = AS_OF - generator.uniform(0, 60, 20_000)
    found = learn_ratio(count(spans(generator.exponential(1.0, begun.size), begun)), np.inf)
    for level in (0.1, 0.5, 0.9):
        assert found.quantile(level) == pytest.approx(-np.log1p(-level), rel=0.05)
    assert found.mean() == pytest.approx(1.0, rel=0.05)


def test_quantiles_never_cross_and_go_on_beyond_the_last_bin() -> None:
    found = Ratio(np.full(28, 0.01))
    quantiles = [found.quantile(level) for level in (0.01, 0.1, 0.5, 0.9, 0.99)]
    assert quantiles == sorted(quantiles)
    assert quantiles[-1] > 6.0


def test_exposure_is_that_of_each_week_alone() -> None:
    counts = count(Spans(np.array([AS_OF - 10]), np.array([AS_OF - 2]), np.array([np.log(4.0)]), AS_OF), weeks=3)
    assert counts.exposed.sum(axis=1) == pytest.approx([5 / 4, 3 / 4, 0])
    assert counts.completed.sum(axis=1).tolist() == [1, 0, 0]
    assert counts.scales == pytest.approx([np.log(4.0), 0, 0])


def test_a_change_of_pace_asks_for_a_short_half_life_and_calm_for_a_long_one(generator: np.random.Generator) -> None:
    begun = AS_OF - generator.uniform(0, 140, 20_000)
    shape = generator.exponential(1.0, begun.size)
    calm, changed = (count(spans(shape * pace, begun)) for pace in (1.0, np.where(AS_OF - begun < 45, 2.5, 1.0)))
    chosen = [
        choose_half_life(counts, type(counts)(*(part[:4] for part in parts)))
        for counts, parts in ((each, (each.completed, each.exposed, each.scales)) for each in (calm, changed))
    ]
    assert chosen[1] < chosen[0]
