"""When a search ends: not before its time, and where nothing better that counts is left."""

from __future__ import annotations

import math
import time

import pytest

from entrepost.planning.location.limits import Limits


def test_a_relative_gap_closes_a_little_before_it_is_reached() -> None:
    limits = Limits(0.01, False, math.inf)
    assert 99.0 < limits.cutoff(100.0) < 99.02
    assert limits.cutoff(-100.0) == pytest.approx(-100.99)


def test_whole_values_above_200_million_are_told_apart_by_a_share() -> None:
    assert Limits(1e-6, True, math.inf).cutoff(4e9) == pytest.approx(4e9 - 20.0)


def test_a_search_is_late_once_its_end_is_past() -> None:
    now = time.perf_counter()
    assert Limits(0.0, False, now - 1).is_late()
    assert not Limits(0.0, False, now + 60).is_late()
