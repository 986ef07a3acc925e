"""Posts that may be sent again: the header `Idempotency-Key`, and the one answer to all that carry the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header, Request, Response
from pydantic import BaseModel

from entrepost.api.house import HouseOf
from entrepost.operations.access import Caller
from entrepost.operations.once import LENGTH_MAX, Given, answer_once
from entrepost.operations.once import Request as Asked
from entrepost.operations.store import Store

Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        max_length=LENGTH_MAX,
        description="The same key with the same request has one effect, and for 72 hours the same answer.",
    ),
]


@dataclass(frozen=True, slots=True)
class Repeats:
    """A post that may come again."""

    store: Store
    key: str
    what: str
    body: bytes

    def answer(self, caller: Caller, effect: Callable[[], BaseModel], status: int = 200) -> Response:
        """Have the effect and answer with what it gives, or answer again."""
        asked = Asked(caller.tenant, self.key, self.what, self.body)
        given = answer_once(self.store, asked, lambda: Given(status, effect().model_dump_json()))
        headers = {"Idempotency-Replayed": "true"} if given.again else {}
        return Response(given.text, given.status, headers, "application/json")


async def repeats_of(request: Request, house: HouseOf, key: Key = "") -> Repeats:
    """What makes a post the same as another."""
    what = f"{request.method} {request.url.path}?{request.url.query}"
    return Repeats(house.store, key, what, await request.body())


RepeatsOf = Annotated[Repeats, Depends(repeats_of)]
