"""The last mile goes by rounds, and an attempt that nobody told of may have been."""

from __future__ import annotations

import numpy as np
import pytest

from entrepost.journey.under_way.arrive import ARRIVED, LIVING, MEAN, P10, P90, PROMISE, SILENCE, start_round
from entrepost.journey.under_way.filter import STATE, locate
from entrepost.journey.under_way.params import EtaParams, Scanning
from tests.journey.under_way.test_course import tables_of
from tests.worlds import two_offices

PROMPT = Scanning(EtaParams(report_hours=0.0))
OFFICE, OUT = 9, 10


def told(slot: int, hour: int, now: int, promised: int = -1) -> np.ndarray:
    """What is found of an item of two offices that was last heard of at the end of a slot."""
    course = tables_of(two_offices()).with_scanning(PROMPT)
    state = np.array([(0, 0, slot, hour, -1, -1, -1, promised)], dtype=STATE)
    return locate(course, state, np.ones((1, 1)), now)[0]


def test_an_item_in_the_office_goes_out_with_the_next_round() -> None:
    found = told(OFFICE, 70, 71, promised=82)
    assert (found[P10], found[MEAN], found[P90], found[PROMISE]) == (82, 82, 82, 1.0)
    assert found[SILENCE] == 1.0


def test_an_item_whose_round_is_over_was_missed_twice_or_is_there_untold() -> None:
    found = told(OFFICE, 70, 90)
    assert found[ARRIVED] == pytest.approx(1.0), "there is no way to be later in this world"
    assert found[LIVING] == pytest.approx(0.05 * 0.001), "neither the round nor the attempt was scanned"


def test_an_item_out_with_a_round_is_attempted_in_it() -> None:
    assert told(OUT, 81, 81)[P90] == 82
    course = tables_of(two_offices()).pack()
    assert start_round(course, 0, 81, True) == start_round(course, 0, 81, False)
    assert start_round(course, 0, 82, True) == start_round(course, 0, 81, False) + 1, "it is over by then"
