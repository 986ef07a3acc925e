from __future__ import annotations

from datetime import datetime

from entrepost.base.clock import day_hour
from entrepost.journey.calendars import dated_timeline
from entrepost.journey.learning.stages import CODES, StageTables, shares_of
from entrepost.network.network import Network
from tests.worlds import MONDAY, hub, one_warehouse, two_offices


def tables_of(network: Network) -> StageTables:
    first = day_hour(datetime.date(MONDAY))
    return StageTables(dated_timeline(network, first, first + 24 * 14, 24))


def codes_of(tables: StageTables, journey: int = 0) -> list[str]:
    return [CODES[stage[1]] for stage in tables.journeys[journey]]


def test_a_direct_journey_has_a_stage_for_each_scan() -> None:
    tables = tables_of(two_offices())
    assert tables.add_journey("PACKET", "CNSHAA>DEFRAA", "DE")
    assert codes_of(tables) == ["EMA", "EMB", "EXA", "EXC", "EMC", "EMD", "EDB", "EMF", "EMG", "EMI"]
    assert [step.name for step in tables.steps] == [
        *("prepare", "accept", "outward", "export green", "air", "inward", "import green", "deliver home"),
    ]


def test_over_a_hub_there_are_two_rides() -> None:
    tables = tables_of(hub())
    assert tables.add_journey("PACKET", "CNSHAA>AEDXBA>DEFRAA", "DE")
    assert codes_of(tables)[4:8] == ["EMC", "EMJ", "EMK", "EMD"]


def test_from_stock_it_is_picked_and_delivered() -> None:
    tables = tables_of(one_warehouse())
    assert tables.add_journey("LOCAL", "DEFRAW", "DE")
    assert codes_of(tables) == ["EMA", "EMG", "EMI"]


def test_departures_that_carry_alike_are_one_step() -> None:
    network = two_offices()
    tables = tables_of(network)
    tables.add_journey("PACKET", "CNSHAA>DEFRAA", "DE")
    (ride,) = (step for step in tables.steps if step.table == "departures")
    assert ride.rows == (0, 1)


def test_a_journey_that_the_network_does_not_have_is_empty() -> None:
    tables = tables_of(two_offices())
    assert not tables.add_journey("PACKET", "CNSHAA>XXXXXX", "DE")
    assert not tables.add_journey("NONE", "CNSHAA>DEFRAA", "DE")
    assert tables.journeys == [[], []]


def test_shares_sum_to_one() -> None:
    assert shares_of(two_offices().regimes).tolist() == [1.0]
