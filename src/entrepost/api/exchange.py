"""`/v1/exchange/transmissions`: what partners post to us, signed by their keys, answered when the inbox has it."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.concurrency import run_in_threadpool

from entrepost.api.callers import at_the_door
from entrepost.api.errors import TooManyRequestsError, possible
from entrepost.api.house import House, HouseOf
from entrepost.base.errors import MisuseError
from entrepost.exchange.signature import ID, KEY, SIGNATURE, TIMESTAMP, check_time, verify
from entrepost.operations.acting import act_for, acting_for
from entrepost.operations.exchanging.transport import BYTES_MOST, Arrival, Transmission
from entrepost.operations.partner_key_store import PartnerKey
from entrepost.operations.partner_keys import account_of, find_inward

router = APIRouter(prefix="/v1/exchange")
PATH = "/v1/exchange/transmissions"
HEADERS = {
    KEY: ("The name of the key: all before its last point.", "epx.bWFpbg.0006a1f3c2d4e5b6"),
    ID: ("`interchange:` or `receipt:`, and the transmission's name.", "interchange:CN101_US101_00000001"),
    TIMESTAMP: ("The second at which it was signed.", "1767614400"),
    SIGNATURE: ("`v1,` and the signature after Standard Webhooks.", "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4="),
}
DESCRIBED: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    },
    "parameters": [
        {
            "name": name,
            "in": "header",
            "required": True,
            "description": what,
            "schema": {"type": "string"},
            "example": eg,
        }
        for name, (what, eg) in HEADERS.items()
    ],
    "security": [],
}


@router.post(
    "/transmissions",
    summary="Post a transmission",
    status_code=204,
    tags=["exchange"],
    responses=possible(401, 413, 422, 429, 503),
    openapi_extra=DESCRIBED,
)
async def take(request: Request, house: HouseOf) -> Response:
    """Messages of a partner, or its receipt, as bytes; 204: the inbox has them. What they say a receipt answers."""
    told = request.headers.get("content-length", "")
    if told.isdigit() and int(told) > BYTES_MOST:
        raise _too_large()
    key = await run_in_threadpool(_find_key, house, request)
    body = await _read(request)
    with at_the_door(house, request):
        sent = verify(key, request.headers, body)
    act_for(key.tenant)
    await run_in_threadpool(_take_in, house, key.tenant, sent)
    return Response(status_code=204)


def _find_key(house: House, request: Request) -> PartnerKey:
    """By whose key it says that it is signed, before any of it is read."""
    with at_the_door(house, request):
        check_time(request.headers, house.store.clock.now())
        tenant = account_of(request.headers.get(KEY, ""))
        with acting_for(tenant):
            key = find_inward(house.store, tenant, request.headers[KEY])
    if wait := house.callers.take(f"{tenant} partner {key.key}"):
        raise TooManyRequestsError(wait)
    request.state.tenant = tenant
    return key


async def _read(request: Request) -> bytes:
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > BYTES_MOST:
            raise _too_large()
    return bytes(body)


def _take_in(house: House, tenant: str, sent: Transmission) -> None:
    """Commit it to the inbox; raises `MisuseError` where that refuses all of it."""
    refusals: list[str] = []
    house.take_posted(tenant, Arrival(sent, sent.sender, lambda: None, refusals.append))
    if refusals:
        raise MisuseError(refusals[0])


def _too_large() -> HTTPException:
    return HTTPException(413, f"a transmission has at most {BYTES_MOST:,} bytes; send several smaller ones")
