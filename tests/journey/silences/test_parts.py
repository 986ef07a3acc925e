"""Journeys in parts: equal parts are one, and a duration's distribution function is that of its three figures."""

from __future__ import annotations

import numpy as np
import pytest

from entrepost.journey.learning.stages import ATTEMPT, CLEAR, DEPART, OFFICE, TRAVEL, WORK
from entrepost.journey.silences.parts import Parts, list_upto
from entrepost.journey.silences.read import read_watch
from tests.journey.histories import uncertain_offices
from tests.journey.planted import NOW, usual
from tests.planning.scenes import all_rows


def parts_of(missed: int = 0) -> Parts:
    network = all_rows(
        uncertain_offices(), "departures", missed_1_per_million=missed, missed_2_per_million=missed // 10
    )
    return Parts(network, read_watch(network, usual(), NOW))


def test_the_parts_of_a_journey_are_its_stages() -> None:
    parts = parts_of()
    (numbers,) = parts.list_parts()
    kinds = [parts.parts[number].kind for number in numbers]
    assert kinds == [WORK, WORK, WORK, CLEAR, DEPART, TRAVEL, WORK, CLEAR, OFFICE, ATTEMPT]
    assert numbers == list(range(10))


def test_the_shares_that_miss_a_departure_are_those_of_the_leg() -> None:
    parts = parts_of(missed=50_000)
    parts.list_parts()
    assert parts.parts[4].missed == (0.05, 0.005)


def test_delivery_rounds_are_those_of_the_area() -> None:
    parts = parts_of()
    parts.list_parts()
    assert (parts.parts[9].rounds, len(parts.rounds)) == (0, 1)
    _, opens, closes = parts.rounds[0]
    assert set(closes - opens) == {1}


def test_a_distribution_function_has_the_median_and_the_ninetieth_percentile() -> None:
    """Median 100, nine in ten up to 200 hours: up to k means the mean from k to k + 1, so half an hour is between."""
    upto = list_upto(50.0, 100.0, 200.0, 5000)
    assert upto[[99, 100]].mean() == pytest.approx(0.5, abs=0.01)
    assert upto[[199, 200]].mean() == pytest.approx(0.9, abs=0.002)
    assert (np.diff(upto) >= 0).all()
    assert upto[-1] > 0.9999
    assert upto[0] == 0.0


def test_a_distribution_function_that_is_cut_is_not_whole() -> None:
    assert list_upto(50.0, 100.0, 200.0, 100).size == 100
    assert list_upto(50.0, 100.0, 200.0, 100)[-1] < 0.5


def test_a_fixed_duration_is_done_on_its_hour() -> None:
    assert list_upto(4.0, 4.0, 4.0, 50).tolist() == [0.0, 0.0, 0.0, 0.0, 1.0]
