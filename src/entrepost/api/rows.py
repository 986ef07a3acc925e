"""`/v1/orders` and `/v1/events`: rows that are taken in at once, each told what became of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any

import polars as pl
from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel

from entrepost.api.callers import caller_with, guarded
from entrepost.api.given import AT_ONCE, Given, Rejected, given_rows, rejected_of, rows_body
from entrepost.api.house import House, HouseOf
from entrepost.api.paging import PAGE, Cursor, Limit, Page, cut, read_cursor, write_cursor
from entrepost.api.repeats import RepeatsOf
from entrepost.base.errors import MissingRowError
from entrepost.operations.access import Caller
from entrepost.operations.batches import take_file
from entrepost.operations.look_store import ROW_KEY, FindingsWanted

router = APIRouter()
ORDER = {
    "seller": "shop",
    "order_id": "o-1001",
    "line": 1,
    "placed_at": "2026-01-05T10:00:00+08:00",
    "sku": "LAMP",
    "quantity": 1,
    "unit_value": "30.00",
    "currency": "CNY",
    "weight_g": 400,
    "origin": "CNSHAA",
    "country": "DE",
    "postcode": "60311",
    "city": "Frankfurt",
}
EVENT = {
    "item_id": "LX000000005CN",
    "code": "EMA",
    "time": "2026-01-05T12:00:00+08:00",
    "facility": "CNSHAA",
}
OrdersGiven: Any = given_rows("orders")
EventsGiven: Any = given_rows("events")


class Taken(BaseModel):
    """What became of the rows: how many are new, were there, and were rejected, and why these."""

    intake: str
    read: int
    accepted: int
    duplicates: int
    rejected: int
    rows: list[Rejected]


class OrderLine(BaseModel):
    """A line of an order."""

    seller: str
    order_id: str
    line: int
    placed_at: datetime
    wanted_by: datetime | None
    sku: str | None
    quantity: int
    unit_value_minor: int
    currency: str | None
    weight_g: int
    origin: str
    country: str
    postcode: str | None
    city: str | None


def take(house: House, kind: str, given: Given, caller: Caller) -> Taken:
    """Take rows in at once."""
    with given.file(house.uploads) as path:
        around = replace(house.surroundings_of(caller.tenant), bounds=AT_ONCE)
        done = take_file(house.store, kind, path, caller.tenant, around)
    rows = rejected_of(house.store.list_findings(done.intake), given)
    return Taken(
        intake=done.intake,
        read=done.read,
        accepted=done.accepted,
        duplicates=done.duplicates,
        rejected=done.rejected,
        rows=rows,
    )


@router.post(
    "/v1/orders",
    summary="Bring orders in",
    response_model=Taken,
    **guarded("orders:write", 400, 413, extra=rows_body("orders", "orders", ORDER)),
)
def bring_orders(
    caller: Annotated[Caller, Depends(caller_with("orders:write"))],
    house: HouseOf,
    repeats: RepeatsOf,
    given: OrdersGiven,
) -> Response:
    """Bring order lines in; a bad one rejects its order and nothing else. A line that is there is a duplicate."""
    answer = repeats.answer(caller, lambda: take(house, "orders", given, caller))
    house.desk_awake.set()
    return answer


@router.post(
    "/v1/events",
    summary="Record events",
    response_model=Taken,
    **guarded("events:write", 400, 413, extra=rows_body("events", "events", EVENT)),
)
def record(
    caller: Annotated[Caller, Depends(caller_with("events:write"))],
    house: HouseOf,
    repeats: RepeatsOf,
    given: EventsGiven,
) -> Response:
    """Record events, late, repeated and in any order; CSV is the quickest. What was answered is durable."""
    return repeats.answer(caller, lambda: take(house, "events", given, caller))


@router.get("/v1/orders", summary="Order lines", **guarded("orders:read"))
def list_lines(
    caller: Annotated[Caller, Depends(caller_with("orders:read"))],
    house: HouseOf,
    limit: Limit = PAGE,
    cursor: Cursor = "",
) -> Page[OrderLine]:
    """The lines of all orders by the time of their orders; `limit` counts orders."""
    place = read_cursor(cursor, datetime, str, str)
    after = None if place is None else (place[0], caller.tenant, place[1], place[2])
    lines = house.store.list_orders(caller.tenant, after=after, limit=limit)
    orders = lines.select("seller", "order_id").unique().height
    last = lines.row(-1, named=True) if orders == limit else None
    following = write_cursor(last["placed_at"].isoformat(), last["seller"], last["order_id"]) if last else ""
    return Page(data=_shown(lines), next_cursor=following)


@router.get("/v1/orders/{seller}/{order_id}", summary="An order", **guarded("orders:read", 404))
def get_order(
    caller: Annotated[Caller, Depends(caller_with("orders:read"))], house: HouseOf, seller: str, order_id: str
) -> list[OrderLine]:
    """The lines of an order."""
    key = pl.DataFrame({"tenant": [caller.tenant], "seller": [seller], "order_id": [order_id]})
    lines = house.store.find_lines(key)
    if not lines.height:
        raise MissingRowError(f"the account has no order {order_id} of {seller}")
    return _shown(lines)


class FindingShown(Rejected):
    """One thing that is wrong with what came in, or became of it."""

    level: str
    subject: str
    intake: str
    found_at: datetime


@dataclass(frozen=True, slots=True)
class FindingsAsked:
    """Which findings are listed."""

    intake: Annotated[str, Query(max_length=100, description="Only those of an intake.")] = ""
    level: Annotated[str, Query(max_length=20, description="Only errors, which reject a row, or only warnings.")] = ""
    code: Annotated[str, Query(max_length=100, description="Only findings of that code.")] = ""


@router.get("/v1/findings", summary="What is wrong", **guarded("findings:read"))
def list_findings(
    caller: Annotated[Caller, Depends(caller_with("findings:read"))],
    house: HouseOf,
    wanted: Annotated[FindingsAsked, Depends()],
    limit: Limit = PAGE,
    cursor: Cursor = "",
) -> Page[FindingShown]:
    """Findings of the account in the order in which they were found; of an intake by the line of its file."""
    kinds = (str, int, str, str) if wanted.intake else (int,)
    after = read_cursor(cursor, *kinds) or ()
    asked = FindingsWanted(caller.tenant, wanted.intake, "", wanted.level, wanted.code, after, limit + 1)
    found = house.store.look.page_findings(asked).rows(named=True)
    key = ROW_KEY if wanted.intake else ("finding_no",)
    kept, following = cut(found, limit, lambda row: [row[name] for name in key])
    return Page(data=[_finding(row) for row in kept], next_cursor=following)


def _finding(row: dict[str, Any]) -> FindingShown:
    return FindingShown(**{name: row["fix" if name == "suggestion" else name] for name in FindingShown.model_fields})


def _shown(lines: pl.DataFrame) -> list[OrderLine]:
    return [OrderLine(**row) for row in lines.select(list(OrderLine.model_fields)).iter_rows(named=True)]
