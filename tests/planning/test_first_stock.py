from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import polars as pl
import pytest

from entrepost.base.errors import MisuseError
from entrepost.network.network import Network
from entrepost.planning.first_stock import choose_first_stock
from tests.worlds import MONDAY, four_orders, one_warehouse


def sold(*days_and_skus: tuple[int, str]) -> pl.DataFrame:
    """One piece of an article on each day after Monday."""
    line = four_orders().head(1)
    rows = [
        line.with_columns(
            order_id=pl.lit(f"s{number}"),
            sku=pl.lit(sku),
            placed_at=pl.lit(MONDAY + timedelta(days=day)).cast(pl.Datetime("us", "UTC")),
        )
        for number, (day, sku) in enumerate(days_and_skus)
    ]
    return pl.concat(rows)


def test_only_what_sold_often_in_the_first_two_weeks_is_laid_in() -> None:
    orders = sold((0, "LAMP"), (1, "LAMP"), (13, "LAMP"), (2, "MUG"), (20, "MUG"), (21, "MUG"), (28, "MUG"))
    first = choose_first_stock(one_warehouse(), orders)
    assert (first.warehouse, first.city, first.countries) == ("DEFRAW", "Frankfurt", ("DE",))
    assert first.stock["sku"].to_list() == ["LAMP"]
    assert first.serves_from == MONDAY + timedelta(weeks=2)


def test_stock_lasts_for_the_weeks_that_follow_with_a_margin() -> None:
    orders = sold((0, "LAMP"), (1, "LAMP"), (2, "LAMP"), (28, "MUG"))
    assert choose_first_stock(one_warehouse(), orders).pieces == 4  # 3 in 2 weeks, 2 weeks to come, a fifth more


def test_a_warehouse_takes_no_more_than_it_holds() -> None:
    network = one_warehouse()
    small: Network = replace(network, warehouses=tuple(replace(row, capacity_items=4) for row in network.warehouses))
    orders = sold(*[(day, sku) for day in range(3) for sku in ("LAMP", "MUG")], (28, "LAMP"))
    assert choose_first_stock(small, orders).pieces <= 4


def test_where_nothing_repeats_there_is_nothing_to_stock() -> None:
    with pytest.raises(MisuseError, match="sold 3 pieces in 2 weeks"):
        choose_first_stock(one_warehouse(), sold((0, "LAMP"), (20, "LAMP")))
