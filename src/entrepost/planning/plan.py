"""The plan: which warehouses to open and how to serve every cell, for least cost and wait, with a proven gap."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from time import perf_counter

import numpy as np
import polars as pl

from entrepost.base.errors import MisuseError
from entrepost.network.candidates import NONE, Candidates
from entrepost.network.network import Network
from entrepost.planning.cells import Market, market_of
from entrepost.planning.facility import FacilityProblem, locate
from entrepost.planning.options import Options, options_of
from entrepost.planning.planner.bays import bound_bays, find_bays
from entrepost.planning.planner.params import PlanParams
from entrepost.planning.planner.problem import PlanProblem, problem_of
from entrepost.planning.planner.result import Plan, PlanFigures
from entrepost.planning.planner.search import Found, Limit, PlanProgress, PlanSearch
from entrepost.planning.planner.settle import pool, settle
from entrepost.planning.planner.stock import list_replenishment, list_stock


def plan(
    network: Network,
    orders: pl.DataFrame,
    params: PlanParams | None = None,
    candidates: Candidates = NONE,
    progress: Callable[[PlanProgress], None] | None = None,
) -> Plan:
    """Plan warehouses, stock and the service of every cell from what was ordered.

    Interrupting it (Ctrl-C) ends the search; the best plan by then is returned with its gap.

    Parameters
    ----------
    network : Network
        Its services are direct mail; its warehouses, open or not, are candidates.
    orders : DataFrame
        Rows of the table `orders`: the history from which demand is taken.
    params : PlanParams, optional
        Limits and settings; without them least money and worth of waiting, for the post.
    candidates : Candidates, optional
        Further warehouses, such as `sample_candidates()` for the sample network.
    progress : callable, optional
        Called with a `PlanProgress` after each step of the search.

    Returns
    -------
    Plan
        Its status is ``infeasible``, with reasons in words, where no plan keeps the limits.

    Raises
    ------
    MisuseError
        When there are no orders, or a forced warehouse is not known.
    """
    params = params or PlanParams()
    extended = candidates.added_to(network)
    _check_names(extended, params)
    options = _work_out(network, orders, params, extended)
    return search_plan(options, extended, params, progress)


def plan_dearer(
    network: Network, orders: pl.DataFrame, factor: float, params: PlanParams, candidates: Candidates = NONE
) -> Plan:
    """The shortest wait for so many times what today costs; the plan's params hold the budget.

    Parameters
    ----------
    factor : float
        1.05 for 5 % more.
    params : PlanParams
        Without a limit.
    """
    extended = candidates.added_to(network)
    options = _work_out(network, orders, params, extended)
    problem = problem_of(options, extended, params)
    today = _today(problem, options).account.money
    return search_plan(options, extended, replace(params, budget_minor=factor * today))


def _work_out(network: Network, orders: pl.DataFrame, params: PlanParams, extended: Network) -> Options:
    """The options of every group; says why where there is none at all."""
    options = options_of(network, market_of(network, orders, params), params, extended)
    if options.rows.is_empty():
        raise MisuseError(
            f"no service takes any of these orders on {options.market.day}: entrepost quote tells why for each; where "
            "it is a rate of exchange, bring one in with entrepost reference add fx FILE"
        )
    return options


def search_plan(
    options: Options, network: Network, params: PlanParams, progress: Callable[[PlanProgress], None] | None = None
) -> Plan:
    """Plan on options that are known; `network` has all candidates."""
    problem = problem_of(options, network, params)
    compile_search(problem)
    search = PlanSearch(problem, limit_of(params), params, progress)
    reasons = explain_limit(search, options.market)
    if not reasons:
        search.run()
    return describe(search, options, network, reasons)


def limit_of(params: PlanParams) -> Limit:
    """The one limit that is asked for."""
    if params.days_max is not None:
        return Limit("wait", params.days_max)
    if params.share_min is not None:
        return Limit("late", 1 - params.share_min)
    return Limit("money", params.budget_minor) if params.budget_minor is not None else Limit()


def compile_search(problem: PlanProblem) -> None:
    """Compile the kernels of location and of settling before the clock starts."""
    locate(FacilityProblem(cost=[[1.0, 4.0, 9.0], [6.0, 2.0, 1.0]], fixed=[3.0, 3.0]))
    weight = np.zeros(problem.price.size)
    found = pool(problem, settle(problem, problem.fixing != 0, weight, bounded=False, rounds=1), weight, bounded=False)
    bound_bays(problem, find_bays(problem), weight, found, rounds=1)


def explain_limit(search: PlanSearch, market: Market) -> tuple[str, ...]:
    """Why no plan keeps the limit, in words; nothing where one does."""
    limit = search.limit
    if limit.what == "money":
        least = search.cheapest().account.money
        if least <= limit.most:
            return ()
        return (
            f"the budget is {limit.most:,.0f} a year, and the cheapest way to serve all costs {least:,.0f}: raise it",
        )
    if not limit.what:
        return ()
    found = search.fastest()
    if limit.holds(found.account):
        return ()
    if limit.what == "wait":
        asked, best = f"{limit.most:g} days on average", f"{found.account.wait_days:.2f} days"
    else:
        days = search.params.within_days
        asked, best = f"{1 - limit.most:.1%} within {days} days", f"{1 - found.account.late:.1%}"
    mail = search.problem.warehouse[found.chosen] < 0
    items = search.problem.items
    by_mail = float(items[mail].sum() / items.sum())
    waits = float(items[mail] @ search.problem.wait_days[found.chosen][mail] / max(items[mail].sum(), 1e-12))
    return (
        f"{asked} cannot be reached: with every warehouse open and cost no matter it is {best}",
        f"{by_mail:.1%} of the items go by mail even then and wait {waits:.1f} days; "
        f"{market.stockable_share:.1%} of all items could be stocked",
    )


def describe(search: PlanSearch, options: Options, network: Network, reasons: tuple[str, ...]) -> Plan:
    """What a search found, as the caller sees it."""
    problem, found = search.problem, search.best
    today = _today(problem, options)
    status = "infeasible" if reasons else "proved" if search.gap <= search.params.gap_max else "stopped"
    choices = _choices(problem, options, found or today)
    stock = list_stock(options, choices) if found else list_stock(options, choices.clear())
    kept = found is not None and not reasons
    return Plan(
        status=status,
        params=search.params,
        value=search.value,
        bound=search.bound,
        gap=search.gap,
        seconds=perf_counter() - search.begin,
        planned=_figures(problem, options, found) if kept and found else None,
        today=_figures(problem, options, today),
        stockable_share=options.market.stockable_share,
        warehouses=_warehouses(problem, network, choices, found),
        replenishment=list_replenishment(stock, choices),
        stock=stock,
        choices=choices if kept else choices.clear(),
        cells=_cells(options, choices) if kept else options.market.cells.clear(),
        reasons=reasons,
        network=network,
        options=options,
        rooms=_rooms(problem, found or today, today),
    )


def _rooms(problem: PlanProblem, found: Found, today: Found) -> pl.DataFrame:
    """Legs that are filled to more than half of what they may be, the fullest first."""
    planned, now = problem.sent(found.chosen), problem.sent(today.chosen)
    legs = problem.rooms.legs.with_columns(
        room_kg=pl.Series(problem.rooms.room), today_kg=pl.Series(now), planned_kg=pl.Series(planned)
    )
    full = pl.max_horizontal("planned_kg", "today_kg") / pl.col("room_kg")
    return legs.filter(full > 0.5).sort(full, descending=True)


def _check_names(network: Network, params: PlanParams) -> None:
    known = {row.warehouse for row in network.warehouses}
    for code in (*params.forced, *params.forbidden):
        if code not in known:
            raise MisuseError(f"there is no warehouse {code!r}; there are {', '.join(sorted(known)) or 'none'}")


def _today(problem: PlanProblem, options: Options) -> Found:
    """Direct mail alone, each group by the service whose charge and worth of the wait are least."""
    charge, value = (options.rows.get_column(name).to_numpy() for name in ("charge_minor", "value_day_minor"))
    scores = charge + value * problem.wait_days
    closed = np.zeros(len(problem.codes), bool)
    chosen = problem.assign(scores, problem.unit, np.append(np.full(closed.size, np.inf), 0.0))
    return Found(chosen, closed, problem.account(chosen, closed))


def _choices(problem: PlanProblem, options: Options, found: Found) -> pl.DataFrame:
    """A row per group with its option; costs with shelves as they are."""
    rows = options.rows[problem.row[found.chosen]]
    pool = problem.pool[found.chosen]
    shelf = np.zeros(pool.size)
    stock = pool >= 0
    stated = options.pools.get_column("unit_on_hand").to_numpy() if stock.any() else problem.unit
    shelf[stock] = problem.hold[found.chosen][stock] * (found.account.unit - stated)[pool[stock]]
    names = ("group", "country", "area", "origin", "seller", "product_class", "popularity", "items_year", "pieces")
    groups = options.market.groups[rows.get_column("place")].select(names)
    return groups.hstack(rows.drop("pool", "hold_minor", "value_day_minor", "currency")).with_columns(
        pl.col("cost_minor", "charge_minor", "storage_minor") + pl.Series(shelf)
    )


def _figures(problem: PlanProblem, options: Options, found: Found) -> PlanFigures:
    items = problem.items
    rows = options.rows[problem.row[found.chosen]]
    total = float(items.sum())

    def mean(name: str) -> float:
        return float(items @ rows.get_column(name).to_numpy() / total)

    return PlanFigures(
        items_year=total,
        cost_year_minor=found.account.money,
        cost_item_minor=found.account.money / total,
        wait_days=found.account.wait_days,
        share_within=1 - found.account.late,
        undelivered_share=mean("undelivered_share"),
        from_stock_share=mean("served_share"),
        warehouses=int(found.opened.sum()),
    )


def _warehouses(problem: PlanProblem, network: Network, choices: pl.DataFrame, found: Found | None) -> pl.DataFrame:
    schema = {"warehouse": pl.String, "city": pl.String, "country": pl.String}
    numbers = dict.fromkeys(("on_hand", "capacity_items", "cost_year_minor"), pl.Float64)
    opened = [] if found is None else [int(place) for place in np.flatnonzero(found.opened)]
    rows = []
    for place in opened:
        facility = network.get_facility(problem.codes[place])
        held = 0.0 if found is None else float(found.account.on_hand[place])
        named = (facility.facility, facility.city, facility.country)
        rows.append((*named, held, float(problem.capacity[place]), float(problem.fixed[place])))
    served = choices.group_by("warehouse").agg(
        items_year=(pl.col("items_year") * pl.col("served_share")).sum(), sellers=pl.col("seller").n_unique()
    )
    frame = pl.DataFrame(rows, schema={**schema, **numbers}, orient="row")
    return frame.join(served, on="warehouse", how="left", maintain_order="left")


def _cells(options: Options, choices: pl.DataFrame) -> pl.DataFrame:
    names = ("option", "service", "warehouse", "mode", "fallback", "served_share", "cost_minor", "charge_minor")
    chosen = choices.select("group", *names, "wait_hours_mean", f"share_within_{5}", "undelivered_share")
    return options.market.cells.join(chosen, on="group", maintain_order="left")
