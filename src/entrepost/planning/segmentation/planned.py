"""The cells of a plan as a problem of segments: the warehouses that it opens, at the price that its limit has.

A plan within a limit serves cells as if a day of wait (or an item in time) were worth more than the customer's own
worth of it. That price is found again from the plan: the least at which the best option of every cell waits no longer
than the plan does. At it, and only at it, rules and the plan can be compared in money.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from entrepost.network.network import Network
from entrepost.planning.cells import market_of
from entrepost.planning.options import PARTS, PRICES, Options, options_of
from entrepost.planning.planner.result import Plan
from entrepost.planning.segmentation.cells import FIGURES, SegmentMarket, market_problem, mean_day_minor
from entrepost.planning.segmentation.rules import OF_REGION, OWN

STEPS = 60
DEAREST = 1e6
"""No limit is worth more than so many minor units a day, or an item in time."""

SALES = tuple(name for name in FIGURES if name not in OWN and name not in OF_REGION)
"""Features of a cell that an order does not have itself: what was known of them before counts in later weeks."""
KNOWN_BY = (("region", "seller", "product_class"), ("area", "seller", "product_class"), ("seller", "product_class"))
COLUMNS = (
    *("place", "pool", "option", "kind", "service", "warehouse", "mode", "fallback", "served_share", "hold_minor"),
    *("route", "cost_minor", "charge_minor", *PARTS, "wait_hours_mean", "undelivered_share"),
)


@dataclass(frozen=True, slots=True)
class LimitPrice:
    """What a plan's limit is worth: minor units for a day of wait, beyond its own worth, and for an item in time."""

    day_minor: float = 0.0
    late_minor: float = 0.0
    within_days: int = 5

    def add_to(self, options: pl.DataFrame, side: str) -> pl.DataFrame:
        """Options with the price of the limit in what an item costs by them."""
        wait = self.day_minor * pl.col("wait_hours_mean") / 24
        late = self.late_minor * (1 - pl.col(f"share_within_{self.within_days}"))
        return options.with_columns(pl.col(PRICES[side]) + wait + late)

    def year(self, cost_year_minor: float, items: float, wait_days: float, share_within: float) -> float:
        """What a year costs with the price of the limit in it."""
        return cost_year_minor + items * (self.day_minor * wait_days + self.late_minor * (1 - share_within))


def plan_market(plan: Plan, price: LimitPrice) -> SegmentMarket:
    """The cells of a plan with their options from open warehouses, ready for `segment_market`."""
    return _market(plan, plan.options, price)


def later_market(
    plan: Plan, price: LimitPrice, like: SegmentMarket, network: Network, orders: pl.DataFrame
) -> SegmentMarket:
    """The cells of other weeks, asked as they would be by who knows the plan's history alone.

    How often an article sells, and every figure of a cell that an order does not have itself, are those of the plan;
    what was not sold then is asked as what sells nothing, as in the exported rules.

    Parameters
    ----------
    like : SegmentMarket
        What `plan_market` gave.
    network : Network
        The one that was planned for, without further candidates: its direct services are the ways by mail.
    orders : DataFrame
        Rows of the table `orders`, all of them later.
    """
    params = replace(plan.params, as_of=None)
    known = plan.options.market
    market = replace(market_of(network, orders, params, known.articles), leaving=known.leaving)
    options = options_of(network, market, params, plan.network)
    later = _market(plan, options, price, like)
    asked = with_known(later.cells, known.cells)
    features = np.array(later.problem.features)
    for column, name in enumerate(FIGURES):
        features[:, column] = asked.get_column(name).to_numpy()
    return replace(later, problem=replace(later.problem, features=features))


def with_known(cells: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Cells with the figures known of them: by region, or by cell, area, seller and class in turn; else 0."""
    regions = known.select("region", *OF_REGION).unique("region")
    asked = cells.drop(SALES, *OF_REGION).join(regions, on="region", how="left", maintain_order="left")
    asked = asked.with_columns(pl.col(OF_REGION).fill_null(0.0))
    for number, by in enumerate(KNOWN_BY):
        found = known.sort("items_year", "cell", descending=[True, False]).unique(by, keep="first")
        found = found.select(*by, pl.col(SALES).name.suffix(f"_{number}"))
        asked = asked.join(found, on=by, how="left", maintain_order="left")
    told = {name: pl.coalesce(*(f"{name}_{number}" for number in range(len(KNOWN_BY))), 0.0) for name in SALES}
    return asked.with_columns(**told)


def offered_in(plan: Plan, options: Options) -> pl.DataFrame:
    """A row per cell and option that is open in the plan, cells in their order."""
    opened = plan.warehouses.get_column("warehouse").implode()
    rows = options.rows.filter((pl.col("kind") == "direct") | pl.col("warehouse").is_in(opened))
    rows = rows.select(*COLUMNS, pl.col("^share_within_.*$"))
    groups = options.market.groups.get_column("group").gather(rows.get_column("place"))
    return options.market.cells.select("cell", "group").join(
        rows.with_columns(groups.alias("group")), on="group", maintain_order="left_right"
    )


def price_limit(plan: Plan) -> LimitPrice:
    """What the limit of a plan is worth."""
    if plan.planned is None:
        return LimitPrice()
    within, wanted = plan.params.within_days, plan.planned
    cheapest = _cheapest(plan)
    if plan.params.share_min is not None:
        late = _least_price(lambda price: cheapest(0.0, price)[1] <= 1 - wanted.share_within, 0.0)
        return LimitPrice(late_minor=late, within_days=within)
    if plan.params.days_max is None and plan.params.budget_minor is None:
        return LimitPrice(within_days=within)
    own = float(plan.options.market.groups.get_column("value_day_minor").max() or 0.0)  # type: ignore[arg-type]
    least = -own if plan.params.budget_minor is not None else 0.0
    day = _least_price(lambda price: cheapest(price, 0.0)[0] <= wanted.wait_days, least)
    return LimitPrice(day_minor=day, within_days=within)


def _market(plan: Plan, options: Options, price: LimitPrice, like: SegmentMarket | None = None) -> SegmentMarket:
    """The problem of segments; the fixed cost of warehouses is not in it, because they are open either way."""
    side = plan.params.side
    offered = offered_in(plan, options)
    today = choose_today(offered, options.market.cells)
    cells = options.market.cells
    day = pl.lit(mean_day_minor(cells) + price.day_minor)
    priced = price.add_to(offered.with_columns(asked_minor=PRICES[side], asked_day_minor=day), side)
    return market_problem(cells, priced, None, side, today, like)


def choose_today(offered: pl.DataFrame, cells: pl.DataFrame) -> pl.DataFrame:
    """cell, option: by mail, by the service whose charge and worth of the wait are least."""
    direct = offered.filter(pl.col("kind") == "direct").join(cells.select("cell", "value_day_minor"), on="cell")
    asked = pl.col("charge_minor") + pl.col("value_day_minor") * pl.col("wait_hours_mean") / 24
    first = direct.sort("cell", asked, "option").unique("cell", keep="first", maintain_order=True)
    return first.select("cell", "option")


def _cheapest(plan: Plan) -> Callable[[float, float], tuple[float, float]]:
    """Tells the mean wait in days and the late share when each group takes what costs least at these prices."""
    opened = plan.warehouses.get_column("warehouse").implode()
    rows = plan.options.rows.filter((pl.col("kind") == "direct") | pl.col("warehouse").is_in(opened)).sort("place")
    place = rows.get_column("place").to_numpy()
    groups = plan.options.market.groups[place]
    begin = np.flatnonzero(np.diff(place, prepend=-1))
    items = groups.get_column("items_year").to_numpy()[begin]
    wait = rows.get_column("wait_hours_mean").to_numpy() / 24
    late = 1 - rows.get_column(f"share_within_{plan.params.within_days}").to_numpy()
    cost = rows.get_column(PRICES[plan.params.side]).to_numpy() + groups.get_column("value_day_minor").to_numpy() * wait

    def told(day: float, in_time: float) -> tuple[float, float]:
        asked = cost + day * wait + in_time * late
        least = np.repeat(np.minimum.reduceat(asked, begin), np.diff(begin, append=asked.size))
        hit = np.flatnonzero(asked == least)
        chosen = hit[np.unique(place[hit], return_index=True)[1]]
        return float(items @ wait[chosen] / items.sum()), float(items @ late[chosen] / items.sum())

    return told


def _least_price(is_kept: Callable[[float], bool], least: float) -> float:
    """The least price from which on a limit is kept."""
    if is_kept(least):
        return least
    low, high = least, DEAREST
    for _ in range(STEPS):
        middle = 0.5 * (low + high) if high - low < 100 else (low + 0.1 * (high - low))
        low, high = (low, middle) if is_kept(middle) else (middle, high)
    return high
