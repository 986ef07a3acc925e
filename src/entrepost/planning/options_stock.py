"""Stock abroad as options of groups: every warehouse that serves the country, by every mode that leads there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from entrepost.journey.cache import get_book
from entrepost.network.network import Network
from entrepost.network.service import Service
from entrepost.planning.cells import Market
from entrepost.planning.options_direct import case_of, costs_of, habits_of, texts_of
from entrepost.planning.options_goods import write_off_day
from entrepost.planning.options_wait import Waits, waits_of
from entrepost.planning.planner.params import PlanParams
from entrepost.planning.popularity import STOCKABLE
from entrepost.planning.replenishment import replenish
from entrepost.reference.planning_term import PlanningTerms
from entrepost.service.charge import compile_tariff
from entrepost.service.posted import find_postcode_chars, post

Floats = NDArray[np.float64]
POOL = ("warehouse", "mode", "origin", "seller", "product_class")
"""Groups of one seller and product class share the shelves of a warehouse that is replenished by one mode."""
YEAR_DAYS = 365.0


@dataclass(frozen=True, slots=True)
class Stocked:
    """Delivery from stock before what lies on the shelf is known.

    `rows` has columns place (the group's), service, warehouse, mode, route, price_minor (what the operator asks for
    delivery), carriage_minor (of the stock), receiving_minor, handling_minor, last_mile_minor, storage_day_minor (of
    an item), lost_shelf_day and lost_way_day (`_with_losses`), lead_days, cover_days and pool; `pools` a row per pool:
    its key, articles, cover_days (of demand that a shelf must cover) and pieces_day of all that might be served from
    it. `waits` are those of the same rows; `inbound` says how stock gets there (`replenishment`).
    """

    rows: pl.DataFrame
    pools: pl.DataFrame
    waits: Waits
    inbound: pl.DataFrame


def find_stock_service(network: Network) -> Service | None:
    """The service that delivers from stock."""
    return next((service for service in network.services if service.kind == "stock"), None)


def stock_options(network: Network, market: Market, params: PlanParams, terms: PlanningTerms) -> Stocked:
    """Every group that may be stocked, with every warehouse and mode; `network` holds the candidates."""
    service = find_stock_service(network)
    if service is None or not network.warehouses:
        return _nothing()
    pairs = _pairs(network, market, params, service)
    if pairs.is_empty():
        return _nothing()
    book = get_book(network.only((service.service,)))
    number = pl.DataFrame(
        [(route.origin, route.area, place) for place, route in enumerate(book.routes)],
        schema={"warehouse": pl.String, "area": pl.String, "number": pl.Int64},
        orient="row",
    )
    pairs = pairs.join(number, on=["warehouse", "area"], maintain_order="left")
    numbers, place = pairs.get_column("number").to_numpy(), pairs.get_column("place").to_numpy()
    pairs = pairs.with_columns(
        service=pl.lit(service.service),
        price_minor=_prices(network, market, service, pairs),
        route=texts_of(book).gather(numbers),
        **costs_of(book.network, book, numbers, pairs.get_column("weight_g").to_numpy() / 1000),
    ).drop("carriage_minor")
    waits = waits_of(book, numbers, habits_of(market).taken(place))
    inbound = replenish(network, sorted(set(pairs.get_column("origin"))), params.modes, terms).rows
    rows = pairs.with_row_index("pair").join(inbound, on=["origin", "warehouse"], suffix="_in", maintain_order="left")
    pair = rows.get_column("pair").cast(pl.Int64).to_numpy()
    rows = rows.with_columns(
        carriage_minor=pl.col("weight_g") / 1000 * pl.col("carriage_kg_minor"),
        receiving_minor=pl.col("weight_g") / 1000 * pl.col("handling_kg_minor")
        + pl.col("pieces") * pl.col("receiving_item_minor"),
        storage_day_minor=pl.col("pieces") * pl.col("storage_item_day_minor"),
        lead_days=pl.col("lead_days_mean"),
        cover_days=pl.col("lead_days_mean") + terms.review_days / 2,
        pool=pl.struct(POOL).rank("dense").cast(pl.Int64) - 1,
    )
    return Stocked(_with_losses(rows, market, terms), _pools(rows, market), waits.taken(pair), inbound)


def _with_losses(rows: pl.DataFrame, market: Market, terms: PlanningTerms) -> pl.DataFrame:
    """What goods lose of their purchase value in a day: `lost_shelf_day` on the shelf, `lost_way_day` under way.

    Where history tells how soon articles leave the list, all that was ordered for them is left over, under way or not;
    where it does not, what lies on the shelf loses its value at the rate of the terms.
    """
    lost = pl.col("leaving_year") * (1 - terms.salvage_share) / YEAR_DAYS
    joined = rows.join(market.leaving, on="popularity", how="left", maintain_order="left")
    return joined.with_columns(
        lost_shelf_day=lost.fill_null(write_off_day(terms)), lost_way_day=lost.fill_null(0.0)
    ).drop("leaving_year")


def _pairs(network: Network, market: Market, params: PlanParams, service: Service) -> pl.DataFrame:
    """Groups that may be stocked, with each warehouse that serves their country."""
    stored = [
        (
            row.warehouse,
            country.strip(),
            row.inbound_cost_item_minor,
            row.storage_cost_item_day_minor,
        )
        for row in network.warehouses
        if row.warehouse not in params.forbidden
        for country in row.countries.split("+")
    ]
    names = ("warehouse", "country", "receiving_item_minor", "storage_item_day_minor")
    places = pl.DataFrame(
        stored, schema=dict(zip(names, (*[pl.String] * 2, *[pl.Float64] * 2), strict=True)), orient="row"
    )
    heavy = pl.col("weight_g") > service.weight_max_g
    groups = market.groups.with_row_index("place").with_columns(pl.col("place").cast(pl.Int64))
    kept = groups.filter(
        pl.col("popularity").is_in(STOCKABLE) & ~pl.col("seller").is_in(list(params.left_out)) & ~heavy
    )
    wanted = (
        "place",
        "area",
        "country",
        "origin",
        "seller",
        "popularity",
        "product_class",
        "weight_g",
        "pieces",
        "items_year",
    )
    return kept.select(wanted).join(places, on="country", maintain_order="left_right")


def _prices(network: Network, market: Market, service: Service, pairs: pl.DataFrame) -> pl.Series:
    """What the operator asks for delivering an item of each group from each warehouse; NaN without a rate."""
    case = case_of(network, market)
    items = case.items[pairs.get_column("place")].with_columns(
        order=pl.int_range(pairs.height, dtype=pl.Int64), origin=pairs.get_column("warehouse")
    )
    charges = compile_tariff(network, service.service).charge(post(items, find_postcode_chars(network)), case.exchange)
    return pl.Series(np.where(charges.charge_known, charges.charge_minor, np.nan), dtype=pl.Float64)


def _pools(rows: pl.DataFrame, market: Market) -> pl.DataFrame:
    """Pools with their demand, and as many articles as orders of their class ask for anywhere."""
    articles = market.class_articles().group_by("seller", "product_class").agg(articles=pl.len())
    pieces = (pl.col("items_year") * pl.col("pieces")).sum() / YEAR_DAYS
    pools = rows.group_by("pool", *POOL).agg(pieces_day=pieces, cover_days=pl.col("cover_days").first())
    pools = pools.join(articles, on=["seller", "product_class"], how="left")
    return pools.with_columns(pl.col("articles").fill_null(1)).sort("pool")


def _nothing() -> Stocked:
    text = dict.fromkeys(("service", "warehouse", "mode", "route"), pl.String)
    return Stocked(pl.DataFrame(schema=text), pl.DataFrame(), Waits(np.zeros(0), np.zeros((0, 61))), pl.DataFrame())
