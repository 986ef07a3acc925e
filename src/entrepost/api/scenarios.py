"""`/v1/scenarios`: what a plan is worth where the world is otherwise, and which warehouses are best in all of them."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Response
from pydantic import BaseModel, Field

from entrepost.api.callers import caller_with, guarded
from entrepost.api.house import House, HouseOf
from entrepost.api.paging import PAGE, Cursor, Limit, Page, cut, read_cursor
from entrepost.api.plans import RunShown, run_cells
from entrepost.api.repeats import RepeatsOf
from entrepost.operations.access import Caller
from entrepost.operations.desk_records import PlanRun
from entrepost.operations.plan_course import WORLDS
from entrepost.operations.plan_runs import SCENARIO, begin_scenarios, cancel_run, folder_of, get_run, list_runs

router = APIRouter(prefix="/v1/scenarios")
READ, WRITE = "scenarios:read", "scenarios:write"
Reader = Annotated[Caller, Depends(caller_with(READ))]
Writer = Annotated[Caller, Depends(caller_with(WRITE))]
Name = Annotated[str, Path(max_length=64, examples=["0661658448c2a05879ab0341"])]


class ScenariosWanted(BaseModel):
    """Which plan to look at in other worlds: demand, fuel and duties 30 % up and down, rail or sea closed."""

    plan: str = Field(max_length=64, examples=["0661658448c2a05879ab0341"])
    title: str = Field("", max_length=200)


class ScenariosShown(RunShown):
    """Scenarios of a plan and how far they are."""

    scenario: str
    plan: str


class ScenariosTold(ScenariosShown):
    """Scenarios with what came of them.

    `sensitivity`: in each world the plan made anew, and the plan as it is; `robust`: sets of warehouses tried in all of
    them, the most robust first; `value` is the plan's money and worth of waits a year, against which regrets are seen.
    """

    sensitivity: list[dict[str, Any]]
    robust: list[dict[str, Any]]
    value: float | None
    currency: str


def shown(run: PlanRun) -> ScenariosShown:
    """Scenarios as they are shown."""
    return ScenariosShown(scenario=run.run, plan=run.of, **run_cells(run))


def told(house: House, run: PlanRun) -> ScenariosTold:
    """Scenarios with what came of them."""
    path = folder_of(house.uploads, run) / WORLDS
    found = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    cells = {"sensitivity": [], "robust": [], "value": None, "currency": ""} | found
    return ScenariosTold(scenario=run.run, plan=run.of, **run_cells(run), **cells)


@router.get("", summary="Scenarios", **guarded(READ))
def list_all(caller: Reader, house: HouseOf, limit: Limit = PAGE, cursor: Cursor = "") -> Page[ScenariosShown]:
    """Scenarios of the account's plans, the latest first."""
    (before,) = read_cursor(cursor, str) or ("",)
    found = list_runs(house.store, caller.tenant, SCENARIO, before, limit + 1)
    kept, following = cut(found, limit, lambda run: [run.run])
    return Page(data=[shown(run) for run in kept], next_cursor=following)


@router.post(
    "",
    summary="Look at a plan in other worlds",
    status_code=202,
    response_model=ScenariosShown,
    **guarded(WRITE, 404, 409),
)
def start(caller: Writer, house: HouseOf, repeats: RepeatsOf, wanted: ScenariosWanted) -> Response:
    """Plan anew in each world beside everything else; ask the scenarios how far they are."""

    def effect() -> ScenariosShown:
        return shown(begin_scenarios(house.store, house.uploads, caller, wanted.plan, wanted.title))

    answer = repeats.answer(caller, effect, 202)
    house.planner_awake.set()
    return answer


@router.get("/{scenario}", summary="Scenarios of a plan", **guarded(READ, 404))
def get(caller: Reader, house: HouseOf, scenario: Name) -> ScenariosTold:
    """How far they are, and what came of them."""
    return told(house, get_run(house.store, caller.tenant, scenario, SCENARIO))


@router.post("/{scenario}/cancel", summary="End scenarios", **guarded(WRITE, 404))
def cancel(caller: Writer, house: HouseOf, scenario: Name) -> ScenariosShown:
    """End them; what is not done is lost."""
    return shown(cancel_run(house.store, caller, scenario, SCENARIO))
