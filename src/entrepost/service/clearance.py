"""How likely customs stops each order, by its own facts: what a quote takes in place of the lane's channels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import polars as pl

from entrepost.customs.estimate import ClearanceModel
from entrepost.journey.itinerary import parse_route
from entrepost.journey.promise import list_routes
from entrepost.journey.stopped import stopped_share
from entrepost.network.network import Network
from entrepost.reference.fx import Rates
from entrepost.service.case import Case


@dataclass(frozen=True)
class Clearance:
    """A model of who is stopped, and the score of each seller's data (0 to 100) where it is known."""

    model: ClearanceModel
    seller_scores: Mapping[str, float] = field(default_factory=dict)


def stopped_probability(network: Network, case: Case, offers: pl.DataFrame, clearance: Clearance) -> pl.Series:
    """Of each offer the probability that import customs stop it; null where the order has no code of its articles,
    or the route no import customs.

    Of several articles the one that is stopped most often decides. Where they were made is not in an order: the country
    where it is handed in stands for it. The share of the lane stays what the network says.
    """
    odds = _log_odds(network, case, clearance)
    shares = _lane_shares(network)
    asked = offers.select(
        odds=odds.gather(offers.get_column("order").cast(pl.UInt32)),
        share=pl.col("number").replace_strict(shares, default=None, return_dtype=pl.Float64),
    ).with_row_index("row")
    known = asked.drop_nulls()
    told = pl.Series("stopped_probability", [None] * asked.height, dtype=pl.Float64)
    for (share,), rows in known.group_by("share"):
        told = told.scatter(rows.get_column("row"), clearance.model.on_lane(rows.get_column("odds"), float(str(share))))
    return told


def _log_odds(network: Network, case: Case, clearance: Clearance) -> pl.Series:
    """Of each order by how much its log-odds differ from the average; null where no line has a code."""
    model = clearance.model
    countries = {facility.facility: facility.country for facility in network.facilities}
    lines = case.lines.with_columns(
        hs_code=pl.col("hs_code").replace("", None),
        day=pl.col("placed_at").dt.convert_time_zone(network.time_zone).dt.date(),
        made=pl.col("origin").replace_strict(countries, default=None, return_dtype=pl.String),
        net_weight_g=pl.col("weight_g") * pl.col("quantity"),
        seller_score=pl.col("seller").replace_strict(
            dict(clearance.seller_scores), default=None, return_dtype=pl.Float64
        ),
    )
    rates = _rates(lines, model.currency, case.exchange.rates)
    lines = lines.join(rates, on=["currency", "day"], how="left", nulls_equal=True, maintain_order="left")
    facts = lines.select(
        "hs_code",
        "net_weight_g",
        "seller_score",
        origin="made",
        value=pl.col("unit_value").cast(pl.Float64, strict=False) * pl.col("quantity") * pl.col("rate"),
    )
    told = lines.select("tenant", "seller", "order_id", "hs_code").with_columns(model.log_odds(facts).alias("odds"))
    most = (
        told.filter(pl.col("hs_code").is_not_null()).group_by("tenant", "seller", "order_id").agg(pl.col("odds").max())
    )
    names = case.orders.select("tenant", "seller", "order_id")
    return names.join(most, on=names.columns, how="left", maintain_order="left").get_column("odds")


def _rates(lines: pl.DataFrame, currency: str, rates: Rates) -> pl.DataFrame:
    """Units of the model's currency for one unit of each other, by day; null where no rate is known."""
    pairs = lines.select("currency", "day").unique()
    found = [_rate(code, currency, day, rates) for code, day in pairs.iter_rows()]
    return pairs.with_columns(pl.Series("rate", found, dtype=pl.Float64))


def _rate(code: str | None, currency: str, day: date, rates: Rates) -> float | None:
    """The level of a value is told by doubling, so the last rate of a fortnight will do."""
    for age in (0, 7):
        into, out_of = (rates.find(each or "", day - timedelta(days=age)) for each in (currency, code))
        if into and out_of:
            return float(into / out_of)
    return None


def _lane_shares(network: Network) -> dict[int, float]:
    """The share of stopped items at the import customs of each route that has one, by its number."""
    found = {}
    for number, service, route in list_routes(network).select("number", "service", "route").iter_rows():
        regime = network.service_by_code[service].clearance
        channels = network.channels_by_key.get((parse_route(route)[-1], "import", regime))
        if channels:
            found[number] = stopped_share(channels)
    return found
