from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from entrepost.journey.learn import learn
from entrepost.journey.learning.rows import describe
from entrepost.planning.simulation.world import AS_ASSUMED
from tests.journey.histories import LATER, simulate_history, uncertain_offices


def test_a_row_says_what_stands_behind_it() -> None:
    assert describe(date(2026, 3, 1), 1234, 56, 0, 1234) == "learned 2026-03-01 from 1,234 observations, 56 under way"
    assert describe(date(2026, 3, 1), 1, 0, 0, 1).endswith("1 observation, 0 under way, drawn to what was said before")
    assert describe(date(2026, 3, 1), 0, 0, 7, 9).endswith("under way, 7 inferred, 2 of its like")
    assert describe(date(2026, 3, 1), 0, 0, 0, 9).endswith("0 observations, 0 under way, 9 of its like")


def test_missed_departures_failed_attempts_and_losses_are_learned() -> None:
    """Four standard errors of 3,000 items, of losses of the 1,600 that are old enough to be given up."""
    base = uncertain_offices()
    last = replace(
        base.delivery[0], attempt_failed_per_million=200_000, pickup_per_million=100_000, lost_per_million=50_000
    )
    rides = tuple(replace(row, missed_1_per_million=80_000, missed_2_per_million=30_000) for row in base.departures)
    truth = replace(base, delivery=(last,), departures=rides)
    said = replace(
        truth,
        delivery=(replace(last, attempt_failed_per_million=50_000, lost_per_million=5_000, pickup_per_million=20_000),),
        departures=base.departures,
    )
    learned = learn(said, simulate_history(truth, 3000, AS_ASSUMED), LATER)
    row, ride = learned.delivery[0], learned.departures[0]
    assert ride.missed_1_per_million / 1e6 == pytest.approx(0.08, abs=4 * (0.08 / 3000) ** 0.5)
    assert ride.missed_2_per_million / 1e6 == pytest.approx(0.03, abs=4 * (0.03 / 3000) ** 0.5)
    assert row.attempt_failed_per_million / 1e6 == pytest.approx(0.2, abs=4 * (0.16 / 3000) ** 0.5)
    assert row.pickup_per_million / 1e6 == pytest.approx(0.1, abs=4 * (0.09 / 3000) ** 0.5)
    assert row.lost_per_million / 1e6 == pytest.approx(0.05, abs=4 * (0.05 / 1600) ** 0.5)


def test_what_never_went_wrong_and_was_not_said_to_stays_at_nothing() -> None:
    network = uncertain_offices()
    learned = learn(network, simulate_history(network, 100), LATER)
    assert learned.delivery[0].lost_per_million == 0
    assert learned.delivery[0].attempt_failed_per_million == 0
    assert learned.departures[0].missed_2_per_million <= 1
