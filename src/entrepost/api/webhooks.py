"""`/v1/webhooks`: endpoints that are told what happens, and what became of every message to them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import polars as pl
from fastapi import APIRouter, Depends, Path, Query, Response
from pydantic import AwareDatetime, BaseModel, Field

from entrepost.api.callers import caller_with, guarded
from entrepost.api.house import HouseOf
from entrepost.api.paging import PAGE, Cursor, Limit, Page, cut, read_cursor
from entrepost.api.repeats import RepeatsOf
from entrepost.operations import webhooks_desk as desk
from entrepost.operations.access import Caller
from entrepost.operations.webhook_store import Endpoint
from entrepost.operations.webhooks import KINDS
from entrepost.operations.webhooks_endpoints import get_endpoint

router = APIRouter(prefix="/v1/webhooks")
READ, WRITE = "webhooks:read", "webhooks:write"
Reader = Annotated[Caller, Depends(caller_with(READ))]
Writer = Annotated[Caller, Depends(caller_with(WRITE))]
EndpointName = Annotated[str, Path(max_length=64, examples=["ep_0f2a5c1b9d8e7f6a4b3c"])]
Url = Annotated[str, Field(max_length=2_000, examples=["https://hooks.example.org/entrepost"])]
Kinds = Annotated[
    list[str],
    Field(max_length=20, examples=[["item.status_changed"]], description=f"Some of {', '.join(KINDS)}; none: all."),
]


class EndpointWanted(BaseModel):
    """Where to be told, and of what; no kinds: of everything."""

    url: Url
    kinds: Kinds = []


class EndpointChange(BaseModel):
    """What is to be another one; what is left out stays."""

    url: Url | None = None
    kinds: Kinds | None = None
    is_on: bool | None = Field(None, description="Switch it on: what waits goes out; or off: nothing more is queued.")


class EndpointShown(BaseModel):
    """An endpoint and how it fares, without its secret."""

    endpoint: str
    url: str
    kinds: list[str]
    state: str
    created_at: datetime | None
    former_until: datetime | None
    failures: int
    failing_since: datetime | None
    paused_until: datetime | None
    answer: str


class EndpointMade(EndpointShown):
    """An endpoint with its new secret, which is shown this once."""

    secret: str


class TriedShown(BaseModel):
    """An attempt to deliver; `code` is the status that the receiver answered, null where it did not."""

    tried_at: datetime
    took_ms: int
    code: int | None
    answer: str


class DeliveryShown(BaseModel):
    """A message on its way to an endpoint, with every attempt."""

    delivery: int
    message: str
    kind: str
    subject: str
    state: str
    created_at: datetime
    due_at: datetime
    done_at: datetime | None
    answer: str
    attempts: list[TriedShown]


class Queued(BaseModel):
    """What is queued now; `message` is its name where it is one."""

    queued: int
    message: str = ""


class AgainWanted(BaseModel):
    """What to tell again: one message, or everything since an instant."""

    message: str = Field("", max_length=64, examples=["msg_5d41402abc4b2a76b9719d911017c592"])
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None
    only_dead: bool = False


def shown(endpoint: Endpoint) -> EndpointShown:
    """An endpoint as it is shown."""
    return EndpointShown(**_cells(endpoint))


@router.get("", summary="Endpoints", **guarded(READ))
def list_all(caller: Reader, house: HouseOf, limit: Limit = PAGE, cursor: Cursor = "") -> Page[EndpointShown]:
    """The endpoints of the account by name."""
    (after,) = read_cursor(cursor, str) or ("",)
    found = [each for each in house.store.webhooks.list_endpoints(caller.tenant) if each.endpoint > after]
    kept, following = cut(found[: limit + 1], limit, lambda each: [each.endpoint])
    return Page(data=[shown(each) for each in kept], next_cursor=following)


@router.post("", summary="Add an endpoint", status_code=201, response_model=EndpointMade, **guarded(WRITE, 400))
def add(caller: Writer, house: HouseOf, repeats: RepeatsOf, wanted: EndpointWanted) -> Response:
    """Tell an endpoint from now on what happens. An answer that is given again tells no secret."""
    return _with_secret(
        repeats, caller, 201, lambda: desk.add(house.store, caller, wanted.url, wanted.kinds, house.sender.check)
    )


@router.get("/{endpoint}", summary="An endpoint", **guarded(READ, 404))
def get(caller: Reader, house: HouseOf, endpoint: EndpointName) -> EndpointShown:
    """How an endpoint fares."""
    return shown(get_endpoint(house.store, caller.tenant, endpoint))


@router.patch("/{endpoint}", summary="Change an endpoint", **guarded(WRITE, 400, 404))
def change(caller: Writer, house: HouseOf, endpoint: EndpointName, wanted: EndpointChange) -> EndpointShown:
    """Give it another URL or other kinds, or switch it on or off."""
    asked = desk.Change(wanted.url, wanted.kinds, wanted.is_on)
    return shown(desk.change(house.store, caller, endpoint, asked, house.sender.check))


@router.delete("/{endpoint}", summary="Remove an endpoint", status_code=204, **guarded(WRITE, 404))
def remove(caller: Writer, house: HouseOf, endpoint: EndpointName) -> Response:
    """Forget it with its queue and its log."""
    desk.remove(house.store, caller, endpoint)
    return Response(status_code=204)


@router.post("/{endpoint}/secret", summary="Turn a secret", response_model=EndpointMade, **guarded(WRITE, 404))
def turn(caller: Writer, house: HouseOf, repeats: RepeatsOf, endpoint: EndpointName) -> Response:
    """Make a new secret; the former one signs beside it until `former_until`, so that no message is missed."""
    return _with_secret(repeats, caller, 200, lambda: desk.turn(house.store, caller, endpoint))


@router.post(
    "/{endpoint}/test", summary="Try an endpoint", status_code=202, response_model=Queued, **guarded(WRITE, 404)
)
def try_out(caller: Writer, house: HouseOf, repeats: RepeatsOf, endpoint: EndpointName) -> Response:
    """Queue a message that says nothing but that it arrives."""

    def effect() -> Queued:
        return Queued(queued=1, message=desk.try_out(house.store, caller, endpoint))

    return repeats.answer(caller, effect, 202)


@router.post(
    "/{endpoint}/replay", summary="Tell again", status_code=202, response_model=Queued, **guarded(WRITE, 400, 404)
)
def tell_again(
    caller: Writer, house: HouseOf, repeats: RepeatsOf, endpoint: EndpointName, wanted: AgainWanted
) -> Response:
    """Tell an endpoint again what it was told, or should have been, under the names that the messages had."""

    def effect() -> Queued:
        get_endpoint(house.store, caller.tenant, endpoint)
        what = desk.Again(wanted.message, wanted.since, wanted.until, wanted.only_dead)
        return Queued(queued=desk.tell_again(house.store, caller, endpoint, what), message=wanted.message)

    return repeats.answer(caller, effect, 202)


@router.get("/{endpoint}/deliveries", summary="The log of an endpoint", **guarded(READ, 404))
def list_deliveries(
    caller: Reader,
    house: HouseOf,
    endpoint: EndpointName,
    state: Annotated[str, Query(max_length=20, description="queued, sending, delivered or dead; else all.")] = "",
    limit: Limit = PAGE,
    cursor: Cursor = "",
) -> Page[DeliveryShown]:
    """Deliveries with every attempt, the latest first; kept for 30 days."""
    get_endpoint(house.store, caller.tenant, endpoint)
    (before,) = read_cursor(cursor, int) or (0,)
    rows = house.store.webhooks.list_deliveries(caller.tenant, endpoint, state, before, limit + 1)
    kept, following = cut(rows.to_dicts(), limit, lambda row: [row["delivery_no"]])
    tries = house.store.webhooks.list_attempts(rows.head(limit)).partition_by("delivery_no", as_dict=True)
    return Page(data=[_delivery(row, tries.get((row["delivery_no"],))) for row in kept], next_cursor=following)


def _with_secret(repeats: Any, caller: Caller, status: int, effect: Any) -> Response:
    """Answer with the secret this once; what is kept to be answered again lacks it."""
    secret: list[str] = []

    def told() -> EndpointMade:
        made: Endpoint = effect()
        secret.append(made.secret)
        return EndpointMade(**_cells(made), secret="")

    answer: Response = repeats.answer(caller, told, status)
    if not secret:
        return answer
    made = EndpointMade.model_validate_json(bytes(answer.body)).model_copy(update={"secret": secret[0]})
    return Response(made.model_dump_json(), status, media_type="application/json")


def _cells(endpoint: Endpoint) -> dict[str, Any]:
    return {name: getattr(endpoint, name) for name in EndpointShown.model_fields} | {"kinds": list(endpoint.kinds)}


def _delivery(row: dict[str, Any], tries: pl.DataFrame | None) -> DeliveryShown:
    told = [] if tries is None else tries.select(list(TriedShown.model_fields)).to_dicts()
    attempts = [TriedShown(**each) for each in told]
    names = [name for name in DeliveryShown.model_fields if name not in ("delivery", "attempts")]
    return DeliveryShown(delivery=row["delivery_no"], attempts=attempts, **{name: row[name] for name in names})
