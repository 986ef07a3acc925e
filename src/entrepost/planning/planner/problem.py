"""A plan as arrays: which option each group takes, which warehouses are open, what that costs and how long it waits.

What lies on shelves is shared by a pool, so its cost for an item falls with what is served from it. `assign` takes
the cost of shelves as given (`unit_on_hand`); `account` tells it as it is.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from entrepost.network.network import Network
from entrepost.planning.options import PRICES, Options
from entrepost.planning.planner.params import PlanParams
from entrepost.planning.planner.room import Rooms, no_rooms, rooms_of
from entrepost.planning.shelf import keep_each
from entrepost.tables.rules import compile_kernel

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]
YEAR_DAYS = 365.0
BAY = ("warehouse", "origin", "seller", "product_class")
STEP = 0.02
"""A marginal cost is looked at over so much more load."""


@dataclass(frozen=True)
class PlanProblem:
    """Groups that must be served, their options in the order of groups, warehouses and pools.

    Of groups: `items` a year, `begin` of their options. Of options: `place` (the group's number), `price` of an item,
    `wait_days`, `late` (the share that waits longer than asked), `hold` (what a unit on hand more for a unit of load
    adds to the price), `warehouse` and `pool` (-1: direct mail), `load` (units of the pool's load for an item a
    year). Of warehouses: `fixed` cost a year, `capacity` in items on hand, `fixing` (1 forced, 0 forbidden, -1 free).
    Of pools: `share` that is met, `articles`, `unit` on hand for a unit of load at the most, and `bay`: the same for
    all modes by which one seller's class comes to one warehouse. `rooms` are the legs that mail might fill.
    """

    items: Floats
    day_value: Floats
    begin: Integers
    place: Integers
    row: Integers
    price: Floats
    wait_days: Floats
    late: Floats
    hold: Floats
    warehouse: Integers
    pool: Integers
    load: Floats
    codes: tuple[str, ...]
    fixed: Floats
    capacity: Floats
    fixing: NDArray[np.int8]
    share: Floats
    articles: Floats
    unit: Floats
    pool_warehouse: Integers
    bay: Integers
    rooms: Rooms = field(default_factory=no_rooms)

    def scores(self, weight: Floats) -> Floats:
        """What a year of each option costs by the item: price, worth of the wait, and the weight of what is limited."""
        scores: Floats = self.price + self.day_value[self.place] * self.wait_days + weight
        return scores

    def assign(self, scores: Floats, unit: Floats, asked: Floats) -> Integers:
        """The option of least score of each group.

        Parameters
        ----------
        scores : array (options)
            With shelves at the cost that they have at the most load.
        unit : array (pools)
            Units on hand for a unit of load that count instead.
        asked : array (warehouses and one for mail)
            What is asked besides for an item; infinite where a warehouse is closed.
        """
        held = (self.begin, self.hold, self.pool, self.warehouse)
        chosen: Integers = compile_kernel(_assign)(scores, unit - self.unit, asked, held)
        return chosen

    def loads(self, chosen: Integers) -> Floats:
        """Units of load of an article in each pool."""
        stock = chosen[self.pool[chosen] >= 0]
        asked = self.items[self.place[stock]] * self.load[stock]
        return np.bincount(self.pool[stock], asked, self.unit.size) / np.maximum(self.articles, 1.0)

    def sent(self, chosen: Integers) -> Floats:
        """Kilograms a week on each leg that mail might fill."""
        return self.rooms.loads(self.items, chosen)

    def units(self, load: Floats) -> Floats:
        """Units on hand for a unit of load, of each pool at this load; where there is none, that at the most."""
        held = keep_each(load, self.share)[1]
        return np.where(load > 0, held / np.where(load > 0, load, 1.0), self.unit)

    def marginal_units(self, load: Floats) -> Floats:
        """Units on hand more for a unit of load more: what decides whether a group is worth adding to a pool."""
        more = keep_each(load * (1 + STEP), self.share)[1] - keep_each(load, self.share)[1]
        return np.where(load > 0, more / np.where(load > 0, load * STEP, 1.0), self.unit)

    def total(self, figure: Floats, chosen: Integers) -> float:
        """A figure of options, of all items of a year; not by `@`, whose threads wait for busy cores."""
        return float((self.items * figure[chosen]).sum())

    def account(self, chosen: Integers, opened: Flags) -> Account:
        """What a choice costs and how long it waits, shelves as they are."""
        load = self.loads(chosen)
        unit = self.units(load)
        stock = chosen[self.pool[chosen] >= 0]
        pool, place = self.pool[stock], self.place[stock]
        shelves = float((self.items[place] * self.hold[stock] * (unit - self.unit)[pool]).sum())
        on_hand = np.bincount(self.pool_warehouse, unit * load * self.articles, self.fixed.size).astype(np.float64)
        items = float(self.items.sum())
        return Account(
            money=self.total(self.price, chosen) + shelves + float(self.fixed[opened].sum()),
            worth=float((self.items * self.day_value * self.wait_days[chosen]).sum()),
            wait_days=self.total(self.wait_days, chosen) / items,
            late=self.total(self.late, chosen) / items,
            unit=unit,
            on_hand=on_hand,
        )


@dataclass(frozen=True, slots=True)
class Account:
    """What a choice costs a year (`money`), what its waits are worth, its mean wait and the share that waits longer."""

    money: float
    worth: float
    wait_days: float
    late: float
    unit: Floats
    on_hand: Floats

    @property
    def total(self) -> float:
        """Money and worth of waiting: what a plan makes least."""
        return self.money + self.worth


def problem_of(options: Options, network: Network, params: PlanParams) -> PlanProblem:
    """The arrays of a market's options; groups without any option are left out, warehouses are all that might be."""
    rows = options.rows.with_row_index("row")
    named = set(rows.get_column("warehouse").drop_nulls()) | set(params.forced)
    if options.pools.height:
        named |= set(options.pools.get_column("warehouse"))
    codes = tuple(row.warehouse for row in network.warehouses if row.warehouse in named)
    number = {code: place for place, code in enumerate(codes)}
    held = {row.warehouse: row for row in network.warehouses}
    place, begin, served = _places(rows)
    groups, pools = options.market.groups[served], options.pools
    pool = rows.get_column("pool").to_numpy()
    warehouse = rows.get_column("warehouse").replace_strict(number, default=-1, return_dtype=pl.Int64).fill_null(-1)
    cover = np.append(pools.get_column("cover_days").to_numpy(), 0.0) if pools.height else np.zeros(1)
    pieces = groups.get_column("pieces").to_numpy()[place]
    within = f"share_within_{params.within_days}"
    problem = PlanProblem(
        items=groups.get_column("items_year").to_numpy(),
        day_value=groups.get_column("value_day_minor").to_numpy(),
        begin=begin,
        place=place,
        row=rows.get_column("row").cast(pl.Int64).to_numpy(),
        price=rows.get_column(PRICES[params.side]).to_numpy(),
        wait_days=rows.get_column("wait_hours_mean").to_numpy() / 24,
        late=1 - rows.get_column(within).to_numpy(),
        hold=rows.get_column("hold_minor").to_numpy(),
        warehouse=warehouse.to_numpy(),
        pool=pool,
        load=pieces / YEAR_DAYS * cover[pool],
        codes=codes,
        fixed=np.array([float(held[code].cost_year_minor) for code in codes]),
        capacity=np.array([float(held[code].capacity_items) for code in codes]),
        fixing=_fixing(codes, params),
        share=_of(pools, "served_share"),
        articles=_of(pools, "articles"),
        unit=_of(pools, "unit_on_hand"),
        pool_warehouse=pools["warehouse"].replace_strict(number, default=-1, return_dtype=pl.Int64).to_numpy()
        if pools.height
        else np.zeros(0, np.int64),
        bay=pools.select(pl.struct(BAY).rank("dense").cast(pl.Int64) - 1).to_series().to_numpy()
        if pools.height
        else np.zeros(0, np.int64),
        rooms=_rooms(options, network, params),
    )
    return _with_chords(problem)


def _rooms(options: Options, network: Network, params: PlanParams) -> Rooms:
    """The legs that might be filled, unless rooms are not to be looked at."""
    if params.room_share is None:
        return no_rooms()
    market = options.market
    return rooms_of(network, options.rows, market.groups, market.lately, params.room_share)


def _with_chords(problem: PlanProblem) -> PlanProblem:
    """Shelves at the cost that they have for an item when all that might be is served from them."""
    stock = np.flatnonzero(problem.pool >= 0)
    asked = problem.items[problem.place[stock]] * problem.load[stock]
    full = np.bincount(problem.pool[stock], asked, problem.unit.size) / np.maximum(problem.articles, 1.0)
    unit, price = problem.units(full), problem.price.copy()
    price[stock] += problem.hold[stock] * (unit - problem.unit)[problem.pool[stock]]
    return replace(problem, unit=unit, price=price)


def _assign(scores: Any, rise: Any, asked: Any, held: Any) -> Any:
    begin, hold, pool, warehouse = held
    chosen = np.zeros(begin.size, np.int64)
    for group in range(begin.size):
        end = begin[group + 1] if group + 1 < begin.size else scores.size
        least = np.inf
        for option in range(begin[group], end):
            score = scores[option] + asked[warehouse[option]]
            if pool[option] >= 0:
                score += hold[option] * rise[pool[option]]
            if score < least:
                least, chosen[group] = score, option
    return chosen


def _places(rows: pl.DataFrame) -> tuple[Integers, Integers, Integers]:
    """For each row the number of its group among those that have options, their beginnings, and their own rows."""
    named = rows.get_column("place").to_numpy()
    begin = np.flatnonzero(np.diff(named, prepend=-1))
    place = np.cumsum(np.diff(named, prepend=-1) != 0) - 1
    return place.astype(np.int64), begin.astype(np.int64), named[begin].astype(np.int64)


def _fixing(codes: tuple[str, ...], params: PlanParams) -> NDArray[np.int8]:
    fixing = np.full(len(codes), -1, np.int8)
    for state, listed in ((1, params.forced), (0, params.forbidden)):
        for code in listed:
            if code in codes:
                fixing[codes.index(code)] = state
    return fixing


def _of(pools: pl.DataFrame, name: str) -> Floats:
    return pools.get_column(name).cast(pl.Float64).to_numpy() if pools.height else np.zeros(0)
