"""An office that sends no more stands out; one that is quiet at night, on Sundays or for want of mail does not."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepost.journey.silence import weigh_silence
from entrepost.journey.silences.partners import Quiet, exceed, list_quiet, run_clock
from tests.journey.histories import uncertain_offices
from tests.journey.planted import NOW, QUIET_SINCE, quiet_office, usual
from tests.worlds import MONDAY

NETWORK = uncertain_offices()


def quiet(events: pl.DataFrame, days: float = 0) -> dict[str, Quiet]:
    found = list_quiet(weigh_silence(NETWORK, events, NOW + timedelta(days=days)))
    return {each.place: each for each in found}


def test_an_office_gone_quiet_is_improbable_and_scans_are_due_from_it() -> None:
    found = quiet(quiet_office())
    assert found["DEFRAA"].chance < 1e-3
    assert found["DEFRAA"].due > 50
    assert found["CNSHAA"].chance == 1.0
    last = NOW - timedelta(hours=weigh_silence(NETWORK, quiet_office(), NOW).watch.history.as_of)
    assert QUIET_SINCE - timedelta(days=2) < last + timedelta(hours=found["DEFRAA"].last) <= QUIET_SINCE


def test_offices_that_go_on_as_always_are_hardly_ever_improbable() -> None:
    """Two offices on 70 days, at changing hours: at most two of 140 below one in a hundred with mail due."""
    found = [
        each
        for day in range(25, 95)
        for each in list_quiet(weigh_silence(NETWORK, usual(), MONDAY + timedelta(days=day, hours=5 * day % 24)))
    ]
    assert sum(each.chance < 0.01 and each.due >= 5 for each in found) <= 2
    assert len(found) == 140


def test_an_office_to_which_nothing_comes_has_nothing_due() -> None:
    """Thirty days after the last order nobody sends anything, and nothing is due."""
    found = quiet(usual(), 75)
    assert found["DEFRAA"].chance < 0.01
    assert found["DEFRAA"].due < 1


def test_an_office_with_few_reports_has_no_rate() -> None:
    few = usual().filter((pl.col("facility") != "DEFRAA") | (pl.col("item_id") == "x100#1"))
    assert quiet(few)["DEFRAA"].chance == 1.0


def test_an_unknown_place_is_weighed_by_its_reports_alone() -> None:
    renamed = quiet_office().with_columns(pl.col("facility").replace({"DEFRAA": "NOWHER"}))
    found = quiet(renamed)["NOWHER"]
    assert found.chance < 1e-3
    assert found.due == 0


def test_the_clock_stands_still_when_nobody_ever_reports_and_when_closed() -> None:
    """Eight weeks of a report every Monday at 09: the clock runs on Mondays at 09, and not on closed days."""
    active = np.arange(8, dtype=np.int32) * 168
    clock = run_clock(active, np.ones(8 * 168, dtype=np.bool_), 9)
    steps = np.diff(clock)
    assert steps[167] > 5 * steps[100]
    shut = np.ones(8 * 168, dtype=np.bool_)
    shut[1000:1100] = False
    assert np.ptp(run_clock(active, shut, 9)[999:1100]) == 0


def test_the_tail_of_intervals_that_are_exponential_is_exponential() -> None:
    """Of 2,000 exponential intervals; ages up to what was seen are never improbable."""
    gaps = np.random.default_rng(2).exponential(1.0, 2000)
    assert exceed(gaps, 2.0) == 1.0
    for age in (4.0, 8.0, 12.0):
        assert np.log(exceed(gaps, age)) == pytest.approx(-age, rel=0.2)


@given(st.lists(st.floats(0.01, 10), min_size=21, max_size=60), st.floats(0, 50), st.floats(0, 50))
def test_longer_silence_is_never_more_probable(gaps: list[float], one: float, more: float) -> None:
    values = np.array(gaps)
    assert 0 <= exceed(values, one + more) <= exceed(values, one) <= 1
