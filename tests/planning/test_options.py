"""Every option of a cell with its cost, part by part, and its wait, checked by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from entrepost.base.schema import get_schema
from entrepost.journey.cache import get_book
from entrepost.network.sample_network import sample_network
from entrepost.planning.cells import market_of
from entrepost.planning.options import PARTS, Options, options_of
from entrepost.planning.options_wait import Habits, Waits, waits_of
from entrepost.planning.planner.params import PlanParams
from entrepost.planning.shelf import keep_shares
from tests.planning.markets import FREE, closed_warehouse, lamps

PARAMS = PlanParams(terms=FREE, served_shares=(0.9,), modes=("air",))


@pytest.fixture(scope="module")
def options() -> Options:
    network = closed_warehouse()
    return options_of(network, market_of(network, lamps(), PARAMS), PARAMS)


def row_of(options: Options, option: str) -> dict[str, float]:
    return options.rows.row(by_predicate=pl.col("option") == option, named=True)


def test_there_are_mail_and_stock_by_air(options: Options) -> None:
    assert options.rows.get_column("option").to_list() == ["direct:PACKET", "stock:DEFRAW:air"]


def test_mail_costs_what_the_quote_says_and_the_tax(options: Options) -> None:
    """400 g cost 20.00 CNY and are charged 61.00; 19 % of 30.00 CNY and of that charge are tax."""
    row = row_of(options, "direct:PACKET")
    assert (row["carriage_minor"], row["handling_minor"], row["last_mile_minor"]) == (900, 200, 900)
    assert (row["tax_minor"], row["duty_minor"]) == (1729, 0)
    assert row["cost_minor"] == 2000 + 1729
    assert row["charge_minor"] == 6100 + 1729


def test_mail_waits_as_promised(options: Options) -> None:
    """All orders are placed on Monday at 00:00: 82 hours."""
    row = row_of(options, "direct:PACKET")
    assert row["wait_hours_mean"] == pytest.approx(82, abs=0.1)
    assert (row["share_within_3"], row["share_within_5"]) == (pytest.approx(0, abs=0.01), pytest.approx(1, abs=0.01))


def test_stock_is_a_mixture_of_what_is_there_and_what_is_not(options: Options) -> None:
    """10 hours from the shelf for nine in ten, 82 by mail for the rest."""
    row = row_of(options, "stock:DEFRAW:air")
    assert row["wait_hours_mean"] == pytest.approx(0.9 * 10 + 0.1 * 82, abs=0.1)
    assert row["share_within_3"] == pytest.approx(0.9, abs=0.01)
    assert (row["served_share"], row["fallback"]) == (0.9, "PACKET")


def test_stock_costs_what_comes_in_lies_there_and_goes_out(options: Options) -> None:
    row = row_of(options, "stock:DEFRAW:air")
    assert row["carriage_minor"] == pytest.approx(0.9 * 800 + 0.1 * 900), "20.00 CNY a kilogram to get there"
    assert row["handling_minor"] == pytest.approx(0.9 * (300 + 50) + 0.1 * 200), "picked for 3.00, received for 0.50"
    assert row["last_mile_minor"] == pytest.approx(0.9 * (500 + 80) + 0.1 * 900)
    rate, cover = 112 / 21, options.pools["cover_days"][0]
    on_hand = keep_shares(np.array([rate * cover]), np.array([0.9]))[1][0, 0]
    assert row["storage_minor"] == pytest.approx(on_hand / rate, rel=1e-6), "0.01 CNY a piece and day"


def test_the_parts_add_up_to_the_cost(options: Options) -> None:
    total = options.rows.select(pl.sum_horizontal(PARTS)).to_series()
    assert total.to_list() == pytest.approx(options.rows.get_column("cost_minor").to_list())


def test_the_seller_pays_the_price_and_what_lying_there_costs(options: Options) -> None:
    row = row_of(options, "stock:DEFRAW:air")
    local = 2000 + 800 + 50 + row["storage_minor"] / 0.9 + 0.19 * (3000 + 2000)
    assert row["charge_minor"] == pytest.approx(0.9 * local + 0.1 * 7829), "20.00 CNY for the delivery from stock"


def test_goods_cost_capital_write_off_duty_and_give_a_rebate() -> None:
    """Bought for 15.00 CNY; duty 4 % of it, 13 % rebated on all; mail of the same claims none."""
    terms = {**FREE, "purchase_share": 0.5, "rebate_claimed_9810": 1.0, "rebate_claimed_9610": 0.0}
    params = replace(PARAMS, terms=terms | {"capital_rate_year": 0.1, "write_off_rate_year": 0.2, "salvage_share": 0.0})
    network = closed_warehouse()
    options = options_of(network, market_of(network, lamps(), params), params)
    row = row_of(options, "stock:DEFRAW:air")
    assert row["duty_minor"] == pytest.approx(0.9 * 1500 * 0.04)
    assert row["rebate_minor"] == pytest.approx(-0.9 * 1500 * 0.13)
    shelf = row["storage_minor"] / 0.9
    assert row["write_off_minor"] == pytest.approx(0.9 * 1500 * 0.2 * shelf / 365, rel=1e-6)
    lead = options.inbound["lead_days_mean"][0]
    assert row["capital_minor"] == pytest.approx(0.9 * 1500 * 0.1 * (lead + shelf) / 365, rel=1e-6)


def test_within_one_country_there_is_neither_duty_nor_tax_nor_rebate_nor_paper() -> None:
    """The same lamps, handed in where they are bought."""
    abroad = closed_warehouse()
    home = replace(abroad, facilities=tuple(replace(row, country="DE") for row in abroad.facilities))
    terms = {name: value for name, value in FREE.items() if not name.startswith(("declaration", "bulk"))}
    params = replace(PARAMS, terms=terms | {"purchase_share": 0.5})
    there, here = (options_of(network, market_of(network, lamps(), params), params).rows for network in (abroad, home))
    assert (there.select("duty_minor", "tax_minor", "rebate_minor") != 0).select(pl.all().any()).row(0) == (True,) * 3
    assert (here.select("duty_minor", "tax_minor", "rebate_minor") == 0).select(pl.all().all()).row(0) == (True,) * 3
    assert (here["carriage_minor"] < there["carriage_minor"]).all(), "nothing is declared"


def test_what_sells_rarely_is_not_stocked() -> None:
    network = closed_warehouse()
    orders = lamps().with_columns(sku=pl.lit("LAMP-") + pl.col("order_id"))
    options = options_of(network, market_of(network, orders, PARAMS), PARAMS)
    assert options.rows.get_column("kind").unique().to_list() == ["direct"]


def test_a_seller_may_be_left_out() -> None:
    network, params = closed_warehouse(), replace(PARAMS, left_out=("shop",))
    options = options_of(network, market_of(network, lamps(), params), params)
    assert options.rows.get_column("kind").unique().to_list() == ["direct"]


def test_the_frame_has_a_row_for_each_cell_and_option(options: Options) -> None:
    frame = options.frame()
    assert tuple(frame.columns) == get_schema("options").names
    assert frame.height == options.market.cells.height * 2
    assert frame.select("cell", "option").is_unique().all()


def test_curves_come_within_three_points_of_whole_distributions() -> None:
    book = get_book(sample_network())
    numbers = np.arange(0, len(book.routes), 800)
    waits = waits_of(book, numbers, Habits(np.full((1, 168), 1 / 168), np.zeros(numbers.size, np.int64)))
    starts, one = np.arange(168, dtype=np.int32), np.ones(168, np.int32)
    for place, number in enumerate(numbers):
        whole = book.distribution(int(number))
        for days in (3, 5, 7, 10, 14, 21, 30):
            exact = whole.probability(starts, np.full(168, 24 * days, np.int32), one).mean()
            assert waits.curve[place, days] == pytest.approx(exact, abs=0.03), book.routes[number].text


def test_a_mixture_of_curves_has_its_own_quantiles() -> None:
    soon, late = (Waits(np.array([24.0 * day]), (np.arange(61) >= day).astype(float)[None]) for day in (1, 11))
    mixed = soon.mixed(late, np.array([0.8]))
    assert mixed.mean_hours.tolist() == [pytest.approx(72)]
    assert mixed.quantile_hours(0.5)[0] <= 24 < mixed.quantile_hours(0.9)[0] <= 264


def test_what_leaves_the_list_is_written_off_on_the_shelf_and_under_way() -> None:
    """Bought for 15.00 CNY; the lamp leaves the list twice a year, and nothing is got for what is left of it."""
    terms = {**FREE, "purchase_share": 0.5, "salvage_share": 0.0}
    params, network = replace(PARAMS, terms=terms), closed_warehouse()
    market = market_of(network, lamps(), params)
    left = pl.DataFrame({"popularity": ["daily"], "leaving_year": [2.0]})
    before, options = (options_of(network, each, params) for each in (market, replace(market, leaving=left)))
    row, usual = row_of(options, "stock:DEFRAW:air"), row_of(before, "stock:DEFRAW:air")
    shelf, cover = row["storage_minor"] / 0.9, options.pools["cover_days"][0]
    assert row["write_off_minor"] == pytest.approx(0.9 * 1500 * 2 * (shelf + cover) / 365, rel=1e-6)
    assert usual["write_off_minor"] == 0, "without a history the rate of the terms counts, which is 0 here"
    assert row["hold_minor"] == pytest.approx(usual["hold_minor"] + cover * 1500 * 2 / 365)
