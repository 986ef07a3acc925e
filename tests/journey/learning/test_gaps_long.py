from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from entrepost.journey.discretise import discretise, mean_hours
from entrepost.journey.learn import learn, priors_of
from entrepost.journey.learning.gaps import INFERRED
from entrepost.journey.learning.gaps_long import LONGEST, divide_long_gaps, list_long_gaps
from entrepost.journey.learning.hazard_pool import list_hazards
from entrepost.journey.learning.scans import History, read_history
from entrepost.network.network import Network
from entrepost.planning.simulation.world import AS_ASSUMED
from tests.journey.histories import DIFFERENT, LATER, SEED, simulate_history, uncertain_offices
from tests.worlds import two_offices


def read_without(network: Network, *codes: str, items: int = 20) -> History:
    history = simulate_history(network, items, AS_ASSUMED)
    return read_history(network, history.filter(~pl.col("code").is_in(codes)), LATER)


def divide(read: History) -> list[tuple[str, float]]:
    """The steps and hours of all gaps, divided by what the network says."""
    hazards, _ = list_hazards(priors_of(read.tables.timeline.network, read.tables.steps), np.ones(8))
    spells = divide_long_gaps(read, list_long_gaps(read), hazards, np.ones(8), 0)
    assert (spells["item"] == INFERRED).all()
    return sorted({(read.tables.steps[row["step"]].name, float(row["hours"])) for row in spells})


def test_three_fixed_times_are_divided_as_they_are() -> None:
    """Four hours inward, six in customs, twelve to the office: one division of 22 hours."""
    read = read_without(two_offices(), "EDB", "EDC", "EMF")
    assert list_long_gaps(read).gaps.size == 20
    assert divide(read) == [("deliver home", 12), ("import green", 6), ("inward", 4)]


def test_a_wait_for_a_departure_is_taken_out() -> None:
    """From acceptance to the landing: outward 4, customs 1, then until the flight leaves, 12 in the air."""
    read = read_without(two_offices(), "EXA", "EXC", "EMC")
    assert divide(read) == [("air", 12), ("export green", 1), ("outward", 4)]


def test_customs_and_the_wait_for_a_departure_are_divided_too() -> None:
    read = read_without(two_offices(), "EXC")
    assert list_long_gaps(read).gaps.size == 20
    assert divide(read) == [("export green", 1)]


def test_gaps_of_two_steps_are_not_for_here() -> None:
    assert list_long_gaps(read_without(two_offices(), "EDB")).gaps.size == 0


def test_gaps_between_steps_that_are_often_seen_are_left_alone() -> None:
    network = uncertain_offices()
    history = simulate_history(network, 200)
    silent = pl.col("code").is_in(["EDB", "EDC", "EMF"]) & (pl.col("order_id").str.len_chars() <= 2)
    assert list_long_gaps(read_history(network, history.filter(~silent), LATER)).gaps.size == 0


def test_gaps_that_are_too_long_are_left_alone() -> None:
    read = read_without(two_offices(), "EDB", "EDC", "EMF")
    gaps = read.spells.gaps
    gaps["ended"] = gaps["begun"] + LONGEST + 1
    assert list_long_gaps(read).gaps.size == 0


def test_of_many_gaps_those_are_divided_for_which_there_is_time() -> None:
    read = read_without(two_offices(), "EDB", "EDC", "EMF", items=100)
    assert list_long_gaps(read).weights.sum() == pytest.approx(100)
    read.spells.gaps["ended"] = read.spells.gaps["begun"] + LONGEST
    some = list_long_gaps(read)
    assert some.gaps.size == 7
    assert some.weights.max() <= 7


def test_silent_steps_are_learned_from_their_sum() -> None:
    """The mean of the three together is that of the truth: to four standard errors of 60 sums, and 2 % of division.

    The standard deviation of each step is not greater than its mean; 0.6 of it for the sum of three.
    """
    network = uncertain_offices()
    history = simulate_history(network, 2000).filter(~pl.col("code").is_in(["EDB", "EDC", "EMF"]))
    learned = learn(network, history, LATER)
    rows = [(each.processing[3], each.clearance[1], each.delivery[0]) for each in (network, learned)]
    truth = sum(
        mean_hours(discretise(row.duration, DIFFERENT.draw_factor(SEED, *named)))
        for row, named in zip(
            rows[0], (("DEFRAA", "inward"), ("DEFRAA", "import green"), ("DE", "deliver home")), strict=True
        )
    )
    found, before = (sum(mean_hours(discretise(row.duration)) for row in some) for some in (rows[1], rows[0]))
    assert rows[1][0].source.endswith("2,000 inferred")
    assert found == pytest.approx(truth, abs=(4 * 0.6 / 60**0.5 + 0.02) * truth)
    assert abs(found - truth) < abs(before - truth)
