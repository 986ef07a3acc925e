"""Lead times of stock by the network's own timetable."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from entrepost.base.errors import MisuseError
from entrepost.journey.book import COLUMNS
from entrepost.journey.cache import get_book
from entrepost.network.network import Network
from entrepost.planning.replenishment import inbound_network
from entrepost.planning.simulation.world import AS_ASSUMED, World
from entrepost.planning.trials.lead import draw_leads, find_lanes
from entrepost.planning.trials.stock import NEVER
from tests.planning.scenes import all_rows
from tests.planning.trial_scenes import opened
from tests.worlds import MONDAY, one_warehouse

MONDAY_HOUR = int(MONDAY.timestamp()) // 3600
AIR = pl.DataFrame({"origin": ["CNSHAA"], "warehouse": ["DEFRAW"], "mode": ["air"]})


def leads(network: Network, days: int, seed: int = 1, world: World = AS_ASSUMED) -> list[int]:
    lanes = find_lanes(network, AIR)
    return draw_leads(network, lanes, MONDAY_HOUR, days, seed, world)[0].tolist()


def test_stock_waits_for_the_flight_as_mail_does() -> None:
    # Ordered Monday 00 it is ready Tuesday 07, flies Tuesday 12, is cleared Wednesday 10, received within 24 to 96 h;
    # ordered on Tuesday it misses that flight and waits for Friday's, and is cleared on Saturday.
    monday, tuesday = leads(one_warehouse(), 2)
    cleared = 2 * 24 + 10
    assert cleared + 24 < monday < cleared + 24 * 7
    assert tuesday > 4 * 24 + 10 + 24


def test_plan_and_trial_bring_stock_in_the_same_time() -> None:
    book = get_book(inbound_network(opened(), ("CNSHAA",), ("air",)))
    by_day = book.table[0, ::24, COLUMNS.index("mean")].mean()
    drawn = np.array([leads(opened(), 7, seed) for seed in range(150)])
    assert abs(drawn.mean() - by_day) < 4 * drawn.mean(axis=1).std() / np.sqrt(150)


def test_the_route_ends_at_the_office_nearest_to_the_warehouse() -> None:
    row = find_lanes(opened(), AIR).row(0, named=True)
    assert (row["service"], row["route"], row["area"], row["country"]) == (
        "INBOUND-air",
        "CNSHAA>DEFRAA",
        "DEFRAW",
        "DE",
    )


def test_a_mode_that_leads_nowhere_is_told() -> None:
    with pytest.raises(MisuseError, match="stock cannot come by sea from CNSHAA to an office in DE"):
        find_lanes(opened(), AIR.with_columns(mode=pl.lit("sea")))


def test_the_same_seed_gives_the_same_lead_times_and_another_one_others() -> None:
    world = World()
    assert leads(opened(), 20, 1, world) == leads(opened(), 20, 1, world)
    assert leads(opened(), 20, 1, world) != leads(opened(), 20, 2, world)


def test_where_nothing_arrives_nothing_comes() -> None:
    lost = all_rows(opened(), "processing", lost_per_million=1_000_000)
    assert leads(lost, 2) == [NEVER, NEVER]
