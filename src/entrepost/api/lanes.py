"""`/v1/lanes`: where the days of an account's orders are lost, how that drifts, and promises kept."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Path
from pydantic import BaseModel

from entrepost.api.boards import PATIENCE_SECONDS
from entrepost.api.callers import caller_with, guarded
from entrepost.api.house import HouseOf
from entrepost.api.paging import PAGE, Cursor, Limit, Page, read_cursor, write_cursor
from entrepost.operations.access import Caller
from entrepost.operations.lane_board import CODE, LaneBoard

router = APIRouter(prefix="/v1/lanes")
READ = "lanes:read"
Reader = Annotated[Caller, Depends(caller_with(READ))]


class LaneShown(BaseModel):
    """A lane: waits in days, the promise against what happened, and how recent orders differ from earlier ones."""

    code: str
    lane: str
    orders: int
    items: int
    wait_days: float
    wait_days_p50: float
    wait_days_p90: float
    open_share: float
    customer_days: float
    promised: int
    stated: float | None
    kept: float | None
    kept_error: float | None
    recent_days: float | None
    earlier_days: float | None
    change_days: float | None


class LanesPage(Page[LaneShown]):
    """A page of lanes; `orders` count, as their promised day has passed, `under_way` do not yet."""

    as_of: datetime
    orders: int
    under_way: int


class StepShown(BaseModel):
    """Mean days of a step; what of them rests on missing scans."""

    step: str
    label: str
    part: str
    days: float
    interpolated_days: float


class WeekShown(BaseModel):
    """Orders placed in a week (from its Monday), and their mean wait."""

    week: date
    orders: int
    wait_days: float


class DriftShown(BaseModel):
    """A step at a place: completed and expected in the last 14 days; a ratio below 1 is slower than said."""

    step: str
    place: str
    completed: float
    expected: float
    ratio: float
    least: float
    most: float


class LaneTold(LaneShown):
    """A lane with its steps, weeks, and how the steps at its places drift."""

    steps: list[StepShown]
    weeks: list[WeekShown]
    drift: list[DriftShown]


@router.get("", summary="Where the days are lost", **guarded(READ))
def list_all(caller: Reader, house: HouseOf, limit: Limit = PAGE, cursor: Cursor = "") -> LanesPage:
    """Lanes, those on which most days are waited in all first."""
    (start,) = read_cursor(cursor, int) or (0,)
    board = house.lanes.get(caller.tenant, PATIENCE_SECONDS)
    start = min(max(start, 0), board.lanes.height)
    part = board.lanes.slice(start, limit)
    return LanesPage(
        data=[LaneShown(**row) for row in part.iter_rows(named=True)],
        next_cursor=write_cursor(start + limit) if start + limit < board.lanes.height else "",
        as_of=board.as_of,
        orders=board.orders,
        under_way=board.under_way,
    )


@router.get("/{lane}", summary="A lane", **guarded(READ, 404))
def get(caller: Reader, house: HouseOf, lane: Annotated[str, Path(max_length=40, examples=["CNSHAA-DE"])]) -> LaneTold:
    """A lane step by step and week by week."""
    return told(house.lanes.get(caller.tenant, PATIENCE_SECONDS), lane)


def told(board: LaneBoard, code: str) -> LaneTold:
    """A lane of a board as it is shown."""
    row = board.get_lane(code)
    steps, weeks = (frame.filter(frame[CODE] == code) for frame in (board.steps, board.weeks))
    names = list(DriftShown.model_fields)
    return LaneTold(
        **row,
        steps=[StepShown(**each) for each in steps.drop(CODE, "lane").iter_rows(named=True)],
        weeks=[WeekShown(**each) for each in weeks.drop(CODE).iter_rows(named=True)],
        drift=[DriftShown(**each) for each in board.drift_on(code).select(names).iter_rows(named=True)],
    )
