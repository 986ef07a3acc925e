"""One side of a trial: how each order is served, and how if it finds no stock."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from entrepost.base.clock import HOUR_US
from entrepost.base.errors import MisuseError
from entrepost.network.network import Network
from entrepost.network.warehouse import Stock
from entrepost.planning.trials.cost import SHELF_COSTS, find_dues, with_goods, with_shelf_costs, without_assumed_days
from entrepost.planning.trials.lead import LANE, find_lanes
from entrepost.planning.trials.stock import Demand, Shelves
from entrepost.planning.trials.turns import shares_at, turns_of, with_coming
from entrepost.reference.planning_term import PlanningTerms
from entrepost.service.choice import choose
from entrepost.service.landed import Landed
from entrepost.service.policy import Policy
from entrepost.service.quote import quote
from entrepost.tables.items import ORDER

CHOSEN = (
    *(*ORDER, "service", "route", "area", "items", "charge_minor", "cost_minor", "currency", "wait_hours_mean"),
    *("arrive_by_p90", "arrive_by_p90_probability"),
)
"""What is needed of a choice to carry an order and to measure its wait."""

SHELF = {
    "warehouse": pl.String,
    "seller": pl.String,
    "sku": pl.String,
    "on_hand": pl.Int64,
    "reorder": pl.Int64,
    "lot": pl.Int64,
    "mode": pl.String,
    "served_share": pl.Float64,
}
"""Columns of shelves: pieces that lie there at first, when and how many are ordered, and what share is planned to find
stock (1 where the column is missing)."""

PLENTY = 1_000_000_000
"""Pieces of every shelf when services are chosen: whether they are there is decided hour by hour."""


@dataclass(frozen=True)
class Arm:
    """How orders are served: `first` as chosen, `instead` where an order finds no stock; a row per order, in one order.

    `asks` are the rows that are to come from stock, in the order of time, as `demand`. Without shelves nothing asks.
    """

    network: Network
    first: pl.DataFrame
    instead: pl.DataFrame
    asks: NDArray[np.int64]
    demand: Demand
    shelves: Shelves
    lanes: pl.DataFrame
    planned_share: NDArray[np.float64]
    named_shelves: pl.DataFrame

    def serve(self, granted: NDArray[np.bool_]) -> pl.DataFrame:
        """The choices once it is known who found stock."""
        missed = np.zeros(self.first.height, dtype=bool)
        missed[self.asks[~granted]] = True
        late = pl.Series(missed)
        kept = self.first.with_row_index("row").filter(~late)
        return pl.concat([kept, self.instead.with_row_index("row").filter(late)]).sort("row").drop("row")

    def planned_hours(self) -> NDArray[np.float64]:
        """The wait that each order is expected to have, by its promise and the planned share that finds stock."""
        first = self.first.get_column("wait_hours_mean").to_numpy().copy()
        instead = self.instead.get_column("wait_hours_mean").to_numpy()
        share = self.planned_share
        first[self.asks] = share * first[self.asks] + (1 - share) * instead[self.asks]
        return first


@dataclass(frozen=True, slots=True)
class Manner:
    """How services are chosen, and what is counted.

    With terms the goods' part is in the cost of orders, and shelves cost what lies on them (`trials.cost`). Promises
    are dated, or those of the ordinary week.
    """

    policy: Policy | None = None
    terms: PlanningTerms | None = None
    dated: bool = True
    landed: Landed = field(default_factory=Landed)


def prepare_today(network: Network, orders: pl.DataFrame, manner: Manner) -> Arm:
    """The side without replenishment: what the network has in stock is given out once, as `choose` does."""
    quotes = _quoted(network, orders, manner)
    chosen = _costed(network, orders, choose(network, orders, manner.policy, quotes), manner)
    nothing = np.zeros(0, np.int64)
    demand = Demand(nothing, np.zeros(1, np.int64), nothing, nothing)
    lanes = pl.DataFrame(schema=dict.fromkeys(LANE, pl.String))
    return Arm(
        network,
        chosen,
        chosen,
        nothing,
        demand,
        Shelves(nothing, nothing, nothing, nothing),
        lanes,
        np.zeros(0),
        pl.DataFrame(schema={**SHELF, **dict.fromkeys(SHELF_COSTS, pl.Float64)}),
    )


@dataclass(frozen=True, slots=True)
class Keeping:
    """How shelves are kept: reviewed every so many hours, with new levels on the way (`trials.turns.TURN`), or none."""

    review_hours: int = 1
    renewed: pl.DataFrame | None = None


def prepare_plan(
    network: Network, orders: pl.DataFrame, manner: Manner, shelves: pl.DataFrame, keeping: Keeping = Keeping()
) -> Arm:
    """The side with shelves that are filled again.

    Raises
    ------
    MisuseError
        When shelves lack a column, or lie in a warehouse that is not open.
    """
    policy, terms = manner.policy, manner.terms
    renewed = keeping.renewed
    shelves = with_coming(read_shelves(network, shelves), renewed)
    shelves = with_shelf_costs(network, orders, shelves, terms, renewed is not None)
    network = network if terms is None else without_assumed_days(network)
    named = shelves.select("warehouse", "seller", "sku")
    stocked = tuple(Stock(warehouse, seller, sku, PLENTY) for warehouse, seller, sku in named.iter_rows())
    stocked_network = replace(network, stock=stocked)
    quotes = _quoted(stocked_network, orders, manner)
    first = choose(stocked_network, orders, policy, quotes)
    stock = [each.service for each in network.services if each.kind == "stock"]
    direct = quotes.with_columns(eligible=pl.col("eligible") & ~pl.col("service").is_in(stock))
    instead = _costed(network, orders, choose(stocked_network, orders, policy, direct), manner)
    origins = orders.group_by("seller").agg(pl.col("origin").mode().sort().first())
    shelves = shelves.join(origins, on="seller", how="left", maintain_order="left").filter(
        pl.col("origin").is_not_null()
    )
    lanes = shelves.select(LANE).unique(maintain_order=True)
    first = _costed(network, orders, first, manner)
    asks, demand, share = _demand(orders, first, (shelves, renewed), stock)
    lane = shelves.join(lanes.with_row_index("lane"), on=LANE, how="left", maintain_order="left")
    on_hand, reorder, lot, number = (
        lane.get_column(name).cast(pl.Int64).to_numpy() for name in ("on_hand", "reorder", "lot", "lane")
    )
    stand = Shelves(on_hand, reorder, lot, number, keeping.review_hours, turns_of(shelves, renewed))
    found = find_lanes(network, lanes) if lanes.height else lanes
    return Arm(network, first, instead, asks, demand, stand, found, share, shelves)


def _quoted(network: Network, orders: pl.DataFrame, manner: Manner) -> pl.DataFrame:
    """Quotes, with what is due at the border where costs are counted whole, as plans count them."""
    return quote(network, orders, dated=manner.dated, landed=None if manner.terms is None else manner.landed)


def _costed(network: Network, orders: pl.DataFrame, chosen: pl.DataFrame, manner: Manner) -> pl.DataFrame:
    chosen = chosen.select(CHOSEN)
    if manner.terms is None:
        return chosen
    dues = find_dues(network, orders, chosen, manner.landed)
    return with_goods(network, orders, chosen, manner.terms, dues)


def shelves_of(stock: pl.DataFrame) -> pl.DataFrame:
    """Empty shelves for the stock of a plan: base stocks, ordered again piece by piece.

    Parameters
    ----------
    stock : DataFrame
        As a plan has it: warehouse, seller, sku, mode, level, pieces_day, served_share. What comes to one by several
        modes comes by the one that brings most.
    """
    busiest = pl.col("mode").sort_by("pieces_day", "mode", descending=[True, False]).first()
    share = (pl.col("served_share") * pl.col("pieces_day")).sum() / pl.col("pieces_day").sum()
    levels = stock.group_by("warehouse", "seller", "sku").agg(pl.col("level").sum(), mode=busiest, served_share=share)
    whole = levels.with_columns(on_hand=pl.lit(0), reorder=pl.col("level") - 1, lot=pl.lit(1))
    return whole.select(pl.col(name).cast(dtype) for name, dtype in SHELF.items()).sort("warehouse", "seller", "sku")


def read_shelves(network: Network, shelves: pl.DataFrame) -> pl.DataFrame:
    """Shelves with all columns of `SHELF`, each in an open warehouse, in order."""
    if "served_share" not in shelves.columns:
        shelves = shelves.with_columns(served_share=pl.lit(1.0))
    if absent := [name for name in SHELF if name not in shelves.columns]:
        raise MisuseError(f"shelves lack the columns {', '.join(absent)}; they have {', '.join(SHELF)}")
    opened = [row.warehouse for row in network.warehouses if row.open]
    closed = shelves.filter(~pl.col("warehouse").is_in(opened)).get_column("warehouse").unique()
    if len(closed):
        raise MisuseError(f"shelves lie in {', '.join(closed)}, which the network does not have open; open it first")
    key = ["warehouse", "seller", "sku"]
    if shelves.select(pl.struct(key).is_duplicated().any()).item():
        raise MisuseError("shelves name an article of a seller twice in a warehouse")
    return shelves.select(pl.col(name).cast(dtype) for name, dtype in SHELF.items()).sort(key)


def _demand(
    orders: pl.DataFrame, first: pl.DataFrame, kept: tuple[pl.DataFrame, pl.DataFrame | None], stock: list[str]
) -> tuple[NDArray[np.int64], Demand, NDArray[np.float64]]:
    """The rows that ask for stock, what they ask for, and the planned share of each that finds it."""
    asking = first.with_row_index("row").filter(pl.col("service").is_in(stock)).select("row", *ORDER, warehouse="route")
    shelves, renewed = kept
    places = shelves.select("warehouse", "seller", "sku", "served_share").with_row_index("shelf")
    lines = orders.group_by(*ORDER, "sku").agg(pl.col("placed_at").first(), pieces=pl.col("quantity").sum())
    asked = shares_at(asking.join(lines, on=ORDER).join(places, on=["warehouse", "seller", "sku"]), renewed)
    hour = -(-pl.col("placed_at").dt.epoch("us") // HOUR_US)
    asked = asked.with_columns(hour=hour).sort("placed_at", "row", "shelf")
    rows = asked.group_by("row", maintain_order=True).agg(
        pl.col("hour").first(), lines=pl.len(), share=pl.col("served_share").product()
    )
    begin = np.concatenate([[0], rows.get_column("lines").to_numpy().cumsum()]).astype(np.int64)
    columns = (asked.get_column(name).cast(pl.Int64).to_numpy() for name in ("shelf", "pieces"))
    demand = Demand(rows.get_column("hour").cast(pl.Int64).to_numpy(), begin, *columns)
    return rows.get_column("row").cast(pl.Int64).to_numpy(), demand, rows.get_column("share").to_numpy()
