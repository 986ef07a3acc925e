"""Generated orders: right by schema, the same for the same seed, spread as the network and the source say."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from time import perf_counter

import numpy as np
import polars as pl
import pytest

from entrepost.base.errors import MisuseError
from entrepost.network.network import Network
from entrepost.network.sample_network import sample_network
from entrepost.tables.frames import dtypes
from entrepost.tables.regions import locate
from entrepost.tables.sample_orders import VARIANT_EXPONENT, VARIANTS, list_assortments, sample_orders


@pytest.fixture(scope="module")
def network() -> Network:
    return sample_network()


@pytest.fixture(scope="module")
def orders(network: Network) -> pl.DataFrame:
    return sample_orders(network, 20_000, seed=1)


def test_columns_are_those_of_the_orders_table(orders: pl.DataFrame) -> None:
    assert dict(orders.schema) == dtypes("orders")


def test_as_many_orders_as_asked_for_each_named_once(orders: pl.DataFrame) -> None:
    assert orders.select("tenant", "seller", "order_id").n_unique() == 20_000
    assert orders.select("tenant", "seller", "order_id", "line").is_unique().all()


def test_the_same_seed_gives_the_same_orders(network: Network) -> None:
    assert sample_orders(network, 500, seed=7).equals(sample_orders(network, 500, seed=7))
    assert not sample_orders(network, 500, seed=7).equals(sample_orders(network, 500, seed=8))


def test_orders_stand_in_the_order_in_which_they_were_placed(orders: pl.DataFrame) -> None:
    assert orders.get_column("placed_at").is_sorted()


def test_orders_fill_the_weeks_from_the_first_day(network: Network) -> None:
    placed = sample_orders(network, 5_000, seed=3, weeks=2, start=date(2026, 9, 7)).get_column("placed_at")
    assert placed.min() >= datetime(2026, 9, 7, tzinfo=UTC)  # type: ignore[operator]
    assert datetime(2026, 9, 20, tzinfo=UTC) < placed.max() < datetime(2026, 9, 21, tzinfo=UTC)  # type: ignore[operator]


def test_orders_begin_in_the_ordinary_week_unless_told_otherwise(network: Network, orders: pl.DataFrame) -> None:
    assert orders.get_column("placed_at").dt.date().min() == network.ordinary_week == date(2026, 5, 11)


def test_postcode_and_city_lead_back_to_the_region(network: Network, orders: pl.DataFrame) -> None:
    located = locate(network, orders)
    assert not located.get_column("region_guessed").any()
    assert located.get_column("region").null_count() == 0


def test_countries_get_the_share_of_their_weight(network: Network, orders: pl.DataFrame) -> None:
    total = sum(region.weight for region in network.regions)
    weight = sum(region.weight for region in network.regions if region.country == "US") / total
    share = orders.filter(pl.col("line") == 1).select((pl.col("country") == "US").mean()).item()
    assert abs(share - weight) < 4 * np.sqrt(weight * (1 - weight) / 20_000)


def test_a_seller_hands_in_at_its_own_office(network: Network, orders: pl.DataFrame) -> None:
    origins = {seller.seller: seller.origin for seller in network.sellers}
    found = dict(orders.select("seller", "origin").unique().iter_rows())
    assert found == {seller: origins[seller] for seller in found}


def test_articles_are_those_of_the_network_with_a_variant(network: Network, orders: pl.DataFrame) -> None:
    articles = orders.get_column("sku").str.replace(r"-\d\d$", "").unique().to_list()
    assert set(articles) <= {product.sku for product in network.products}


def test_one_order_in_twenty_says_by_when_it_is_wanted(orders: pl.DataFrame) -> None:
    first = orders.filter(pl.col("line") == 1)
    assert first.select(pl.col("wanted_by").is_not_null().mean()).item() == pytest.approx(0.05, abs=0.006)
    assert first.select((pl.col("wanted_by") > pl.col("placed_at")).all()).item()


def test_repeat_sales_are_as_rare_as_in_real_orders(network: Network) -> None:
    """Of 32,510 real items 63 % of the products sold once; 26 % had two or more sales within 60 days, 16 % four."""
    shares = _article_shares(network)
    in_60_days, in_all = 6_200 * shares, 32_510 * shares
    none, once = np.exp(-in_60_days), in_60_days * np.exp(-in_60_days)
    up_to_three = none + once * (1 + in_60_days / 2 + in_60_days**2 / 6)
    sold_once = (in_all * np.exp(-in_all)).sum() / (1 - np.exp(-in_all)).sum()
    assert (shares * (1 - none - once)).sum() == pytest.approx(0.26, abs=0.03)
    assert (shares * (1 - up_to_three)).sum() == pytest.approx(0.16, abs=0.03)
    assert sold_once == pytest.approx(0.63, abs=0.03)


def test_a_hundred_thousand_orders_take_less_than_three_seconds(network: Network) -> None:
    begin = perf_counter()
    sample_orders(network, 100_000, seed=1)
    assert perf_counter() - begin < 3


def test_no_orders_are_an_empty_table(network: Network) -> None:
    assert sample_orders(network, 0, seed=1).height == 0


def test_a_network_without_sellers_says_what_to_add(network: Network) -> None:
    with pytest.raises(MisuseError, match=r"add rows to sellers\.csv"):
        sample_orders(replace(network, sellers=()), 10, seed=1)


def test_fewer_than_no_orders_are_refused(network: Network) -> None:
    with pytest.raises(MisuseError, match="at least 0 orders"):
        sample_orders(network, -1, seed=1)


def _article_shares(network: Network) -> np.ndarray:
    sellers = np.array([seller.weight for seller in network.sellers])
    variants = np.arange(1, VARIANTS + 1) ** -VARIANT_EXPONENT
    parts = []
    for weight, assortment in zip(sellers / sellers.sum(), list_assortments(network), strict=True):
        each = np.outer(assortment.weights / assortment.weights.sum(), variants / variants.sum())
        parts.append(weight * each.ravel())
    return np.concatenate(parts)
