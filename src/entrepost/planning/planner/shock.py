"""What a plan is worth when the world is otherwise: demand, fuel, duties, a closed route; and the robust choice.

The options are changed as the shock says, and the plan is made anew, beside the plan as it was, whose warehouses stay.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import polars as pl

from entrepost.base.errors import MisuseError
from entrepost.network.network import Network
from entrepost.planning.options import Options
from entrepost.planning.plan import search_plan
from entrepost.planning.planner.result import Plan
from entrepost.planning.replicate import ALONE, Crew


@dataclass(frozen=True, slots=True)
class Shock:
    """A world that differs: factors of demand, of the price of fuel and of duties, and what is closed.

    `closed` is a mode (rail) or a facility (CNSHAP): no mail and no stock goes that way. Stock whose shortage goes by a
    closed service keeps it.
    """

    name: str
    demand: float = 1.0
    fuel: float = 1.0
    duties: float = 1.0
    closed: str = ""

    def __post_init__(self) -> None:
        if min(self.demand, self.fuel, self.duties) <= 0:
            raise MisuseError(f"shock {self.name!r}: factors must be above 0")


SHOCKS = (
    Shock("as it is"),
    Shock("demand +30 %", demand=1.3),
    Shock("demand -30 %", demand=0.7),
    Shock("fuel +30 %", fuel=1.3),
    Shock("duties +30 %", duties=1.3),
    Shock("duties -30 %", duties=0.7),
    Shock("no rail", closed="rail"),
    Shock("no sea", closed="sea"),
)


def shocked(options: Options, network: Network, shock: Shock) -> Options:
    """The options as they are under a shock."""
    groups = options.market.groups.with_columns(pl.col("items_year") * shock.demand)
    fuel = pl.col("carriage_minor") * options.terms.fuel_share * (shock.fuel - 1)
    duty = pl.col("duty_minor") * (shock.duties - 1)
    rows = options.rows.filter(~_is_closed(options, network, shock.closed)) if shock.closed else options.rows
    rows = rows.with_columns(
        pl.col("cost_minor", "charge_minor") + fuel + duty,
        carriage_minor=pl.col("carriage_minor") + fuel,
        duty_minor=pl.col("duty_minor") + duty,
    )
    return replace(options, market=replace(options.market, groups=groups), rows=rows)


@dataclass(frozen=True, slots=True)
class World:
    """A shock, the options under it, and the plan that is made there."""

    shock: Shock
    options: Options
    plan: Plan


def plan_worlds(
    found: Plan,
    shocks: Sequence[Shock] = SHOCKS,
    progress: Callable[[int], None] | None = None,
    crew: Crew = ALONE,
) -> list[World]:
    """Make a plan anew under each shock, within the same limits; `progress` is told how many are made."""
    worlds = []
    for each in crew.map(_plan_anew, found, shocks):
        worlds.append(each)
        if progress:
            progress(len(worlds))
    return worlds


def _plan_anew(found: Plan, shock: Shock) -> World:
    options = shocked(found.options, found.network, shock)
    return World(shock, options, search_plan(options, found.network, found.params))


def list_sensitivities(found: Plan, worlds: Sequence[World]) -> pl.DataFrame:
    """In each world: the plan made anew, and the plan as it was found, with its warehouses kept.

    Returns
    -------
    DataFrame
        A row per world: shock, status, wait_days, cost_item_minor, warehouses, opened of the new plan;
        kept_wait_days, kept_cost_item_minor of the old one (null where it cannot keep the limits), and
        regret_year_minor, what its money and worth of waits are above those of the new.
    """
    rows = []
    for world in worlds:
        kept = _with_only(world, found.network, _opened(found))
        told = {"shock": world.shock.name, **_told(world.plan), **_told(kept, "kept_")}
        rows.append({**told, "regret_year_minor": _regret(kept, world.plan)})
    frame = pl.DataFrame(rows, infer_schema_length=None).drop("kept_status", "kept_warehouses", "kept_opened")
    return frame.cast(
        {"kept_wait_days": pl.Float64, "kept_cost_item_minor": pl.Float64, "regret_year_minor": pl.Float64}
    )


def choose_robust(found: Plan, worlds: Sequence[World], progress: Callable[[int], None] | None = None) -> pl.DataFrame:
    """The sets of warehouses that are best in some world, tried in every one.

    Returns
    -------
    DataFrame
        A row per set, the most robust first: opened, warehouses, worst_regret_year_minor, mean_regret_year_minor
        (infinite where it cannot keep the limits in some world that a plan of its own could).
    """
    sets = sorted({_opened(world.plan) for world in worlds if world.plan.planned})
    rows = []
    for number, opened in enumerate(sets, 1):
        tried = [(_with_only(world, found.network, opened), world.plan) for world in worlds if world.plan.planned]
        known = [math.inf if (regret := _regret(*each)) is None else regret for each in tried]
        rows.append(("+".join(opened), len(opened), max(known), sum(known) / len(known)))
        if progress:
            progress(number)
    numbers = dict.fromkeys(("worst_regret_year_minor", "mean_regret_year_minor"), pl.Float64)
    frame = pl.DataFrame(rows, schema={"opened": pl.String, "warehouses": pl.Int64, **numbers}, orient="row")
    return frame.sort(*numbers, "warehouses")


def _is_closed(options: Options, network: Network, closed: str) -> pl.Expr:
    """Rows whose mail or stock goes a closed way."""
    by_mode = [each.service for each in network.services if closed in each.modes.split("+")]
    through = pl.col("route").str.split(">").list.contains(closed)
    mail = (pl.col("kind") == "direct") & (pl.col("service").is_in(by_mode) | through)
    stock = pl.col("mode").fill_null("") == closed
    if not options.inbound.is_empty():
        legs = options.inbound.filter(pl.col("route").str.split(">").list.contains(closed))
        origin = options.market.groups.get_column("origin").to_list()
        pairs = {tuple(row) for row in legs.select("origin", "warehouse", "mode").iter_rows()}
        own = [
            (origin[place], warehouse, mode) in pairs
            for place, warehouse, mode in options.rows.select("place", "warehouse", "mode").iter_rows()
        ]
        stock = stock | pl.lit(pl.Series(own))
    return mail | stock


def _opened(found: Plan) -> tuple[str, ...]:
    return tuple(sorted(found.warehouses.get_column("warehouse")))


def _with_only(world: World, network: Network, opened: tuple[str, ...]) -> Plan:
    """The plan of a world when exactly these warehouses are open."""
    others = tuple(row.warehouse for row in network.warehouses if row.warehouse not in opened)
    params = replace(world.plan.params, forced=opened, forbidden=others)
    return search_plan(world.options, network, params)


def _told(found: Plan, prefix: str = "") -> dict[str, object]:
    then = found.planned
    return {
        f"{prefix}status": found.status,
        f"{prefix}wait_days": then.wait_days if then else None,
        f"{prefix}cost_item_minor": then.cost_item_minor if then else None,
        f"{prefix}warehouses": then.warehouses if then else None,
        f"{prefix}opened": "+".join(_opened(found)),
    }


def _regret(kept: Plan, anew: Plan) -> float | None:
    """What the kept plan costs more, never below 0: two searches may end a little apart within their gaps."""
    if kept.planned is None or anew.planned is None:
        return None
    return max(0.0, kept.value - anew.value)
