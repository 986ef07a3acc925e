from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import polars as pl
import pytest

from entrepost.journey.learning.drift import SCHEMA, drift, limits
from entrepost.planning.simulation.world import AS_ASSUMED
from tests.journey.histories import simulate_history, uncertain_offices
from tests.worlds import MONDAY

WINDOW = (MONDAY + timedelta(days=40), MONDAY + timedelta(days=61))


def test_what_goes_as_said_completes_what_is_expected() -> None:
    """Of eight steps each stays within four of its Poisson errors."""
    network = uncertain_offices()
    found = drift(network, simulate_history(network, 3000, AS_ASSUMED), WINDOW)
    assert found.schema == SCHEMA
    assert found.height == 8
    far = (found["completed"] - found["expected"]).abs() / found["expected"].sqrt()
    assert far.max() < 4  # type: ignore[operator]


def test_a_step_that_became_slower_stands_first() -> None:
    """Inward takes half as long again; its hazard, over the same items, is well below what was said."""
    network = uncertain_offices()
    rows = tuple(
        replace(row, hours_min=row.hours_min * 1.5, hours_p50=row.hours_p50 * 1.5, hours_p90=row.hours_p90 * 1.5)
        if row.activity == "inward"
        else row
        for row in network.processing
    )
    found = drift(network, simulate_history(replace(network, processing=rows), 3000, AS_ASSUMED), WINDOW)
    assert found.row(0)[:3] == ("inward", "DEFRAA", "DE")
    assert found["most"][0] < 0.8
    assert (found["most"][1:] > 0.9).all()


def test_nothing_known_is_nothing_to_compare() -> None:
    network = uncertain_offices()
    nothing = simulate_history(network, 1).head(0)
    assert drift(network, nothing, WINDOW).equals(pl.DataFrame(schema=SCHEMA))


def test_the_limits_are_those_of_the_tables() -> None:
    """Exact 95 % limits of Poisson means: 10 seen 4.80 to 18.39, 100 seen 81.36 to 121.63; none seen, up to 3.69."""
    least, most = limits(np.array([10.0, 100.0, 0.0]))
    assert least == pytest.approx([4.80, 81.36, 0.0], abs=0.05)
    assert most == pytest.approx([18.39, 121.63, 3.69], abs=0.15)
