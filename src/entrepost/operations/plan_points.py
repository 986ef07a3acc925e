"""Picking a point of a plan's curve: a new plan with its warehouses, which waits no longer than the point does."""

from __future__ import annotations

from dataclasses import replace
from math import ceil
from pathlib import Path
from typing import Any

from entrepost.base.errors import MissingRowError
from entrepost.operations.access import Caller
from entrepost.operations.desk_records import PlanRun
from entrepost.operations.plan_asked import read_asked
from entrepost.operations.plan_course import read_facts
from entrepost.operations.plan_runs import begin_plan, folder_of
from entrepost.operations.store import Store

PLACES = 100
"""A point's wait is rounded up to hundredths of a day."""


def list_points(facts: dict[str, Any]) -> list[dict[str, Any]]:
    """The points of a curve, the cheapest first; none where none was drawn."""
    points: list[dict[str, Any]] = facts.get("pareto") or []
    return points


def begin_point(store: Store, uploads: Path, by: Caller, run: PlanRun, place: int) -> PlanRun:
    """Begin the plan of a point: the same orders, its warehouses and no others, no longer a wait than its own.

    Raises
    ------
    MissingRowError
        When the curve has no such point.
    """
    points = list_points(read_facts(folder_of(uploads, run)))
    if not 0 <= place < len(points):
        raise MissingRowError(f"the curve has no point {place}")
    point = points[place]
    opened = tuple(code for code in point["opened"].split("+") if code)
    days = ceil(point["wait_days"] * PLACES + 1e-6) / PLACES
    free = {"days_max": days, "share_min": None, "budget": None, "forced": opened, "points": 0}
    title = f"{run.title}: {days:.2f} days, {len(opened)} warehouses"
    return begin_plan(store, uploads, by, replace(read_asked(run.asked), **free), title, like=run)
