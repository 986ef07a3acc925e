"""Items through tiny worlds: the answers can be checked by hand in the docstrings of `tests.worlds`."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from entrepost.base.errors import MissingRowError, MisuseError
from entrepost.network.calendar import Exceptional
from entrepost.network.network import Network
from entrepost.network.regime import Regime
from entrepost.planning.simulate import COLUMNS, simulate
from entrepost.tables.text import fill
from tests.planning.scenes import (
    CAPPED,
    all_rows,
    change_first,
    choose_all,
    codes_of,
    hours_after_monday,
    many_orders,
    spread_out,
    world_of,
)
from tests.worlds import four_orders, hub, one_warehouse, two_offices, two_services

WHOLE_JOURNEY = ["EMA", "EMB", "EXA", "EXC", "EMC", "EMD", "EDB", "EDC", "EMF", "EMG", "EDG", "EMI"]
DAY = 24


def run_assumed(network: Network, orders: pl.DataFrame, **choice: str) -> pl.DataFrame:
    return simulate(network, orders, choose_all(orders, **choice), 1, "as_assumed")


def test_orders_are_attempted_at_the_hours_that_the_timetable_says() -> None:
    events = run_assumed(two_offices(), four_orders())
    thursday, next_monday = 3 * DAY + 10, 7 * DAY + 10
    attempted = {"o1": thursday, "o2": thursday, "o3": next_monday, "o4": next_monday}
    assert hours_after_monday(events, "EMI") == attempted


def test_every_step_sends_its_scan_in_the_order_of_the_journey() -> None:
    events = run_assumed(two_offices(), four_orders())
    assert codes_of(events, "o1") == WHOLE_JOURNEY
    assert hours_after_monday(events, "EMA")["o1"] == 24
    assert hours_after_monday(events, "EXC")["o1"] == 31
    assert hours_after_monday(events, "EMC")["o1"] == 36
    assert hours_after_monday(events, "EMG")["o1"] == 70


def test_scans_name_the_place_that_sends_them() -> None:
    events = run_assumed(two_offices(), four_orders())
    places = dict(events.select("code", "facility").unique().iter_rows())
    assert {code for code, place in places.items() if place == "CNSHAA"} == {"EMA", "EMB", "EXA", "EXC", "EMC"}


def test_an_item_that_changes_flights_is_scanned_in_and_out_of_the_hub() -> None:
    events = run_assumed(hub(), four_orders(), route="CNSHAA>AEDXBA>DEFRAA")
    assert codes_of(events, "o1")[4:8] == ["EMC", "EMJ", "EMK", "EMD"]
    assert set(events.filter(pl.col("code").is_in(["EMJ", "EMK"]))["facility"]) == {"AEDXBA"}
    assert hours_after_monday(events, "EMI")["o1"] == 130


def test_an_order_from_stock_is_picked_and_delivered_locally() -> None:
    events = run_assumed(one_warehouse(), four_orders(), service="LOCAL", route="DEFRAW")
    assert codes_of(events, "o1") == ["EMA", "EMG", "EDG", "EMI"]
    assert hours_after_monday(events, "EMI")["o1"] == 10
    assert hours_after_monday(events, "EMI")["o3"] == DAY + 10


def test_an_item_that_does_not_fit_takes_the_next_departure() -> None:
    network, orders = all_rows(two_offices(), "departures", capacity_kg=1), many_orders(3, hours_apart=0.01)
    events = simulate(network, orders, choose_all(orders), 1, CAPPED)
    tuesday, friday = DAY + 12, 4 * DAY + 12
    assert hours_after_monday(events, "EMC") == {"x0": tuesday, "x1": tuesday, "x2": friday}


def test_a_lighter_item_still_fits_where_a_heavier_one_did_not() -> None:
    network = all_rows(two_offices(), "departures", capacity_kg=1)
    orders = many_orders(3, hours_apart=0.01).with_columns(weight_g=pl.Series([700, 400, 300]))
    events = simulate(network, orders, choose_all(orders), 1, CAPPED)
    tuesday, friday = DAY + 12, 4 * DAY + 12
    assert hours_after_monday(events, "EMC") == {"x0": tuesday, "x1": friday, "x2": tuesday}


def test_services_share_the_capacity_of_a_departure() -> None:
    network = all_rows(two_services(), "departures", capacity_kg=1)
    second = replace(network.service_by_code["FAST"], service="ALSO")
    network, orders = replace(network, services=(*network.services, second)), many_orders(3, hours_apart=0.01)
    chosen = choose_all(orders).with_columns(service=pl.Series(["FAST", "ALSO", "FAST"]))
    events = simulate(network, orders, chosen, 1, CAPPED)
    assert hours_after_monday(events, "EMC")["x2"] == 4 * DAY + 12


def test_a_facility_finishes_no_more_items_in_an_hour_than_its_throughput() -> None:
    network = all_rows(two_offices(), "processing", throughput_items_hour=1)
    network = replace(network, processing=tuple(row for row in network.processing if row.activity == "inward"))
    orders = many_orders(3, hours_apart=0.01)
    events = simulate(network, orders, choose_all(orders), 1, CAPPED)
    landed = 2 * DAY
    assert hours_after_monday(events, "EDB") == {"x0": landed + 4, "x1": landed + 5, "x2": landed + 6}


def test_a_closed_day_moves_the_attempt_to_the_next_open_one() -> None:
    thursday = date(2026, 1, 8)
    closed = Exceptional("closed", "DE", "", "", "delivery", thursday, thursday, 1.0, "Holiday", "assumed")
    events = run_assumed(replace(two_offices(), calendar=(closed,)), four_orders())
    assert hours_after_monday(events, "EMI")["o1"] == 4 * DAY + 10


def test_a_facility_closed_on_sunday_does_no_work_then() -> None:
    network = change_first(two_offices(), "processing", open_hours="Mo-Sa 00-24")
    saturday = many_orders(1).with_columns(placed_at=pl.col("placed_at") + pl.duration(days=5, hours=12))
    events = run_assumed(network, saturday)
    assert hours_after_monday(events, "EMA")["x0"] == 7 * DAY + 12


def test_a_slow_day_lengthens_the_work_begun_on_it() -> None:
    tuesday = date(2026, 1, 6)
    slow = Exceptional("slow", "", "CNSHAA", "", "outward", tuesday, tuesday, 3.0, "Peak", "assumed")
    events = run_assumed(replace(two_offices(), calendar=(slow,)), four_orders())
    assert hours_after_monday(events, "EXA")["o1"] == 26 + 12


def test_a_cancelled_departure_takes_nobody() -> None:
    tuesday = date(2026, 1, 6)
    cancelled = Exceptional("cancelled", "", "", "MU219-2", "*", tuesday, tuesday, 1.0, "Strike", "assumed")
    events = run_assumed(replace(two_offices(), calendar=(cancelled,)), four_orders())
    assert hours_after_monday(events, "EMC")["o1"] == 4 * DAY + 12


def test_a_held_item_says_why_and_is_released_later() -> None:
    held = all_rows(two_offices(), "clearance", held=True, channel="inspection")
    events = run_assumed(held, four_orders())
    assert codes_of(events, "o1") == [
        *("EMA", "EMB", "EXA", "EXB", "EXC", "EMC", "EMD", "EDB", "EME", "EDC", "EMF", "EMG", "EDG", "EMI")
    ]
    reasons = events.filter(pl.col("code").is_in(["EXB", "EME"])).get_column("reason")
    assert set(reasons) == {"EXAMINATION"}


@pytest.mark.parametrize(("direction", "end"), [("export", "EXX"), ("import", "EDX")])
def test_a_refused_item_goes_no_further(direction: str, end: str) -> None:
    network = two_offices()
    channels = tuple(replace(row, refused=row.direction == direction) for row in network.clearance)
    events = run_assumed(replace(network, clearance=channels), four_orders())
    assert codes_of(events, "o1")[-1] == end
    assert events.filter(pl.col("code") == end).get_column("reason").unique().to_list() == ["PROHIBITED"]
    assert "EMI" not in set(events["code"])


def test_the_scans_of_a_lost_item_just_stop() -> None:
    lost = replace(two_offices(), processing=tuple(_lose(row) for row in two_offices().processing))
    assert codes_of(run_assumed(lost, four_orders()), "o1") == ["EMA", "EMB", "EXA", "EXC", "EMC", "EMD"]


def _lose(row):  # type: ignore[no-untyped-def]
    return replace(row, lost_per_million=1_000_000) if row.activity == "inward" else row


def test_after_two_failed_attempts_an_item_is_laid_ready_and_collected() -> None:
    events = run_assumed(all_rows(two_offices(), "delivery", attempt_failed_per_million=1_000_000), four_orders())
    assert codes_of(events, "o1")[-7:] == ["EMG", "EDG", "EMH", "EDG", "EMH", "EDH", "EMI"]
    attempts = events.filter((pl.col("order_id") == "o1") & (pl.col("code") == "EMH"))
    assert attempts.get_column("reason").to_list() == ["ABSENT", "ABSENT"]
    assert [instant.day for instant in attempts["time"]] == [8, 9]
    assert hours_after_monday(events, "EMI")["o1"] > 4 * DAY + 10


def test_an_item_for_pick_up_is_laid_ready_instead_of_being_attempted() -> None:
    events = run_assumed(all_rows(two_offices(), "delivery", pickup_per_million=1_000_000), four_orders())
    assert codes_of(events, "o1")[-3:] == ["EDG", "EDH", "EMI"]
    assert hours_after_monday(events, "EDH")["o1"] == 3 * DAY + 10


def test_nothing_is_sent_later_than_60_days_after_the_order() -> None:
    late = all_rows(two_offices(), "departures", hours_min=1500.0, hours_p50=1500.0, hours_p90=1500.0)
    assert codes_of(run_assumed(late, four_orders()), "o1")[-1] == "EMC"


def test_mail_by_sea_is_followed_for_180_days() -> None:
    late = all_rows(two_offices(), "departures", mode="sea", hours_min=1500.0, hours_p50=1500.0, hours_p90=1500.0)
    late = all_rows(late, "services", modes="sea")
    assert codes_of(run_assumed(late, four_orders()), "o1") == WHOLE_JOURNEY


def test_steps_that_the_folder_does_not_have_take_no_time_but_send_their_scan() -> None:
    bare = replace(two_offices(), processing=(), clearance=())
    events = run_assumed(bare, four_orders())
    assert codes_of(events, "o1") == WHOLE_JOURNEY
    assert hours_after_monday(events, "EXC")["o1"] == 0


def test_orders_without_a_service_send_nothing() -> None:
    chosen = choose_all(four_orders()).with_columns(service=pl.lit(None, pl.String), route=pl.lit(None, pl.String))
    events = simulate(two_offices(), four_orders(), chosen, 1)
    assert events.is_empty()
    assert events.columns == list(COLUMNS)


def test_items_are_named_as_given_or_after_their_order() -> None:
    orders = four_orders()
    named = (
        orders.select("tenant", "seller", "order_id").unique().with_columns(item=1, item_id=fill("LX{}", "order_id"))
    )
    assert set(simulate(two_offices(), orders, choose_all(orders), 1, items=named)["item_id"]) == {
        "LXo1",
        "LXo2",
        "LXo3",
        "LXo4",
    }
    assert "o1#1" in set(simulate(two_offices(), orders, choose_all(orders), 1)["item_id"])
    with pytest.raises(MisuseError, match="no item_id"):
        simulate(two_offices(), orders, choose_all(orders), 1, items=named.head(2))


def test_a_heavy_order_travels_as_several_items() -> None:
    orders = four_orders().head(1).with_columns(quantity=pl.lit(100, pl.Int64))
    assert run_assumed(two_offices(), orders)["item_id"].n_unique() == 2


def test_a_route_that_the_network_does_not_have_is_refused() -> None:
    with pytest.raises(MissingRowError, match="no departure"):
        run_assumed(hub(), four_orders(), route="DEFRAA>CNSHAA")


def test_the_same_seed_gives_the_same_events_and_another_seed_others() -> None:
    orders = many_orders(200, hours_apart=0.5)
    chosen = choose_all(orders)
    first, again, other = (simulate(two_offices(), orders, chosen, seed) for seed in (1, 1, 2))
    assert first.equals(again)
    assert not first.equals(other)


def test_the_order_of_rows_does_not_matter() -> None:
    orders = many_orders(200, hours_apart=0.5)
    shuffled = orders.sample(fraction=1.0, shuffle=True, seed=3)
    first, second = (simulate(two_offices(), each, choose_all(each), 1) for each in (orders, shuffled))
    assert first.equals(second)


def test_two_scenarios_draw_the_same_for_the_same_order_step_and_place() -> None:
    network, orders = spread_out(one_warehouse()), many_orders(60, hours_apart=1.0)
    chosen = choose_all(orders)
    local = choose_all(orders, service="LOCAL", route="DEFRAW")
    half = pl.concat([local.head(30), chosen.tail(30)])
    before, after = (simulate(network, orders, each, 1) for each in (chosen, half))
    stayed = pl.col("order_id").is_in(chosen.tail(30)["order_id"].to_list())
    assert before.filter(stayed).equals(after.filter(stayed))


def test_events_stand_in_the_order_of_time_and_of_each_items_journey() -> None:
    orders = many_orders(500, hours_apart=0.3)
    events = simulate(spread_out(two_offices()), orders, choose_all(orders), 1)
    assert events["time"].is_sorted()
    assert (events["recorded_at"] >= events["time"]).all()
    ranks = events.filter(pl.col("code").is_in(WHOLE_JOURNEY)).with_columns(
        rank=pl.col("code").replace_strict({code: number for number, code in enumerate(WHOLE_JOURNEY)})
    )
    ordered = ranks.group_by("item_id", maintain_order=True).agg(pl.col("rank").diff().min() >= 0)
    assert ordered["rank"].all()
    placed = events.join(orders, on="order_id")
    assert (placed["time"] >= placed["placed_at"]).all()


def test_all_items_of_a_lane_and_week_share_a_regime_drawn_by_its_share() -> None:
    calm = Regime("calm", 700_000, 1.0, 1.0, 1.0, 1.0, "assumed")
    busy = Regime("busy", 300_000, 2.0, 1.0, 1.0, 1.0, "assumed")
    network = replace(two_offices(), regimes=(calm, busy))
    orders = pl.concat([many_orders(300, 168.0), many_orders(300, 168.0).with_columns(pl.lit("other").alias("seller"))])
    events = run_assumed(network, orders).filter(pl.col("code") == "EMA").join(orders, on=["seller", "order_id"])
    took = events.with_columns(busy=(pl.col("time") - pl.col("placed_at")) > pl.duration(hours=24))
    by_week = took.group_by("order_id").agg(pl.col("busy").n_unique(), share=pl.col("busy").first())
    assert by_week["busy"].max() == 1
    share = by_week["share"].cast(pl.Float64).mean()
    assert isinstance(share, float)
    assert abs(share - 0.3) < 4 * (0.21 / 300) ** 0.5


def test_offloaded_departures_carry_no_mail() -> None:
    events = simulate(
        two_offices(),
        four_orders(),
        choose_all(four_orders()),
        1,
        world_of(offloaded_per_million=1_000_000, capacities=True),
    )
    assert "EMC" not in set(events["code"])


def test_a_late_departure_is_late_for_all_its_items() -> None:
    orders = many_orders(20)
    events = simulate(
        two_offices(), orders, choose_all(orders), 1, world_of(late_per_million=1_000_000, late_hours_most=24)
    )
    leaving = set(hours_after_monday(events, "EMC").values())
    assert len(leaving) == 1
    assert DAY + 12 < leaving.pop() <= 2 * DAY + 12
