"""A market is divided into cells by what was known that day."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest

from entrepost.base.errors import MisuseError
from entrepost.planning.cells import market_of
from entrepost.planning.planner.params import PlanParams
from tests.planning.markets import lamps
from tests.worlds import MONDAY, four_orders, one_warehouse

NETWORK = one_warehouse()


def test_a_lamp_that_sells_four_times_a_day_is_one_cell() -> None:
    market = market_of(NETWORK, lamps())
    cell = market.cells.row(0, named=True)
    assert market.cells.height == market.groups.height == 1
    assert cell["cell"] == "DE-60|shop|daily/500/none"
    assert cell["items_year"] == pytest.approx(112 / 21 * 365), "the last of 112 orders came 21 days after the first"
    assert (cell["weight_g"], cell["volume_cm3"], cell["unit_value_minor"], cell["pieces"]) == (400, 1000, 3000, 1)
    assert (cell["stockable_share"], market.stockable_share) == (1, 1)


def test_every_week_alike_does_not_vary_and_has_no_pause() -> None:
    orders = lamps().filter(pl.col("placed_at") < MONDAY + timedelta(weeks=3))
    cell = market_of(NETWORK, orders).cells.row(0, named=True)
    assert cell["intermittence"] == pytest.approx(1.0)


def test_an_order_is_as_popular_as_its_least_popular_article() -> None:
    mug = four_orders().tail(1).with_columns(order_id=pl.lit("o0"), line=pl.lit(2))
    market = market_of(NETWORK, pl.concat([lamps(), mug], how="diagonal_relaxed"))
    classes = dict(market.groups.select("product_class", "stockable_share").iter_rows())
    assert classes == {"daily/500/none": 1.0, "rarely/1000/none": 0.0}
    assert market.stockable_share == pytest.approx(111 / 112)


def test_a_line_without_article_cannot_be_stocked() -> None:
    market = market_of(NETWORK, lamps().with_columns(sku=pl.lit(None, pl.String)))
    assert market.stockable_share == 0.0


def test_what_comes_later_changes_nothing() -> None:
    """Stock is decided on sales known that day: the future, scrambled, gives the same answer."""
    day = MONDAY + timedelta(weeks=2)
    orders = lamps()
    later = pl.col("placed_at") >= day
    other = orders.with_columns(
        sku=pl.when(later).then(pl.lit("ELSE")).otherwise("sku"),
        quantity=pl.when(later).then(9).otherwise("quantity"),
        placed_at=pl.when(later).then(pl.col("placed_at") + pl.duration(days=3)).otherwise("placed_at"),
    )
    params = PlanParams(as_of=day)
    first, second = market_of(NETWORK, orders, params), market_of(NETWORK, other, params)
    assert first.cells.equals(second.cells)
    assert first.articles.equals(second.articles)
    assert first.sold.equals(second.sold)


def test_urgent_is_what_is_wanted_within_the_days_asked_for() -> None:
    cells = market_of(NETWORK, four_orders(), PlanParams(urgent_days=4)).cells
    assert cells.select((pl.col("urgency") * pl.col("items_year")).sum() / pl.col("items_year").sum()).item() == 0.25


def test_no_orders_before_the_day_are_refused_in_words() -> None:
    with pytest.raises(MisuseError, match="no order to plan for"):
        market_of(NETWORK, lamps(), PlanParams(as_of=MONDAY))


def test_orders_to_where_nobody_goes_are_refused_in_words() -> None:
    with pytest.raises(MisuseError, match="no order goes where"):
        market_of(NETWORK, lamps().with_columns(country=pl.lit("ZZ")))


def test_later_weeks_can_be_seen_as_they_could_be_foreseen() -> None:
    """What sells daily in the first weeks counts so in later ones, and what was not sold then counts as rare."""
    known = market_of(NETWORK, lamps()).articles
    other = lamps().with_columns(sku=pl.lit("NEW"))
    popularities = [
        market_of(NETWORK, each, known=known).groups["popularity"].to_list() for each in (lamps(1, 7), other)
    ]
    assert popularities == [["daily"], ["rarely"]]


def test_where_rates_of_exchange_are_not_known_yet_the_market_is_priced_on_the_last_day_of_which_they_are() -> None:
    orders = lamps(1, 14).with_columns(currency=pl.lit("EUR"))
    later = orders.head(1).with_columns(order_id=pl.lit("later"), placed_at=pl.lit(MONDAY + timedelta(days=20_000)))
    market = market_of(NETWORK, pl.concat([orders, later.select(orders.columns)], how="vertical_relaxed"))
    assert market.day == (MONDAY + timedelta(weeks=1)).date()
    assert market_of(NETWORK, lamps(1, 14)).day == (MONDAY + timedelta(weeks=1)).date()
