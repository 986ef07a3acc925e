import random
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepost.base.clock import day_hour, to_hour
from entrepost.journey.calendars import dated_timeline, ordinary_timeline
from entrepost.journey.desk import desk_of
from entrepost.journey.distribution import WEEK_STARTS, Distribution
from entrepost.journey.engine import Engine
from entrepost.journey.follow import Wanted, follow_one
from entrepost.journey.itinerary import build_itinerary
from entrepost.network.network import Network
from entrepost.network.regime import Regime
from tests.journey.walker import walk
from tests.worlds import hub, one_warehouse, two_offices

HORIZON = 60 * 24


def week_of(network: Network, service: str, facilities: tuple[str, ...]) -> Distribution:
    steps = build_itinerary(network, service, facilities, "DE")
    return follow_one(desk_of(ordinary_timeline(network, HORIZON), WEEK_STARTS), Wanted(steps, WEEK_STARTS, HORIZON))


def waits(distribution: Distribution) -> list[float]:
    ones = np.ones(168, np.int32)
    return [float(hour) for hour in distribution.describe(WEEK_STARTS, ones, (0.5,))[:, 1]]


def test_two_offices_wait_as_counted_by_hand() -> None:
    hours = waits(week_of(two_offices(), "PACKET", ("CNSHAA", "DEFRAA")))
    monday, thursday = 0, 72
    assert hours[monday] == 82
    assert hours[monday + 3] == 79
    assert hours[monday + 4] == 174
    assert hours[thursday + 3] == 103
    assert hours[thursday + 4] == 174
    assert min(hours) == 79
    assert max(hours) == 174


def test_the_hub_is_quicker_on_monday_and_the_direct_flight_on_friday() -> None:
    over_the_hub = waits(week_of(hub(), "PACKET", ("CNSHAA", "AEDXBA", "DEFRAA")))
    direct = waits(week_of(hub(), "PACKET", ("CNSHAA", "DEFRAA")))
    monday, friday = 0, 96
    assert (over_the_hub[monday], direct[monday]) == (130, 202)
    assert (over_the_hub[friday], direct[friday]) == (154, 106)


def test_stock_in_the_country_waits_for_the_next_round_only() -> None:
    hours = waits(week_of(one_warehouse(), "LOCAL", ("DEFRAW",)))
    assert hours[:4] == [10, 9, 8, 31]


def random_world(seed: int) -> Network:
    """Two offices with random durations, hours, losses, missed departures and regimes."""
    dice = random.Random(seed)

    def span() -> dict[str, float]:
        low = dice.choice([0.0, 1.0, dice.uniform(0, 8)])
        middle = low + dice.choice([0.0, dice.uniform(0.5, 20)])
        return {"hours_min": low, "hours_p50": middle, "hours_p90": middle + dice.choice([0.0, dice.uniform(1, 40)])}

    opens = ["24/7", "Mo-Fr 08-18", "Mo-Sa 06-22", "Mo 00-12, We 10-24", "Sa-Su 05-06"]
    base = two_offices()
    processing = [
        replace(row, **span(), open_hours=dice.choice(opens), lost_per_million=dice.choice([0, 20_000]))
        for row in base.processing
    ]
    departures = [
        replace(row, **span(), missed_1_per_million=dice.choice([0, 200_000]), missed_2_per_million=50_000)
        for row in base.departures
    ]
    channels = [
        replace(base.clearance[1], channel="green", share_per_million=800_000, open_hours="Mo-Fr 08-18", **span()),
        replace(base.clearance[1], channel="inspection", share_per_million=180_000, open_hours="Mo-Fr 08-12", **span()),
        replace(base.clearance[1], channel="refused", share_per_million=20_000, refused=True, **span()),
    ]
    delivery = replace(base.delivery[0], **span(), open_hours=dice.choice(["Mo-Sa 09-17", "Mo-Fr 08-12, Mo-Fr 14-18"]))
    zones = ["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Asia/Kolkata"]
    return replace(
        base,
        facilities=tuple(replace(row, time_zone=dice.choice(zones)) for row in base.facilities),
        regions=tuple(replace(row, time_zone=dice.choice(zones)) for row in base.regions),
        processing=tuple(processing),
        departures=tuple(departures),
        clearance=(base.clearance[0], *channels),
        delivery=(delivery,),
        regimes=(
            Regime("calm", 600_000, 0.9, 0.95, 0.8, 0.9, "assumed"),
            Regime("busy", 400_000, 1.4, 1.1, 1.7, 1.3, "assumed"),
        ),
    )


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 167))
def test_random_worlds_agree_with_a_traveller_who_walks_them(seed: int, start: int) -> None:
    network = random_world(seed)
    steps = build_itinerary(network, "PACKET", ("CNSHAA", "DEFRAA"), "DE")
    timeline = ordinary_timeline(network, HORIZON)
    dice = random.Random(seed + start)
    regimes = dice.choices(network.regimes, [regime.share_per_million for regime in network.regimes], k=700)
    walked = [walk(timeline, regime, steps, start, dice) for regime in regimes]
    exact = week_of(network, "PACKET", ("CNSHAA", "DEFRAA")).cdf(start)
    arrived = np.sort([hour - start for hour in walked if hour is not None])
    empirical = np.searchsorted(arrived, np.arange(exact.size), side="right") / len(walked)
    distance = np.abs(empirical - exact).max()
    assert distance < 2.2 / np.sqrt(len(walked))  # Kolmogorov: exceeded once in about 10,000 worlds


@pytest.mark.parametrize("seed", range(6))
def test_following_every_start_on_its_own_gives_the_same_as_sharing_tails(seed: int) -> None:
    network = random_world(seed)
    steps = build_itinerary(network, "PACKET", ("CNSHAA", "DEFRAA"), "DE")
    timeline = ordinary_timeline(network, HORIZON)
    shared = week_of(network, "PACKET", ("CNSHAA", "DEFRAA"))
    for start in (0, 77, 167):
        alone = np.zeros(timeline.hours + 1)
        for regime in network.regimes:
            engine = Engine(timeline, regime)
            rows, _ = engine.push_all(engine.start(np.array([start], np.int32)), steps)
            alone += rows[0] * regime.share_per_million / 1e6
        expected = np.cumsum(alone[start : start + HORIZON + 1])
        assert np.abs(shared.cdf(start) - expected).max() < 1e-3


@pytest.mark.parametrize("seed", range(4))
def test_real_dates_without_anything_exceptional_equal_the_ordinary_week(seed: int) -> None:
    network = replace(random_world(seed), facilities=two_offices().facilities, regions=two_offices().regions)
    steps = build_itinerary(network, "PACKET", ("CNSHAA", "DEFRAA"), "DE")
    monday = day_hour(network.ordinary_week) + 168 * 9
    hours = np.array([0, 50, 167])
    timeline = dated_timeline(network, monday, monday + 167, HORIZON)
    starts = (hours + monday - timeline.first_hour).astype(np.int32)
    dated = follow_one(desk_of(timeline, starts), Wanted(steps, starts, HORIZON))
    ordinary = week_of(network, "PACKET", ("CNSHAA", "DEFRAA"))
    for row, hour in enumerate(hours):
        assert np.abs(dated.cdf(row) - ordinary.cdf(int(hour)))[:1000].max() < 1e-3


def test_the_mean_counts_what_never_arrives_as_sixty_days() -> None:
    base = two_offices()
    lossy = replace(base, delivery=(replace(base.delivery[0], lost_per_million=100_000),))
    described = week_of(lossy, "PACKET", ("CNSHAA", "DEFRAA")).describe(
        np.array([0], np.int32), np.array([1], np.int32), (0.5, 0.95)
    )
    assert described[0, 0] == pytest.approx(0.9 * 82 + 0.1 * 1440)
    assert described[0, 1] == 82
    assert described[0, 2] == pytest.approx(0.9)
    assert described[0, 3] == -1, "the 95 % quantile lies among the lost and is null"


def test_the_last_of_several_items_comes_later_than_one() -> None:
    week = week_of(random_world(3), "PACKET", ("CNSHAA", "DEFRAA"))
    starts = np.zeros(3, np.int32)
    described = week.describe(starts, np.array([1, 2, 5], np.int32), (0.5,))
    assert described[0, 0] < described[1, 0] < described[2, 0]
    kept = week.probability(starts, np.full(3, 200, np.int32), np.array([1, 2, 5], np.int32))
    assert kept[1] == pytest.approx(kept[0] ** 2)


def test_an_order_of_a_given_instant_starts_at_the_next_whole_hour() -> None:
    assert to_hour(datetime(2026, 1, 5, 3, 0, 0, tzinfo=UTC)) + 1 == to_hour(datetime(2026, 1, 5, 3, 0, 1, tzinfo=UTC))
