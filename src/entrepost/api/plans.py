"""`/v1/plans`: which warehouses to open and how to serve every part of the market, made beside everything else."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path as File
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import polars as pl
from fastapi import APIRouter, Depends, Path, Response
from fastapi.responses import HTMLResponse
from pydantic import AwareDatetime, BaseModel, Field

from entrepost.api.callers import caller_with, guarded
from entrepost.api.given import Given, Rejected, given_rows, rejected_of, rows_body
from entrepost.api.house import House, HouseOf
from entrepost.api.paging import PAGE, Cursor, Limit, Page, cut, read_cursor
from entrepost.api.repeats import RepeatsOf
from entrepost.api.rows import ORDER
from entrepost.base.errors import MissingRowError
from entrepost.operations.access import Caller
from entrepost.operations.desk_records import PlanRun
from entrepost.operations.intake import intake_orders
from entrepost.operations.mapping import Mapping
from entrepost.operations.plan_asked import PlanAsked
from entrepost.operations.plan_course import FACTS, REPORT, read_facts
from entrepost.operations.plan_runs import (
    PLAN,
    begin_plan,
    cancel_run,
    folder_of,
    get_run,
    keep_orders,
    list_runs,
    remove_run,
)
from entrepost.wiring import open_store

router = APIRouter(prefix="/v1/plans")
READ, WRITE = "plans:read", "plans:write"
Reader = Annotated[Caller, Depends(caller_with(READ))]
Writer = Annotated[Caller, Depends(caller_with(WRITE))]
Warehouse = Annotated[str, Field(max_length=100)]
Name = Annotated[str, Path(max_length=64, examples=["0661658448c2a05879ab0341"])]
OrdersGiven: Any = given_rows("orders")
CAREFUL = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline' 'unsafe-eval'; img-src data: blob:; "
    "sandbox allow-scripts; frame-ancestors 'self'"
)
"""A report's scripts draw its pictures and reach nothing else: not even this server."""


class PlanWanted(BaseModel):
    """What a plan is asked for; give at most one of `days_max`, `share_min` and `budget`."""

    title: str = Field("", max_length=200, examples=["Five days by summer"])
    days_max: float | None = Field(None, ge=0, description="The mean wait allowed, in days.", examples=[6.5])
    share_min: float | None = Field(None, ge=0, le=1, description="At least this share within `within_days`.")
    within_days: int = Field(5, description="3, 5, 7, 10, 14, 21 or 30.")
    budget: float | None = Field(None, ge=0, description="What a year may cost, in the network's currency.")
    side: str = Field("post", max_length=10, description="post counts what operations cost, seller their charge.")
    as_of: AwareDatetime | None = Field(None, description="Orders placed from then on are not looked at.")
    gap: float = Field(0.01, ge=0, le=1, description="The relative gap that is good enough.")
    seconds: float = Field(60.0, gt=0, le=3_600, description="How long the search may take.")
    points: int = Field(8, ge=0, le=24, description="Of the curve of cost against wait; 0: no curve.")
    rules: int = Field(6, ge=0, le=30, description="At most so many rules; 0: cell by cell.")
    forced: list[Warehouse] = Field([], max_length=500, description="Warehouses that are open whatever it costs.")
    forbidden: list[Warehouse] = Field([], max_length=500, description="Warehouses that stay closed.")
    file: str = Field("", max_length=64, description="Orders that were sent to /v1/plans/orders; empty: the store's.")

    def asked(self) -> PlanAsked:
        """As the planner is asked."""
        given = self.model_dump(exclude={"title"})
        return PlanAsked(**given | {"forced": tuple(self.forced), "forbidden": tuple(self.forbidden)})


class RunShown(BaseModel):
    """How far something is that is made in the background; `gap` and `warehouses` are those of the best by now."""

    title: str
    state: str
    stage: str
    message: str
    created_by: str
    created_at: datetime
    finished_at: datetime | None
    seconds: int
    gap: float | None
    warehouses: int | None


class PlanShown(RunShown):
    """A plan and how far it is."""

    plan: str


class PlanTold(PlanShown):
    """A plan with what was asked and, where it is done, what it says (`result`, as `entrepost plan --json`)."""

    asked: dict[str, Any]
    result: dict[str, Any] | None


class OrdersKept(BaseModel):
    """Orders that may be planned from: ask for them by `file`."""

    file: str
    orders: int
    rows: list[Rejected]


def run_cells(run: PlanRun) -> dict[str, Any]:
    """What is shown of something that is made in the background."""
    names = ("title", "state", "stage", "message", "created_by", "created_at", "finished_at", "seconds", "warehouses")
    return {name: getattr(run, name) for name in names} | {"gap": None if run.gap_ppm is None else run.gap_ppm / 1e6}


def shown(run: PlanRun) -> PlanShown:
    """A plan as it is shown."""
    return PlanShown(plan=run.run, **run_cells(run))


def told(house: House, run: PlanRun) -> PlanTold:
    """A plan with its result."""
    import json

    folder = folder_of(house.uploads, run)
    has_result = run.state not in ("waiting", "running") and (folder / FACTS).is_file()
    result = read_facts(folder) if has_result else None
    return PlanTold(plan=run.run, **run_cells(run), asked=json.loads(run.asked), result=result)


@router.get("", summary="Plans", **guarded(READ))
def list_all(caller: Reader, house: HouseOf, limit: Limit = PAGE, cursor: Cursor = "") -> Page[PlanShown]:
    """Plans of the account, the latest first."""
    (before,) = read_cursor(cursor, str) or ("",)
    found = list_runs(house.store, caller.tenant, PLAN, before, limit + 1)
    kept, following = cut(found, limit, lambda run: [run.run])
    return Page(data=[shown(run) for run in kept], next_cursor=following)


@router.post("", summary="Start a plan", status_code=202, response_model=PlanShown, **guarded(WRITE, 400, 409))
def start(caller: Writer, house: HouseOf, repeats: RepeatsOf, wanted: PlanWanted) -> Response:
    """Plan from the account's orders, or from a file that it sent; ask the plan how far it is."""
    answer = repeats.answer(caller, lambda: shown(begin(house, caller, wanted)), 202)
    house.planner_awake.set()
    return answer


def begin(house: House, caller: Caller, wanted: PlanWanted) -> PlanRun:
    """Begin a plan."""
    return begin_plan(house.store, house.uploads, caller, wanted.asked(), wanted.title)


@router.post(
    "/orders",
    summary="Send orders to plan from",
    status_code=201,
    **guarded(WRITE, 400, 413, 415, extra=rows_body("orders", "orders", ORDER)),
)
def send_orders(caller: Writer, house: HouseOf, given: OrdersGiven) -> OrdersKept:
    """Send orders for plans alone: they are checked and kept for that, and not brought in."""
    sent: Given = given
    caller.demand("orders:read")
    with sent.file(house.uploads) as path:
        orders, findings = read_orders(house, caller.tenant, path)
    rows = rejected_of(findings, sent)
    count = orders.select("seller", "order_id").n_unique()
    file = keep_orders(house.uploads, caller.tenant, orders) if count else ""
    return OrdersKept(file=file, orders=count, rows=rows)


def read_orders(house: House, tenant: str, path: File) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The order lines of a file, read by way of a store that is thrown away, and what is wrong with the others."""
    with TemporaryDirectory() as folder:
        place = File(folder) / "plan.db"
        place.write_bytes(_blank_store())
        kept = open_store(place)
        try:
            mapping = Mapping("orders", constants={"tenant": tenant})
            done = intake_orders(kept, path, mapping, house.surroundings_of(tenant).origins, tenant)
            return kept.list_orders(tenant), kept.list_findings(done.intake)
        finally:
            kept.close()


@cache
def _blank_store() -> bytes:
    """A store with nothing in it: to make one takes forty times as long as to copy it."""
    with TemporaryDirectory() as folder:
        place = File(folder) / "blank.db"
        open_store(place).close()
        return place.read_bytes()


@router.get("/{plan}", summary="A plan", **guarded(READ, 404))
def get(caller: Reader, house: HouseOf, plan: Name) -> PlanTold:
    """How far it is; and its figures of today and planned, warehouses, curve and rules where it is done."""
    return told(house, get_run(house.store, caller.tenant, plan, PLAN))


@router.post("/{plan}/cancel", summary="End a plan", **guarded(WRITE, 404))
def cancel(caller: Writer, house: HouseOf, plan: Name) -> PlanShown:
    """End the search; the best plan by then is kept."""
    return shown(cancel_run(house.store, caller, plan, PLAN))


@router.delete("/{plan}", summary="Remove a plan", **guarded(WRITE, 404))
def remove(caller: Writer, house: HouseOf, plan: Name) -> PlanShown:
    """Forget a plan; its segments stay."""
    return shown(remove_run(house.store, house.uploads, caller, plan, PLAN))


@router.get(
    "/{plan}/report",
    summary="A plan's report",
    response_class=HTMLResponse,
    **guarded(READ, 404),
)
def report(caller: Reader, house: HouseOf, plan: Name) -> HTMLResponse:
    """The report as one page that needs nothing else."""
    path = folder_of(house.uploads, get_run(house.store, caller.tenant, plan, PLAN)) / REPORT
    if not path.is_file():
        raise MissingRowError(f"the plan {plan} has no report")
    return HTMLResponse(path.read_text(encoding="utf-8"), headers={"Content-Security-Policy": CAREFUL})
