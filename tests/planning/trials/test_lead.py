"""Lead times of stock by the network's own timetable."""

from __future__ import annotations

import polars as pl
import pytest

from entrepost.base.errors import MisuseError
from entrepost.network.network import Network
from entrepost.planning.simulation.world import AS_ASSUMED, World
from entrepost.planning.trials.lead import RECEIPT_HOURS, draw_leads, find_lanes
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
    # Ordered Monday 00 it is ready Tuesday 07, flies Tuesday 12, lands Wednesday 00, is cleared at 10.
    cleared = 2 * 24 + 10
    assert leads(one_warehouse(), 1) == [cleared + RECEIPT_HOURS]
    # Ordered on Tuesday it misses that flight and waits for Friday's, cleared Saturday 10.
    assert leads(one_warehouse(), 2)[1] == 4 * 24 + 10 + RECEIPT_HOURS


def test_the_route_ends_at_the_office_of_the_warehouses_country() -> None:
    row = find_lanes(opened(), AIR).row(0, named=True)
    assert (row["service"], row["route"], row["country"]) == ("PACKET", "CNSHAA>DEFRAA", "DE")


def test_a_mode_that_leads_nowhere_is_told() -> None:
    with pytest.raises(MisuseError, match="no service by sea leads from CNSHAA to an office in DE"):
        find_lanes(opened(), AIR.with_columns(mode=pl.lit("sea")))


def test_the_same_seed_gives_the_same_lead_times_and_another_one_others() -> None:
    world = World()
    assert leads(opened(), 20, 1, world) == leads(opened(), 20, 1, world)
    assert leads(opened(), 20, 1, world) != leads(opened(), 20, 2, world)


def test_where_nothing_arrives_nothing_comes() -> None:
    lost = all_rows(opened(), "processing", lost_per_million=1_000_000)
    assert leads(lost, 2) == [NEVER, NEVER]
