"""The wait, the promise against it, and the steps of the wait: from scans alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepost.planning.measure import kept_rate, measure_waits, pinball_days, summary
from entrepost.planning.measure_steps import STEPS, mean_by_step, split_wait, wait_by_step
from entrepost.planning.simulate import simulate
from entrepost.planning.simulation.world import World
from tests.planning.scenes import all_rows, choose_all, many_orders
from tests.worlds import MONDAY, four_orders, hub, one_warehouse, two_offices


def _scans(*scans: tuple[str, str, str, float]) -> pl.DataFrame:
    """Events of the seller `shop` from (order, item, code, hours after Monday)."""
    rows = [
        {
            "tenant": "main",
            "seller": "shop",
            "order_id": order,
            "item_id": item,
            "code": code,
            "time": MONDAY + timedelta(hours=hours),
            "facility": "CNSHAA" if code < "EMD" and code != "EDB" else "DEFRAA",
        }
        for order, item, code, hours in scans
    ]
    return pl.DataFrame(rows, schema_overrides={"time": pl.Datetime("us", "UTC")})


def _waits_of(events: pl.DataFrame, items: int = 1) -> pl.DataFrame:
    orders = four_orders().filter(pl.col("order_id") == "o1")
    chosen = choose_all(orders).with_columns(items=pl.lit(items, pl.Int64))
    return measure_waits(events, orders, chosen)


@pytest.mark.parametrize("code", ["EMI", "EMH", "EDH"])
def test_the_wait_ends_with_the_first_attempt_or_ready_for_pick_up(code: str) -> None:
    waits = _waits_of(_scans(("o1", "a", code, 81.5), ("o1", "a", "EMI", 200)))
    assert waits.select("wait_hours", "arrived", "kept").row(0) == (81.5, True, True)


def test_the_last_item_ends_the_wait_of_an_order() -> None:
    waits = _waits_of(_scans(("o1", "a", "EMI", 50), ("o1", "b", "EMI", 90)), items=2)
    assert waits.select("wait_hours", "arrived", "kept").row(0) == (90.0, True, False)


def test_an_order_with_an_item_missing_counts_60_days_and_breaks_its_promise() -> None:
    waits = _waits_of(_scans(("o1", "a", "EMI", 50)), items=2)
    assert waits.select("wait_hours", "arrived", "kept").row(0) == (1440.0, False, False)


def test_an_order_without_any_scan_counts_60_days() -> None:
    waits = _waits_of(_scans(("other", "a", "EMI", 50)))
    assert waits.select("wait_hours", "arrived", "kept").row(0) == (1440.0, False, False)


def test_an_arrival_after_60_days_counts_60_days_but_may_keep_its_promise() -> None:
    orders = four_orders().head(1)
    chosen = choose_all(orders).with_columns(arrive_by_p90=pl.lit(datetime(2026, 4, 1, tzinfo=UTC)))
    waits = measure_waits(_scans(("o1", "a", "EMI", 1500)), orders, chosen)
    assert waits.select("wait_hours", "arrived", "kept").row(0) == (1440.0, False, True)


def test_repeated_and_disordered_events_change_nothing() -> None:
    orders = many_orders(50, hours_apart=1.0)
    chosen = choose_all(orders)
    events = simulate(two_offices(), orders, chosen, 1)
    mixed = pl.concat([events, events]).sample(fraction=1.0, shuffle=True, seed=1)
    first, second = (measure_waits(each, orders, chosen) for each in (events, mixed))
    assert first.equals(second)
    same = [wait_by_step(*pair).sort("order_id", "step") for pair in ((events, first), (mixed, second))]
    assert same[0].equals(same[1])


def test_orders_with_the_same_reference_of_two_sellers_are_two_orders() -> None:
    orders = four_orders().head(1)
    both = pl.concat([orders, orders.with_columns(pl.lit("other").alias("seller"))])
    waits = measure_waits(_scans(("o1", "a", "EMI", 50)), both, choose_all(both))
    assert waits.get_column("wait_hours").to_list() == [50.0, 1440.0]


def test_orders_without_a_promise_do_not_count_in_the_kept_rate() -> None:
    orders = four_orders().head(1)
    chosen = choose_all(orders).with_columns(arrive_by_p90=pl.lit(None, pl.Datetime("us", "UTC")))
    waits = measure_waits(_scans(("o1", "a", "EMI", 50)), orders, chosen)
    assert waits.get_column("kept").to_list() == [None]
    assert kept_rate(waits).is_empty()


def test_the_kept_rate_shows_the_gap_with_the_error_of_whole_departures() -> None:
    waits = pl.DataFrame(
        {
            "kept": [True, True, False, False] * 25,
            "stated": [0.9] * 100,
            "cluster": ["early", "early", "late", "late"] * 25,
            "service": ["FAST"] * 100,
        }
    )
    row = kept_rate(waits, ["service"]).row(0, named=True)
    assert (row["orders"], row["kept"]) == (100, 0.5)
    assert row["gap"] == pytest.approx(-0.4)
    assert row["error"] == pytest.approx((2 / 1 * 2 * 25**2) ** 0.5 / 100)


def test_the_summary_counts_items_money_and_shares() -> None:
    waits = measure_waits(
        _scans(("o1", "a", "EMI", 50), ("o2", "a", "EMI", 103)), four_orders(), choose_all(four_orders())
    ).with_columns(items=pl.Series([1, 3, 1, 1], dtype=pl.Int64))
    row = summary(waits).row(0, named=True)
    assert (row["orders"], row["items"], row["undelivered"]) == (4, 6, 0.5)
    assert row["wait_hours_mean"] == (50 + 100 + 1440 + 1440) / 4
    assert (row["wait_hours_p50"], row["wait_hours_p90"]) == (1440, 1440)
    assert row["charge_item_minor"] == 4 * 6100 / 6
    assert summary(waits, ["service"]).get_column("share").to_list() == [1.0]


WHOLE = [
    *(("EMA", 24.0), ("EMB", 26.0), ("EXA", 30.0), ("EXC", 31.0), ("EMC", 36.0), ("EMD", 48.0), ("EDB", 52.0)),
    *(("EMF", 58.0), ("EMI", 82.0)),
]
HOURS = {
    "prepare": 24,
    "accept": 2,
    "outward": 4,
    "export": 1,
    "depart": 5,
    "travel": 12,
    "inward": 4,
    "import": 6,
    "deliver": 24,
}


def _spent(*missing: str) -> pl.DataFrame:
    scans = [("o1", "a", code, hours) for code, hours in WHOLE if code not in missing]
    scans += [("o2", "a", code, hours + 3) for code, hours in WHOLE]  # o2 is placed three hours later
    orders = four_orders().filter(pl.col("order_id").is_in(["o1", "o2"]))
    events = _scans(*scans)
    spent = wait_by_step(events, measure_waits(events, orders, choose_all(orders)))
    return spent.filter(pl.col("order_id") == "o1")


def test_each_step_has_the_hours_between_its_scans() -> None:
    spent = _spent()
    assert dict(spent.select("step", "hours").iter_rows()) == HOURS
    assert not spent.get_column("interpolated").any()


def test_a_missing_scan_is_replaced_by_the_usual_proportion_and_marked() -> None:
    spent = _spent("EMD", "EDB")
    assert dict(spent.select("step", "hours").iter_rows()) == pytest.approx(HOURS, abs=1e-3)
    assert set(spent.filter("interpolated")["step"]) == {"travel", "inward", "import"}
    assert spent["hours"].sum() == pytest.approx(82)


def test_what_never_arrived_is_undelivered_after_its_last_scan() -> None:
    hours = dict(_spent("EMD", "EDB", "EMF", "EMI").select("step", "hours").iter_rows())
    assert hours["undelivered"] == 1440 - 36
    assert hours["travel"] == 0
    assert sum(hours.values()) == 1440


def test_stock_orders_have_a_pick_and_hub_orders_a_transit() -> None:
    for network, service, route, step in (
        (one_warehouse(), "LOCAL", "DEFRAW", "pick"),
        (hub(), "PACKET", "CNSHAA>AEDXBA>DEFRAA", "transit"),
    ):
        orders = four_orders()
        chosen = choose_all(orders, service, route)
        events = simulate(network, orders, chosen, 1, "as_assumed")
        spent = wait_by_step(events, measure_waits(events, orders, chosen))
        assert step in set(spent["step"])
        assert set(spent["step"]) <= set(STEPS)


def test_the_steps_add_up_to_the_wait_of_every_order_also_with_scans_missing() -> None:
    network = all_rows(hub(), "delivery", lost_per_million=100_000, attempt_failed_per_million=200_000)
    orders = many_orders(400, hours_apart=0.7)
    chosen = choose_all(orders, route="CNSHAA>AEDXBA>DEFRAA")
    events = simulate(network, orders, chosen, 1, World(unscanned_per_million_most=800_000))
    waits = measure_waits(events, orders, chosen)
    spent = wait_by_step(events, waits)
    assert (spent["hours"] >= 0).all()
    total = spent.group_by("order_id").agg(pl.col("hours").sum()).join(waits, on="order_id")
    assert np.allclose(total["hours"], total["wait_hours"], atol=1e-9)
    means = mean_by_step(spent, waits, ["service"])
    assert means["hours"].sum() == pytest.approx(waits["wait_hours"].mean())
    assert 0 < means["interpolated_hours"].sum() < means["hours"].sum()


@given(
    reached=st.lists(st.lists(st.none() | st.floats(-50, 2000), min_size=4, max_size=4), min_size=1, max_size=8),
    waits=st.lists(st.floats(0, 1440), min_size=8, max_size=8),
)
def test_any_scans_split_any_wait_without_loss(reached: list[list[float | None]], waits: list[float]) -> None:
    matrix = np.array([[np.nan if each is None else each for each in row] for row in reached])
    wait = np.array(waits[: len(reached)])
    hours, _ = split_wait(matrix, wait)
    assert (hours >= -1e-9).all()
    assert np.allclose(hours.sum(axis=1), wait)


def test_waits_measured_in_the_world_as_assumed_are_those_of_the_timetable() -> None:
    orders = four_orders()
    chosen = choose_all(orders)
    waits = measure_waits(simulate(two_offices(), orders, chosen, 1, "as_assumed"), orders, chosen)
    hours = dict(waits.select("order_id", "wait_hours").iter_rows())
    for order, longest in {"o1": 82, "o2": 79, "o3": 174.5, "o4": 106}.items():
        assert longest - 1 < hours[order] <= longest
    assert waits.get_column("kept").to_list() == [True, True, False, False]


def test_orders_of_one_departure_are_one_cluster() -> None:
    orders = many_orders(30, hours_apart=2.0)
    chosen = choose_all(orders)
    waits = measure_waits(simulate(two_offices(), orders, chosen, 1, "as_assumed"), orders, chosen)
    assert waits.get_column("cluster").n_unique() == 2
    silent = replace(World(), unscanned_per_million_most=1_000_000)
    waits = measure_waits(simulate(two_offices(), orders, chosen, 1, silent), orders, chosen)
    assert waits.get_column("cluster").null_count() == 0


def test_a_named_day_that_is_too_late_costs_less_a_day_than_one_that_is_too_early() -> None:
    waits = pl.DataFrame({"wait_hours": [24.0, 72.0], "named": [48.0, 48.0]})
    assert pinball_days(waits, "named", 0.9) == pytest.approx((0.1 + 0.9) / 2)
    assert pinball_days(waits.with_columns(named=pl.lit(72.0)), "named", 0.9) == pytest.approx((0.2 + 0) / 2)
    assert pinball_days(waits.with_columns(named=pl.lit(None, pl.Float64)), "named", 0.9) is None
