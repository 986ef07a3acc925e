"""Every way to serve every cell: direct mail by each service, stock in each warehouse by each mode, with cost and wait.

Cells of one group have the same options, so options are worked out by group and told by cell on demand. A stock
option is a mixture: a share of the items is met from the shelf, the rest goes by the best direct service. What lies
on the shelf is shared by all groups of a pool (`options_stock.POOL`); options state its cost as if all of them were
served from there, which is the least that it can be. `plan_true` states it as it is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from entrepost.network.network import Network
from entrepost.planning.cells import Market
from entrepost.planning.options_direct import direct_options
from entrepost.planning.options_dues import with_bulk_rates, with_mail_dues
from entrepost.planning.options_goods import goods_direct, goods_stock, terms_in
from entrepost.planning.options_stock import Stocked, stock_options
from entrepost.planning.options_wait import Waits
from entrepost.planning.planner.params import PlanParams
from entrepost.planning.shelf import keep_shares
from entrepost.reference.planning_term import PlanningTerms, planning_terms
from entrepost.tables.frames import conform

YEAR_DAYS = 365.0
PARTS = (
    "carriage_minor",
    "handling_minor",
    "storage_minor",
    "capital_minor",
    "write_off_minor",
    "duty_minor",
    "tax_minor",
    "fees_minor",
    "rebate_minor",
    "last_mile_minor",
    "returns_minor",
)
OPERATED = ("carriage_minor", "handling_minor", "storage_minor", "last_mile_minor")
"""Parts that the operator bears and asks a price for; the others are the seller's."""
GOODS_SOLD = ("duty_minor", "tax_minor", "rebate_minor", "returns_minor")
"""The goods' parts that do not hang on how long they lie on the shelf."""
STOCK_ONLY = {
    **dict.fromkeys(("warehouse", "mode", "fallback"), pl.String),
    "cover_days": pl.Float64,
}
"""Columns that only stock has: they are there, empty, where nothing can be stocked."""
PRICES = {"post": "cost_minor", "seller": "charge_minor"}


@dataclass(frozen=True, slots=True)
class Options:
    """The options of every group of a market.

    `rows` has a row per group and option with the columns of the table `options` but `cell`, and place (the group's
    row in `market.groups`), pool (-1 for direct mail), hold_minor (what a unit on hand more for a unit of load adds
    to the cost of an item). `pools` has a row per pool with the share that is met, articles, cover_days, and
    unit_on_hand: units on hand for a unit of load when all that might be is served from there. `inbound` says how
    stock gets to the warehouses (`replenishment`).
    """

    market: Market
    rows: pl.DataFrame
    pools: pl.DataFrame
    terms: PlanningTerms
    inbound: pl.DataFrame

    def frame(self, cells: pl.DataFrame | None = None) -> pl.DataFrame:
        """A row per cell and option, as the table `options` says; of all cells, or of these."""
        cells = self.market.cells if cells is None else cells
        groups = self.market.groups.get_column("group").gather(self.rows.get_column("place"))
        named = self.rows.with_columns(groups.alias("group"))
        return conform(cells.select("cell", "group").join(named, on="group", maintain_order="left_right"), "options")


def options_of(
    network: Network, market: Market, params: PlanParams | None = None, candidates: Network | None = None
) -> Options:
    """Work out every option of every group.

    Parameters
    ----------
    network : Network
        Its direct services are the ways by mail.
    candidates : Network, optional
        The same network with further warehouses in it; without it those of the network are the candidates.
    """
    params = params or PlanParams()
    day = market.day
    terms = terms_in(planning_terms(day, params.terms), network, day)
    groups = market.groups.with_row_index("place").select(
        pl.col("place").cast(pl.Int64), "group", "unit_value_minor", "value_day_minor", "items_year"
    )
    groups = with_bulk_rates(network, market.samples, groups, params.landed)
    direct, direct_waits = _direct(network, market, groups, terms, params)
    best = _best(direct, direct_waits, params)
    stocked = stock_options(candidates or network, market, params, terms)
    parts = [_told(direct, direct_waits)]
    pools = stocked.pools
    if not stocked.rows.is_empty():
        found = direct.get_column("place").to_numpy()[best]
        row_of = np.full(market.groups.height, -1)
        row_of[found] = best
        fallback = _Fallback(direct, direct_waits, row_of)
        stock, stock_waits, pools = _stock(stocked, groups, fallback, params, terms)
        parts.append(_told(stock, stock_waits))
    absent = pl.DataFrame(schema=STOCK_ONLY)
    rows = pl.concat([*parts, absent], how="diagonal").with_columns(currency=pl.lit(network.currency))
    return Options(market, rows.sort("place", "kind", "option"), pools, terms, stocked.inbound)


def _direct(
    network: Network, market: Market, groups: pl.DataFrame, terms: PlanningTerms, params: PlanParams
) -> tuple[pl.DataFrame, Waits]:
    rows, waits = direct_options(network, market)
    rows = rows.join(groups, on="place", how="left", maintain_order="left")
    rows = with_mail_dues(network, market.samples, rows, params.landed).with_columns(
        pl.col("carriage_minor") + terms.declaration_9610,
        storage_minor=pl.lit(0.0),
        **goods_direct(terms),
    )
    goods = pl.sum_horizontal([name for name in PARTS if name not in OPERATED])
    return (
        rows.with_columns(
            cost_minor=pl.sum_horizontal(PARTS),
            charge_minor=goods + pl.col("price_minor"),
            option="direct:" + pl.col("service"),
            kind=pl.lit("direct"),
            served_share=pl.lit(0.0),
            pool=pl.lit(-1, pl.Int64),
            hold_minor=pl.lit(0.0),
        ),
        waits,
    )


def _best(direct: pl.DataFrame, waits: Waits, params: PlanParams) -> NDArray[np.int64]:
    """The row of the best direct option of each place that has one: the least of price and worth of the wait."""
    worth = pl.col(PRICES[params.side]) + pl.col("value_day_minor") * pl.Series(waits.mean_hours) / 24
    ranked = direct.select("place", worth=worth).with_row_index("row").sort("place", "worth", "row")
    first: NDArray[np.int64] = (
        ranked.unique("place", keep="first", maintain_order=True)["row"].cast(pl.Int64).to_numpy()
    )
    return first


@dataclass(frozen=True, slots=True)
class _Fallback:
    """The direct options, and which of them takes what finds no stock: for each place its row, or -1."""

    direct: pl.DataFrame
    waits: Waits
    row_of: NDArray[np.int64]


def _stock(
    stocked: Stocked, groups: pl.DataFrame, fallback: _Fallback, params: PlanParams, terms: PlanningTerms
) -> tuple[pl.DataFrame, Waits, pl.DataFrame]:
    row = fallback.row_of[stocked.rows.get_column("place").to_numpy()]
    usable = (row >= 0) & stocked.rows.get_column("price_minor").is_not_nan().to_numpy()
    rows, row = stocked.rows.filter(pl.Series(usable)), row[usable]
    waits = stocked.waits.taken(np.flatnonzero(usable))
    direct = fallback.direct[row].select(*PARTS, "cost_minor", "charge_minor", fallback="service")
    rows = rows.drop("items_year").join(groups, on="place", how="left", maintain_order="left")
    rows = rows.with_columns(direct.rename({name: f"else_{name}" for name in (*PARTS, "cost_minor", "charge_minor")}))
    missed = waits.mean_hours - fallback.waits.mean_hours[row]
    pools = _shares(stocked.pools, rows.with_columns(sooner_hours=pl.Series(-missed)), params, terms)
    rows = rows.join(pools.select("pool", "served_share", "unit_on_hand"), on="pool", how="left", maintain_order="left")
    rows = _local(rows, terms)
    mixed = waits.mixed(fallback.waits.taken(row), rows.get_column("served_share").to_numpy())
    return _mixed(rows), mixed, pools


def _shares(pools: pl.DataFrame, rows: pl.DataFrame, params: PlanParams, terms: PlanningTerms) -> pl.DataFrame:
    """For each pool the share of demand to be met that costs least when all of its demand is served from there."""
    price, items = PRICES[params.side], pl.col("items_year")
    shares = np.array(sorted(params.served_shares))
    load = (pools["pieces_day"] / pools["articles"] * pools["cover_days"]).to_numpy()
    unit = keep_shares(load, shares)[1] / np.maximum(load, 1e-12)[:, None]
    goods = goods_stock(terms)
    local = pl.sum_horizontal(
        *("carriage_minor", "receiving_minor", "handling_minor", "last_mile_minor"),
        *(goods[name] for name in GOODS_SOLD),
        _lost(terms, pl.col("lost_way_day") * pl.col("cover_days")),
    )
    hold = _hold(terms)
    later = pl.col(f"else_{price}") - local + pl.col("value_day_minor") * pl.col("sooner_hours") / 24
    means = rows.group_by("pool").agg(
        hold=(hold * items).sum() / items.sum(), saved=(later * items).sum() / items.sum()
    )
    of_pool = pools.select("pool").join(means, on="pool", how="left", maintain_order="left").fill_null(0.0)
    cost = of_pool["hold"].to_numpy()[:, None] * unit - of_pool["saved"].to_numpy()[:, None] * shares
    chosen = cost.argmin(axis=1)
    row = np.arange(pools.height)
    return pools.with_columns(served_share=pl.Series(shares[chosen]), unit_on_hand=pl.Series(unit[row, chosen]))


def _local(rows: pl.DataFrame, terms: PlanningTerms) -> pl.DataFrame:
    """The parts of an item that is met from the shelf."""
    shelf = pl.col("cover_days") * pl.col("unit_on_hand") / pl.col("served_share")
    rows = rows.with_columns(shelf_days=shelf).with_columns(
        inbound_minor=pl.col("carriage_minor") + pl.col("receiving_minor"),
        handling_minor=pl.col("handling_minor") + pl.col("receiving_minor"),
        storage_minor=pl.col("storage_day_minor") * pl.col("shelf_days"),
        **goods_stock(terms),
    )
    days = pl.col("lost_shelf_day") * pl.col("shelf_days") + pl.col("lost_way_day") * pl.col("cover_days")
    rows = rows.with_columns(write_off_minor=_lost(terms, days))
    goods = pl.sum_horizontal([name for name in PARTS if name not in OPERATED])
    asked = (pl.col("inbound_minor") + pl.col("storage_minor")) * (1 + terms.stock_margin)
    return rows.with_columns(charge_minor=goods + pl.col("price_minor") + asked, hold_minor=_hold(terms))


def _hold(terms: PlanningTerms) -> pl.Expr:
    """What a unit on hand more for a unit of load adds to the cost of an item: storage, capital and write-off."""
    bound = _lost(terms, pl.col("lost_shelf_day") + terms.capital_rate_year / YEAR_DAYS)
    return pl.col("cover_days") * (pl.col("storage_day_minor") + bound)


def _lost(terms: PlanningTerms, share: pl.Expr) -> pl.Expr:
    """A share of what an item was bought for."""
    return pl.col("unit_value_minor") * terms.purchase_share * share


def _mixed(rows: pl.DataFrame) -> pl.DataFrame:
    """A share from the shelf, the rest by the best direct service."""
    share = pl.col("served_share")
    mixed = {name: share * pl.col(name) + (1 - share) * pl.col(f"else_{name}") for name in (*PARTS, "charge_minor")}
    option = pl.concat_str(pl.lit("stock"), "warehouse", "mode", separator=":")
    return rows.with_columns(**mixed, option=option, kind=pl.lit("stock")).with_columns(
        cost_minor=pl.sum_horizontal(PARTS)
    )


def _told(rows: pl.DataFrame, waits: Waits) -> pl.DataFrame:
    """The columns of options, with waits."""
    p50, p90 = (pl.Series(waits.quantile_hours(level)).fill_nan(None) for level in (0.5, 0.9))
    names = (
        "place",
        "pool",
        "option",
        "kind",
        "service",
        "warehouse",
        "mode",
        "route",
        "fallback",
        "served_share",
        "cover_days",
    )
    more = ("charge_minor", "cost_minor", *PARTS, "hold_minor", "dues_known", "value_day_minor")
    kept = [name for name in (*names, *more) if name in rows.columns]
    return rows.select(kept).with_columns(
        wait_hours_mean=pl.Series(waits.mean_hours),
        wait_hours_p50=p50,
        wait_hours_p90=p90,
        **{name: pl.Series(share) for name, share in waits.within().items()},
        undelivered_share=pl.Series(waits.undelivered),
    )
