"""Every service for every order: what it costs, when it arrives, or why it cannot be used."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from entrepost.journey.promise import promise
from entrepost.network.network import Network
from entrepost.reference.fx import Rates, known_rates
from entrepost.service.case import HOUR_US, Case, read_case
from entrepost.service.charge import carriage_cost_minor, compile_tariff
from entrepost.service.eligibility import ROUTE_MISSING, find_refusals
from entrepost.service.exchange import Exchange
from entrepost.service.refusal import describe
from entrepost.service.stocked import from_stock, storage_cost
from entrepost.tables.frames import INSTANT, dtypes
from entrepost.tables.items import ORDER

COLUMNS = (*dtypes("quotes"), "region", "area", "items", "wanted_probability", "reason_code")
"""The columns of quotes: those of the table `quotes`, then where the order goes and in how many items, the
probability of keeping the wanted date (null without one) and the code of the reason (0: eligible)."""


def quote(network: Network, orders: pl.DataFrame, rates: Rates | None = None) -> pl.DataFrame:
    """Quote every service for every order, those that cannot be used with the reason.

    Parameters
    ----------
    network : Network
        The services, their rates and their journeys.
    orders : DataFrame
        Rows of the table `orders`, one per order line.
    rates : Rates, optional
        Rates of exchange; without them those of the European Central Bank and those that were added.

    Returns
    -------
    DataFrame
        A row per order and service, orders in the order of their first line, services as in the network;
        see `COLUMNS`. The charge and cost of an order are the sums of those of its items, in the network's
        currency; the wait is that of its last item. Where a service delivers from stock, the row is that
        of the warehouse with the shortest mean wait, and the route is the warehouse.
    """
    case = read_case(network, orders, Exchange(network.currency, rates or known_rates()))
    offers = pl.concat(list(_offers(network, case)))
    promised = _promise(network, case, offers)
    return _finish(network, case, _one_of_warehouses(network, promised))


def _offers(network: Network, case: Case) -> Iterator[pl.DataFrame]:
    """For each service a row per order and place of hand-over: charge, or reason."""
    for number, service in enumerate(network.services):
        tariff = compile_tariff(network, service.service)
        items = case.items if service.kind == "direct" else from_stock(network, case)
        charged = tariff.charge(items, case.exchange)
        judged = find_refusals(network, service, tariff.card.countries, charged)
        orders = _by_order(judged.with_columns(describe(judged)))
        yield orders.with_columns(service_number=pl.lit(number, pl.Int64))


def _by_order(items: pl.DataFrame) -> pl.DataFrame:
    """Items of one order and origin together: the first reason, else the sum of the charges."""
    refused = pl.col("reason_code") != 0
    if items.height == items.get_column("order").n_unique():
        orders = items.select("order", "origin", "reason", "charge_minor", "reason_code")
    else:
        orders = items.group_by("order", "origin", maintain_order=True).agg(
            pl.col("reason").drop_nulls().first(),
            pl.col("charge_minor").sum(),
            pl.col("reason_code").filter(refused).first().fill_null(0),
        )
    return orders.with_columns(charge_minor=pl.when(~refused).then("charge_minor"))


def _promise(network: Network, case: Case, offers: pl.DataFrame) -> pl.DataFrame:
    """Add route, cost and wait to the offers that are not refused; refuse those without a route."""
    refused = offers.filter(pl.col("reason_code") != 0)
    asked = offers.filter(pl.col("reason_code") == 0)
    asked = asked.with_columns(_service_names(network, asked), *_of_order(case, asked, "area", "start_hour"))
    requests = asked.select("origin", "service", "area", "start_hour").with_columns(
        *_of_order(case, asked, "items", "wanted_hour")
    )
    promised = asked.hstack(promise(network, requests))
    routed = promised.filter(pl.col("route").is_not_null())
    lost = promised.filter(pl.col("route").is_null()).with_columns(
        reason_code=pl.lit(ROUTE_MISSING, pl.Int64), charge_minor=pl.lit(None, pl.Int64)
    )
    lost = lost.with_columns(describe(lost))
    return pl.concat([_with_costs(network, case, routed), lost, refused], how="diagonal")


def _with_costs(network: Network, case: Case, offers: pl.DataFrame) -> pl.DataFrame:
    """Add the cost of each order: that of carriage, item by item, and of lying in a warehouse."""
    rows = offers.select("order", "origin", "service", "cost_item_minor", "cost_kg_minor").with_row_index("offer")
    rows = storage_cost(network, rows)
    thousandths = [
        (1000 * pl.col(f"cost_{name}_minor")).round().cast(pl.Int64).alias(f"cost_{name}_thousandths")
        for name in ("item", "kg")
    ]
    items = rows.with_columns(thousandths).join(
        case.items.select("order", "weight_g", "pieces"), on="order", how="inner", maintain_order="left"
    )
    piece = (1000 * pl.col("cost_piece_minor") * pl.col("pieces")).round().cast(pl.Int64)
    items = items.with_columns(cost_item_thousandths=pl.col("cost_item_thousandths") + piece)
    costs = items.select("offer", carriage_cost_minor.on(items).alias("cost_minor"))
    if costs.height != offers.height:
        costs = costs.group_by("offer").agg(pl.col("cost_minor").sum()).sort("offer")
    return offers.with_columns(costs.get_column("cost_minor"))


def _one_of_warehouses(network: Network, offers: pl.DataFrame) -> pl.DataFrame:
    """In the order of orders and services; of several warehouses the quickest, then the cheapest."""
    stock = [number for number, service in enumerate(network.services) if service.kind == "stock"]
    stocked = pl.col("service_number").is_in(stock)
    ranked = offers.filter(stocked).sort(
        "reason_code", "wait_hours_mean", "charge_minor", "origin", nulls_last=True, maintain_order=True
    )
    best = ranked.unique(["order", "service_number"], keep="first", maintain_order=True)
    return pl.concat([offers.filter(~stocked), best]).sort(
        pl.col("order") * len(network.services) + pl.col("service_number")
    )


def _finish(network: Network, case: Case, offers: pl.DataFrame) -> pl.DataFrame:
    hours = (pl.col("start_hour") + pl.col("wait_hours_p90")) * HOUR_US
    return offers.with_columns(
        *_of_order(case, offers, *ORDER, "region", "area", "items"),
        _service_names(network, offers),
        eligible=pl.col("reason_code") == 0,
        currency=pl.lit(network.currency),
        arrive_by_p90=hours.cast(INSTANT),
        arrive_by_p90_probability=pl.when(pl.col("wait_hours_p90").is_not_null()).then("p90_probability"),
    ).select(COLUMNS)


def _of_order(case: Case, offers: pl.DataFrame, *names: str) -> list[pl.Series]:
    """Columns of the orders, once for each offer: orders are numbered as they stand."""
    return [case.orders.get_column(name).gather(offers.get_column("order")) for name in names]


def _service_names(network: Network, offers: pl.DataFrame) -> pl.Series:
    codes = pl.Series("service", [service.service for service in network.services], dtype=pl.String)
    return codes.gather(offers.get_column("service_number"))
