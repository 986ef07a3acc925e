"""Every service for every order: what it costs, when it arrives, or why it cannot be used."""

from __future__ import annotations

import numpy as np
import polars as pl

from entrepost.base.clock import HOUR_US
from entrepost.journey.promise import list_routes, promise_on
from entrepost.network.network import Network
from entrepost.reference.fx import Rates, known_rates
from entrepost.service.case import Case, read_case
from entrepost.service.charge import carriage_cost_minor
from entrepost.service.clearance import Clearance, stopped_probability
from entrepost.service.corrected import correct, wanted_before
from entrepost.service.exchange import RATED_ON, Exchange
from entrepost.service.landed import Landed, add_landed
from entrepost.service.offer import list_offers
from entrepost.service.posted import Figures
from entrepost.service.stocked import storage_cost
from entrepost.tables.frames import INSTANT, dtypes
from entrepost.tables.items import ORDER
from entrepost.tables.rules import decide

COLUMNS = (*dtypes("quotes"), "region", "area", "time_zone", "items", "wanted_probability", "reason_code")
"""The columns of quotes: those of the table `quotes`, then where the order goes and in how many items, the
probability of keeping the wanted date (null without one) and the code of the reason (0: eligible)."""


def quote(
    network: Network,
    orders: pl.DataFrame,
    rates: Rates | None = None,
    *,
    dated: bool = True,
    landed: Landed | None = None,
    clearance: Clearance | None = None,
) -> pl.DataFrame:
    """Quote every service for every order, those that cannot be used with the reason.

    Parameters
    ----------
    network : Network
        The services, their rates and their journeys.
    orders : DataFrame
        Rows of the table `orders`, one per order line.
    rates : Rates, optional
        Rates of exchange; without them those of the European Central Bank and those that were added.
    dated : bool
        Whether promises know holidays, seasons and the zones' offsets of the day. Those of the ordinary week are looked
        up, and much faster: enough where many orders are planned for and none is promised.
    landed : Landed, optional
        Asks what is due at the border too: columns duty_minor, tax_minor, fees_minor, landed_minor (the charge and
        these three), collected and landed_confidence are added; null where not known.
    clearance : Clearance, optional
        What is known of who is stopped by customs: an order with the code of its articles is then promised by its own
        probability in place of its lane's. Such orders are followed one by one, which takes longer.

    Returns
    -------
    DataFrame
        A row per order and service, orders in the order of their first line, services as in the network;
        see `COLUMNS`. The charge and cost of an order are the sums of those of its items, in the network's
        currency; the wait is that of its last item. Where a service delivers from stock, the row is that
        of the warehouse with the shortest mean wait, and the route is the warehouse.
    """
    case = read_case(network, orders, Exchange(network.currency, rates or known_rates()))
    offers = list_offers(network, case)
    offers = offers.with_columns(_of_order(case, offers, "start_hour", "items", "wanted_hour"))
    if clearance is not None:
        offers = offers.with_columns(stopped_probability(network, case, offers, clearance))
    promised = offers.hstack(promise_on(network, offers, dated=dated)).with_columns(_costs(network, case, offers))
    if network.corrections:
        lanes = pl.DataFrame([_service_names(network, promised), *_of_order(case, promised, "origin", "country")])
        promised = _correct_wanted(network, promised, lanes)
        promised = correct(network, promised, lanes)
    quotes = _finish(network, case, _one_of_warehouses(network, case, promised))
    return quotes if landed is None else add_landed(network, orders, quotes, landed)


def _correct_wanted(network: Network, promised: pl.DataFrame, lanes: pl.DataFrame) -> pl.DataFrame:
    """The probability of keeping a wanted date, where there is one, by the waits as they will be corrected."""
    asked = promised.get_column("wanted_probability").is_not_null()
    some = promised.filter(asked)
    if some.is_empty():
        return promised
    hours = wanted_before(network, some, lanes.filter(asked))
    own = [name for name in ("stopped_probability",) if name in some.columns]
    kept = promise_on(network, some.select("number", "start_hour", "items", *own, wanted_hour=hours))
    found = promised.get_column("wanted_probability").scatter(asked.arg_true(), kept.get_column("wanted_probability"))
    return promised.with_columns(wanted_probability=found)


def _costs(network: Network, case: Case, offers: pl.DataFrame) -> pl.Series:
    """The cost of each offer that has a route: that of carriage, item by item, and of lying in a warehouse."""
    costs = storage_cost(network, list_routes(network)).select(
        "cost_piece_minor",
        cost_item_thousandths=(1000 * pl.col("cost_item_minor")).round().cast(pl.Int64),
        cost_kg_thousandths=(1000 * pl.col("cost_kg_minor")).round().cast(pl.Int64),
    )
    numbers = offers.get_column("number").fill_null(-1).to_numpy()
    routed = numbers >= 0
    offer, item = _list_items(case, offers.get_column("order").to_numpy()[routed])
    route = numbers[routed][offer]
    figures = {column.name: column.to_numpy()[route] for column in costs[:, 1:]}
    if (costs.get_column("cost_piece_minor") != 0).any():
        pieces = case.items.get_column("pieces").to_numpy()[item]
        piece = 1000 * costs.get_column("cost_piece_minor").gather(route) * pl.Series(pieces)
        figures["cost_item_thousandths"] += piece.round().cast(pl.Int64).to_numpy()
    cost = decide(carriage_cost_minor, {**figures, "weight_g": case.items.get_column("weight_g").to_numpy()[item]})
    total = np.zeros(offers.height, np.int64)
    total[routed] = np.add.reduceat(cost, np.flatnonzero(np.diff(offer, prepend=-1)))
    return pl.Series("cost_minor", total).set(pl.Series(~routed), None)


def _list_items(case: Case, order: Figures) -> tuple[Figures, Figures]:
    """All items of offers for these orders: the place of the offer, and the row of the item in the case."""
    count = case.orders.get_column("items").to_numpy()
    several = count[order]
    offer = np.repeat(np.arange(order.size), several)
    shift = (np.cumsum(count) - count)[order] - (np.cumsum(several) - several)
    return offer, shift[offer] + np.arange(offer.size)


def _one_of_warehouses(network: Network, case: Case, offers: pl.DataFrame) -> pl.DataFrame:
    """Of several warehouses the quickest, then the cheapest."""
    if offers.height == case.orders.height * len(network.services):
        return offers
    places = ["order", "service_number"]
    several = pl.struct(places).is_duplicated()
    ranked = (
        offers.with_row_index("row")
        .filter(several)
        .sort("reason_code", "wait_hours_mean", "charge_minor", "origin", nulls_last=True, maintain_order=True)
    )
    best = ranked.unique(places, keep="first", maintain_order=True).get_column("row")
    return offers.with_row_index("row").filter(~several | pl.col("row").is_in(best.implode())).drop("row")


def _finish(network: Network, case: Case, offers: pl.DataFrame) -> pl.DataFrame:
    zones = {region.region: region.time_zone for region in network.regions}
    arrives = {name: ((pl.col("start_hour") + pl.col(f"wait_hours_{name}")) * HOUR_US) for name in ("p10", "p90")}
    return (
        offers.with_columns(
            *_of_order(case, offers, *ORDER, "region", "area"),
            _service_names(network, offers),
            eligible=pl.col("reason_code") == 0,
            currency=pl.lit(network.currency),
            arrive_from_p10=arrives["p10"].cast(INSTANT),
            arrive_by_p90=arrives["p90"].cast(INSTANT),
            arrive_by_p90_probability=pl.when(pl.col("wait_hours_p90").is_not_null()).then("p90_probability"),
            rated_on=_rated_on(network, case, offers),
        )
        .with_columns(
            time_zone=pl.col("region").replace_strict(zones, default=network.time_zone, return_dtype=pl.String)
        )
        .select(COLUMNS)
    )


def _rated_on(network: Network, case: Case, offers: pl.DataFrame) -> pl.Series:
    """Of which day the oldest rate of exchange is: that of the goods' value, or that of the service's charge."""
    placed, currency = _of_order(case, offers, "placed_day", "currency")
    codes = pl.Series([service.currency for service in network.services], dtype=pl.String)
    charged = codes.gather(offers.get_column("service_number"))
    both = [
        case.exchange.rated_on(pl.DataFrame([placed, each.alias("currency")])).alias(name)
        for name, each in (("value", currency), ("charge", charged))
    ]
    return pl.DataFrame(both).select(pl.min_horizontal("value", "charge").alias(RATED_ON)).to_series()


def _of_order(case: Case, offers: pl.DataFrame, *names: str) -> list[pl.Series]:
    """Columns of the orders, once for each offer: orders are numbered as they stand."""
    order = offers.get_column("order").cast(pl.UInt32)
    return [case.orders.get_column(name).gather(order) for name in names]


def _service_names(network: Network, offers: pl.DataFrame) -> pl.Series:
    codes = pl.Series("service", [service.service for service in network.services], dtype=pl.String)
    return codes.gather(offers.get_column("service_number"))
