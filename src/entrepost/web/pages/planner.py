"""Plans: started here, watched while they are made, read, and their rules activated."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from entrepost.base.errors import MissingRowError, MisuseError
from entrepost.operations import active_rules, plan_runs
from entrepost.operations.desk_records import PlanRun
from entrepost.operations.opened import find_opened
from entrepost.operations.plan_asked import PlanAsked
from entrepost.operations.plan_course import REPORT
from entrepost.operations.plan_points import begin_point
from entrepost.operations.plan_runs import OPEN, PLAN, SCENARIO
from entrepost.web.figures import write_instant
from entrepost.web.form import Form, FormOf
from entrepost.web.frame import Room
from entrepost.web.listing import Cell, Listing, heads
from entrepost.web.plan_shown import STAGES, TONES, show_plan, show_worlds, write_gap
from entrepost.web.reply import PageRoute
from entrepost.web.visit import Visit, change_with, visit_with

ROOM = Room("planner", "Planner", "/planner", "plans:read")
WRITE, ACTIVATE, WORLDS = "plans:write", "segments:write", "scenarios:write"
LISTED = 50
GOALS = (
    ("least", "Least money and waiting"),
    ("days", "A mean wait of at most, days"),
    ("share", "At least this share of the items in time, %"),
    ("budget", "The shortest wait for a budget a year"),
)
WITHIN = tuple((str(days), f"{days} days") for days in (3, 5, 7, 10, 14, 21, 30))
SIDES = (("post", "The post: what operations cost"), ("seller", "The seller: what it is charged"))
REPORT_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data: blob:; "
    "sandbox allow-scripts; frame-ancestors 'none'"
)
"""A report's scripts draw its pictures and reach nothing else: not even this server."""

router = APIRouter(include_in_schema=False, route_class=PageRoute)
Reader = Annotated[Visit, Depends(visit_with(ROOM.scope))]
Writer = Annotated[Visit, Depends(change_with(WRITE))]


@router.get(ROOM.path)
def show(visit: Reader) -> HTMLResponse:
    """All plans, and the form that starts one."""
    runs = plan_runs.list_runs(visit.store, visit.tenant, PLAN, limit=LISTED)
    active = active_rules.find_active(visit.store, visit.tenant)
    return visit.page(
        "planner.html.j2",
        ROOM.title,
        ROOM.name,
        plans=_plans(runs, active.segments if active else ""),
        active=active,
        goals=GOALS,
        within=WITHIN,
        sides=SIDES,
        currency=visit.desk.network().currency,
        may_plan=visit.caller.may(WRITE),
    )


@router.post(ROOM.path)
def start(visit: Writer, form: FormOf) -> RedirectResponse:
    """Start a plan from the account's orders."""
    run = plan_runs.begin_plan(visit.store, visit.desk.uploads, visit.caller, _asked(form), form.get("title"))
    visit.desk.wake_planner()
    return visit.go(f"/planner/{run.run}")


@router.get("/planner/{plan}")
def show_one(visit: Reader, plan: str) -> HTMLResponse:
    """A plan: how far it is, or what it says."""
    run = plan_runs.get_run(visit.store, visit.tenant, plan, PLAN)
    folder = plan_runs.folder_of(visit.desk.uploads, run)
    active = active_rules.find_active(visit.store, visit.tenant)
    worlds = [each for each in plan_runs.list_runs(visit.store, visit.tenant, SCENARIO) if each.of == plan]
    told = None if run.state in OPEN else show_plan(folder)
    return visit.page(
        "plan.html.j2",
        run.title,
        ROOM.name,
        run=run,
        stage=STAGES.get(run.stage, run.stage),
        gap=write_gap(run),
        is_open=run.state in OPEN,
        told=told,
        has_rules=bool(told and told.rules),
        is_active=bool(active and active.segments == plan),
        opened=find_opened(visit.store, visit.tenant) == plan,
        active=active,
        worlds=[show_worlds(plan_runs.folder_of(visit.desk.uploads, each), each) for each in worlds[:1]],
        may={
            name: visit.caller.may(scope)
            for name, scope in (("plan", WRITE), ("activate", ACTIVATE), ("worlds", WORLDS))
        },
        pictures=bool(told and told.drawings),
    )


@router.post("/planner/{plan}")
def change(visit: Writer, plan: str, form: FormOf) -> RedirectResponse:
    """End a plan, remove it, pick a point of its curve, or look at it in other worlds."""
    asked, (store, by, uploads) = form.get("do"), (visit.store, visit.caller, visit.desk.uploads)
    if asked == "cancel":
        plan_runs.cancel_run(store, by, plan, PLAN)
        return visit.go(f"/planner/{plan}", "It ends with the best plan by now.")
    if asked == "remove":
        plan_runs.remove_run(store, uploads, by, plan, PLAN)
        return visit.go(ROOM.path, "Removed.")
    if asked == "pick":
        run = begin_point(store, uploads, by, plan_runs.get_run(store, by.tenant, plan, PLAN), _whole(form, "point"))
        visit.desk.wake_planner()
        return visit.go(f"/planner/{run.run}")
    if asked == "worlds":
        by.demand(WORLDS)
        plan_runs.begin_scenarios(store, uploads, by, plan)
        visit.desk.wake_planner()
        return visit.go(f"/planner/{plan}", "Other worlds are being looked at; come back in a while.")
    raise MisuseError(f"{asked!r} is nothing that can be done to a plan")


@router.post("/planner/{plan}/rules")
def change_rules(visit: Annotated[Visit, Depends(change_with(ACTIVATE))], plan: str, form: FormOf) -> RedirectResponse:
    """Let quotes obey the rules of a plan, or no more."""
    if form.get("do") == "activate":
        opens = form.get("warehouses") != "closed"
        active_rules.activate(visit.store, visit.desk.network(), visit.caller, plan, opens)
        from_stock = " and may be served from its warehouses" if find_opened(visit.store, visit.tenant) else ""
        says = f"Active: from now on quotes and promises of the account obey these rules{from_stock}."
        return visit.go(f"/planner/{plan}", says)
    active_rules.deactivate(visit.store, visit.caller, plan)
    return visit.go(f"/planner/{plan}", "Ended: quotes are decided as before any rules were activated.")


@router.get("/planner/{plan}/report")
def report(visit: Reader, plan: str) -> HTMLResponse:
    """The report as one page."""
    run = plan_runs.get_run(visit.store, visit.tenant, plan, PLAN)
    path = plan_runs.folder_of(visit.desk.uploads, run) / REPORT
    if not path.is_file():
        raise MissingRowError(f"the plan {plan} has no report")
    return HTMLResponse(path.read_text(encoding="utf-8"), headers={"Content-Security-Policy": REPORT_POLICY})


@router.get("/planner/{plan}/rules.zip")
def rules(visit: Annotated[Visit, Depends(visit_with("segments:read"))], plan: str) -> Response:
    """The rule file with what lies beside it."""
    found = active_rules.get_segments(visit.store, visit.tenant, plan)
    headers = {"Content-Disposition": f'attachment; filename="rules-{found.segments}.zip"'}
    return Response(active_rules.pack(found), media_type="application/zip", headers=headers)


def _plans(runs: list[PlanRun], active: str) -> Listing:
    rows = [
        (
            Cell(run.title, f"/planner/{run.run}", note="its rules decide on quotes now" if run.run == active else ""),
            Cell(run.state.capitalize(), tone=TONES.get(run.state, "")),
            write_gap(run),
            "–" if run.warehouses is None else f"{run.warehouses}",
            Cell(write_instant(run.created_at), note=run.created_by),
        )
        for run in runs
    ]
    titles = ("Plan", "State", "Gap", "Warehouses", "Started")
    empty = "No plan yet. Start one: it takes a minute or two and changes nothing by itself."
    return Listing("plans", "Plans, the latest first", heads(*titles, numbers="..nn"), tuple(rows), empty)


def _asked(form: Form) -> PlanAsked:
    """What the form asks for."""
    goal, value = form.get("goal"), _number(form, "value")
    if goal in ("days", "share", "budget") and value is None:
        raise MisuseError("give a number for what the plan shall reach")
    until = form.get("as_of")
    try:
        as_of = datetime.fromisoformat(until).replace(tzinfo=UTC) if until else None
    except ValueError:
        raise MisuseError(f"{until[:20]!r} is no day; write it like 2026-03-01") from None
    return PlanAsked(
        days_max=value if goal == "days" else None,
        share_min=value / 100 if goal == "share" and value is not None else None,
        budget=value if goal == "budget" else None,
        within_days=_whole(form, "within") or 5,
        side=form.get("side") or "post",
        as_of=as_of,
        seconds=_number(form, "seconds") or 60.0,
        points=_whole(form, "points"),
        rules=_whole(form, "rules"),
    )


def _number(form: Form, name: str) -> float | None:
    text = form.get(name).replace(",", "")
    try:
        number = float(text) if text else None
    except ValueError:
        number = math.nan
    if number is not None and not math.isfinite(number):
        raise MisuseError(f"{name}: {text[:20]!r} is no number")
    return number


def _whole(form: Form, name: str) -> int:
    return round(_number(form, name) or 0)
