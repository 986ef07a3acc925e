"""What orders cost in full: operations, the goods' part, and what lies on the shelves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from entrepost.planning.trials.arm import read_shelves
from entrepost.planning.trials.cost import find_dues, with_goods, with_shelf_costs, without_assumed_days
from entrepost.reference.planning_term import planning_terms
from entrepost.service.choice import choose
from entrepost.service.landed import Landed
from entrepost.service.policy import FirstNamed
from tests.planning.markets import FREE
from tests.planning.trial_scenes import lamps, opened, shelf, today
from tests.worlds import four_orders

TERMS = planning_terms(date(2026, 1, 5), {**FREE, "purchase_share": 0.5, "export_rebate": 0.1})


def cost(name: str, **terms: float) -> list[float]:
    network, orders = today(), four_orders()
    chosen = choose(network, orders, FirstNamed((name,)))
    dues = find_dues(network, orders, chosen, Landed())
    whole = with_goods(network, orders, chosen, replace(TERMS, **terms), dues)
    return (whole["cost_minor"] - chosen["cost_minor"]).to_list()


def test_the_goods_part_of_an_item_is_its_tax_less_its_rebate() -> None:
    # A lamp of 30.00 CNY pays 19 % tax, on its carriage of 61.00 too; the law counts in euros, so a
    # cent may be missing. A tenth of what it was bought for comes back, if claimed.
    taxed = cost("PACKET", rebate_claimed_9610=0.0)[0]
    assert taxed == pytest.approx(0.19 * (3000 + 6100), abs=8)
    assert cost("PACKET", rebate_claimed_9610=1.0)[0] == pytest.approx(taxed - 0.1 * 0.5 * 3000)


def test_an_order_that_nobody_carries_costs_nothing_known() -> None:
    network, orders = today(), four_orders()
    nobody = choose(network, orders, FirstNamed(("PACKET",))).with_columns(
        cost_minor=pl.lit(None, pl.Int64), service=pl.lit(None, pl.String)
    )
    dues = find_dues(network, orders, nobody, Landed())
    assert with_goods(network, orders, nobody, TERMS, dues)["cost_minor"].null_count() == 4


def test_duty_and_tax_may_be_taken_as_so_many_times_as_high() -> None:
    network, orders = today(), four_orders()
    chosen = choose(network, orders, FirstNamed(("PACKET",)))
    dues, terms = find_dues(network, orders, chosen, Landed()), replace(TERMS, export_rebate=0.0)
    once, twice = (
        with_goods(network, orders, chosen, terms, dues, (1.0, factor))["cost_minor"] for factor in (1.0, 2.0)
    )
    assert (twice - once).to_list() == pytest.approx((once - chosen["cost_minor"]).to_list())


def test_a_piece_on_the_shelf_costs_storage_and_the_money_tied_up() -> None:
    terms = replace(TERMS, capital_rate_year=0.365)
    [row] = with_shelf_costs(opened(), lamps(), read_shelves(opened(), shelf(2)), terms).iter_rows(named=True)
    assert row["way_day_minor"] == pytest.approx(0.001 * 0.5 * 3000)
    assert row["hold_day_minor"] == pytest.approx(1.0 + 0.001 * 0.5 * 3000)


def test_without_terms_what_lies_there_costs_nothing() -> None:
    [row] = with_shelf_costs(opened(), lamps(), read_shelves(opened(), shelf(2)), None).iter_rows(named=True)
    assert (row["hold_day_minor"], row["way_day_minor"]) == (0.0, 0.0)
    assert [each.storage_days for each in without_assumed_days(opened()).warehouses] == [0.0]
