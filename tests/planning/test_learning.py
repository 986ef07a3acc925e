"""The same journeys are held against two promises: those before learning and those after."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from entrepost.planning.learning import Learned, Learning, compare_promises
from entrepost.planning.simulate import simulate
from entrepost.service.choice import choose
from tests.journey.histories import uncertain_offices
from tests.planning.scenes import many_orders

ORDERS = many_orders(400, 2)
LEARNED = Learned(date(2026, 2, 1), 100, 16, 4)


@pytest.fixture(scope="module")
def compared() -> Learning:
    """Before, promises were two days too early; after, they are those of the network that carries the items."""
    network = uncertain_offices()
    right = choose(network, ORDERS)
    hours = [pl.col(f"wait_hours_{each}") - 48 for each in ("p10", "p50", "p90", "p95")]
    early = right.with_columns(*hours, arrive_by_p90=pl.col("arrive_by_p90") - pl.duration(hours=48))
    events = simulate(network, ORDERS, right, 1, "as_assumed")
    return compare_promises(network, ORDERS, events, (early, right.head(300)), LEARNED)


def test_both_are_measured_on_the_orders_that_both_have(compared: Learning) -> None:
    assert compared.later == 300
    assert compared.levels["orders"].unique().to_list() == [300]


def test_what_was_right_is_kept_as_stated_and_what_was_early_is_not(compared: Learning) -> None:
    named = {row["state"]: row for row in compared.levels.filter(pl.col("level") == 0.9).iter_rows(named=True)}
    assert named["after"]["kept"] == pytest.approx(named["after"]["stated"], abs=0.05)
    assert named["before"]["kept"] < named["after"]["kept"] - 0.1
    assert named["before"]["pinball"] > named["after"]["pinball"]


def test_services_and_lanes_stand_side_by_side(compared: Learning) -> None:
    assert compared.services["label"].to_list() == ["Tracked packet"]
    assert compared.lanes["label"].to_list() == ["Shanghai to Germany"]
    assert compared.lanes.select(pl.col("kept_after") > pl.col("kept")).to_series().all()
