"""What orders cost in full on either side of a trial: operations, the goods' part, and what lies on the shelves.

A quote tells what operations cost. To that come duty, tax and fees at the border (`planning.border`), order by order,
rebate and returns of the goods, as the plan counts them (`planning.options_goods`), item by item; and for stock what
its pieces really cost on the way and on the shelf, from the pieces that lay there and not from an assumed number of
days.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import polars as pl

from entrepost.network.network import Network
from entrepost.planning.border import DUES, bulk_rates, mail_dues
from entrepost.planning.options_goods import goods_direct, goods_stock, hold_day
from entrepost.reference.fx import known_rates
from entrepost.reference.planning_term import PlanningTerms
from entrepost.service.case import read_case
from entrepost.service.exchange import Exchange
from entrepost.service.landed import Landed
from entrepost.tables.items import ORDER

YEAR_DAYS = 365.0
SHELF_COSTS = ("hold_day_minor", "way_day_minor", "left_piece_minor")
"""What a piece costs in a day on the shelf, in a day on the way there, and if it is left over."""


def without_assumed_days(network: Network) -> Network:
    """The network whose quotes count no days of storage: they are counted as they come."""
    return replace(network, warehouses=tuple(replace(row, storage_days=0.0) for row in network.warehouses))


@dataclass(frozen=True, slots=True)
class Dues:
    """What is due at the border: on each choice by mail (`border.DUES`), and on the goods of its order in bulk."""

    by_mail: pl.DataFrame
    bulk: pl.DataFrame


def find_dues(network: Network, orders: pl.DataFrame, chosen: pl.DataFrame, landed: Landed) -> Dues:
    """Duty, tax and fees of choices: a row per order with service, route and charge_minor."""
    return Dues(mail_dues(network, orders, chosen, landed), bulk_rates(network, orders, landed))


def with_goods(
    network: Network,
    orders: pl.DataFrame,
    chosen: pl.DataFrame,
    terms: PlanningTerms,
    dues: Dues,
    import_factors: tuple[float, float] = (1.0, 1.0),
) -> pl.DataFrame:
    """Choices whose `cost_minor` holds the goods' part too: duty, tax, fees, rebate and returns, and the declaration.

    Parameters
    ----------
    chosen : DataFrame
        A row per order with service, items, charge_minor and cost_minor.
    terms : PlanningTerms
        In the network's currency (`options_goods.terms_in`).
    dues : Dues
        What `find_dues` gave for these choices.
    import_factors : tuple of float
        Duty and tax are so many times what they are.
    """
    items = read_case(network, orders, Exchange(network.currency, known_rates())).items
    charged = chosen.select(*ORDER, price_minor=pl.col("charge_minor") / pl.col("items"))
    duty, tax = import_factors
    valued = (
        items.join(dues.bulk, on=ORDER, how="left")
        .join(charged, on=ORDER, how="left")
        .with_columns(
            pl.col("duty_rate") * duty,
            pl.col("tax_rate") * tax,
            unit_value_minor=pl.col("converted_value_minor").fill_null(0.0).cast(pl.Float64),
            lead_days=pl.lit(0.0),
            shelf_days=pl.lit(0.0),
        )
    )
    by_mail, by_stock = (pl.sum_horizontal(*each(terms).values()) for each in (goods_direct, goods_stock))
    goods = valued.group_by(ORDER).agg(by_mail=(by_mail + terms.declaration_9610).sum(), by_stock=by_stock.sum())
    stock = [each.service for each in network.services if each.kind == "stock"]
    mailed = pl.col("by_mail") + pl.col("duty_minor") * duty + pl.col("tax_minor") * tax + pl.col("fees_minor")
    part = pl.when(pl.col("service").is_in(stock)).then("by_stock").otherwise(mailed)
    whole = chosen.with_columns(dues.by_mail.select(DUES)).join(goods, on=ORDER, how="left", maintain_order="left")
    return whole.with_columns(cost_minor=pl.col("cost_minor") + part).drop("by_mail", "by_stock", *DUES)


def with_shelf_costs(
    network: Network, orders: pl.DataFrame, shelves: pl.DataFrame, terms: PlanningTerms | None, renewed: bool = False
) -> pl.DataFrame:
    """Shelves with the columns `SHELF_COSTS`; without terms what lies on them costs nothing.

    Where shelves are renewed, what is left over is written off, less its salvage; otherwise a share is in each day.
    """
    if terms is None:
        return shelves.with_columns(**{name: pl.lit(0.0) for name in SHELF_COSTS})
    exchange = Exchange(network.currency, known_rates())
    amounts = exchange.convert_lines(orders, network.time_zone)
    lines = orders.select("seller", "sku", "quantity", amounts.alias("amount_minor"))
    piece = pl.col("amount_minor").sum() / pl.col("quantity").sum()
    worth = lines.group_by("seller", "sku").agg(bought=piece * terms.purchase_share)
    days = [(row.warehouse, row.storage_cost_item_day_minor) for row in network.warehouses]
    storage = pl.DataFrame(days, schema={"warehouse": pl.String, "storage": pl.Float64}, orient="row")
    known = shelves.join(worth, on=["seller", "sku"], how="left", maintain_order="left")
    known = known.join(storage, on="warehouse", how="left", maintain_order="left").fill_null(0.0)
    capital = terms.capital_rate_year / YEAR_DAYS
    return known.with_columns(
        hold_day_minor=pl.col("storage") + pl.col("bought") * (capital if renewed else hold_day(terms)),
        way_day_minor=pl.col("bought") * capital,
        left_piece_minor=pl.col("bought") * (1 - terms.salvage_share) * renewed,
    ).drop("bought", "storage")
