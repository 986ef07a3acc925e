"""The market as a plan sees it: cells of region, seller and product class, with what is ordered in each.

Only orders before a day are looked at, and how often an article sells is judged by the last weeks before it, so
that no hindsight enters. An order belongs to the class of its least popular article, because stock serves it
whole or not at all.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

import polars as pl

from entrepost.base.clock import HOUR_US, WEEK_HOURS, day_hour
from entrepost.base.errors import MisuseError
from entrepost.network.network import Network
from entrepost.planning.leaving import LEAVING, leaving_rates
from entrepost.planning.options_dues import Samples, draw_samples
from entrepost.planning.planner.params import PlanParams
from entrepost.planning.popularity import (
    FORESEEN_LEAST_DAYS,
    POPULARITIES,
    UNSEEN_SHARE,
    by_articles,
    by_sales_before,
    days_of,
    list_articles,
)
from entrepost.reference.fx import known_rates
from entrepost.service.case import Case, read_case
from entrepost.service.eligibility import BATTERIES
from entrepost.service.exchange import Exchange
from entrepost.service.policy import DAY_VALUE
from entrepost.service.ratecard import day_number
from entrepost.tables.frames import conform
from entrepost.tables.items import ORDER

WEIGHTS_G = (250, 500, 1000, 2000, 5000)
"""Upper ends of the weight classes; the last class has none."""

GROUP = ("area", "country", "origin", "seller", "product_class", "popularity", "battery")
YEAR_DAYS = 365.0
LATE_DAYS = 28
"""What mail takes of departures is told by so many last days: what grew all year would be understated by its mean."""


@dataclass(frozen=True, slots=True)
class Market:
    """Cells, groups of cells that have the same options, articles, how many days of orders they rest on, and the last.

    `cells` has the columns of the table `cells`; `groups` a row per group with its figures and the size of an
    item; `articles` a row per seller and SKU with its popularity and pieces a day; `sold` the pieces a year
    of each cell and article in the last known days, by their popularity now; `hours` the share of each area's orders in
    each hour of the week (UTC); `samples` some orders of each group; `lately` is how many times the mean of all days is
    ordered in a day of late; `leaving` the rates at which articles left the list (`leaving.LEAVING`).
    """

    cells: pl.DataFrame
    groups: pl.DataFrame
    articles: pl.DataFrame
    sold: pl.DataFrame
    hours: pl.DataFrame
    days: float
    day: date
    samples: Samples
    lately: float = 1.0
    leaving: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=LEAVING))

    @property
    def items_year(self) -> float:
        """All items of a year."""
        return float(self.groups.get_column("items_year").sum())

    @property
    def stockable_share(self) -> float:
        """Share of all items that consist of articles that sell often enough to be stocked."""
        items = pl.col("items_year")
        share = self.groups.select((items * pl.col("stockable_share")).sum() / items.sum()).item()
        return float(share or 0.0)

    def class_articles(self) -> pl.DataFrame:
        """Seller, product_class, sku, and its share of the pieces that orders of the class ask for, wherever they go.

        Where an article sold by chance says little about where it will sell next; its class says more.
        """
        pieces = self.sold.group_by("seller", "product_class", "sku").agg(pl.col("pieces_year").sum())
        share = pl.col("pieces_year") / pl.col("pieces_year").sum().over("seller", "product_class")
        return pieces.select("seller", "product_class", "sku", share=share).sort("seller", "product_class", "sku")


def market_of(
    network: Network, orders: pl.DataFrame, params: PlanParams | None = None, known: pl.DataFrame | None = None
) -> Market:
    """Divide what was ordered into cells.

    Parameters
    ----------
    orders : DataFrame
        Rows of the table `orders`; those from `params.as_of` on are not looked at.
    known : DataFrame, optional
        `articles` of an earlier market: how often they sell is taken from there, and what is not among them sells
        rarely, so that later weeks are seen as they could be foreseen.

    Raises
    ------
    MisuseError
        When no order is left, or none goes where the network has a region.
    """
    params = params or PlanParams()
    lines = conform(orders, "orders")
    if params.as_of is not None:
        lines = lines.filter(pl.col("placed_at") < params.as_of)
    if lines.is_empty():
        raise MisuseError("there is no order to plan for; bring in orders that were placed before as_of")
    exchange = Exchange(network.currency, known_rates())
    case = read_case(network, lines, exchange)
    last: datetime = lines.get_column("placed_at").max()  # type: ignore[assignment]
    articles = _articles(lines, params.as_of or last, params) if known is None else known
    days, items = days_of(lines), _classified(case, by_articles(case.lines, articles))
    if items.is_empty():
        raise MisuseError(f"no order goes where network {network.name!r} has a region; check the orders' countries")
    sold = _sold(case, _recent(items, params), min(days, params.known_days))
    leaving = pl.DataFrame(schema=LEAVING)
    if known is None:
        items = _foreseen(case, items, params)
        leaving = leaving_rates(case.lines, params.as_of or last, params.known_days)
    groups = _figures(items, ["group", *GROUP], days).sort("group")
    groups = groups.join(_weekly(items, days), on="group").sort("group")
    value = pl.lit(_day_value(network, params), pl.Float64)
    groups = groups.with_columns(value_day_minor=value, currency=pl.lit(network.currency))
    cells = _cells(items, groups, days, params)
    priced = _priced(exchange, lines, {service.currency for service in network.services}, last)
    samples, late = draw_samples(case, items, priced), _lately(items, days)
    return Market(cells, groups, articles, sold, _hours(network, items), days, priced.date(), samples, late, leaving)


def _priced(exchange: Exchange, lines: pl.DataFrame, asked: set[str], last: datetime) -> datetime:
    """The last instant on a day at whose rates all orders, and amounts in `asked` currencies, can be valued.

    That of the last order where there is none. Rates of exchange come later than orders do.
    """
    currencies = {*lines.get_column("currency").drop_nulls().unique(), *asked}
    days = lines.get_column("placed_at").dt.date().unique().sort(descending=True).to_list()
    for day in days:
        number = (day - date(1970, 1, 1)).days
        if all(exchange.find_rate(currency, number) is not None for currency in currencies):
            return last if day == last.date() else last.replace(year=day.year, month=day.month, day=day.day)
    return last


def sold_by_then(case: Case, instant: datetime, params: PlanParams) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What a plan made at an instant would know of articles.

    Returns
    -------
    (DataFrame, DataFrame)
        The articles of the last known days, with their popularity and class; and the pieces a year of each in orders of
        each class: seller, product_class, sku, pieces_year.
    """
    known = pl.col("placed_at").is_between(instant - timedelta(days=params.known_days), instant, closed="left")
    lines = case.lines.filter(known)
    articles = _articles(lines, instant, params)
    then = replace(case, items=case.items.filter(known), lines=lines)
    items = _classified(then, by_articles(lines, articles))
    sold = _sold(then, items, min(days_of(lines), params.known_days))
    return articles, sold.group_by("seller", "product_class", "sku").agg(pl.col("pieces_year").sum())


def _lately(items: pl.DataFrame, days: float) -> float:
    """How many times the mean of all days is ordered in a day of the last weeks; 1 where there are few days."""
    if days < 2 * LATE_DAYS:
        return 1.0
    last = items.get_column("placed_at").max()
    late = items.filter(pl.col("placed_at") > last - timedelta(days=LATE_DAYS))  # type: ignore[operator]
    return late.height / LATE_DAYS * days / items.height


def _articles(lines: pl.DataFrame, last: datetime, params: PlanParams) -> pl.DataFrame:
    """Every article with its popularity in the last known days, and the class of an order of one piece."""
    return list_articles(lines, last, params.known_days).with_columns(product_class=_product_class())


def _recent(items: pl.DataFrame, params: PlanParams) -> pl.DataFrame:
    """Those of the last known days: what sold before may sell no longer."""
    last = items.get_column("placed_at").max()
    return items.filter(pl.col("placed_at") >= last - timedelta(days=params.known_days))  # type: ignore[operator]


def _foreseen(case: Case, items: pl.DataFrame, params: PlanParams) -> pl.DataFrame:
    """The items with `foreseen`: how many are known for their popularity when they are ordered, for one that is now.

    Popular articles lose to those that sell rarely, within each weight class, so that no class of weight gains.
    """
    lines, days = case.lines, days_of(case.lines)
    if days < FORESEEN_LEAST_DAYS:
        return items
    begin = lines.get_column("placed_at").min() + timedelta(days=min(params.known_days, days * UNSEEN_SHARE))  # type: ignore[operator]
    before = by_sales_before(lines, params.known_days).select(*ORDER, then="popularity")
    heavy = pl.col("product_class").str.split("/").list.get(1).alias("heavy")
    seen = items.filter(pl.col("placed_at") >= begin).join(before, on=ORDER).with_columns(heavy)
    now = seen.group_by("heavy", "popularity").agg(now=pl.len())
    then = seen.group_by("heavy", popularity="then").agg(then=pl.len())
    both = now.join(then, on=["heavy", "popularity"], how="left").fill_null(0)
    lost = (pl.col("now").sum() / pl.col("then").sum()).over("heavy")
    known = (lost * pl.col("then") / pl.col("now")).fill_nan(0.0)  # none of its classes was known then
    share = both.select("heavy", "popularity", foreseen=known)
    named = items.drop("foreseen").with_columns(heavy)
    joined = named.join(share, on=["heavy", "popularity"], how="left", maintain_order="left")
    return joined.with_columns(pl.col("foreseen").fill_null(1.0).fill_nan(1.0)).drop("heavy")


def _product_class() -> pl.Expr:
    """The class of an order, or of a piece of an article: popularity, weight class, battery."""
    weight = pl.lit("more")
    for edge in reversed(WEIGHTS_G):
        weight = pl.when(pl.col("weight_g") <= edge).then(pl.lit(str(edge))).otherwise(weight)
    return pl.concat_str("popularity", weight, "battery", separator="/")


def _classified(case: Case, popularity: pl.DataFrame) -> pl.DataFrame:
    """The items that go somewhere with their popularity, weight class, product class, group and cell."""
    items = case.items.filter(pl.col("area").is_not_null())
    items = items.join(popularity, on=ORDER, how="left", maintain_order="left").with_columns(
        battery=pl.col("battery_level").replace_strict(
            {level: name for name, level in BATTERIES.items()}, return_dtype=pl.String
        ),
        volume_cm3=pl.col("length_mm") * pl.col("width_mm") * pl.col("height_mm") / 1000,
    )
    items = items.with_columns(product_class=_product_class())
    return items.with_columns(
        foreseen=pl.lit(1.0),
        group=pl.concat_str("area", "seller", "product_class", separator="|"),
        cell=pl.concat_str("region", "seller", "product_class", separator="|"),
    )


def _figures(items: pl.DataFrame, keys: list[str], days: float) -> pl.DataFrame:
    """Items a year, as many as could be foreseen, and means of the items of each group or cell."""
    sides = ("length_mm", "width_mm", "height_mm")
    return items.group_by(keys, maintain_order=True).agg(
        items_year=pl.col("foreseen").sum() * YEAR_DAYS / days,
        weight_g=pl.col("weight_g").mean(),
        volume_cm3=pl.col("volume_cm3").mean(),
        unit_value_minor=pl.col("converted_value_minor").mean().fill_null(0.0),
        pieces=pl.col("pieces").mean(),
        stockable_share=(pl.col("popularity") != POPULARITIES[-1]).mean(),
        **{name: pl.col(name).mean() for name in sides},
    )


def _weekly(items: pl.DataFrame, days: float) -> pl.DataFrame:
    """Variability and intermittence of each group's weekly demand; weeks without a sale count."""
    weeks = max(1, round(days / 7))
    first = items.get_column("placed_at").min()
    week = ((pl.col("placed_at") - first).dt.total_days() // 7).clip(0, weeks - 1)
    counts = items.group_by("group", week=week).len()
    square, mean = (pl.col("len") ** 2).sum() / weeks, pl.col("len").sum() / weeks
    return counts.group_by("group").agg(
        variability=(square - mean**2).clip(0.0, None).sqrt() / mean, intermittence=weeks / pl.len()
    )


def _day_value(network: Network, params: PlanParams) -> float:
    if params.day_value_minor is not None:
        return params.day_value_minor
    value = Exchange(network.currency, known_rates()).find_converted(*DAY_VALUE, day_number(network.ordinary_week))
    if value is None:
        raise MisuseError(f"no rate of exchange from {DAY_VALUE[1]} to {network.currency}; give day_value_minor")
    return float(value)


def _cells(items: pl.DataFrame, groups: pl.DataFrame, days: float, params: PlanParams) -> pl.DataFrame:
    named = items.with_columns(urgent=pl.col("wanted_by") - pl.col("placed_at") <= timedelta(days=params.urgent_days))
    urgency = named.group_by("cell").agg(urgency=pl.col("urgent").fill_null(False).mean())
    cells = _figures(named, ["cell", "group", "region", *GROUP[:-2]], days).join(urgency, on="cell")
    of_group = groups.select("group", "variability", "intermittence", "value_day_minor", "currency")
    region = pl.col("items_year").sum().over("region")
    cells = cells.join(of_group, on="group").with_columns(region_items_year=region)
    return conform(cells.sort("cell"), "cells")


def _sold(case: Case, items: pl.DataFrame, days: float) -> pl.DataFrame:
    """Pieces a year of each article in the orders of each cell."""
    of_order = items.select(*ORDER, "cell", "group", "product_class").unique(ORDER, keep="first", maintain_order=True)
    lines = case.lines.join(of_order, on=ORDER).filter(pl.col("sku").is_not_null())
    return (
        lines.group_by("cell", "group", "seller", "product_class", "sku")
        .agg(pieces_year=pl.col("quantity").sum() * YEAR_DAYS / days)
        .sort("group", "cell", "sku")
    )


def _hours(network: Network, items: pl.DataFrame) -> pl.DataFrame:
    """Area, hour of the week and share; every area with half of the habit of all."""
    start = -(-pl.col("placed_at").dt.epoch("us") // HOUR_US) - day_hour(network.ordinary_week)
    counts = items.group_by("area", hour=start % WEEK_HOURS).len()
    of_all = counts.group_by("hour").agg(usual=pl.col("len").sum() / items.height)
    areas = counts.group_by("area").agg(total=pl.col("len").sum())
    full = areas.join(pl.DataFrame({"hour": range(WEEK_HOURS)}), how="cross").join(of_all, on="hour", how="left")
    full = full.join(counts, on=["area", "hour"], how="left").fill_null(0)
    share = 0.5 * pl.col("usual") + 0.5 * pl.col("len") / pl.col("total")
    return full.select("area", "hour", share=share).sort("area", "hour")
