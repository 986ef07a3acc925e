from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from entrepost.journey.learn_scans import read_history
from entrepost.journey.learn_stages import CODES
from entrepost.journey.spells import (
    DONE,
    ENDS_AS,
    FAILED,
    HELD_IMPORT,
    READY,
    REFUSED_EXPORT,
    ROUND,
    extra_of,
)
from entrepost.planning.world import AS_ASSUMED
from tests.journey.histories import LATER, simulate_history
from tests.worlds import two_offices


@pytest.mark.parametrize(
    ("code", "extra"),
    [("EME", HELD_IMPORT), ("EXX", REFUSED_EXPORT), ("EDG", ROUND), ("EMH", FAILED), ("EMI", DONE), ("EDH", READY)],
)
def test_scans_that_tell_more_are_kept(code: str, extra: int) -> None:
    assert extra_of(CODES.index(code)) == extra


def test_other_scans_are_milestones_only() -> None:
    assert extra_of(CODES.index("EMA")) == -1


@pytest.mark.parametrize(("code", "end"), [("EDC", "EMF"), ("EMH", "EMI"), ("EDH", "EMI"), ("EMA", "EMA")])
def test_some_scans_end_the_stage_of_another(code: str, end: str) -> None:
    assert CODES[ENDS_AS[CODES.index(code)]] == end


def test_attempts_that_fail_are_counted_with_those_that_do_not() -> None:
    """Of 2,000 items one attempt in five fails and one item in ten is laid ready at once."""
    base = two_offices()
    last = replace(base.delivery[0], attempt_failed_per_million=200_000, pickup_per_million=100_000)
    network = replace(base, delivery=(last,))
    attempts = read_history(network, simulate_history(network, 2000, AS_ASSUMED), LATER).attempts.sum(axis=0)
    assert attempts[2] == 2000
    assert attempts[1] / attempts[0] == pytest.approx(0.2, abs=4 * (0.16 / attempts[0]) ** 0.5)
    assert attempts[3] / attempts[2] == pytest.approx(0.1, abs=4 * (0.09 / attempts[2]) ** 0.5)


def test_a_customs_release_stands_for_leaving_customs() -> None:
    network = two_offices()
    history = simulate_history(network, 5, AS_ASSUMED)
    without = read_history(network, history.filter(pl.col("code") != "EMF"), LATER)
    assert without.spells.spells.size == read_history(network, history, LATER).spells.spells.size
