"""What if the assumed figures are wrong: each drawn within 30 % of what is assumed, the plan staying as it is.

The draws are a Latin hypercube over the hours and the costs of each table of the network (of all rows, for hardly one
is without an assumption), what warehouses cost, the terms of planning, duty and tax. Services stay as they were chosen,
for whoever plans does not know better.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

import numpy as np
import polars as pl
from scipy.stats import qmc

from entrepost.journey.book import route_cost
from entrepost.journey.itinerary import build_itinerary
from entrepost.network.network import Network
from entrepost.planning.simulation.world import get_world
from entrepost.planning.trial import TrialParams
from entrepost.planning.trials.arm import Arm
from entrepost.planning.trials.cost import SHELF_COSTS, Dues, find_dues, with_goods, with_shelf_costs
from entrepost.planning.trials.frames import Trial, conclude
from entrepost.planning.trials.run import Setting, Task, run_replication
from entrepost.reference.planning_term import PlanningTerms
from entrepost.service.landed import Landed
from entrepost.tables.items import ORDER, items_of

WIDTH = 0.3
HOURS = ("hours_min", "hours_p50", "hours_p90")
TIMED = ("processing", "departures", "clearance", "delivery")
COSTED = {
    "processing": ("cost_item_minor", "cost_kg_minor"),
    "departures": ("cost_kg_minor",),
    "clearance": ("cost_item_minor",),
    "delivery": ("cost_item_minor", "cost_kg_minor"),
}
STORED = ("inbound_cost_kg_minor", "inbound_cost_item_minor", "storage_cost_item_day_minor", "cost_year_minor")
FIXED = ("review_days",)
"""Terms that are decided and not assumed."""
IMPORTS = ("duty", "tax")
WHOLE = {"cost_year_minor"}

Factors = Mapping[str, float]
SettingDues = list[tuple[Dues, Dues]]
"""For today and the plan: on the first choices, and on those where an order finds no stock."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """One draw: its factors, and what a trial of one replication gives."""

    factors: Factors
    trial: Trial


def draw_factors(draws: int, seed: int) -> list[Factors]:
    """A Latin hypercube over every figure, each within `WIDTH` of what is assumed."""
    terms = [each.name for each in fields(PlanningTerms) if each.name not in FIXED]
    names = [f"hours of {table}" for table in TIMED] + [f"{table}.{name}" for table in COSTED for name in COSTED[table]]
    names += [f"warehouses.{name}" for name in STORED] + [f"term {name}" for name in terms] + list(IMPORTS)
    sample = qmc.LatinHypercube(d=len(names), seed=np.random.default_rng(seed)).random(draws)
    return [dict(zip(names, (1 - WIDTH + 2 * WIDTH * row).tolist(), strict=True)) for row in sample]


def known_dues(setting: Setting) -> SettingDues:
    """What is due at the border on both sides, which no draw changes but by a factor."""
    sides = []
    for arm in (setting.today, setting.plan):
        first, instead = (find_dues(arm.network, setting.orders, each, Landed()) for each in (arm.first, arm.instead))
        sides.append((first, instead))
    return sides


def doubt(
    setting: Setting, terms: PlanningTerms, factors: Factors, params: TrialParams, seed: int, dues: SettingDues
) -> Doubt:
    """Both sides once more with other figures, in a world of their own; `dues` are those of `known_dues`."""
    changed = replace(
        terms, **{name[5:]: getattr(terms, name[5:]) * by for name, by in factors.items() if name[:5] == "term "}
    )
    imports = (factors["duty"], factors["tax"])
    sides = (
        _changed((arm, known), setting.orders, changed, factors, imports)
        for arm, known in zip((setting.today, setting.plan), dues, strict=True)
    )
    other = replace(setting, **dict(zip(("today", "plan"), sides, strict=True)))
    done = run_replication(other, Task(seed, get_world(params.world)))
    return Doubt(factors, conclude(other, [done], None, params))


def _changed(
    side: tuple[Arm, tuple[Dues, Dues]],
    orders: pl.DataFrame,
    terms: PlanningTerms,
    factors: Factors,
    imports: tuple[float, float],
) -> Arm:
    arm, dues = side
    network = change_network(arm.network, factors)
    first, instead = (
        with_goods(network, orders, operated(network, orders, chosen), terms, due, imports)
        for chosen, due in zip((arm.first, arm.instead), dues, strict=True)
    )
    shelves = arm.named_shelves.drop(SHELF_COSTS)
    return replace(
        arm, network=network, first=first, instead=instead,
        named_shelves=with_shelf_costs(network, orders, shelves, terms, bool(arm.shelves.turns.hour.size)),
    )  # fmt: skip


def change_network(network: Network, factors: Factors) -> Network:
    """The network with other hours and costs; its routes stay."""
    tables = {}
    for table in TIMED:
        hours = dict.fromkeys(HOURS, factors[f"hours of {table}"])
        by = hours | {name: factors[f"{table}.{name}"] for name in COSTED[table]}
        tables[table] = tuple(_times(row, by) for row in getattr(network, table))
    by = {name: factors[f"warehouses.{name}"] for name in STORED}
    return replace(network, **tables, warehouses=tuple(_times(row, by) for row in network.warehouses))


def _times(row: object, by: Factors) -> object:
    new = {name: getattr(row, name) * factor for name, factor in by.items()}
    whole = {name: round(value) for name, value in new.items() if name in WHOLE}
    return replace(row, **(new | whole))  # type: ignore[type-var]


def operated(network: Network, orders: pl.DataFrame, chosen: pl.DataFrame) -> pl.DataFrame:
    """Choices with what operations cost as `cost_minor`: by their routes' steps, and what brings stock in."""
    journeys = chosen.select("service", "route", "area").drop_nulls().unique(maintain_order=True)
    costs = [
        route_cost(build_itinerary(network, service, tuple(route.split(">")), area))
        for service, route, area in journeys.iter_rows()
    ]
    stored = {row.warehouse: row for row in network.warehouses}
    stock = {each.service for each in network.services if each.kind == "stock"}
    inbound = [
        (stored[route].inbound_cost_kg_minor, stored[route].inbound_cost_item_minor) if service in stock else (0.0, 0.0)
        for service, route in journeys.select("service", "route").iter_rows()
    ]
    told = journeys.with_columns(
        item=pl.Series([item for item, _ in costs], dtype=pl.Float64),
        kg=pl.Series([kg for _, kg in costs], dtype=pl.Float64)
        + pl.Series([kg for kg, _ in inbound], dtype=pl.Float64),
        piece=pl.Series([piece for _, piece in inbound], dtype=pl.Float64),
    )
    sums = items_of(orders).group_by(ORDER).agg(
        count=pl.len(), kilograms=pl.col("weight_g").sum() / 1000, number=pl.col("pieces").sum()
    )  # fmt: skip
    wide = chosen.join(told, on=["service", "route", "area"], how="left", maintain_order="left")
    wide = wide.join(sums, on=ORDER, how="left", maintain_order="left")
    cost = pl.col("item") * pl.col("count") + pl.col("kg") * pl.col("kilograms") + pl.col("piece") * pl.col("number")
    return wide.with_columns(cost_minor=cost).select(chosen.columns)
