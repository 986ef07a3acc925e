"""Room on departures: what a plan sends there, and what a bound says where it is scarce."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepost.network.network import Network
from entrepost.planning.plan import compile_search, plan
from entrepost.planning.planner.params import PlanParams
from entrepost.planning.planner.problem import PlanProblem
from entrepost.planning.planner.room import WEEKS, Rooms, find_prices, list_rooms
from entrepost.planning.planner.search import CROWDED, Limit, PlanSearch
from tests.planning.markets import FREE, closed_warehouse, lamps
from tests.planning.planner.drawn import best_of_all, drawn

PARAMS = PlanParams(terms=FREE, served_shares=(0.9,), modes=("air",), day_value_minor=100.0)
KILOGRAMS = 112 / 21 * 365 / WEEKS * 0.4
"""What the lamps of `markets.lamps` weigh in a week."""
LIMITS = (Limit(), Limit("wait", 6.0), Limit("money", 2_000_000.0))


def crowded(seed: int, share: float) -> PlanProblem:
    """A random problem in which only so much of all mail finds room on the one flight."""
    problem = drawn(seed)
    mail = problem.begin
    kilograms = problem.items / 50
    flight = pl.DataFrame({"from_facility": ["A"], "to_facility": ["B"], "mode": ["air"], "carries_kg": [0.0]})
    room = np.array([share * kilograms.sum()])
    rooms = Rooms(flight, room, mail, np.zeros(mail.size, np.int64), kilograms / problem.items)
    return replace(problem, rooms=rooms)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), limit=st.sampled_from(LIMITS), share=st.sampled_from((0.0, 0.4, 0.8)))
def test_the_bound_holds_where_room_is_scarce(seed: int, limit: Limit, share: float) -> None:
    problem = crowded(seed, share)
    compile_search(problem)
    search = PlanSearch(problem, limit, PlanParams(gap_max=0.0, seconds_max=20))
    search.run()
    best = best_of_all(search.problem, limit, search.has_room)
    if math.isfinite(best):
        assert search.bound <= best * (1 + 1e-6) + 1e-9
    if search.best is not None and search.has_room(search.best.chosen):
        assert best <= search.value * (1 + 1e-9)


def full_flight(capacity_kg: int) -> Network:
    """A warehouse that costs more than it saves, and a flight a week that carries so much."""
    network = closed_warehouse(20_000_000)
    return replace(network, departures=tuple(replace(row, capacity_kg=capacity_kg) for row in network.departures))


def test_what_a_leg_carries_is_that_of_its_departures_in_a_week() -> None:
    assert list_rooms(full_flight(20))["carries_kg"].to_list() == [20.0 * len(closed_warehouse().departures)]


def test_what_finds_no_room_on_the_flight_comes_from_stock() -> None:
    wide, narrow = plan(full_flight(1000), lamps(), PARAMS), plan(full_flight(3), lamps(), PARAMS)
    assert wide.planned is not None
    assert narrow.planned is not None
    assert (wide.planned.warehouses, narrow.planned.warehouses) == (0, 1)
    assert wide.rooms.is_empty()
    row = narrow.rooms.row(0, named=True)
    assert row["today_kg"] == pytest.approx(KILOGRAMS)
    assert row["planned_kg"] == pytest.approx(0.1 * KILOGRAMS)
    assert row["planned_kg"] <= row["room_kg"] == pytest.approx(0.8 * 3 * len(closed_warehouse().departures))
    assert narrow.bound <= narrow.value


def test_rooms_may_be_left_out_of_account() -> None:
    found = plan(full_flight(3), lamps(), replace(PARAMS, room_share=None))
    assert found.planned is not None
    assert found.planned.warehouses == 0


def test_what_has_no_other_way_is_sent_all_the_same() -> None:
    found = plan(full_flight(3), lamps(), replace(PARAMS, left_out=("shop",)))
    assert found.planned is not None
    row = found.rooms.row(0, named=True)
    assert row["room_kg"] >= row["planned_kg"] == pytest.approx(KILOGRAMS)


def test_a_kilogram_costs_no_more_than_makes_room() -> None:
    """Ten kilograms, one of which goes another way for each unit of the price."""
    nothing = np.zeros(0, np.int64)
    rooms = Rooms(pl.DataFrame(), np.array([5.0, 8.0]), nothing, nothing, np.zeros(0))
    prices = find_prices(rooms, lambda asked: np.array([10.0, 3.0]) - asked)
    assert prices == pytest.approx([10 - 0.97 * 5.0, 0.0], abs=0.02)
    assert CROWDED < 0.03
