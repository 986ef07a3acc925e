"""What is due at the border on each offer, and what the customer pays in all: charge, duty, tax and fees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

import polars as pl

from entrepost.customs.landed_cost import assess_lines
from entrepost.customs.params import LandedCostParams
from entrepost.network.network import Network
from entrepost.reference.destination_term import territory
from entrepost.reference.fx import known_rates
from entrepost.service.exchange import Exchange
from entrepost.tables.content_lines import COLUMNS as LINE_COLUMNS
from entrepost.tables.frames import conform
from entrepost.tables.items import ORDER

COLUMNS = {
    "duty_minor": pl.Int64(),
    "tax_minor": pl.Int64(),
    "fees_minor": pl.Int64(),
    "landed_minor": pl.Int64(),
    "collected": pl.String(),
    "landed_confidence": pl.String(),
}
"""What is added to an offer; amounts in the network's currency, null where not known or where nothing is offered."""
OFFER = "#offer"


@dataclass(frozen=True, slots=True)
class Landed:
    """How landed totals are worked out; `numbers` has by seller the number for each law (`EU`, `GB`, `AU`, ...)."""

    numbers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    params: LandedCostParams = field(default_factory=LandedCostParams)


def add_landed(network: Network, orders: pl.DataFrame, quotes: pl.DataFrame, landed: Landed) -> pl.DataFrame:
    """The quotes with the columns of `COLUMNS`.

    Notes
    -----
    An order is one consignment, of goods that were made where it is handed in, at the law and the rates of the day
    on which it was placed; its carriage is the charge of the offer, and its weight stands for the net weight. From
    stock in the country of the customer, or in its union, nothing is due: what was due was paid on the way in.
    """
    ways = _ways(network, orders, quotes.with_row_index(OFFER))
    lines = _lines(network, orders, ways.filter(~pl.col("inside")), landed)
    days = lines.get_column("day").unique(maintain_order=True).to_list()
    chosen = replace(landed.params, currency=network.currency)
    due = pl.concat([_nothing(ways), *(_assess(lines.filter(day=day), day, chosen) for day in days)])
    whole = pl.col("charge_minor") + pl.col("duty_minor") + pl.col("tax_minor") + pl.col("fees_minor")
    joined = quotes.with_row_index(OFFER).join(due, on=OFFER, how="left", maintain_order="left")
    return joined.with_columns(landed_minor=whole).select(*quotes.columns, *COLUMNS)


def _ways(network: Network, orders: pl.DataFrame, offers: pl.DataFrame) -> pl.DataFrame:
    """The offers that can be used, with where the goods come from and go, and whether they cross no border."""
    first = conform(orders, "orders").unique(ORDER, keep="first", maintain_order=True)
    ways = offers.filter("eligible").join(
        first.select(*ORDER, "placed_at", destination="country", handed_in="origin"), on=ORDER, how="left"
    )
    stocked = [service.service for service in network.services if service.kind == "stock"]
    from_where = pl.when(pl.col("service").is_in(stocked)).then(pl.col("route").str.split(">").list.first())
    countries = {facility.facility: facility.country for facility in network.facilities}
    sent_from = from_where.otherwise("handed_in").replace_strict(countries, default=None, return_dtype=pl.String)
    ways = ways.with_columns(sent_from.alias("origin"))
    laws = {code: territory(code) for name in ("origin", "destination") for code in ways.get_column(name).drop_nulls()}
    law = {
        name: pl.col(name).replace_strict(laws, default=None, return_dtype=pl.String)
        for name in ("origin", "destination")
    }
    return ways.with_columns(
        law["destination"].alias("law"),
        (law["origin"] == law["destination"]).fill_null(False).alias("inside"),
        pl.col("placed_at").dt.convert_time_zone(network.time_zone).dt.date().alias("day"),
    )


def _lines(network: Network, orders: pl.DataFrame, ways: pl.DataFrame, landed: Landed) -> pl.DataFrame:
    """The lines of each order once for each offer that crosses a border, all amounts in the network's currency."""
    held = conform(orders, "orders")
    worth = Exchange(network.currency, known_rates()).convert_lines(held, network.time_zone)
    held = held.with_columns(worth.alias("value_minor")).select(
        *ORDER, "hs_code", "description", "quantity", "value_minor", (pl.col("weight_g") * pl.col("quantity"))
    )
    joined = ways.join(held, on=ORDER, how="inner", maintain_order="left")
    numbers = [(seller, law, number) for seller, by_law in landed.numbers.items() for law, number in by_law.items()]
    given = pl.DataFrame(numbers, {"seller": pl.String, "law": pl.String, "number": pl.String}, orient="row")
    joined = joined.join(given, on=["seller", "law"], how="left", maintain_order="left")
    known = pl.col("value_minor").is_not_null().all().over(OFFER)
    columns = {
        "item_id": pl.col(OFFER).cast(pl.String),
        "region": pl.lit(None, pl.String),
        "unit_value_minor": pl.col("value_minor") // pl.col("quantity"),
        "currency": pl.lit(network.currency),
        "net_weight_g": pl.col("weight_g"),
        "carriage_minor": pl.col("charge_minor"),
        "insurance_minor": pl.lit(0, pl.Int64),
        "seller_scheme_number": pl.col("number"),
        "nature": pl.lit("sale"),
        "row": pl.col(OFFER).cast(pl.Int64),
        "sound": known,
    }
    return joined.select("day", *(columns.get(name, pl.col(name)).alias(name) for name in LINE_COLUMNS))


def _assess(lines: pl.DataFrame, day: date, params: LandedCostParams) -> pl.DataFrame:
    """What is due on the offers of a day."""
    found = assess_lines(lines.drop("day"), day, params).items
    return found.select(
        pl.col("item_id").cast(pl.UInt32).alias(OFFER),
        "duty_minor",
        "tax_minor",
        "fees_minor",
        "collected",
        landed_confidence="confidence",
    )


def _nothing(ways: pl.DataFrame) -> pl.DataFrame:
    """The offers that cross no border."""
    amounts = (pl.lit(0, pl.Int64).alias(name) for name in ("duty_minor", "tax_minor", "fees_minor"))
    words = (pl.lit("nothing").alias("collected"), pl.lit("high").alias("landed_confidence"))
    return ways.filter("inside").select(OFFER, *amounts, *words)
