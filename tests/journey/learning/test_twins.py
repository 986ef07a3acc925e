"""Of those that have left a step it is told how many are there still, whatever became of them afterwards."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import polars as pl
import pytest

from entrepost.journey.learn import learn, priors_of
from entrepost.journey.learning.channels import first_beliefs, weigh_spells
from entrepost.journey.learning.scans import read_history
from entrepost.journey.learning.spells import UNDER_WAY
from entrepost.journey.learning.twins import with_twins
from entrepost.planning.simulation.world import AS_ASSUMED
from tests.journey.histories import drop_scans, simulate_history, uncertain_offices
from tests.worlds import MONDAY

LANDED = MONDAY + timedelta(days=51, hours=8)
"""Wednesday 08: who landed at midnight is inward for eight hours, nine in ten of them are through."""


def twins_of(missing: float) -> np.ndarray:
    """The twins of a history that lacks so many scans, weighed as the folder believes."""
    network = uncertain_offices()
    read = read_history(network, drop_scans(simulate_history(network, 3000, AS_ASSUMED), missing), LANDED)
    priors = priors_of(network, read.tables.steps)
    spells = read.spells.spells
    found = with_twins(spells, read.stages, read.missing.of_steps, priors.figures[:, 2], read.as_of)
    weigh_spells(found.spells, read, first_beliefs(read.tables.steps, priors), found.twins)
    return found.spells[spells.size :]


def test_where_scans_go_missing_who_has_left_has_a_twin_that_has_not() -> None:
    """Of the weights that count, none is more than the one who left: most like it have left too."""
    twins = twins_of(0.3)
    assert twins.size > 0
    assert (twins["outcome"] == UNDER_WAY).all()
    assert ((twins["weight"] >= 0) & (twins["weight"] <= 1)).all()
    assert 0 < twins["weight"].sum() < 0.2 * twins.size


def test_where_every_scan_is_sent_silence_says_enough() -> None:
    assert twins_of(0.0).size == 0


@pytest.mark.parametrize("held_up", [False, True])
def test_a_wait_that_nobody_foresaw_does_not_lengthen_the_step_before_it(held_up: bool) -> None:
    """From day 40 on no departure carries mail; who is ready waits, and its last scan may be any before that.

    The median of the export work of 4 hours is known to four standard errors of about 700 spells.
    """
    network = uncertain_offices()
    history = drop_scans(simulate_history(network, 3000, AS_ASSUMED), 0.3)
    begin = MONDAY + timedelta(days=40)
    stopped = history.group_by("item_id").agg(
        pl.col("time").filter(pl.col("code").is_in(["EMC", "EMD", "EDB"])).min().alias("leaves")
    )
    if held_up:
        history = history.join(stopped, on="item_id")
        later = pl.col("code").is_in(["EMA", "EMB", "EXA", "EXC"]).not_()
        history = history.filter(~(later & (pl.col("leaves") > begin))).drop("leaves")
    row = learn(network, history, MONDAY + timedelta(days=55)).processing[2]
    assert row.activity == "outward"
    assert row.hours_p90 == pytest.approx(8, rel=4 * 1.709 * 0.86 * 0.75 / 700**0.5)


def test_a_step_whose_scans_are_sent_is_left_to_silence_beside_one_whose_scans_are_not() -> None:
    network = uncertain_offices()
    history = simulate_history(network, 3000, AS_ASSUMED)
    gone = (pl.col("code") == "EDB") & pl.Series(np.random.default_rng(1).random(history.height) < 0.3)
    read = read_history(network, history.filter(~gone), LANDED)
    priors = priors_of(network, read.tables.steps)
    found = with_twins(read.spells.spells, read.stages, read.missing.of_steps, priors.figures[:, 2], read.as_of)
    names = {read.tables.steps[step].name for step in found.spells[read.spells.spells.size :]["step"]}
    assert names == {"inward"}
