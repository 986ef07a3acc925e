"""How often scans are missing, and how late they become known, is counted by place and code."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import polars as pl
import pytest

from entrepost.journey.learning.stages import CODES
from entrepost.journey.silences.known import Known, learn_known
from entrepost.journey.silences.read import read_watch
from entrepost.planning.simulation.world import AS_ASSUMED
from tests.journey.histories import SEED, simulate_history, uncertain_offices
from tests.journey.planted import NOW, usual

FRANKFURT = 1


def known_of(events: pl.DataFrame) -> Known:
    return learn_known(read_watch(uncertain_offices(), events, NOW), 0.001)


def test_where_every_scan_is_sent_hardly_any_is_believed_missing() -> None:
    assert known_of(usual()).unscanned[:2].max() < 0.002


def test_a_code_that_a_place_hardly_sends_is_known_there_and_only_there() -> None:
    rare = np.random.default_rng(3).random(usual().height) < 0.6
    gone = (pl.col("code") == "EDB") & pl.Series(rare)
    known = known_of(usual().filter(~gone))
    assert known.unscanned[FRANKFURT, CODES.index("EDB")] == pytest.approx(0.6, abs=0.05)
    assert known.unscanned[FRANKFURT, CODES.index("EMF")] < 0.03


def test_missing_scans_of_a_simulated_world_are_found() -> None:
    """Each place and code never sends a share of its scans drawn up to 30 %; about 1,700 items passed each."""
    world = replace(AS_ASSUMED, unscanned_per_million_most=300_000)
    known = known_of(simulate_history(uncertain_offices(), 3000, world))
    for place, number in (("CNSHAA", 0), ("DEFRAA", FRANKFURT)):
        for code in ("EMB", "EXA", "EXC") if number == 0 else ("EMD", "EDB", "EMG"):
            truth = world.draw_unscanned(SEED, place, code)
            assert known.unscanned[number, CODES.index(code)] == pytest.approx(truth, abs=0.045), (place, code)


def test_reports_that_come_late_are_known_late() -> None:
    late = usual().with_columns(recorded_at=pl.col("time") + pl.duration(hours=10))
    known = known_of(late)
    assert known.reported[FRANKFURT, 9] < 0.02
    assert known.reported[FRANKFURT, 10] == pytest.approx(1.0, abs=1e-9)


def test_a_scan_is_unknown_when_never_sent_or_not_yet_reported() -> None:
    known = Known(np.full((1, len(CODES)), 0.1), np.array([0.3]), np.array([[0.0, 0.5, 1.0]]))
    found = known.unknown(0, 0, np.array([0, 1, 2, 50]))
    assert found == pytest.approx([1.0, 0.55, 0.1, 0.1])
    assert known.unknown(0, 0, np.array([50]), is_final=True) == pytest.approx([0.3])


def test_without_instants_of_recording_everything_is_known_at_once() -> None:
    known = known_of(usual().drop("recorded_at"))
    assert (known.reported == 1.0).all()


def test_a_history_of_one_item_believes_what_is_usual() -> None:
    one = usual().filter(pl.col("item_id") == pl.col("item_id").first())
    known = known_of(one)
    assert (known.unscanned > 0).all()
    assert known.unscanned.max() < 0.2
    assert NOW - one.get_column("time").min() > timedelta(days=1)  # type: ignore[operator]


def test_a_place_that_often_sends_no_last_scan_is_known() -> None:
    """Of about 1,300 items that reached the delivery office two weeks ago, four in ten were never scanned again."""
    some = pl.Series(np.random.default_rng(4).random(3000) < 0.4)
    names = pl.Series(sorted(usual()["item_id"].unique().to_list()))
    gone = pl.col("item_id").is_in(names.filter(some).implode()) & (pl.col("code") == "EMI")
    found = known_of(usual().filter(~gone)).final
    assert found[FRANKFURT] == pytest.approx(0.4 * 1300 / 1500, abs=0.04)
    assert known_of(usual()).final[FRANKFURT] < 0.001
    assert known_of(usual().head(0)).final[FRANKFURT] == pytest.approx(0.001)
