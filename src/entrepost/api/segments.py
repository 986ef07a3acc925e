"""`/v1/segments`: the rules of plans; activated, the quotes of the account obey them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Response
from pydantic import BaseModel, Field

from entrepost.api.callers import caller_with, guarded
from entrepost.api.house import House, HouseOf
from entrepost.api.paging import PAGE, Cursor, Limit, Page, cut, read_cursor
from entrepost.base.errors import EntrepostError
from entrepost.operations import active_rules
from entrepost.operations.access import Caller
from entrepost.operations.desk_records import Segments
from entrepost.operations.opened import addition_of, find_opened
from entrepost.operations.plan_course import read_facts
from entrepost.operations.plan_runs import PLAN, folder_of, get_run

router = APIRouter(prefix="/v1/segments")
READ, WRITE = "segments:read", "segments:write"
Reader = Annotated[Caller, Depends(caller_with(READ))]
Writer = Annotated[Caller, Depends(caller_with(WRITE))]
Name = Annotated[str, Path(max_length=64, examples=["0661658448c2a05879ab0341"])]
Opens = Annotated[bool, Query(description="False: the rules alone, for as long as its warehouses are not open.")]


class SegmentsShown(BaseModel):
    """The rules of a plan, whether quotes obey them, and whether they are given on its network."""

    segments: str
    plan: str
    title: str
    created_by: str
    created_at: datetime
    is_active: bool
    is_open: bool = Field(description="Whether the warehouses of the plan are open for quotes.")


class RuleShown(BaseModel):
    """A rule: to whom (`words`), how they are served, and how many cells and items it is for."""

    segment: int
    words: str
    served: str
    service: str | None
    stocked: bool
    cells: int
    items_year: float
    share: float
    regret_share: float


class SegmentsTold(SegmentsShown):
    """The same rule by rule, and as the rule file that `choose` obeys; what lies beside it is in the export."""

    rules: list[RuleShown]
    text: str
    warehouses: list[str] = Field(description="Those that the plan opens beyond the server's network.")


def shown(house: House, segments: Segments, active: str) -> SegmentsShown:
    """Segments as they are shown."""
    return SegmentsShown(**_cells(house, segments, active))


def told(house: House, segments: Segments) -> SegmentsTold:
    """Segments rule by rule; of a plan that was removed the rule file alone."""
    rules: list[dict[str, Any]] = []
    try:
        run = get_run(house.store, segments.tenant, segments.run, PLAN)
        rules = read_facts(folder_of(house.uploads, run)).get("segments", {}).get("rules", [])
    except EntrepostError:
        pass
    names = list(RuleShown.model_fields)
    listed = [RuleShown(**{name: row[name] for name in names}) for row in rules]
    return SegmentsTold(
        **_cells(house, segments, active_name(house, segments.tenant)),
        rules=listed,
        text=segments.rules,
        warehouses=list(addition_of(segments).opened),
    )


def active_name(house: House, tenant: str) -> str:
    """The segments that quotes of an account obey; empty: none."""
    active = active_rules.find_active(house.store, tenant)
    return active.segments if active else ""


@router.get("", summary="Rules of plans", **guarded(READ))
def list_all(caller: Reader, house: HouseOf, limit: Limit = PAGE, cursor: Cursor = "") -> Page[SegmentsShown]:
    """The rules of all plans that were put into rules, the latest first."""
    (before,) = read_cursor(cursor, str) or ("",)
    found = active_rules.list_segments(house.store, caller.tenant, before, limit + 1)
    kept, following = cut(found, limit, lambda each: [each.segments])
    active = active_name(house, caller.tenant)
    return Page(data=[shown(house, each, active) for each in kept], next_cursor=following)


@router.get("/{segments}", summary="The rules of a plan", **guarded(READ, 404))
def get(caller: Reader, house: HouseOf, segments: Name) -> SegmentsTold:
    """Rule by rule, in words and as a file."""
    return told(house, active_rules.get_segments(house.store, caller.tenant, segments))


@router.get(
    "/{segments}/export",
    summary="The rule file",
    response_class=Response,
    **guarded(READ, 404),
)
def export(caller: Reader, house: HouseOf, segments: Name) -> Response:
    """The rule file and what lies beside it, as a ZIP archive: `entrepost quote --policy rules.toml` obeys it."""
    found = active_rules.get_segments(house.store, caller.tenant, segments)
    headers = {"Content-Disposition": f'attachment; filename="segments-{found.segments}.zip"'}
    return Response(active_rules.pack(found), media_type="application/zip", headers=headers)


@router.post("/{segments}/activate", summary="Let quotes obey the rules", **guarded(WRITE, 404))
def activate(caller: Writer, house: HouseOf, segments: Name, warehouses: Opens = True) -> SegmentsTold:
    """From now on quotes of the account that name no policy obey these rules, in place of any others.

    All its quotes are given on a network with the plan's warehouses open, and filled as the plan fills them.
    """
    active_rules.activate(house.store, house.network, caller, segments, warehouses)
    return told(house, active_rules.get_segments(house.store, caller.tenant, segments))


@router.post("/{segments}/deactivate", summary="Let quotes obey them no more", **guarded(WRITE, 404))
def deactivate(caller: Writer, house: HouseOf, segments: Name) -> SegmentsTold:
    """Quotes are decided, and on the network given, as before any rules were activated."""
    active_rules.deactivate(house.store, caller, segments)
    return told(house, active_rules.get_segments(house.store, caller.tenant, segments))


def _cells(house: House, segments: Segments, active: str) -> dict[str, Any]:
    names = ("segments", "title", "created_by", "created_at")
    cells: dict[str, Any] = {name: getattr(segments, name) for name in names}
    is_open = find_opened(house.store, segments.tenant) == segments.segments
    return cells | {"plan": segments.run, "is_active": segments.segments == active, "is_open": is_open}
