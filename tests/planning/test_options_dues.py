"""A few orders stand for a group, so that limits of value are met as often as its orders meet them."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepost.planning.cells import market_of
from entrepost.planning.options import options_of
from entrepost.planning.options_dues import MOST
from entrepost.planning.planner.params import PlanParams
from tests.planning.markets import FREE, closed_warehouse, lamps

PARAMS = PlanParams(terms=FREE, served_shares=(0.9,), modes=("air",))


def priced(values: list[str]) -> pl.DataFrame:
    orders = lamps(a_day=len(values))
    return orders.with_columns(unit_value=pl.Series(values * (orders.height // len(values))))


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(1, 5000), min_size=1, max_size=9))
def test_the_orders_of_a_group_stand_for_all_of_its_items(values: list[int]) -> None:
    orders = priced([f"{value}.00" for value in values])
    rows = market_of(closed_warehouse(), orders, PARAMS).samples.rows
    assert rows.group_by("group").len()["len"].max() <= MOST  # type: ignore[operator]
    assert rows["weight"].sum() == orders.height


def test_half_of_a_group_above_the_limit_pays_half_the_duty() -> None:
    """Lamps of 100.00 and 3,000.00 CNY: the dearer half is above what is free, where 4 % are assumed."""
    network = closed_warehouse()
    options = options_of(network, market_of(network, priced(["100.00", "3000.00"]), PARAMS), PARAMS)
    row = options.rows.row(by_predicate=pl.col("option") == "direct:PACKET", named=True)
    assert row["duty_minor"] == pytest.approx(0.5 * 0.04 * 300000)


def test_a_registered_seller_is_told_apart() -> None:
    """With a number for the union the tax is prepaid at the sale, and no more is asked than without."""
    network, market = closed_warehouse(), market_of(closed_warehouse(), lamps(), PARAMS)
    without = options_of(network, market, PARAMS).rows
    known = replace(PARAMS, landed=replace(PARAMS.landed, numbers={"shop": {"EU": "IM2760000742"}}))
    with_number = options_of(network, market, known).rows
    dues = ("duty_minor", "tax_minor", "fees_minor")
    assert (
        with_number.select(pl.sum_horizontal(dues).sum()).item() <= without.select(pl.sum_horizontal(dues).sum()).item()
    )
