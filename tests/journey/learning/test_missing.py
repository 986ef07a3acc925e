"""How often scans go missing is counted by place and code, of the milestones that items must have passed."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from entrepost.journey.learning.missing import Missing
from entrepost.journey.learning.scans import read_history
from entrepost.journey.learning.stages import CODES
from entrepost.planning.simulation.world import AS_ASSUMED
from tests.journey.histories import LATER, SEED, drop_scans, simulate_history, uncertain_offices

SHANGHAI, FRANKFURT = 0, 1


def missing_of(events: pl.DataFrame) -> Missing:
    return read_history(uncertain_offices(), events, LATER).missing


def test_shares_that_differ_by_place_and_code_are_found() -> None:
    """Each is drawn up to 30 %; about 1,700 items passed each."""
    world = replace(AS_ASSUMED, unscanned_per_million_most=300_000)
    missing = missing_of(simulate_history(uncertain_offices(), 3000, world))
    for place, number in (("CNSHAA", SHANGHAI), ("DEFRAA", FRANKFURT)):
        for code in ("EMB", "EXA", "EXC") if number == SHANGHAI else ("EMD", "EDB", "EMG"):
            truth = world.draw_unscanned(SEED, place, code)
            assert missing.shares[number, CODES.index(code)] == pytest.approx(truth, abs=0.045), (place, code)


def test_of_the_last_scan_those_tell_that_reached_the_office_long_ago() -> None:
    """Nothing is scanned after an attempt: its share shows in items that were at the office and not again."""
    missing = missing_of(drop_scans(simulate_history(uncertain_offices(), 3000, AS_ASSUMED), 0.3))
    assert missing.usual == pytest.approx(0.3, abs=0.03)
    assert missing.shares[FRANKFURT, CODES.index("EMI")] == pytest.approx(0.3, abs=0.05)
    assert missing.shares[FRANKFURT, CODES.index("EDG")] == pytest.approx(0.3, abs=0.05)


def test_a_step_knows_how_often_the_scan_at_its_end_goes_missing() -> None:
    history = simulate_history(uncertain_offices(), 500, AS_ASSUMED)
    read = read_history(uncertain_offices(), history.filter(pl.col("code") != "EDB"), LATER)
    of_steps = dict(zip((step.name for step in read.tables.steps), read.missing.of_steps, strict=True))
    assert of_steps["inward"] > 0.95
    assert all(of_steps[name] < 0.1 for name in ("accept", "outward", "air", "import green", "deliver home"))
