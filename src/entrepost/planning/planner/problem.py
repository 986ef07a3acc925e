"""A plan as arrays: which option each group takes, which warehouses are open, what that costs and how long it waits.

What lies on shelves is shared by a pool, so its cost for an item falls with what is served from it. `assign` takes
the cost of shelves as given (`unit_on_hand`); `account` tells it as it is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from entrepost.network.network import Network
from entrepost.planning.options import PRICES, Options
from entrepost.planning.planner.params import PlanParams
from entrepost.planning.shelf import keep_shares

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]
YEAR_DAYS = 365.0
STEP = 0.02
"""A marginal cost is looked at over so much more load."""


@dataclass(frozen=True)
class PlanProblem:
    """Groups that must be served, their options in the order of groups, warehouses and pools.

    Of groups: `items` a year, `begin` of their options. Of options: `place` (the group's number), `price` of an item,
    `wait_days`, `late` (the share that waits longer than asked), `hold` (what a unit on hand more for a unit of load
    adds to the price), `warehouse` and `pool` (-1: direct mail), `load` (units of the pool's load for an item a
    year). Of warehouses: `fixed` cost a year, `capacity` in items on hand, `fixing` (1 forced, 0 forbidden, -1 free).
    Of pools: `share` that is met, `articles`, `unit` on hand for a unit of load at the most.
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

    def scores(self, weight: Floats, unit: Floats) -> Floats:
        """What a year of each option costs by the item: price, worth of the wait, and the weight of what is limited."""
        extra = np.zeros(self.price.size)
        stock = self.pool >= 0
        extra[stock] = self.hold[stock] * (unit - self.unit)[self.pool[stock]]
        return self.price + extra + self.day_value[self.place] * self.wait_days + weight

    def assign(self, scores: Floats, opened: Flags) -> Integers:
        """The option of least score of each group, of those by mail and from open warehouses."""
        asked = np.where(np.append(opened, True)[self.warehouse], scores, np.inf)
        least = np.minimum.reduceat(asked, self.begin)
        hit = np.flatnonzero(asked == least[self.place])
        chosen: Integers = hit[np.unique(self.place[hit], return_index=True)[1]]
        return chosen

    def loads(self, chosen: Integers) -> Floats:
        """Units of load of an article in each pool."""
        stock = chosen[self.pool[chosen] >= 0]
        asked = self.items[self.place[stock]] * self.load[stock]
        return np.bincount(self.pool[stock], asked, self.unit.size) / np.maximum(self.articles, 1.0)

    def units(self, load: Floats) -> Floats:
        """Units on hand for a unit of load, of each pool at this load; where there is none, that at the most."""
        unit = self.unit.copy()
        for share in np.unique(self.share):
            used = np.flatnonzero((self.share == share) & (load > 0))
            if used.size:
                unit[used] = keep_shares(load[used], np.array([share]))[1][:, 0] / load[used]
        return unit

    def marginal_units(self, load: Floats) -> Floats:
        """Units on hand more for a unit of load more: what decides whether a group is worth adding to a pool."""
        unit = self.unit.copy()
        for share in np.unique(self.share):
            used = np.flatnonzero((self.share == share) & (load > 0))
            if used.size:
                more = load[used] * (1 + STEP)
                held, after = (keep_shares(each, np.array([share]))[1][:, 0] for each in (load[used], more))
                unit[used] = (after - held) / (load[used] * STEP)
        return unit

    def account(self, chosen: Integers, opened: Flags) -> Account:
        """What a choice costs and how long it waits, shelves as they are."""
        load = self.loads(chosen)
        unit = self.units(load)
        items, pool = self.items, self.pool[chosen]
        extra = np.where(pool >= 0, self.hold[chosen] * (unit - self.unit)[pool], 0.0) if unit.size else 0.0
        price = float(items @ (self.price[chosen] + extra))
        on_hand = np.bincount(self.pool_warehouse, unit * load * self.articles, self.fixed.size).astype(np.float64)
        return Account(
            money=price + float(self.fixed[opened].sum()),
            worth=float(items @ (self.day_value * self.wait_days[chosen])),
            wait_days=float(items @ self.wait_days[chosen] / items.sum()),
            late=float(items @ self.late[chosen] / items.sum()),
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
    """The arrays of a market's options; groups without any option are left out, warehouses are those with one."""
    rows = options.rows.with_row_index("row")
    named = rows.get_column("warehouse").drop_nulls().unique().to_list()
    codes = tuple(row.warehouse for row in network.warehouses if row.warehouse in set(named) | set(params.forced))
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
        pool_warehouse=np.array([number[code] for code in pools["warehouse"]], np.int64)
        if pools.height
        else np.zeros(0, np.int64),
    )
    return _with_chords(problem)


def _with_chords(problem: PlanProblem) -> PlanProblem:
    """Shelves at the cost that they have for an item when all that might be is served from them."""
    stock = np.flatnonzero(problem.pool >= 0)
    asked = problem.items[problem.place[stock]] * problem.load[stock]
    full = np.bincount(problem.pool[stock], asked, problem.unit.size) / np.maximum(problem.articles, 1.0)
    unit, price = problem.units(full), problem.price.copy()
    price[stock] += problem.hold[stock] * (unit - problem.unit)[problem.pool[stock]]
    return replace(problem, unit=unit, price=price)


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
