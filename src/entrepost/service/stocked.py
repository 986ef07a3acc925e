"""Delivery from overseas stock: which warehouses could serve an order, and what lying there costs."""

from __future__ import annotations

import polars as pl

from entrepost.network.network import Network
from entrepost.service.case import Case
from entrepost.tables.items import ORDER
from entrepost.warehouse.stock import available, stock_of, take


def storage_cost(network: Network, offers: pl.DataFrame) -> pl.DataFrame:
    """Add to the cost of carriage what bringing stock to the warehouse costs, and the cost of each piece.

    A piece of stock is brought in by weight, received, and lies there for the warehouse's mean time;
    `cost_piece_minor` is 0 for direct mail.

    Parameters
    ----------
    offers : DataFrame
        Columns service, origin (the warehouse) and cost_kg_minor.
    """
    stock = [service.service for service in network.services if service.kind == "stock"]
    rows = [
        (
            row.warehouse,
            row.inbound_cost_kg_minor,
            row.inbound_cost_item_minor + row.storage_cost_item_day_minor * row.storage_days,
        )
        for row in network.warehouses
    ]
    schema = {"origin": pl.String, "inbound_kg_minor": pl.Float64, "cost_piece_minor": pl.Float64}
    costs = pl.DataFrame(rows, schema=schema, orient="row")
    added = offers.select("origin", "service").join(costs, on="origin", how="left", maintain_order="left")
    from_stock = pl.col("service").is_in(stock)
    inbound, piece = [
        added.select(pl.when(from_stock).then(name).fill_null(0.0)).to_series()
        for name in ("inbound_kg_minor", "cost_piece_minor")
    ]
    return offers.with_columns(pl.col("cost_kg_minor") + inbound, cost_piece_minor=piece)


def from_stock(network: Network, case: Case) -> pl.DataFrame:
    """The items once for every open warehouse that serves their country, the warehouse as their origin.

    `warehouse_found` says whether there is one (the items of an order without stay with their own
    origin), `in_stock` whether all lines of the order lie there.
    """
    held = available(stock_of(network), case.lines).select(*ORDER, origin="warehouse", in_stock=True)
    serving = [
        (warehouse.warehouse, country.strip())
        for warehouse in network.warehouses
        if warehouse.open
        for country in warehouse.countries.split("+")
    ]
    served = pl.DataFrame(serving, schema={"warehouse": pl.String, "country": pl.String}, orient="row")
    items = case.items.drop("in_stock").join(served, on="country", how="left", maintain_order="left_right")
    found = pl.col("warehouse").is_not_null()
    items = items.with_columns(origin=pl.coalesce("warehouse", "origin"), warehouse_found=found)
    items = items.join(held, on=[*ORDER, "origin"], how="left", maintain_order="left")
    return items.with_columns(pl.col("in_stock").fill_null(False)).drop("warehouse")


def list_granted(network: Network, case: Case, stocked: pl.DataFrame) -> pl.Series:
    """The numbers of the orders that get their stock, given out first come first served.

    Parameters
    ----------
    stocked : DataFrame
        The orders that are to be served from stock: columns order and warehouse.
    """
    if stocked.is_empty():
        return stocked.get_column("order")
    named = case.orders.select("order", *ORDER)
    wishes = stocked.join(named, on="order", how="left", maintain_order="left")
    lines = case.lines.join(wishes, on=ORDER, how="semi", maintain_order="left")
    served, _ = take(stock_of(network), lines, wishes.select(*ORDER, "warehouse"))
    granted = served.filter(pl.col("warehouse").is_not_null())
    return granted.join(named, on=ORDER, how="left", maintain_order="left").get_column("order")
