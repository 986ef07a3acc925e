"""Both sides of a trial: how orders are served, and how where they find no stock."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from entrepost.base.errors import MisuseError
from entrepost.planning.trials.arm import Manner, prepare_plan, prepare_today, read_shelves, shelves_of
from tests.planning.trial_scenes import LOCAL_FIRST, opened, shelf, today
from tests.worlds import four_orders


def test_orders_that_shelves_can_serve_ask_for_stock_in_the_order_of_time() -> None:
    arm = prepare_plan(opened(), four_orders(), Manner(LOCAL_FIRST), shelf(2))
    assert arm.first["service"].to_list() == ["LOCAL", "LOCAL", "LOCAL", "PACKET"]
    assert arm.instead["service"].to_list() == ["PACKET"] * 4
    assert (arm.asks.tolist(), arm.demand.shelf.tolist(), arm.demand.pieces.tolist()) == ([0, 1, 2], [0] * 3, [1] * 3)


def test_who_finds_no_stock_goes_direct() -> None:
    arm = prepare_plan(opened(), four_orders(), Manner(LOCAL_FIRST), shelf(2))
    served = arm.serve(np.array([True, False, True]))
    assert served["service"].to_list() == ["LOCAL", "PACKET", "LOCAL", "PACKET"]
    assert served["order_id"].to_list() == ["o1", "o2", "o3", "o4"]


def test_the_planned_wait_mixes_stock_and_direct_mail() -> None:
    arm = prepare_plan(opened(), four_orders(), Manner(LOCAL_FIRST), shelf(2, served_share=0.75))
    direct, stock = arm.instead["wait_hours_mean"][0], arm.first["wait_hours_mean"][0]
    assert arm.planned_hours()[0] == pytest.approx(0.75 * stock + 0.25 * direct)


def test_today_asks_for_no_stock_that_is_filled_again() -> None:
    arm = prepare_today(today(), four_orders(), Manner())
    assert arm.asks.size == 0
    assert arm.serve(np.zeros(0, dtype=bool)).equals(arm.first)


def test_the_stock_of_a_plan_becomes_base_stocks() -> None:
    stock = pl.DataFrame(
        {
            "warehouse": ["DEFRAW"] * 2, "seller": ["shop"] * 2, "sku": ["LAMP"] * 2, "mode": ["air", "sea"],
            "level": [3, 5], "pieces_day": [1.0, 3.0], "served_share": [0.8, 0.9],
        }
    )  # fmt: skip
    [row] = read_shelves(opened(), shelves_of(stock)).iter_rows(named=True)
    assert (row["on_hand"], row["reorder"], row["lot"], row["mode"]) == (0, 7, 1, "sea")
    assert row["served_share"] == pytest.approx((0.8 + 2.7) / 4)


@pytest.mark.parametrize(
    ("shelves", "message"),
    [
        (shelf(2).drop("lot"), "lack the columns lot"),
        (shelf(2).with_columns(warehouse=pl.lit("NOWHERE")), "NOWHERE, which the network does not have open"),
        (pl.concat([shelf(2), shelf(3)]), "twice in a warehouse"),
    ],
)
def test_shelves_that_cannot_be_are_refused(shelves: pl.DataFrame, message: str) -> None:
    with pytest.raises(MisuseError, match=message):
        read_shelves(opened(), shelves)
