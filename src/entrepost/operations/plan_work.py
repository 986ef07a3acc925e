"""The work of a plan that the server makes: planned, drawn, put into rules, told as a folder that its pages read.

Whoever does the work tells how far it is, and is asked whether to go on: who stops keeps the best plan by then.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl

from entrepost.base.errors import MisuseError
from entrepost.network.candidates import NONE, Candidates, sample_candidates
from entrepost.network.network import Network
from entrepost.operations.plan_asked import PlanAsked, read_asked
from entrepost.operations.plan_course import ASKED, ORDERS, REPORT, WORLDS, Course, interrupted, read_facts
from entrepost.operations.plan_figures import write_figures
from entrepost.operations.plan_folder import write_pages, write_plan
from entrepost.planning.plan import plan
from entrepost.planning.plan_report import make_plan_report
from entrepost.planning.plan_reporting.page import make_plan_page
from entrepost.planning.plan_segments import PlanSegments, measure_later, rules_wanted, segment_plan
from entrepost.planning.planner.pareto import draw_front
from entrepost.planning.planner.result import Plan
from entrepost.planning.planner.shock import SHOCKS, choose_robust, list_sensitivities, plan_worlds

SAMPLE = "sample"
RULES_SECONDS = 30.0


def candidates_of(source: str) -> Candidates:
    """Warehouses that may be opened beside those of a network: of the sample network those that come along."""
    return sample_candidates() if source == SAMPLE else NONE


def make_plan(folder: Path, network: Network, candidates: Candidates, course: Course) -> str:
    """Make the plan that a folder asks for, and write it there; why there is none, or nothing.

    Parameters
    ----------
    folder : Path
        Has `ORDERS` and `ASKED`.
    network : Network
        As it is today.
    candidates : Candidates
        Further warehouses.
    course : Course
        Who is told, and who says that it shall end.
    """
    asked, orders = read_folder(folder)
    params = asked.to_params(candidates.added_to(network))
    course.stage("plan")
    found = plan(network, orders, params, candidates, course.progress)
    if found.planned is None:
        write_plan(found, None, None, found.facts(), folder)
        return "; ".join(found.reasons) or "stopped before there was a plan"
    front = _draw(found, asked, course)
    rules = _put_into_rules(found, network, orders, asked, course)
    course.stage("report")
    facts = found.facts() | {"within_days": asked.within_days} | ({"pareto": front} if front is not None else {})
    facts |= {"segments": rules.facts(), "carried": _figures(rules.ruled)} if rules else {}
    write_plan(found, front, rules, facts, folder, network)
    report = make_plan_report(network, found, rules, front)
    write_figures(make_plan_page(report), folder)
    write_pages(report, folder / REPORT, None)
    return ""


def make_worlds(folder: Path, of: Path, network: Network, candidates: Candidates, course: Course) -> str:
    """What a plan (the folder `of`) is worth in other worlds, and the robust choice; why there is none, or nothing."""
    asked, orders = read_folder(of)
    facts = read_facts(of)
    extended = candidates.added_to(network)
    opened = tuple(row["warehouse"] for row in facts["warehouses"])
    others = tuple(row.warehouse for row in extended.warehouses if row.warehouse not in opened)
    params = asked.to_params(extended)
    course.stage("plan")
    found = plan(network, orders, replace(params, forced=opened, forbidden=others), candidates, course.progress)
    if found.planned is None:
        return "; ".join(found.reasons) or "stopped before there was a plan"
    found = replace(found, params=params)
    course.stage("worlds")
    with interrupted() as was:
        worlds = plan_worlds(found, SHOCKS, course.step)
    if was:
        return "stopped before every world was looked at"
    told = {
        "sensitivity": list_sensitivities(found, worlds).to_dicts(),
        "robust": choose_robust(found, worlds).to_dicts(),
        "value": found.value,
        "currency": found.currency,
    }
    (folder / WORLDS).write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    return ""


def read_folder(folder: Path) -> tuple[PlanAsked, pl.DataFrame]:
    """What is asked, and of which orders."""
    asked = read_asked((folder / ASKED).read_text(encoding="utf-8"))
    orders = pl.read_parquet(folder / ORDERS)
    if orders.is_empty():
        raise MisuseError("there are no orders to plan from; bring some in first")
    return asked, orders


def _draw(found: Plan, asked: PlanAsked, course: Course) -> pl.DataFrame | None:
    """The curve of cost against wait; none where none is asked for or there is no time for it."""
    if not asked.points or course.is_over():
        return None
    course.stage("curve")
    with interrupted():
        return draw_front(found.options, found.network, found.params, asked.points, course.step)
    return None


def _put_into_rules(
    found: Plan, network: Network, orders: pl.DataFrame, asked: PlanAsked, course: Course
) -> PlanSegments | None:
    """The plan in rules, measured on the orders from `as_of` on where there are any."""
    if not asked.rules:
        return None
    course.stage("rules")
    rules = segment_plan(found, rules_wanted(asked.rules, seconds_max=min(RULES_SECONDS, asked.seconds)))
    later = orders.filter(pl.col("placed_at") >= asked.as_of) if asked.as_of else orders.clear()
    return rules if later.is_empty() else measure_later(rules, network, later)


def _figures(served: Plan) -> dict[str, Any] | None:
    """The plan as its rules carry it out."""
    figures: dict[str, Any] | None = served.facts()["planned"]
    return figures
