from __future__ import annotations

from datetime import timedelta

import numpy as np
import polars as pl
import pytest

from entrepost.journey.learning.scans import read_history
from entrepost.network.network import Network
from entrepost.planning.simulation.world import AS_ASSUMED
from tests.journey.histories import LATER, simulate_history
from tests.worlds import two_offices


@pytest.fixture(scope="module")
def network() -> Network:
    return two_offices()


@pytest.fixture(scope="module")
def history(network: Network) -> pl.DataFrame:
    return simulate_history(network, 50, AS_ASSUMED)


def codes_of(network: Network, events: pl.DataFrame) -> list[str]:
    return [finding.code for finding in read_history(network, events, LATER).findings]


def test_a_sound_history_has_no_findings(network: Network, history: pl.DataFrame) -> None:
    read = read_history(network, history, LATER)
    assert not read.findings
    assert (read.items, read.events) == (50, history.height)


def test_places_that_the_network_does_not_have_are_told(network: Network, history: pl.DataFrame) -> None:
    strange = history.with_columns(facility=pl.col("facility").replace({"DEFRAA": "XXXXXX"}))
    assert "learn_place_unknown" in codes_of(network, strange)


def test_routes_that_the_network_does_not_have_are_told(network: Network, history: pl.DataFrame) -> None:
    assert codes_of(network, history.with_columns(route=pl.lit("CNSHAA>XX"))) == ["learn_route_unknown"]


def test_clocks_that_run_backwards_are_told_and_their_scans_left_out(network: Network, history: pl.DataFrame) -> None:
    early = pl.when(pl.col("code") == "EXA").then(pl.col("time") - timedelta(hours=20)).otherwise("time")
    read = read_history(network, history.with_columns(time=early), LATER)
    assert [finding.code for finding in read.findings] == ["learn_clock_backward"]
    assert "50 scans" in read.findings[0].message
    assert (read.spells.spells["hours"] >= 0).all()


def test_a_clock_that_runs_backwards_leaves_the_steps_after_it_as_they_are(
    network: Network, history: pl.DataFrame
) -> None:
    """Outward is scanned 20 hours early: customs did not take 21 hours, as the next scan minus it would say."""
    early = pl.when(pl.col("code") == "EXA").then(pl.col("time") - timedelta(hours=20)).otherwise("time")
    spells = read_history(network, history.with_columns(time=early), LATER).spells
    whole = read_history(network, history, LATER).spells
    steps = [step.name for step in read_history(network, history, LATER).tables.steps]
    export = steps.index("export green")
    assert (whole.spells["step"] == export).sum() == 50
    assert (spells.spells["step"] == export).sum() == 0
    assert spells.gaps.size == whole.gaps.size + 50


def test_one_scan_of_a_clock_gone_wild_does_not_cost_the_others(network: Network, history: pl.DataFrame) -> None:
    wild = pl.when(pl.col("code") == "EMB").then(pl.col("time") + timedelta(days=15)).otherwise("time")
    read = read_history(network, history.with_columns(time=wild), LATER)
    assert "50 scans" in read.findings[0].message
    assert np.bincount(read.spells.spells["step"]).tolist() == [50, 0, 0, 50, 50, 50, 50, 50]


def test_an_order_placed_after_its_scans_costs_its_first_step_alone(network: Network, history: pl.DataFrame) -> None:
    late = history.with_columns(placed_at=pl.col("placed_at") + timedelta(days=60))
    read = read_history(network, late, LATER)
    assert [finding.code for finding in read.findings] == ["learn_before_acceptance"]
    assert np.bincount(read.spells.spells["step"]).tolist() == [0, *[50] * 7]


def test_scans_of_a_step_that_has_ended_are_told(network: Network, history: pl.DataFrame) -> None:
    again = history.filter(pl.col("code") == "EXA").with_columns(pl.col("time") + timedelta(hours=5))
    assert codes_of(network, pl.concat([history, again])) == ["learn_scanned_again"]
    assert codes_of(network, pl.concat([history, history])) == ["learn_repeated"]


def test_failed_attempts_before_a_delivery_are_no_repetition(network: Network, history: pl.DataFrame) -> None:
    failed = history.filter(pl.col("code") == "EMI").with_columns(
        pl.col("time") - timedelta(hours=2), code=pl.lit("EMH")
    )
    assert codes_of(network, pl.concat([history, failed])) == []


def test_events_before_the_order_are_told(network: Network, history: pl.DataFrame) -> None:
    early = pl.when(pl.col("code") == "EMA").then(pl.col("placed_at") - timedelta(hours=2)).otherwise("time")
    assert "learn_before_acceptance" in codes_of(network, history.with_columns(time=early))


def test_items_of_one_name_are_told_apart_by_their_sellers(network: Network, history: pl.DataFrame) -> None:
    two = pl.concat([history, history.with_columns(seller=pl.lit("other"))])
    assert read_history(network, two, LATER).items == 100


def test_where_nobody_says_it_the_scans_show_the_route(network: Network, history: pl.DataFrame) -> None:
    bare = history.drop("service", "route", "area")
    read = read_history(network, bare, LATER)
    whole = read_history(network, history, LATER)
    assert not read.findings
    assert read.spells.spells.size == whole.spells.spells.size


def test_what_was_recorded_later_is_not_known(network: Network, history: pl.DataFrame) -> None:
    late = history.with_columns(recorded_at=LATER + timedelta(seconds=1))
    assert codes_of(network, late) == ["learn_history_empty"]


def test_the_share_of_missing_scans_is_seen(network: Network, history: pl.DataFrame) -> None:
    without = history.filter(pl.col("code") != "EXA")
    assert read_history(network, history, LATER).missing.usual < 0.01
    assert read_history(network, without, LATER).missing.usual == pytest.approx(1 / 11, abs=0.02)
