"""The proof of the mission on a folder of made-up orders in the form that it reads."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from benchmarks.mission_doubt import WIDTH, change_network, draw_factors, operated
from benchmarks.mission_orders import SHIFT_WEEKS, lay_streams, read_lines, shuffle_sales
from entrepost.network.sample_network import sample_network
from entrepost.planning.trials.arm import CHOSEN
from entrepost.service.choice import choose
from tests.planning.trial_scenes import LOCAL_FIRST, lamps, opened

ORDERS = 300


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Orders of 40 articles of 7 sellers by buyers of 30 areas, one in each hour; one order without an article."""
    dice = np.random.default_rng(1)
    number = pl.Series([f"{place:03}" for place in range(ORDERS)])
    placed = [str(datetime(2018, 1, 1, tzinfo=UTC) + timedelta(hours=place))[:19] for place in range(ORDERS)]
    keys = pl.DataFrame({"order_id": number, "customer_id": number})
    keys.with_columns(order_purchase_timestamp=pl.Series(placed)).write_csv(tmp_path / "orders.csv")
    zips = pl.Series([f"{place:03}77" for place in dice.integers(0, 30, ORDERS)])
    keys.select("customer_id").with_columns(customer_zip_code_prefix=zips).write_csv(tmp_path / "customers.csv")
    article = dice.integers(0, 40, ORDERS - 1)
    pl.DataFrame(
        {
            "order_id": number[1:],
            "order_item_id": ["1"] * (ORDERS - 1),
            "product_id": [f"p{place}" for place in article],
            "seller_id": [f"s{place % 7}" for place in article],
            "price": ["19.90"] * (ORDERS - 1),
        }
    ).write_csv(tmp_path / "order_items.csv")
    sides = {f"product_{side}_cm": ["20"] * 40 for side in ("length", "width", "height")}
    products = {"product_id": [f"p{place}" for place in range(40)], "product_weight_g": ["0", *["400"] * 39], **sides}
    pl.DataFrame(products).write_csv(tmp_path / "products.csv")
    return tmp_path


def test_streams_keep_dates_baskets_and_repetition_and_take_the_networks_places(folder: Path) -> None:
    network, lines = sample_network(), read_lines(folder)
    one, two = (lay_streams(lines, network, copies, 1) for copies in (1, 2))
    assert (one.height, two.height) == (ORDERS - 1, 2 * (ORDERS - 1))
    sales = one["sku"].value_counts()["count"].sort().to_list()
    assert sales == lines["sku"].value_counts()["count"].sort().to_list()
    assert two["sku"].n_unique() == 2 * lines["sku"].n_unique()
    assert set(one["seller"]) <= {row.seller for row in network.sellers}
    shifted = lines["placed_at"].dt.offset_by(f"{SHIFT_WEEKS}w").sort()
    assert (one["placed_at"].sort().dt.replace_time_zone(None) - shifted).dt.total_hours().abs().max() <= 14
    assert one["weight_g"].min() == 50


def test_buyers_of_an_area_stay_together_and_sales_may_be_dealt_anew(folder: Path) -> None:
    lines = read_lines(folder)
    laid = lay_streams(lines, sample_network(), 1, 3).with_columns(pl.col("order_id").str.strip_suffix("-0"))
    places = laid.join(lines.select("order_id", "area"), on="order_id").group_by("area")
    assert places.agg(pl.struct("country", "postcode", "city").n_unique())["country"].max() == 1
    dealt = shuffle_sales(lines, 1)
    assert dealt["sku"].sort().equals(lines["sku"].sort())
    assert not dealt["sku"].equals(lines["sku"])
    assert dealt["placed_at"].equals(lines["placed_at"])


def test_a_latin_hypercube_stays_within_its_width_and_meets_every_stratum_once() -> None:
    draws = draw_factors(8, 1)
    for name in draws[0]:
        values = np.array([each[name] for each in draws])
        strata = np.floor((values - (1 - WIDTH)) / (2 * WIDTH / 8)).astype(int)
        assert sorted(strata) == list(range(8))


def test_costs_by_steps_are_those_of_the_quotes() -> None:
    network = opened()
    stored = replace(network, warehouses=tuple(replace(row, storage_days=0.0) for row in network.warehouses))
    for policy in (LOCAL_FIRST, None):
        chosen = choose(stored, lamps(), policy).select(CHOSEN)
        assert operated(stored, lamps(), chosen)["cost_minor"].to_list() == pytest.approx(
            chosen["cost_minor"].to_list()
        )


def test_other_figures_change_hours_and_costs_alone() -> None:
    one = dict.fromkeys(draw_factors(2, 1)[0], 1.0)
    assert change_network(opened(), one) == opened()
    dearer = change_network(opened(), one | {"departures.cost_kg_minor": 1.2, "hours of departures": 0.8})
    before, after = opened().departures[0], dearer.departures[0]
    assert after.cost_kg_minor == pytest.approx(1.2 * before.cost_kg_minor)
    assert after.hours_p50 == pytest.approx(0.8 * before.hours_p50)
    assert dearer.delivery == opened().delivery
