"""The kernel against the exact engine, and against the limits that it must keep."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepost.base.clock import to_hour
from entrepost.journey.calendars import dated_timeline
from entrepost.journey.engine import Engine
from entrepost.journey.itinerary import build_itinerary
from entrepost.network.network import Network
from entrepost.planning.simulate import simulate
from entrepost.planning.simulation.kernel import Waiting, list_waiting, wait
from tests.planning.scenes import CAPPED, DIRECT, all_rows, choose_all, hours_after_monday, many_orders, spread_out
from tests.worlds import MONDAY, hub, two_offices

DAY = 24


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 99)), unique_by=lambda pair: pair[1]))
def test_each_item_waits_for_its_hour_alone(pairs: list[tuple[int, int]]) -> None:
    waiting = Waiting(np.full(6, -1, dtype=np.int32), np.empty(100, dtype=np.int32))
    here = np.empty(100, dtype=np.int32)
    for hour, item in pairs:
        wait(waiting, item, hour)
    for hour in range(6):
        count = list_waiting(waiting, hour, here)
        assert here[:count].tolist() == [item for due, item in reversed(pairs) if due == hour]


def test_who_comes_first_is_served_first_and_of_one_hour_who_ordered_first() -> None:
    network = all_rows(two_offices(), "processing", throughput_items_hour=1)
    orders = many_orders(6, hours_apart=0.5)
    events = simulate(network, orders, choose_all(orders), 1, CAPPED)
    for code in ("EMA", "EMB", "EXA"):
        hours = hours_after_monday(events, code)
        assert [hours[f"x{number}"] for number in range(6)] == list(range(hours["x0"], hours["x0"] + 6))


def _exact(network: Network, route: str) -> np.ndarray:  # type: ignore[type-arg]
    """The engine's probabilities of being attempted by each hour after Monday 00:00."""
    start = to_hour(MONDAY)
    timeline = dated_timeline(network, start, start, 60 * DAY)
    engine = Engine(timeline, network.regimes[0])
    index = np.array([start - timeline.first_hour], dtype=np.int32)
    steps = build_itinerary(network, "PACKET", tuple(route.split(">")), "DE")
    return engine.push_all(engine.start(index), steps)[0][index[0] :]


def _deviation(network: Network, route: str, n: int, seed: int) -> tuple[float, int]:
    """Chi-square of simulated against exact hours of attempt, and its degrees of freedom."""
    orders = many_orders(n)
    events = simulate(network, orders, choose_all(orders, route=route), seed, "as_assumed")
    hours = list(hours_after_monday(events, "EMI").values())
    exact = _exact(network, route)
    counted = np.bincount(hours, minlength=exact.size)[: exact.size].astype(float)
    expected = np.append(exact, 1 - exact.sum()) * n
    counted = np.append(counted, n - counted.sum())
    large = expected >= 5
    rest = expected[~large].sum()
    squares = float(((counted - expected)[large] ** 2 / expected[large]).sum())
    if rest > 1:
        squares += (counted[~large].sum() - rest) ** 2 / rest
    return squares, int(large.sum())


@pytest.mark.parametrize("route", [DIRECT, "CNSHAA>AEDXBA>DEFRAA"])
def test_the_world_as_assumed_agrees_with_the_exact_distribution(route: str) -> None:
    network = spread_out(hub())
    squares, freedom = _deviation(network, route, 20_000, 7)
    assert squares < freedom + 5 * (2 * freedom) ** 0.5 + 10


hours = st.floats(0, 40)


@settings(max_examples=15, deadline=None)
@given(
    work=st.tuples(hours, hours, hours),
    travel=st.tuples(hours, hours, hours),
    missed=st.integers(0, 500_000),
    lost=st.integers(0, 100_000),
    opened=st.sampled_from(["24/7", "Mo-Fr 08-18", "Sa-Mo 22-24, We 00-03"]),
    seed=st.integers(-(2**40), 2**70),
)
def test_any_world_as_assumed_agrees_with_the_exact_distribution(
    work: tuple[float, ...], travel: tuple[float, ...], missed: int, lost: int, opened: str, seed: int
) -> None:
    names = ("hours_min", "hours_p50", "hours_p90")
    network = all_rows(two_offices(), "processing", **dict(zip(names, sorted(work), strict=True)), open_hours=opened)
    network = all_rows(
        network, "departures", **dict(zip(names, sorted(travel), strict=True)), missed_1_per_million=missed
    )
    network = all_rows(network, "delivery", lost_per_million=lost, open_hours="Mo-Fr 08-12, Sa 20-21")
    squares, freedom = _deviation(network, DIRECT, 2000, seed)
    assert squares < freedom + 7 * (2 * freedom) ** 0.5 + 20


@settings(max_examples=20, deadline=None)
@given(
    weights=st.lists(st.integers(1, 2000), min_size=1, max_size=60),
    capacity=st.integers(1, 5),
    throughput=st.integers(1, 4),
)
def test_capacities_are_never_exceeded(weights: list[int], capacity: int, throughput: int) -> None:
    network = all_rows(spread_out(two_offices()), "departures", capacity_kg=capacity)
    network = all_rows(network, "processing", throughput_items_hour=throughput)
    orders = many_orders(len(weights), hours_apart=0.2).with_columns(weight_g=pl.Series(weights, dtype=pl.Int64))
    events = simulate(network, orders, choose_all(orders), 5, CAPPED)
    hour = (pl.col("time").dt.epoch("us") - 1) // 3_600_000_000
    left = (
        events.filter(pl.col("code") == "EMC").join(orders, on="order_id").group_by(hour).agg(pl.col("weight_g").sum())
    )
    assert left.filter(pl.col("weight_g") > capacity * 1000).is_empty()
    done = events.filter(pl.col("code").is_in(["EMA", "EMB", "EXA", "EDB"])).group_by("code", hour).len()
    assert done.filter(pl.col("len") > throughput).is_empty()
