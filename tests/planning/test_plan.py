"""Plans of tiny worlds, checked by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import polars as pl
import pytest

import entrepost
from entrepost.base.errors import MisuseError
from entrepost.base.findings import list_errors
from entrepost.network.candidates import Candidates
from entrepost.network.check import check
from entrepost.planning.plan import plan, plan_dearer
from entrepost.planning.planner.export import format_plan_rules, open_planned
from entrepost.planning.planner.params import PlanParams
from entrepost.planning.planner.pareto import draw_front
from entrepost.planning.replicate import ALONE, Crew
from entrepost.service.choice import choose
from entrepost.service.policy import RuleFile
from entrepost.service.rule_file import parse_rules
from tests.planning.markets import FREE, closed_warehouse, lamps
from tests.worlds import MONDAY

PARAMS = PlanParams(terms=FREE, served_shares=(0.9,), modes=("air",), day_value_minor=100.0)
ITEMS_YEAR = 112 / 21 * 365
MAIL = 2000 + 1729
LOCAL = 0.9 * (800 + 50 + 300 + 580 + 950) + 0.1 * MAIL
"""Of an item from stock without what it costs to lie there; by mail it is dearer, and 72 hours more for nine in ten.

The tax of 19 % is on 30.00 CNY and on what is asked for the delivery: 20.00 from stock, 61.00 by mail.
"""


def test_a_warehouse_that_saves_more_than_it_costs_is_opened() -> None:
    """An item from stock costs less and waits less, so at no fixed cost it opens, and the bound meets the plan."""
    found = plan(closed_warehouse(), lamps(), PARAMS)
    assert (found.status, found.warehouses["warehouse"].to_list()) == ("proved", ["DEFRAW"])
    assert found.planned is not None
    storage = found.choices["storage_minor"][0]
    assert found.planned.cost_item_minor == pytest.approx(LOCAL + storage)
    assert found.planned.wait_days == pytest.approx((0.9 * 10 + 0.1 * 82) / 24, abs=0.01)
    assert found.today.cost_item_minor == pytest.approx(MAIL)
    assert found.today.wait_days == pytest.approx(82 / 24, abs=0.01)
    assert found.gap == pytest.approx(0, abs=1e-9)


def test_it_stays_closed_where_its_fixed_cost_is_above_what_it_saves() -> None:
    found = plan(closed_warehouse(), lamps(), PARAMS)
    assert found.planned is not None
    saved = ITEMS_YEAR * (
        MAIL - found.planned.cost_item_minor + 100 * (found.today.wait_days - found.planned.wait_days)
    )
    for factor, opened in ((0.99, 1), (1.01, 0)):
        again = plan(closed_warehouse(int(factor * saved)), lamps(), PARAMS)
        assert again.planned is not None
        assert again.planned.warehouses == opened


def test_where_local_and_direct_wait_and_cost_are_alike_nothing_is_opened() -> None:
    network = closed_warehouse(1)
    dear = tuple(replace(row, cost_item_minor=MAIL) if row.activity == "pick" else row for row in network.processing)
    found = plan(replace(network, processing=dear), lamps(), PARAMS)
    assert found.planned is not None
    assert found.planned.warehouses == 0


def test_a_limit_of_wait_opens_it_whatever_it_costs() -> None:
    found = plan(closed_warehouse(10**9), lamps(), replace(PARAMS, days_max=1.0))
    assert found.planned is not None
    assert found.planned.wait_days <= 1.0
    assert found.planned.warehouses == 1


def test_a_share_within_days_is_kept() -> None:
    found = plan(closed_warehouse(10**9), lamps(), replace(PARAMS, share_min=0.85, within_days=3))
    assert found.planned is not None
    assert found.planned.share_within >= 0.85


def test_a_budget_buys_the_shortest_wait_that_it_can() -> None:
    poor = plan(closed_warehouse(10**9), lamps(), replace(PARAMS, budget_minor=MAIL * ITEMS_YEAR + 1000))
    rich = plan(closed_warehouse(10**9), lamps(), replace(PARAMS, budget_minor=MAIL * ITEMS_YEAR + 10**9))
    assert poor.planned is not None
    assert rich.planned is not None
    assert poor.planned.warehouses == 0
    assert rich.planned.wait_days == pytest.approx((0.9 * 10 + 0.1 * 82) / 24, abs=0.01)
    assert rich.bound <= rich.value


def test_what_cannot_be_reached_is_said_in_words() -> None:
    found = plan(closed_warehouse(), lamps(), replace(PARAMS, days_max=0.5))
    assert found.status == "infeasible"
    assert found.planned is None
    assert (
        "0.5 days on average cannot be reached: with every warehouse open and cost no matter it is 0.72"
        in found.reasons[0]
    )
    assert "100.0% of all items could be stocked" in found.reasons[1]


def test_a_plan_may_cost_so_many_times_what_today_costs() -> None:
    free = replace(PARAMS, modes=("air",))
    found = plan_dearer(closed_warehouse(10**6), lamps(), 1.2, free)
    assert found.params.budget_minor == pytest.approx(1.2 * found.today.cost_year_minor)
    assert found.planned == plan(closed_warehouse(10**6), lamps(), found.params).planned


def test_orders_that_no_service_takes_are_refused_in_words() -> None:
    heavy = lamps().with_columns(weight_g=pl.lit(900_000, pl.Int64))
    for make in (plan, lambda *given: plan_dearer(*given[:2], 1.05, given[2])):
        with pytest.raises(MisuseError, match="no service takes any of these orders"):
            make(closed_warehouse(), heavy, PARAMS)


def test_a_budget_below_the_cheapest_plan_is_said_in_words() -> None:
    found = plan(closed_warehouse(), lamps(), replace(PARAMS, budget_minor=1.0))
    assert found.status == "infeasible"
    assert "the budget is 1 a year, and the cheapest way to serve all costs" in found.reasons[0]


def test_forced_warehouses_open_and_forbidden_ones_do_not() -> None:
    forced = plan(closed_warehouse(10**9), lamps(), replace(PARAMS, forced=("DEFRAW",)))
    forbidden = plan(closed_warehouse(), lamps(), replace(PARAMS, forbidden=("DEFRAW",)))
    assert forced.warehouses["warehouse"].to_list() == ["DEFRAW"]
    assert forbidden.warehouses.is_empty()


def test_an_unknown_warehouse_is_refused() -> None:
    with pytest.raises(MisuseError, match="no warehouse 'NOWHERE'"):
        plan(closed_warehouse(), lamps(), replace(PARAMS, forced=("NOWHERE",)))


def test_a_warehouse_holds_no_more_than_it_can() -> None:
    free = plan(closed_warehouse(), lamps(), PARAMS)
    small = plan(closed_warehouse(capacity=int(free.warehouses["on_hand"][0]) - 1), lamps(), PARAMS)
    assert small.planned is not None
    assert small.planned.warehouses == 0, "there is one cell, which goes whole or not at all"


def test_the_seller_decides_by_charge() -> None:
    found = plan(closed_warehouse(), lamps(), replace(PARAMS, side="seller"))
    assert found.today.cost_item_minor == pytest.approx(6100 + 1729)


def test_a_network_without_warehouses_is_served_by_mail() -> None:
    network = replace(closed_warehouse(), warehouses=())
    found = plan(network, lamps(), PARAMS)
    assert found.planned is not None
    assert (found.status, found.planned.warehouses) == ("proved", 0)
    assert found.gap == pytest.approx(0, abs=1e-9)


def test_candidates_are_added_to_those_of_the_network() -> None:
    whole = closed_warehouse()
    candidates = Candidates(
        tuple(row for row in whole.facilities if row.facility == "DEFRAW"),
        tuple(row for row in whole.processing if row.facility == "DEFRAW"),
        tuple(row for row in whole.delivery if row.from_facility == "DEFRAW"),
        (),
        whole.warehouses,
    )
    bare = replace(
        whole,
        facilities=tuple(row for row in whole.facilities if row.facility != "DEFRAW"),
        processing=tuple(row for row in whole.processing if row.facility != "DEFRAW"),
        delivery=tuple(row for row in whole.delivery if row.from_facility != "DEFRAW"),
        warehouses=(),
    )
    found = plan(bare, lamps(), PARAMS, candidates)
    assert found.warehouses["warehouse"].to_list() == ["DEFRAW"]


def test_orders_of_the_future_do_not_change_a_plan() -> None:
    day = MONDAY + timedelta(weeks=3)
    orders = lamps()
    scrambled = orders.with_columns(
        sku=pl.when(pl.col("placed_at") >= day).then(pl.lit("ELSE")).otherwise("sku")
    ).reverse()
    params = replace(PARAMS, as_of=day)
    first, second = (plan(closed_warehouse(), each, params) for each in (orders, scrambled))
    assert first.stock.equals(second.stock)
    assert first.planned == second.planned


def test_the_stock_of_an_article_is_what_its_demand_asks_for() -> None:
    found = plan(closed_warehouse(), lamps(), PARAMS)
    row = found.stock.row(0, named=True)
    assert (row["warehouse"], row["mode"], row["seller"], row["sku"]) == ("DEFRAW", "air", "shop", "LAMP")
    assert row["pieces_day"] == pytest.approx(112 / 21)
    assert row["level"] >= row["on_hand"] > 0


def test_the_planned_network_is_sound_and_its_rules_are_obeyed(tmp_path: object) -> None:
    found = plan(closed_warehouse(), lamps(), PARAMS)
    network = open_planned(found)
    assert [str(finding) for finding in check(network)] == []
    assert [row.open for row in network.warehouses] == [True]
    assert {row.sku for row in network.stock} == {"LAMP"}
    path = tmp_path / "rules.toml"  # type: ignore[operator]
    path.write_text(format_plan_rules(found), encoding="utf-8")
    cell, of_seller, of_country = parse_rules(path.read_text())
    assert {rule.services for rule in (cell, of_seller, of_country)} == {("LOCAL", "PACKET")}
    assert (list(cell.when)[:2], list(of_seller.when)[:2]) == (["seller", "area"], ["seller", "country"])
    chosen = choose(network, lamps(1), RuleFile(path))
    assert set(chosen["service"]) == {"LOCAL"}
    assert "By the rule 'plan 1'" in chosen["explanation"][0]


def test_where_no_mode_brings_stock_the_plan_serves_by_mail_and_its_network_opens_nothing() -> None:
    found = plan(closed_warehouse(), lamps(), replace(PARAMS, modes=("rail",)))
    assert found.options.inbound.is_empty()
    network = open_planned(found)
    assert (network.warehouses, network.stock) == ((), ())
    assert list_errors(check(network)) == []
    assert {rule.services for rule in parse_rules(format_plan_rules(found))} == {("PACKET",)}


def test_the_curve_goes_from_the_cheapest_to_the_quickest() -> None:
    """Mail or stock: there is nothing between, and no plan stands twice on the curve."""
    found = plan(closed_warehouse(10**7), lamps(), PARAMS)
    front = draw_front(found.options, found.network, PARAMS, 5)
    assert front["warehouses"].to_list() == [0, 1]
    assert front["wait_days"].is_sorted(descending=True)
    assert front["cost_year_minor"].is_sorted()
    assert front["gap"].max() == pytest.approx(0, abs=1e-6)


def test_the_curve_is_the_same_whoever_works_on_it() -> None:
    found = plan(closed_warehouse(10**7), lamps(), PARAMS)
    alone, shared = (draw_front(found.options, found.network, PARAMS, 3, crew=crew) for crew in (ALONE, Crew(2)))
    assert shared.equals(alone)


def test_plan_is_offered_to_python() -> None:
    assert entrepost.plan is plan


def test_limits_do_not_go_together() -> None:
    with pytest.raises(MisuseError, match="give one of days_max, share_min and budget_minor"):
        PlanParams(days_max=5, budget_minor=1)
    with pytest.raises(MisuseError, match="side is 'buyer'"):
        PlanParams(side="buyer")
