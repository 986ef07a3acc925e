"""Routes followed together come out as each would alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from entrepost.journey.calendars import ordinary_timeline
from entrepost.journey.desk import Desk, desk_of
from entrepost.journey.distribution import WEEK_STARTS, Distribution
from entrepost.journey.follow import Wanted, follow, follow_one
from entrepost.journey.itinerary import build_itinerary
from entrepost.network.network import Network
from entrepost.network.regime import Regime
from tests.worlds import hub, one_warehouse, two_offices

HORIZON = 60 * 24


def desk(network: Network) -> Desk:
    return desk_of(ordinary_timeline(network, HORIZON), WEEK_STARTS)


def wanted(network: Network, service: str, *facilities: str, starts: tuple[int, ...] = (0, 50, 167)) -> Wanted:
    return Wanted(build_itinerary(network, service, facilities, "DE"), np.array(starts, np.int32), HORIZON)


@pytest.mark.parametrize("threads", [1, 2])
def test_routes_that_share_steps_come_out_as_each_does_alone(threads: int) -> None:
    network = hub()
    every = [
        wanted(network, "PACKET", "CNSHAA", "AEDXBA", "DEFRAA"),
        wanted(network, "PACKET", "CNSHAA", "DEFRAA", starts=(1, 2)),
        wanted(network, "PACKET", "AEDXBA", "DEFRAA", starts=(9,)),
        wanted(network, "PACKET", "CNSHAA", "DEFRAA", starts=(0, 2, 90)),
    ]
    found: dict[int, Distribution] = {}
    seen: list[tuple[int, int]] = []
    follow(desk(network), every, found.__setitem__, threads, lambda done, of: seen.append((done, of)))
    assert sorted(found) == [0, 1, 2, 3]
    assert seen == [(1, 2), (2, 2)], "two last rides: from Dubai, and from Shanghai"
    for number, each in enumerate(every):
        alone = follow_one(desk(network), each)
        for start in range(each.starts.size):
            assert np.array_equal(found[number].cdf(start), alone.cdf(start))


def test_some_starts_are_followed_as_they_are_among_all() -> None:
    some = follow_one(desk(two_offices()), wanted(two_offices(), "PACKET", "CNSHAA", "DEFRAA", starts=(3, 4)))
    assert [int(np.argmax(some.cdf(start))) for start in (0, 1)] == [79, 174]
    all_hours = tuple(range(168))
    every = follow_one(desk(two_offices()), wanted(two_offices(), "PACKET", "CNSHAA", "DEFRAA", starts=all_hours))
    assert np.array_equal(some.cdf(1), every.cdf(4))


def test_an_order_from_stock_is_picked_and_goes_with_the_next_round() -> None:
    found = follow_one(desk(one_warehouse()), wanted(one_warehouse(), "LOCAL", "DEFRAW", starts=(0, 1, 2, 3)))
    assert [int(np.argmax(found.cdf(start))) for start in range(4)] == [10, 9, 8, 31]


def test_one_warehouse_serves_several_areas_at_different_hours() -> None:
    base = one_warehouse()
    row, region = base.delivery[-1], base.regions[0]
    network = replace(
        base,
        delivery=(*base.delivery, replace(row, area="DE-north")),
        regions=(*base.regions, replace(region, region="north", area="DE-north")),
    )
    south = wanted(network, "LOCAL", "DEFRAW", starts=(0, 90))
    north = Wanted(build_itinerary(network, "LOCAL", ("DEFRAW",), "DE-north"), np.array([5, 91], np.int32), HORIZON)
    found: dict[int, Distribution] = {}
    follow(desk(network), [south, north], found.__setitem__)
    for number, each in enumerate([south, north]):
        alone = follow_one(desk(network), each)
        assert [found[number].cdf(start).tolist() for start in (0, 1)] == [
            alone.cdf(start).tolist() for start in (0, 1)
        ]


def test_calm_and_busy_weeks_are_followed_apart_and_added_by_their_shares() -> None:
    regimes = (Regime("calm", 600_000, 1, 1, 1, 1, "assumed"), Regime("busy", 400_000, 2, 1, 1, 1, "assumed"))
    network = replace(two_offices(), regimes=regimes)
    monday = follow_one(desk(network), wanted(network, "PACKET", "CNSHAA", "DEFRAA", starts=(0,))).cdf(0)
    assert np.flatnonzero(np.diff(monday)).tolist() == [81, 177], "busy: ready after 61 hours, for Friday's flight"
    assert monday[[81, 82, 177, 178]] == pytest.approx([0, 0.6, 0.6, 1])


def test_what_is_lost_on_the_way_is_missing_at_the_end() -> None:
    base = two_offices()
    lossy = replace(base, processing=tuple(replace(row, lost_per_million=10_000) for row in base.processing))
    parts = wanted(lossy, "PACKET", "CNSHAA", "DEFRAA", starts=(5,))
    works = sum(step.name in ("prepare", "accept", "outward", "inward") for step in parts.steps)
    assert follow_one(desk(lossy), parts).cdf(0)[-1] == pytest.approx(0.99**works)
