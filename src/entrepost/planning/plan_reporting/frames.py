"""The frames behind a plan's report: today and the plan by region, leg, country, cost part, seller and warehouse.

Both sides are means over the items that are expected in a year. *Today* is direct mail as it is chosen now. Amounts are
in major units of the network's currency, waits in days.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from entrepost.network.network import Network
from entrepost.planning.options import OPERATED, PARTS, PRICES
from entrepost.planning.planner.params import WITHIN_DAYS
from entrepost.planning.planner.result import Plan
from entrepost.planning.reporting.frames import by_leg
from entrepost.planning.segmentation.planned import choose_today, offered_in
from entrepost.reference.country import get_country_name
from entrepost.reference.currency import get_exponent
from entrepost.tables.text import fill, word_each

HORIZON_DAYS = 60
FIXED = "fixed_minor"
PART_NAMES = {
    "carriage_minor": "Line haul and customs clearance",
    "handling_minor": "Handling",
    "last_mile_minor": "Last mile",
    "storage_minor": "Storage",
    FIXED: "Warehouses, fixed",
    "operator_minor": "The operator's price",
    "capital_minor": "Capital tied up",
    "write_off_minor": "Write-off",
    "duty_minor": "Duty",
    "tax_minor": "Tax",
    "fees_minor": "Fees at the border",
    "rebate_minor": "Export rebate",
    "returns_minor": "Returns",
}
"""What each part of the cost is called, in the order of reading."""


@dataclass(frozen=True, slots=True)
class Served:
    """How every cell is served, today and by the plan: a row per cell each, with what an item costs in every part."""

    today: pl.DataFrame
    plan: pl.DataFrame
    side: str
    scale: float


def served_of(plan: Plan, served: Plan) -> Served:
    """Both sides of a plan; `served` is the plan as it is carried out, which may be by its rules."""
    offered = offered_in(plan, plan.options)
    cells = plan.options.market.cells
    chosen = choose_today(offered, cells)
    today = _of_cells(cells, offered.join(chosen, on=["cell", "option"], how="semi").drop("group"), "cell")
    choices = served.choices.drop("items_year", "pieces", *("country", "area", "origin", "seller", "product_class"))
    key = "cell" if served.options.market.groups.get_column("group").is_in(cells["cell"].implode()).all() else "group"
    planned = _of_cells(cells, choices.rename({"group": key}), key)
    spread = _with_fixed(planned, served)
    scale = float(10 ** get_exponent(plan.currency))
    return Served(today.with_columns(pl.lit(0.0).alias(FIXED)), spread, plan.params.side, scale)


def _of_cells(cells: pl.DataFrame, rows: pl.DataFrame, key: str) -> pl.DataFrame:
    kept = ("cell", "group", "region", "country", "area", "origin", "seller", "product_class", "items_year")
    more = ("pieces", "unit_value_minor", "value_day_minor")
    joined = cells.select(*kept, *more).join(rows.drop("popularity", strict=False), on=key, maintain_order="left")
    return joined.with_columns(wait_days=pl.col("wait_hours_mean") / 24)


def _with_fixed(planned: pl.DataFrame, served: Plan) -> pl.DataFrame:
    """The fixed cost of a warehouse, shared by the items that come from it."""
    costs = served.warehouses.select("warehouse", "cost_year_minor", stocked="items_year")
    rows = planned.join(costs, on="warehouse", how="left", maintain_order="left")
    fixed = pl.col("served_share") * pl.col("cost_year_minor") / pl.col("stocked")
    return rows.with_columns(fixed.fill_null(0.0).alias(FIXED)).drop("cost_year_minor", "stocked")


def mean_of(name: str) -> pl.Expr:
    """The mean of a column over items."""
    return (pl.col(name) * pl.col("items_year")).sum() / pl.col("items_year").sum()


def by_parts(both: Served) -> pl.DataFrame:
    """label, today, plan: what an item costs in each part, on the side that was asked for."""
    frames = [_parts(each, both.side) for each in (both.today, both.plan)]
    names = [name for name in PART_NAMES if name in frames[0].columns]
    rows = [(PART_NAMES[name], *(float(each[name][0]) / both.scale for each in frames)) for name in names]
    return pl.DataFrame(rows, schema=["label", "today", "plan"], orient="row").filter(
        (pl.col("today") != 0) | (pl.col("plan") != 0)
    )


def _parts(rows: pl.DataFrame, side: str) -> pl.DataFrame:
    if side == "post":
        return rows.select(mean_of(name).alias(name) for name in (*PARTS, FIXED))
    goods = [name for name in PARTS if name not in OPERATED]
    asked = rows.with_columns(operator_minor=pl.col("charge_minor") - pl.sum_horizontal(goods))
    return asked.select(mean_of(name).alias(name) for name in ("operator_minor", *goods, FIXED))


def by_region(network: Network, both: Served) -> pl.DataFrame:
    """place, country, latitude, longitude, items, before, after: the mean wait of each region, most items first."""
    columns = ("region", "city", "latitude", "longitude")
    known = pl.DataFrame(
        [[getattr(row, name) for name in columns] for row in network.regions],
        schema=dict(zip(columns, (pl.String, pl.String, pl.Float64, pl.Float64), strict=True)),
        orient="row",
    )
    frame = _both(both, "region", "country").join(known, on="region")
    return frame.select(
        fill("{} ({})", "city", "region").alias("place"),
        *("country", "latitude", "longitude", "items", "before", "after"),
    ).sort("items", "place", descending=[True, False])


def by_country(both: Served) -> pl.DataFrame:
    """label, items, from_stock, before, after, cost_before, cost_after: each country, most items first."""
    frame = _both(both, "country")
    frame = frame.with_columns(label=word_each(frame.get_column("country"), get_country_name))
    return frame.sort("items", "label", descending=[True, False])


def _both(both: Served, *by: str) -> pl.DataFrame:
    """Items, waits, costs and the share from stock, today and by the plan."""
    price = PRICES[both.side]
    costs = [(mean_of(price) + mean_of(FIXED)) / both.scale]
    today = both.today.group_by(by).agg(
        items=pl.col("items_year").sum(), before=mean_of("wait_days"), cost_before=costs[0]
    )
    plan = both.plan.group_by(by).agg(
        after=mean_of("wait_days"), cost_after=costs[0], from_stock=mean_of("served_share")
    )
    return today.join(plan, on=by)


def arrivals(both: Served) -> pl.DataFrame:
    """state, days, share: who has his order after so many days, for the days that options know."""
    rows: list[tuple[str, float, float]] = []
    for state, frame in (("before", both.today), ("after", both.plan)):
        shares = frame.select(mean_of(f"share_within_{days}").alias(str(days)) for days in WITHIN_DAYS)
        never = float(frame.select(mean_of("undelivered_share")).item())
        known = [(state, float(days), float(shares[str(days)][0])) for days in WITHIN_DAYS]
        rows += [(state, 0.0, 0.0), *known, (state, float(HORIZON_DAYS), 1 - never)]
    return pl.DataFrame(rows, schema=["state", "days", "share"], orient="row")


def legs_of(network: Network, both: Served) -> pl.DataFrame:
    """The legs of today's routes with their items, for the map."""
    rows = both.today.select("route", items=pl.col("items_year").round().cast(pl.Int64))
    return by_leg(network, rows)


def origins_of(network: Network, both: Served) -> pl.DataFrame:
    """place, latitude, longitude: where items are handed in."""
    used = [network.get_facility(code) for code in both.today.get_column("origin").unique().sort()]
    rows = [(each.city, each.latitude, each.longitude) for each in used]
    return pl.DataFrame(
        rows, schema={"place": pl.String, "latitude": pl.Float64, "longitude": pl.Float64}, orient="row"
    )


def stock_lines(network: Network, both: Served) -> pl.DataFrame:
    """line, mode, from and to, items: how stock comes from each origin to each warehouse."""
    stocked = both.plan.filter(pl.col("warehouse").is_not_null())
    items = (pl.col("items_year") * pl.col("served_share")).sum()
    rows = []
    for origin, warehouse, mode, count in (
        stocked.group_by("origin", "warehouse", "mode").agg(items).sort("origin", "warehouse", "mode").iter_rows()
    ):
        here, there = network.get_facility(origin), network.get_facility(warehouse)
        line = f"{here.city} to {there.city}"
        rows.append((line, mode, here.latitude, here.longitude, there.latitude, there.longitude, count))
    names = ("line", "mode", "from_latitude", "from_longitude", "to_latitude", "to_longitude", "items")
    kinds = (pl.String, pl.String, *[pl.Float64] * 5)
    return pl.DataFrame(rows, schema=dict(zip(names, kinds, strict=True)), orient="row")


def warehouses_of(served: Plan, scale: float) -> pl.DataFrame:
    """Each open warehouse, most items first: where, items, pieces, room, sellers, articles, fixed cost, source."""
    network = served.network
    rows = [(row.warehouse, *_place(network, row.warehouse), row.source) for row in network.warehouses]
    kinds = (pl.String, pl.Float64, pl.Float64, pl.String)
    names = ("warehouse", "latitude", "longitude", "source")
    known = pl.DataFrame(rows, schema=dict(zip(names, kinds, strict=True)), orient="row")
    stock = served.stock.group_by("warehouse").agg(
        articles=pl.struct("seller", "sku").n_unique(), pieces=pl.col("on_hand").sum(), level=pl.col("level").sum()
    )
    frame = served.warehouses.join(known, on="warehouse").join(stock, on="warehouse", how="left")
    country = word_each(frame.get_column("country"), get_country_name)
    return frame.with_columns(
        place=pl.col("city"),
        country=country,
        items=pl.col("items_year").fill_null(0.0),
        pieces=pl.col("pieces").fill_null(0.0),
        cost_year=pl.col("cost_year_minor") / scale,
        filled=pl.col("on_hand") / pl.col("capacity_items"),
    ).sort("items", "place", descending=[True, False])


def _place(network: Network, code: str) -> tuple[float, float]:
    facility = network.get_facility(code)
    return facility.latitude, facility.longitude


def replenishment_of(served: Plan) -> pl.DataFrame:
    """Each warehouse and mode with its city: articles, pieces a week, lead time, pieces on hand, level, items."""
    cities = {row.warehouse: served.network.get_facility(row.warehouse).city for row in served.network.warehouses}
    if served.replenishment.is_empty():
        return served.replenishment.with_columns(place=pl.lit(None, pl.String))
    place = pl.col("warehouse").replace_strict(cities, return_dtype=pl.String)
    return served.replenishment.with_columns(place=place).sort("items_year", descending=True)


def by_seller(served: Plan, both: Served) -> pl.DataFrame:
    """For each seller what to stock, what it brings and what it risks, most items first.

    articles, pieces (on shelves), goods (their value), write_off (a year); items, from_stock, waits and costs of both
    sides, more_cost (a year), days_saved (of an item), worth (of the days saved a year, at the customers' own worth).
    """
    frame = _both(both, "seller")
    own = both.today.group_by("seller").agg(day=mean_of("value_day_minor") / both.scale)
    lost = both.plan.group_by("seller").agg(write_off=(pl.col("write_off_minor") * pl.col("items_year")).sum())
    value = both.today.group_by("seller", "product_class").agg(
        piece=(pl.col("unit_value_minor") * pl.col("items_year")).sum()
        / (pl.col("pieces") * pl.col("items_year")).sum()
    )
    held = (
        served.stock.join(value, on=["seller", "product_class"], how="left")
        .group_by("seller")
        .agg(
            articles=pl.col("sku").n_unique(),
            pieces=pl.col("on_hand").sum(),
            goods=(pl.col("on_hand") * pl.col("piece").fill_null(pl.col("piece").mean())).sum() / both.scale,
        )
    )
    frame = frame.join(own, on="seller").join(lost, on="seller").join(held, on="seller", how="left")
    return frame.with_columns(
        pl.col("articles", "pieces", "goods").fill_null(0),
        write_off=pl.col("write_off") / both.scale,
        days_saved=pl.col("before") - pl.col("after"),
        more_cost=(pl.col("cost_after") - pl.col("cost_before")) * pl.col("items"),
        worth=(pl.col("before") - pl.col("after")) * pl.col("items") * pl.col("day"),
    ).sort("items", "seller", descending=[True, False])
