"""Missed departures: estimated from scans, and settled with the capacities."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import polars as pl
import pytest

from entrepost.base.errors import MisuseError
from entrepost.network.network import Network
from entrepost.planning.missed import estimate_missed, settle_missed, with_missed
from entrepost.planning.simulate import simulate
from tests.planning.scenes import CAPPED, all_rows, choose_all, many_orders
from tests.worlds import hub, two_offices


def _shares(
    network: Network, orders: pl.DataFrame, route: str = "CNSHAA>DEFRAA"
) -> dict[str, tuple[int, float, float]]:
    chosen = choose_all(orders, route=route)
    found = estimate_missed(simulate(network, orders, chosen, 1, CAPPED), network, chosen)
    rows = found.select("from_facility", "to_facility", "ready", "missed_1", "missed_2").iter_rows()
    return {f"{row[0]}>{row[1]}": row[2:] for row in rows}


def test_a_third_of_three_items_missed_the_flight_that_holds_two() -> None:
    network = all_rows(two_offices(), "departures", capacity_kg=1)
    assert _shares(network, many_orders(3)) == {"CNSHAA>DEFRAA": (3, 1 / 3, 0.0)}


def test_items_that_missed_two_or_more_are_counted_together() -> None:
    network = all_rows(two_offices(), "departures", capacity_kg=1)
    assert _shares(network, many_orders(8)) == {"CNSHAA>DEFRAA": (8, 2 / 8, 4 / 8)}


def test_of_two_departures_at_the_same_hour_neither_was_missed() -> None:
    base = all_rows(two_offices(), "departures", capacity_kg=1)
    network = replace(
        base, departures=(*base.departures, *(replace(row, departure=f"{row.departure}-b") for row in base.departures))
    )
    assert _shares(network, many_orders(4)) == {"CNSHAA>DEFRAA": (4, 0.0, 0.0)}


def test_who_takes_a_departure_that_closes_first_and_leaves_last_has_missed_none() -> None:
    base = two_offices()
    flights = tuple(replace(row, departs="20:00", cutoff_hours=7.0) for row in base.departures)
    lorries = tuple(
        replace(row, departure=f"{row.departure}-b", departs="17:00", cutoff_hours=2.0, mode="road") for row in flights
    )
    network = replace(
        base,
        departures=(*flights, *lorries),
        services=tuple(replace(row, modes="air+road") for row in base.services),
    )
    orders = many_orders(4)
    chosen = choose_all(orders)
    found = estimate_missed(simulate(network, orders, chosen, 1, CAPPED), network, chosen)
    assert found.select("mode", "missed_1", "missed_2").rows() == [("air", 0.0, 0.0)]


def test_what_was_missed_is_counted_where_it_was_ready_first() -> None:
    base = two_offices()
    small = tuple(replace(row, capacity_kg=1) for row in base.departures)
    lorries = tuple(
        replace(row, departure=f"{row.departure}-b", departs="13:00", mode="road") for row in base.departures
    )
    network = replace(
        base,
        departures=(*small, *lorries),
        services=tuple(replace(row, modes="air+road") for row in base.services),
    )
    orders = many_orders(4)
    chosen = choose_all(orders)
    found = estimate_missed(simulate(network, orders, chosen, 1, CAPPED), network, chosen)
    assert found.select("mode", "ready", "missed_1").rows() == [("air", 4, 0.5)], "two flew, two took the lorry"


def test_who_waits_to_the_end_has_missed_all_that_left_meanwhile() -> None:
    network = all_rows(two_offices(), "departures", capacity_kg=1)
    orders = many_orders(8)
    chosen = choose_all(orders)
    events = simulate(network, orders, chosen, 1, CAPPED)
    after_two_flights = events.filter(pl.col("time") < pl.lit(datetime(2026, 1, 11, tzinfo=UTC)))
    left = after_two_flights.filter(pl.col("code") == "EMC").get_column("order_id").n_unique()
    assert left == 4, "two items a flight"
    found = estimate_missed(after_two_flights, network, chosen)
    assert found.select("ready", "missed_1", "missed_2").rows() == [(8, 2 / 8, 4 / 8)]


def test_the_estimate_finds_the_shares_that_were_drawn() -> None:
    network = all_rows(hub(), "departures", missed_1_per_million=200_000, missed_2_per_million=100_000)
    found = _shares(network, many_orders(4000, hours_apart=0.3), "CNSHAA>AEDXBA>DEFRAA")
    for _, once, twice in found.values():
        assert (once, twice) == (pytest.approx(0.2, abs=0.03), pytest.approx(0.1, abs=0.02))
    assert len(found) == 2


def test_shares_are_written_into_the_departures_of_legs_with_enough_items() -> None:
    shares = pl.DataFrame(
        [("CNSHAA", "DEFRAA", "air", 100, 0.25, 0.125)],
        schema=["from_facility", "to_facility", "mode", "ready", "missed_1", "missed_2"],
        orient="row",
    )
    changed = with_missed(two_offices(), shares)
    assert {(row.missed_1_per_million, row.missed_2_per_million) for row in changed.departures} == {(250_000, 125_000)}
    assert with_missed(two_offices(), shares.with_columns(ready=pl.lit(5))) == two_offices()


def test_nothing_sent_gives_no_estimate() -> None:
    orders = many_orders(2)
    chosen = choose_all(orders)
    empty = simulate(two_offices(), orders, chosen, 1, CAPPED).clear()
    assert estimate_missed(empty, two_offices(), chosen).is_empty()


def test_quote_and_capacities_settle_within_five_rounds() -> None:
    network = all_rows(two_offices(), "departures", capacity_kg=12)
    orders = many_orders(400, hours_apart=2.0)
    settled = settle_missed(network, orders, lambda _, each: choose_all(each), 1, replace(CAPPED, missed_per_million=0))
    assert settled.settled
    assert len(settled.changes) <= 5
    assert settled.changes[-1] < 0.01
    assert {row.missed_1_per_million for row in settled.network.departures} == {270_000}
    assert replace(settled.network, departures=network.departures) == network


def test_a_world_that_misses_departures_as_the_folder_says_cannot_be_settled() -> None:
    with pytest.raises(MisuseError, match="missed_per_million"):
        settle_missed(two_offices(), many_orders(2), lambda _, each: choose_all(each), 1, "as_assumed")
