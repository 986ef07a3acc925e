"""`/v1/orders/promises`: a service and a day for every order of the store; `/v1/promising`: how they are given."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import polars as pl
from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, Field

from entrepost.api.batches import BatchShown, shown
from entrepost.api.callers import caller_with, guarded
from entrepost.api.house import HouseOf
from entrepost.api.repeats import RepeatsOf
from entrepost.base.errors import MissingRowError
from entrepost.operations.access import Caller
from entrepost.operations.promising import USUAL, ask_promises, find_promising, set_promising
from entrepost.service.policy import BY_NAME

router = APIRouter()


class PromiseShown(BaseModel):
    """What was promised of an order: its service, what it costs, and when it arrives."""

    seller: str
    order_id: str
    service: str
    given_at: datetime
    charge_minor: int | None
    currency: str
    route: str | None
    items: int
    wait_hours_mean: float | None
    wait_hours_p10: int | None
    wait_hours_p50: int | None
    wait_hours_p90: int | None
    arrive_by_p90: datetime | None
    arrive_by_p90_probability: float | None
    wanted_by: datetime | None
    wanted_probability: float | None
    explanation: str | None


class PromisingShown(BaseModel):
    """By which policy orders are promised where no segments are active, and whether as they come in."""

    policy: str = Field(max_length=40, examples=["balanced"], description=f"One of {', '.join(BY_NAME)}.")
    at_once: bool = Field(examples=[True], description="Whether an order is promised as it comes in.")


@router.post(
    "/v1/orders/promises",
    summary="Promise a service to every order without one",
    status_code=202,
    response_model=BatchShown,
    **guarded("orders:write"),
)
def ask(
    caller: Annotated[Caller, Depends(caller_with("orders:write"))], house: HouseOf, repeats: RepeatsOf
) -> Response:
    """By the account's active segments on their network, otherwise by its policy; ask the batch how far it is.

    Its rows are orders: `accepted` have a promise now, `duplicates` had one by somebody else meanwhile, and
    `/v1/batches/{batch}/rejected` says of the others why no service takes them.
    """
    answer = repeats.answer(caller, lambda: shown(ask_promises(house.store, caller)), 202)
    house.wake()
    return answer


@router.get("/v1/orders/{seller}/{order_id}/promise", summary="An order's promise", **guarded("orders:read", 404))
def get_promise(
    caller: Annotated[Caller, Depends(caller_with("orders:read"))], house: HouseOf, seller: str, order_id: str
) -> PromiseShown:
    """The service by which it goes, and until when it arrives."""
    key = pl.DataFrame({"tenant": [caller.tenant], "seller": [seller], "order_id": [order_id]})
    found = house.store.list_promises(orders=key)
    if not found.height:
        raise MissingRowError(f"the order {order_id} of {seller} has no promise")
    return PromiseShown(**found.select(list(PromiseShown.model_fields)).row(0, named=True))


@router.get("/v1/promising", summary="How orders are promised", **guarded("segments:read"))
def get_promising(caller: Annotated[Caller, Depends(caller_with("segments:read"))], house: HouseOf) -> PromisingShown:
    """As the account says it; where it never did, by the policy `balanced` when somebody asks for it."""
    found = find_promising(house.store, caller.tenant)
    return PromisingShown(policy=found.policy if found else USUAL, at_once=bool(found and found.at_once))


@router.put("/v1/promising", summary="Say how orders are promised", **guarded("segments:write"))
def put_promising(
    caller: Annotated[Caller, Depends(caller_with("segments:write"))], house: HouseOf, wanted: PromisingShown
) -> PromisingShown:
    """It holds for orders that come in from now on; promises that were given stay."""
    told = set_promising(house.store, caller, wanted.policy, wanted.at_once)
    return PromisingShown(policy=told.policy, at_once=bool(told.at_once))
