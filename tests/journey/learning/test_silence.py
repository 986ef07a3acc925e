"""Silence is weighed by all ways that lead to it, so that what went on unscanned does not lengthen a step."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import polars as pl
import pytest

from entrepost.journey.learn import learn, learn_more, priors_of
from entrepost.journey.learning.channels import first_beliefs, weigh_spells
from entrepost.journey.learning.hazard import EDGES
from entrepost.journey.learning.scans import History, read_history
from entrepost.journey.learning.silence import at_hours, list_curves, remain, to_beliefs
from entrepost.journey.learning.spells import LOST, UNDER_WAY
from entrepost.network.network import Network
from entrepost.planning.simulation.world import AS_ASSUMED
from tests.journey.histories import DIFFERENT, LATER, drop_scans, simulate_history, uncertain_offices
from tests.journey.learning.test_channels import strict_customs
from tests.journey.test_learn import list_rows
from tests.worlds import MONDAY

MIDWAY = MONDAY + timedelta(days=50)
LANDED = MIDWAY + timedelta(hours=26)
"""Wednesday 02: the Tuesday flight has landed at about midnight."""

SEEDS = 40
Z90 = 1.2815515655446004


def weights_of(history: pl.DataFrame, as_of: datetime) -> tuple[History, np.ndarray]:
    """What a history says, its silences weighed as the folder believes; and the spells of those who are silent."""
    network = uncertain_offices()
    read = read_history(network, history, as_of)
    weigh_spells(read.spells.spells, read, first_beliefs(read.tables.steps, priors_of(network, read.tables.steps)))
    return read, read.spells.spells[read.spells.silent["spell"]]


def silent_inward(missing: float, as_of: datetime) -> np.ndarray:
    """The spells of items that arrived and were not scanned again, of a history that lacks so many scans."""
    history = drop_scans(simulate_history(uncertain_offices(), 3000, AS_ASSUMED), missing)
    read, silent = weights_of(history, as_of)
    names = np.array([step.name for step in read.tables.steps])
    return silent[(names[silent["step"]] == "inward") & (silent["outcome"] == UNDER_WAY)]


def test_the_longer_an_item_is_silent_the_likelier_it_passed_unscanned() -> None:
    silent = silent_inward(0.3, MIDWAY)
    order = np.argsort(silent["hours"], kind="stable")
    hours, weights = silent["hours"][order], silent["weight"][order]
    assert (np.diff(weights) <= 1e-6).all()
    assert (weights[hours > 100] < 0.01).all()
    assert (weights <= 0.71).all(), "of those that are there still three in ten will not be scanned at the end"


def test_where_every_scan_is_sent_silence_means_that_it_is_there_still() -> None:
    silent = silent_inward(0.0, LANDED)
    assert silent.size > 0
    assert (silent["weight"] > 0.98).all()


def test_who_was_not_heard_of_for_two_months_is_lost_or_went_on_unscanned() -> None:
    """With three scans in ten missing 9 % end unscanned twice; nobody is lost, so nobody is believed to be."""
    read, silent = weights_of(drop_scans(simulate_history(uncertain_offices(), 500, AS_ASSUMED), 0.3), LATER)
    quiet = silent[silent["outcome"] == LOST]
    assert quiet.size > 0
    assert quiet["weight"].max() < 0.01
    assert read.missing.usual > 0.2


def test_silence_from_the_last_stage_is_a_wait_and_a_scan_that_goes_missing() -> None:
    network = uncertain_offices()
    read = read_history(network, drop_scans(simulate_history(network, 500, AS_ASSUMED), 0.3), LATER)
    steps = read.tables.steps
    beliefs = to_beliefs(*first_beliefs(steps, priors_of(network, steps)), read.missing)
    last = int(read.stages.first[1]) - 1
    curve = list_curves(read.stages, np.array([0]), beliefs, read.missing.shares, 24 * 60)[last]
    assert curve[0] == 1
    assert at_hours(curve, 1000) == pytest.approx(0.09, abs=0.03)


def test_who_remains_is_the_product_of_the_hazards() -> None:
    network = uncertain_offices()
    read = read_history(network, simulate_history(network, 50, AS_ASSUMED), LATER)
    steps = read.tables.steps
    first = first_beliefs(steps, priors_of(network, steps))
    beliefs = to_beliefs(*first, read.missing)
    for cell in (1, 5, 20):
        left = np.prod(1 - first.hazards[0, :cell])
        assert remain(beliefs, 0, EDGES[cell] - 1.0) == pytest.approx(left)


@pytest.mark.parametrize("as_of", [MIDWAY, LATER])
def test_held_items_that_are_never_scanned_again_do_not_lengthen_their_channel(as_of: datetime) -> None:
    """Of 4,000 items 15 % are inspected, half of them for 48 hours, one in ten for more than 160; 30 % of scans lack.

    Said was 36 and 96. In the middle of the history about 150 inspections were scanned at both ends: four
    standard errors of that.
    """
    truth = held_for(48.0, 160.0)
    history = drop_scans(simulate_history(truth, 4000, AS_ASSUMED), 0.3)
    row = learn(held_for(36.0, 96.0), history, as_of).clearance[2]
    sigma = math.log(160 / 48) / Z90
    for name, error in (("hours_p50", 1.2533), ("hours_p90", 1.709)):
        true = getattr(truth.clearance[2], name)
        assert abs(math.log(getattr(row, name) / true)) < 4 * error * sigma / math.sqrt(150), (name, row)


def held_for(median: float, p90: float) -> Network:
    """Import customs that hold 15 % of the items, for so long."""
    network = strict_customs(150_000, 20_000)
    export, green, held, refused = network.clearance
    held = replace(held, hours_min=0.0, hours_p50=median, hours_p90=p90)
    return replace(network, clearance=(export, green, held, refused))


@pytest.mark.campaign
def test_learned_times_are_the_truth_within_sampling_error_whatever_the_world(campaign_scale: float) -> None:
    """Worlds whose steps last up to 30 % more or less than said, 30 % of scans missing, in the middle of the history.

    Over all steps of all worlds the errors, in standard errors of quantiles of as many draws, must lie around
    nothing (four standard errors of their mean) and be no greater than that (four in a single figure).
    The export clearance of an hour is known only as finely as whole hours are.
    """
    seeds = max(2, round(SEEDS * campaign_scale))
    network = strict_customs(150_000, 20_000)
    errors = []
    for seed in range(seeds):
        history = simulate_history(network, 3000, DIFFERENT, seed)
        kept = np.random.default_rng(seed).random(history.height) >= 0.3
        learned = learn_more(network, history.filter(pl.Series(kept)), MIDWAY).network
        for place, old in list_rows(network).items():
            factor = DIFFERENT.draw_factor(seed, *place.split("/"))
            if place != "CNSHAA/export green":
                errors += list_errors(old, list_rows(learned)[place], factor)
    assert np.abs(errors).max() < 4
    assert abs(np.mean(errors)) < 4 / math.sqrt(len(errors))


def list_errors(old: object, new: object, factor: float) -> list[float]:
    """The errors of the median and the P90, in standard errors of quantiles of as many draws as were seen."""
    seen = int(new.source.split(" from ")[1].split(" ")[0].replace(",", ""))  # type: ignore[attr-defined]
    low, median, high = (getattr(old, name) * factor for name in ("hours_min", "hours_p50", "hours_p90"))
    sigma = math.log((high - low) / (median - low)) / Z90
    found = []
    for name, true, error in (("hours_p50", median, 1.2533), ("hours_p90", high, 1.709)):
        spread = error * sigma * (true - low) / math.sqrt(max(seen, 1)) + 0.01
        found.append((getattr(new, name) - true) / spread)
    return found
