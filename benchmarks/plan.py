"""Plans: the sample network with 100,000 orders, the curve of cost against wait, and HiGHS beside us.

``python -m benchmarks.plan [--json]``
"""

from __future__ import annotations

import sys
from dataclasses import replace
from time import perf_counter, process_time

import polars as pl

from benchmarks.comparison import Comparison, Goal, Say, Side, require_equal
from benchmarks.plan_peer import at_fixed_prices, highs
from benchmarks.rate_sheet import list_destinations
from benchmarks.report import main
from entrepost.network.candidates import Candidates, sample_candidates
from entrepost.network.network import Network
from entrepost.network.sample_network import sample_network
from entrepost.planning.cells import market_of
from entrepost.planning.options import options_of
from entrepost.planning.plan import compile_search, limit_of, plan
from entrepost.planning.planner.params import PlanParams
from entrepost.planning.planner.pareto import draw_front
from entrepost.planning.planner.problem import problem_of
from entrepost.planning.planner.search import PlanSearch
from entrepost.tables.sample_orders import sample_orders

SEED = 1
ORDERS, TINY, TINY_COUNTRIES = 100_000, 600, 3
DAYS_MAX = 7.0
GAP = 0.01
POINTS = 12
PEER_ORDERS = 20_000
PEER_SECONDS = 60.0
"""So much processor time HiGHS may take."""


def compare(tiny: bool, say: Say) -> Comparison:
    """Plan the sample network, draw its curve, and give a smaller problem to HiGHS too."""
    network, candidates = _of_few_countries() if tiny else (sample_network(), sample_candidates())
    ours, peer, days = _beside_highs(network, candidates, tiny, say)
    params = PlanParams(days_max=days if tiny else DAYS_MAX, gap_max=GAP)
    orders = sample_orders(network, TINY if tiny else ORDERS, SEED)
    say(f"planning {orders.height:,} orders to a mean wait of {params.days_max:.2f} days")
    begin = perf_counter()
    found = plan(network, orders, params, candidates)
    seconds = perf_counter() - begin
    for line in found.lines():
        say(f"  {line}")
    begin = perf_counter()
    front = draw_front(found.options, found.network, params, 3 if tiny else POINTS)
    curve_seconds = perf_counter() - begin
    with pl.Config(tbl_rows=POINTS, tbl_cols=10, tbl_hide_dataframe_shape=True):
        say(str(front.drop("opened", "bound_year_minor")))
    gaps = front.get_column("gap")
    goals = (
        Goal("plan, s", seconds, 60.0, at_most=True),
        Goal("gap of the plan, %", 100 * found.gap, 1.0, at_most=True),
        Goal(f"curve of {front.height} plans, s", curve_seconds, 300.0, at_most=True),
    )
    figures = {
        "search alone, s": found.seconds,
        "wait, days": found.planned.wait_days if found.planned else float("nan"),
        "warehouses": float(found.warehouses.height),
        "gap of the curve, median, %": 100 * float(gaps.median() or 0.0),  # type: ignore[arg-type]
        "gap of the curve, widest, %": 100 * float(gaps.max() or 0.0),  # type: ignore[arg-type]
        "options": float(found.options.rows.height),
    }
    return Comparison(f"plan of {orders.height:,} orders", "plans", SEED, ours, peer, goals, figures)


def _of_few_countries() -> tuple[Network, Candidates]:
    """The sample network to a few countries, with the candidates that lie there."""
    network, candidates = sample_network(), sample_candidates()
    to = list_destinations(network)[:TINY_COUNTRIES]
    there = frozenset(each.facility for each in candidates.facilities if each.country in to)
    there = frozenset(each.warehouse for each in candidates.warehouses if each.warehouse in there)
    return replace(network, regions=tuple(row for row in network.regions if row.country in to)), candidates.only(there)


def _beside_highs(network: Network, candidates: Candidates, tiny: bool, say: Say) -> tuple[Side, Side, float]:
    """Both sides plan a smaller problem with shelves at fixed prices, to the same gap, midway to the shortest wait."""
    extended = candidates.added_to(network)
    params = PlanParams(gap_max=GAP, capacities=False, room_share=None)
    orders = sample_orders(network, TINY if tiny else PEER_ORDERS, SEED)
    options = options_of(network, market_of(network, orders, params), params, extended)
    problem = at_fixed_prices(problem_of(options, extended, params))
    compile_search(problem)
    free = PlanSearch(problem, limit_of(params), params)
    days = 0.5 * (free.fastest().account.wait_days + free.cheapest().account.wait_days)
    params = replace(params, days_max=days)
    begin = process_time()
    search = PlanSearch(problem, limit_of(params), params)
    search.run()
    took = process_time() - begin
    value, bound, peer_took = highs(problem, days, GAP, PEER_SECONDS)
    told = f"ours {search.bound:,.0f} to {search.value:,.0f}, HiGHS {bound:,.0f} to {value:,.0f}"
    require_equal(bound <= search.value * (1 + 1e-6) and search.bound <= value * (1 + 1e-6), told)
    require_equal(abs(search.value - value) <= 2 * GAP * value or peer_took >= PEER_SECONDS, told)
    sized = f"{problem.items.size:,} groups, {problem.price.size:,} options, {problem.fixed.size} warehouses"
    say(f"{sized}, shelves at fixed prices, to a gap of {GAP:.0%} within {days:.2f} days")
    say(f"equal: within the gap, and each bound below the other's plan: {told}")
    timed = "the search, processor time"
    return Side("entrepost", timed, 1.0, (took,)), Side("HiGHS, one thread", timed, 1.0, (peer_took,)), days


if __name__ == "__main__":
    sys.exit(main(compare))
