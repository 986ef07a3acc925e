"""The main job from end to end: orders in, promised, carried, measured; then once more with a warehouse overseas."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import polars as pl

from entrepost.network.network import Network
from entrepost.operations.carry import carry, measure_store, summarise_intakes
from entrepost.operations.demo_learned import Stage, learn_midway
from entrepost.operations.events import record_events
from entrepost.operations.intake import intake_orders
from entrepost.operations.order_desk import Promised, promise_orders
from entrepost.operations.progress import Outcome
from entrepost.operations.store import Store
from entrepost.planning.first_stock import KNOWN_WEEKS, FirstStock, choose_first_stock
from entrepost.planning.report import Change, Context, Measured, Report, make_report, measure
from entrepost.planning.scenario import open_warehouse
from entrepost.planning.simulate import simulate
from entrepost.service.choice import choose
from entrepost.service.quote import quote
from entrepost.tables.items import ORDER
from entrepost.warehouse.stock import available, stock_of

CHOSEN = (
    *(*ORDER, "service", "route", "region", "area", "items", "charge_minor", "cost_minor", "currency"),
    *("wait_hours_p10", "wait_hours_p50", "wait_hours_p95", "arrive_by_p90", "arrive_by_p90_probability"),
)
"""What is needed of a choice to carry an order and to measure what became of it."""


@dataclass(frozen=True, slots=True)
class Demo:
    """What the demonstration did."""

    intake: Outcome
    promised: Promised
    events: int
    report: Report


def run_demo(store: Store, network: Network, orders_file: Path, seed: int, stage: Stage) -> Demo:
    """Run the main job on a file of orders; stopped in the middle, it goes on where it was.

    Parameters
    ----------
    store : Store
        Where orders, promises, items and events are kept.
    network : Network
        Services, places, and warehouses that may be opened.
    orders_file : Path
        Orders with the columns of the table `orders`.
    seed : int
        Of the simulated world; the same for both runs.
    stage : callable
        ``with stage(title): ...`` around each part of the work.
    """
    with stage("orders brought in"):
        intake = intake_orders(store, orders_file, origins=network.facility_by_code)
    with stage("a service promised to each, items numbered"):
        promised = promise_orders(store, network)
    with stage("items carried through the simulated world"):
        events = carry(store, network, seed)
    with stage(f"{events.height:,} events recorded"):
        record_events(store, events, {each.facility: each.time_zone for each in network.facilities})
    with stage("waits measured, step by step"):
        before = measure_store(store, network)
    orders, promises = store.list_orders(), store.list_promises()
    first = choose_first_stock(network, orders)
    with stage(f"the same orders once more, with a warehouse in {first.city}"):
        opened = open_warehouse(network, first.warehouse, first.stock)
        after = _measure_after(network, opened, first, orders, promises, seed)
    learning = learn_midway(network, orders, promises, events, stage)
    with stage("report computed"):
        context = Context(_about(seed), summarise_intakes(store), _change(opened, first), learning)
        report = make_report(opened, before, after, context)
    return Demo(intake, promised, events.height, report)


def choose_again(
    network: Network, opened: Network, first: FirstStock, orders: pl.DataFrame, promises: pl.DataFrame
) -> pl.DataFrame:
    """The choices with the warehouse open: only orders that its stock can serve are looked at anew."""
    later = orders.filter(pl.col("placed_at") >= first.serves_from)
    candidates = later.join(available(stock_of(opened), later), on=ORDER, how="semi", maintain_order="left")
    if candidates.is_empty():
        return promises.select(CHOSEN)
    stock = [service.service for service in network.services if service.kind == "stock"]
    direct = quote(network, candidates).filter(~pl.col("service").is_in(stock))
    stocked = quote(opened.only(stock), candidates)
    chosen = choose(opened, candidates, quotes=pl.concat([direct, stocked])).select(CHOSEN)
    others = promises.select(CHOSEN).join(chosen, on=ORDER, how="anti", maintain_order="left")
    return pl.concat([others, chosen.filter(pl.col("service").is_not_null())], how="vertical_relaxed")


def _measure_after(
    network: Network, opened: Network, first: FirstStock, orders: pl.DataFrame, promises: pl.DataFrame, seed: int
) -> Measured:
    chosen = choose_again(network, opened, first, orders, promises)
    measured = measure(opened, orders, chosen, simulate(opened, orders, chosen, seed))
    return replace(measured, fixed_cost_minor=_fixed_cost(opened, first, orders))


def _fixed_cost(opened: Network, first: FirstStock, orders: pl.DataFrame) -> int:
    """The warehouse's fixed cost of the time in which it serves."""
    year = next(row.cost_year_minor for row in opened.warehouses if row.warehouse == first.warehouse)
    last = orders["placed_at"].max()
    served = max(last - first.serves_from, timedelta(0))  # type: ignore[operator]
    return round(year * (served / timedelta(days=365)))  # type: ignore[operator]


def _about(seed: int) -> tuple[str, ...]:
    return (
        f"These are generated orders in an example network, carried through a simulated world (seed {seed}) that "
        f"differs "
        "on purpose from what the promises assume. It is nobody's operational data.",
    )


def _change(opened: Network, first: FirstStock) -> Change:
    notes = (
        f"What lies in the warehouse was chosen from the first {KNOWN_WEEKS} weeks of orders alone, and only "
        f"orders after "
        f"{first.serves_from:%-d %B} are served from it, so the comparison has no hindsight. How long the goods "
        f"travel to the "
        "warehouse is not part of any customer's wait.",
        "The cost of an item from the warehouse holds bringing the goods there in bulk, receiving and storing "
        "them, and the "
        "local delivery; the warehouse's fixed cost for these weeks is spread over all items. Duty and tax on the "
        "goods, money "
        "tied up in stock, and what remains unsold are not in it.",
    )
    return Change(first.warehouse, first.city, first.countries, first.stock.height, first.pieces, notes)
