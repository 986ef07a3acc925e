"""What is due at the border: on single consignments by mail, and on goods that come in bulk to lie in a warehouse.

Customs say it (`service.landed`, `customs.landed_cost`). Where they cannot tell, because no tariff is loaded or none
is known, one assumed rate for each country stands in (`reference.import_term`), and `known` says where it does not.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl

from entrepost.base.errors import MisuseError
from entrepost.network.network import Network
from entrepost.reference.fx import known_rates
from entrepost.reference.import_term import import_terms
from entrepost.service.exchange import Exchange
from entrepost.service.landed import Landed, add_landed
from entrepost.service.ratecard import day_number
from entrepost.tables.frames import conform
from entrepost.tables.items import ORDER

DUES = ("duty_minor", "tax_minor", "fees_minor")
RATES = ("duty_rate", "tax_rate")
BULK = 10_000
"""Goods come in bulk as so many times what was ordered: beyond every limit of single consignments."""
ROW = "#row"


def mail_dues(network: Network, orders: pl.DataFrame, ways: pl.DataFrame, landed: Landed) -> pl.DataFrame:
    """What is due on whole orders by mail, at the law and the rates of the day on which each was placed.

    Parameters
    ----------
    ways : DataFrame
        Tenant, seller, order_id, service, route and charge_minor, which is what is paid for carriage.

    Returns
    -------
    DataFrame
        A row per way, in order: duty_minor, tax_minor and fees_minor in minor units of the network's currency, and
        whether customs know them all; null where there is no service.
    """
    asked = ways.select(*ORDER, "service", "route", pl.col("charge_minor").round().cast(pl.Int64))
    asked = asked.with_columns(eligible=pl.col("service").is_not_null())
    told = add_landed(network, orders, asked, landed).with_row_index(ROW)
    told = told.join(_assumed(network, orders), on=ORDER, how="left", maintain_order="left")
    value, paid = pl.col("value_minor"), pl.col("value_minor") + pl.col("charge_minor")
    duty = pl.when(value > pl.col("duty_free_minor")).then(value * pl.col("duty_rate")).otherwise(0.0)
    tax = pl.when(value > pl.col("tax_free_minor")).then(paid * pl.col("tax_rate")).otherwise(0.0)
    served = pl.col("service").is_not_null()
    filled = [
        pl.when(served).then(pl.coalesce(name, assumed)).cast(pl.Float64).alias(name)
        for name, assumed in zip(DUES, (duty, tax, pl.lit(0)), strict=True)
    ]
    return told.select(*filled, known=pl.all_horizontal(pl.col(DUES).is_not_null()) & served)


def bulk_rates(network: Network, orders: pl.DataFrame, landed: Landed) -> pl.DataFrame:
    """What is due on the goods of orders where they come in bulk: shares of what they were bought, and are sold, for.

    Returns
    -------
    DataFrame
        A row per order: tenant, seller, order_id, duty_rate, tax_rate, known.
    """
    many = conform(orders, "orders").with_columns(pl.col("quantity") * BULK)
    one = many.unique(ORDER, keep="first", maintain_order=True).select(ORDER)
    ways = one.with_columns(
        service=pl.lit("bulk"), route=pl.lit(""), charge_minor=pl.lit(0, pl.Int64), eligible=pl.lit(True)
    )
    told = add_landed(network, many, ways, replace(landed, numbers={}))
    told = told.join(_assumed(network, many), on=ORDER, how="left", maintain_order="left")
    duty = pl.col("duty_minor") / pl.col("value_minor")
    tax = pl.col("tax_minor") / (pl.col("value_minor") + pl.col("duty_minor"))
    usable = pl.col("value_minor") > 0
    rates = {
        name: pl.when(usable & rate.is_not_null()).then(rate).otherwise(pl.col(name))
        for name, rate in zip(RATES, (duty, tax), strict=True)
    }
    return told.select(*ORDER, **rates, known=usable & duty.is_not_null() & tax.is_not_null())


def _assumed(network: Network, orders: pl.DataFrame) -> pl.DataFrame:
    """For each order its value and the rates and limits that are assumed of its country."""
    held = conform(orders, "orders")
    worth = Exchange(network.currency, known_rates()).convert_lines(held, network.time_zone)
    valued = held.with_columns(worth.alias("value_minor")).group_by(ORDER, maintain_order=True)
    values = valued.agg(pl.col("value_minor").sum(), pl.col("country").first())
    last: date = held.get_column("placed_at").max().date()  # type: ignore[union-attr]
    terms = assumed_terms(network, values.get_column("country").unique().sort().to_list(), last)
    return values.join(terms, on="country", how="left", maintain_order="left").drop("country")


def assumed_terms(network: Network, countries: list[str], day: date) -> pl.DataFrame:
    """One rate of duty and tax for each country, and the values up to which none is due in the network's currency.

    Raises
    ------
    MisuseError
        When no rate of exchange is known on that day.
    """
    exchange, number = Exchange(network.currency, known_rates()), day_number(day)
    rows = []
    for country in countries:
        terms = import_terms(country, day)
        limits = (terms.duty_free_minor, terms.tax_free_minor)
        free = [exchange.find_converted(value, terms.currency, number) for value in limits]
        if None in free:
            raise MisuseError(no_rate(terms.currency, network.currency, day))
        rows.append((country, terms.duty_percent / 100, terms.tax_percent / 100, *free))
    numbers = dict.fromkeys((*RATES, "duty_free_minor", "tax_free_minor"), pl.Float64)
    return pl.DataFrame(rows, schema={"country": pl.String, **numbers}, orient="row")


def no_rate(given: str, wanted: str, day: date) -> str:
    """What to say where no rate of exchange is known."""
    return f"no rate of exchange from {given} to {wanted} is known on {day}: entrepost reference add fx FILE"
