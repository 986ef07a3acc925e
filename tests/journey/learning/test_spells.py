from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from entrepost.journey.learning.scans import read_history
from entrepost.journey.learning.spells import (
    DONE,
    ENDS_AS,
    FAILED,
    HELD_IMPORT,
    READY,
    REFUSED_EXPORT,
    ROUND,
    Scans,
    extra_of,
    leave_out,
    pack_stages,
)
from entrepost.journey.learning.stages import CODES
from entrepost.planning.simulation.world import AS_ASSUMED
from tests.journey.histories import LATER, simulate_history
from tests.journey.learning.test_stages import tables_of
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


@pytest.mark.parametrize(
    ("hours", "kept", "out", "early"),
    [
        ([0, 1, 2, 3, 4], [0, 1, 2, 3, 4], 0, 0),
        ([0, 1, -1, 3, 2], [0, 1, -1, 3, -1], 1, 0),
        ([0, 9, 2, 3, 4], [0, -1, 2, 3, 4], 1, 0),
        ([5, 1, 2, 3, 4], [-1, 1, 2, 3, 4], 1, 4),
        ([5, 1, 6, 6, 7], [5, -1, 6, 6, 7], 1, 1),
        ([-1, -1, -1, -1, -1], [-1, -1, -1, -1, -1], 0, 0),
    ],
)
def test_as_few_scans_are_left_out_as_make_the_others_ascend(
    hours: list[int], kept: list[int], out: int, early: int
) -> None:
    tables = tables_of(two_offices())
    tables.add_journey("PACKET", "CNSHAA>DEFRAA", "DE")
    rows = np.full((1, 11), -1, dtype=np.int32)
    rows[0, :5] = hours
    scans = Scans(np.zeros(1, np.int32), rows, rows, np.zeros((1, 2), np.int8), rows[:, 0].copy())
    assert leave_out(scans, pack_stages(tables)) == (out, early)
    assert rows[0, :5].tolist() == kept
