"""A plan as others take it: a network folder with its warehouses open and filled, and rules that `choose` obeys."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import polars as pl

from entrepost.base.errors import MisuseError
from entrepost.network.network import Network
from entrepost.network.warehouse import Stock
from entrepost.planning.cells import WEIGHTS_G
from entrepost.planning.planner.result import Plan

STOCKED_DAYS = 56.0
"""A simulation brings no new stock in: besides the level, what is sold in so many days is laid in."""
RULE_KEYS = (("seller", "area"), ("seller", "country"), ("country",))
"""What rules ask besides weight and battery: cells as they were planned; then, for what was not ordered before, what
most items of the seller's country do, and of the country."""


def open_planned(plan: Plan, days: float = STOCKED_DAYS) -> Network:
    """The network with the plan's warehouses open and filled; closed ones that it does not use are left out.

    Storage days and the cost of bringing stock in are those of the plan, so that quotes count what it counts.

    Parameters
    ----------
    days : float
        Besides its level, so many days of its demand lie on each article's shelf.
    """
    if plan.planned is None:
        raise MisuseError("there is no plan to export; loosen its limits")
    opened = set(plan.warehouses.get_column("warehouse"))
    network = plan.network
    closed = {row.warehouse for row in network.warehouses if not row.open} - opened
    figures = _warehouse_figures(plan)
    warehouses = tuple(
        replace(row, open=True, **figures.get(row.warehouse, {}))
        for row in network.warehouses
        if row.warehouse not in closed
    )
    pieces = (pl.col("level") + (pl.col("pieces_day") * days).ceil()).cast(pl.Int64)
    laid = plan.stock.group_by("warehouse", "seller", "sku", maintain_order=True).agg(quantity=pieces.sum())
    held = {(row.warehouse, row.seller, row.sku): row for row in network.stock if row.warehouse not in closed}
    held |= {(w, seller, sku): Stock(w, seller, sku, quantity) for w, seller, sku, quantity in laid.iter_rows()}
    return replace(
        network,
        name=f"{network.name}, planned",
        facilities=tuple(row for row in network.facilities if row.facility not in closed),
        processing=tuple(row for row in network.processing if row.facility not in closed),
        delivery=tuple(row for row in network.delivery if row.from_facility not in closed),
        warehouses=warehouses,
        stock=tuple(held.values()),
    )


def format_plan_rules(plan: Plan) -> str:
    """The plan's choice of services as a rule file: by seller, area, weight class and battery.

    Where the plan stocks any popularity of a class, stock comes first: it serves what lies there, and all else goes
    by the direct service that follows. Behind that stand the network's other direct services, should it refuse.
    """
    head = f"# Rules of a plan for {plan.network.name}: the first service that can be used is taken.\n"
    return head + "".join(_rule(row, number) for number, row in enumerate(_rules(plan), 1))


def _warehouse_figures(plan: Plan) -> dict[str, dict[str, Any]]:
    """Storage days and inbound cost a kilogram of each warehouse, as the plan has them, in means over its items."""
    stocked = plan.choices.filter(pl.col("warehouse").is_not_null())
    inbound = plan.options.inbound
    if inbound.is_empty():
        return {}
    keys = ["origin", "warehouse", "mode"]
    kilogram = pl.col("carriage_kg_minor") + pl.col("handling_kg_minor")
    means = (
        stocked.join(inbound, on=keys)
        .group_by("warehouse")
        .agg(kilogram=(kilogram * pl.col("items_year")).sum() / pl.col("items_year").sum())
    )
    pieces = plan.stock.group_by("warehouse").agg(days=pl.col("on_hand").sum() / pl.col("pieces_day").sum())
    rows = means.join(pieces, on="warehouse").iter_rows()
    return {
        code: {"inbound_cost_kg_minor": round(kilogram, 2), "storage_days": round(days, 2)}
        for code, kilogram, days in rows
    }


def _rules(plan: Plan) -> Iterator[dict[str, Any]]:
    """Rules, those of single cells first; sellers and places that take the same services are joined."""
    direct = [service.service for service in plan.network.services if service.kind == "direct"]
    split = pl.col("product_class").str.split("/")
    taken = plan.choices.with_columns(
        weight=split.list.get(1), battery=split.list.get(2), mail=pl.coalesce("fallback", "service")
    )
    for keys in RULE_KEYS:
        for row in _joined(taken, keys).iter_rows(named=True):
            services = [row["stock"]] if row["stock"] else []
            services += [row["mail"], *(each for each in direct if each != row["mail"])]
            yield {**row, "services": services}


def _joined(taken: pl.DataFrame, keys: tuple[str, ...]) -> pl.DataFrame:
    """What most items of each key take by mail and whether any of them is stocked; the last key's values as a list."""
    items, alike = pl.col("items_year"), ["weight", "battery", "stock", "mail"]
    stocked = pl.col("service").filter(pl.col("kind") == "stock").first()
    by_mail = taken.group_by(*keys, "weight", "battery", "mail").agg(items.sum(), stock=stocked)
    first = pl.col("mail").sort_by(items, "mail", descending=[True, False]).first()
    rows = by_mail.group_by(*keys, "weight", "battery").agg(mail=first, stock=pl.col("stock").drop_nulls().first())
    *named, place = keys
    joined = rows.group_by(*named, *alike).agg(pl.col(place).sort())
    if named:
        joined = joined.group_by(*alike, place).agg(pl.col(named).sort())
    return joined.sort(
        "weight", "battery", "mail", "stock", *(pl.col(key).list.first() for key in keys), nulls_last=True
    )


def _rule(row: dict[str, Any], number: int) -> str:
    when = [f"{name} = {json.dumps(row[name])}" for name in ("seller", "area", "country") if name in row]
    when += [*_bounds(str(row["weight"])), f"battery = [{json.dumps(row['battery'])}]"]
    services = json.dumps(row["services"])
    return f'\n[[rule]]\nname = "plan {number}"\nwhen = {{ {", ".join(when)} }}\nservices = {services}\n'


def _bounds(weight: str) -> list[str]:
    """The bounds of a weight class: above the class before it, up to its own end."""
    if weight == "more":
        return [f"weight_over_g = {WEIGHTS_G[-1]}"]
    place = WEIGHTS_G.index(int(weight))
    lower = [f"weight_over_g = {WEIGHTS_G[place - 1]}"] if place else []
    return [*lower, f"weight_to_g = {weight}"]
