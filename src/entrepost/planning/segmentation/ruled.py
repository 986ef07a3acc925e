"""A plan as its rules would serve it: every cell by its segment's policy, shelves at what they then cost.

What a plan states of stock is the cost of a shelf from which all that might be is served. Under rules other cells
share a shelf than in the plan, so the cost of each shelf is counted anew from what is asked of it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl

from entrepost.planning.options import PRICES, Options
from entrepost.planning.planner.result import Plan, PlanFigures
from entrepost.planning.planner.stock import YEAR_DAYS, list_replenishment, list_stock
from entrepost.planning.segmentation.cells import MarketSegments
from entrepost.planning.segmentation.planned import LimitPrice, offered_in
from entrepost.planning.shelf import keep_each

OF_GROUP = ("country", "area", "origin", "seller", "product_class", "popularity", "items_year", "pieces")
TOLD = ("option", "service", "warehouse", "mode", "fallback", "served_share", "cost_minor", "charge_minor")


def serve_by_rules(plan: Plan, found: MarketSegments, price: LimitPrice) -> Plan:
    """The same warehouses, each cell served as its segment says; every cell is a group of its own.

    `value` and `bound` stay those of the plan that the rules stand in for, and so does its status.
    """
    cells = plan.options.market.cells
    chosen = _choose(plan, found, price)
    choices, on_hand, money = _with_shelves(plan, chosen)
    market = plan.options.market
    by_cell = cells.with_columns(group="cell", popularity=pl.col("product_class").str.split("/").list.first())
    options = replace(
        plan.options,
        market=replace(market, groups=by_cell, sold=market.sold.with_columns(group="cell")),
    )
    choices = by_cell.select("group", *OF_GROUP).join(choices, on="group", how="inner", maintain_order="left")
    stock = list_stock(options, choices)
    waits = ("wait_hours_mean", f"share_within_{5}", "undelivered_share")
    served = choices.select("group", *TOLD, *waits)
    return replace(
        plan,
        planned=_figures(plan, choices, money),
        warehouses=_warehouses(plan, choices, on_hand),
        replenishment=list_replenishment(stock, choices),
        stock=stock,
        choices=choices,
        cells=by_cell.drop("popularity").join(served, on="group", how="left", maintain_order="left"),
        options=options,
    )


def _choose(plan: Plan, found: MarketSegments, price: LimitPrice) -> pl.DataFrame:
    """A row per cell with its option: the cheapest stock where its segment has some, else as its policy says."""
    offered = offered_in(plan, plan.options)
    side, cells = PRICES[plan.params.side], plan.options.market.cells
    worth = cells.select("cell", value="value_day_minor")
    figure = pl.col(side) + pl.col("value") * pl.col("wait_hours_mean") / 24
    priced = price.add_to(offered, plan.params.side).join(worth, on="cell", how="left", maintain_order="left")
    offered = offered.with_columns(priced.select(figure.alias("figure")).get_column("figure"))
    numbers = found.cells().select("cell", segment=pl.col("segment") - 1)
    ranked = offered.join(numbers, on="cell", how="inner").join(_policies(found), on="segment", how="left")
    ranked = ranked.join(_ranks(found), on=["segment", "service"], how="left")
    is_stock = pl.col("kind") == "stock"
    asked = pl.col(side) + pl.col("day_minor") * pl.col("wait_hours_mean") / 24
    first = ranked.filter(~is_stock | pl.col("stocked")).with_columns(
        rank=pl.when(is_stock).then(-1).otherwise(pl.col("rank").fill_null(0)),
        figure=pl.when(is_stock).then("figure").otherwise(asked),
    )
    return (
        first.sort("cell", "rank", "figure", "option")
        .unique("cell", keep="first", maintain_order=True)
        .drop("group", "segment", "rank", "stocked", "day_minor", "figure")
        .rename({"cell": "group"})
    )


def _policies(found: MarketSegments) -> pl.DataFrame:
    """For each segment whether it takes stock, and what a day counts when its service is chosen."""
    rows = [
        (number, found.policy(number).stocked, found.policy(number).day_minor)
        for number in range(len(found.found.segments))
    ]
    names = {"segment": pl.Int64, "stocked": pl.Boolean, "day_minor": pl.Float64}
    return pl.DataFrame(rows, schema=names, orient="row")


def _ranks(found: MarketSegments) -> pl.DataFrame:
    """For each segment and service that it names its place in the policy."""
    rows = [
        (number, name, rank)
        for number in range(len(found.found.segments))
        for rank, name in enumerate(found.policy(number).services)
    ]
    return pl.DataFrame(rows, schema={"segment": pl.Int64, "service": pl.String, "rank": pl.Int64}, orient="row")


def _with_shelves(plan: Plan, chosen: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, float], float]:
    """The choices with shelves as they are, items on hand in each warehouse, and the money of a year."""
    cells = plan.options.market.cells.select("items_year", "pieces", group="cell")
    rows = chosen.join(cells, on="group", how="left", maintain_order="left")
    extra, on_hand = np.zeros(rows.height), {}
    if plan.options.pools.height:
        known = _pools(plan.options, rows)
        pool = rows.get_column("pool").to_numpy()
        more = known.get_column("more").to_numpy()
        extra = np.where(pool >= 0, rows.get_column("hold_minor").to_numpy() * more[pool], 0.0)
        held = known.group_by("warehouse").agg(pl.col("on_hand").sum())
        on_hand = dict(held.iter_rows())
        rows = rows.join(known.select("pool", "cover_days"), on="pool", how="left", maintain_order="left")
    rows = rows.with_columns(pl.col("cost_minor", "charge_minor", "storage_minor") + pl.Series(extra))
    price, items = rows.get_column(PRICES[plan.params.side]), rows.get_column("items_year")
    fixed = float(plan.warehouses.get_column("cost_year_minor").sum())
    return rows.drop("items_year", "pieces", "pool", "hold_minor"), on_hand, float((price * items).sum()) + fixed


def _pools(options: Options, rows: pl.DataFrame) -> pl.DataFrame:
    """Of each pool the units on hand for a unit of load beyond what is stated, and the units that lie there."""
    asked = (
        rows.filter(pl.col("pool") >= 0)
        .group_by("pool")
        .agg(pieces_year=(pl.col("items_year") * pl.col("pieces")).sum())
    )
    pools = options.pools.join(asked, on="pool", how="left", maintain_order="left").with_columns(
        pl.col("pieces_year").fill_null(0.0), articles=pl.col("articles").clip(1, None)
    )
    load = (pools["pieces_year"] / YEAR_DAYS * pools["cover_days"] / pools["articles"]).to_numpy()
    stated, used = pools["unit_on_hand"].to_numpy(), load > 0
    unit = stated.copy()
    unit[used] = keep_each(load[used], pools["served_share"].to_numpy()[used])[1] / load[used]
    held = unit * load * pools["articles"].to_numpy()
    return pools.with_columns(more=pl.Series(unit - stated), on_hand=pl.Series(held))


def _figures(plan: Plan, choices: pl.DataFrame, money: float) -> PlanFigures:
    items = choices.get_column("items_year").to_numpy()
    total = float(items.sum())

    def mean(name: str) -> float:
        return float(items @ choices.get_column(name).to_numpy() / total)

    return PlanFigures(
        items_year=total,
        cost_year_minor=money,
        cost_item_minor=money / total,
        wait_days=mean("wait_hours_mean") / 24,
        share_within=mean(f"share_within_{plan.params.within_days}"),
        undelivered_share=mean("undelivered_share"),
        from_stock_share=mean("served_share"),
        warehouses=plan.warehouses.height,
    )


def _warehouses(plan: Plan, choices: pl.DataFrame, on_hand: dict[str, float]) -> pl.DataFrame:
    served = choices.group_by("warehouse").agg(
        items_year=(pl.col("items_year") * pl.col("served_share")).sum(), sellers=pl.col("seller").n_unique()
    )
    held: list[Any] = [on_hand.get(code, 0.0) for code in plan.warehouses.get_column("warehouse")]
    frame = plan.warehouses.drop("items_year", "sellers").with_columns(on_hand=pl.Series(held, dtype=pl.Float64))
    return frame.join(served, on="warehouse", how="left", maintain_order="left")
