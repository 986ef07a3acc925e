"""Who asks: a program by its key, or a person's browser by its session; and what of it may do what is asked."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.security import APIKeyCookie, HTTPBearer
from fastapi.security.http import HTTPAuthorizationCredentials

from entrepost.api.errors import TooManyRequestsError, possible
from entrepost.api.house import House, HouseOf
from entrepost.base.errors import NotAllowedError, UnknownCallerError
from entrepost.operations.access import Caller
from entrepost.operations.keys import REFUSED, check_key, glance_key
from entrepost.operations.sign_in import CSRF_HEADER, SESSION_COOKIE, find_session

HARMLESS = ("GET", "HEAD", "OPTIONS")

Bearer = Annotated[
    HTTPAuthorizationCredentials | None,
    Depends(HTTPBearer(auto_error=False, scheme_name="key", description="A key, as Authorization: Bearer KEY")),
]
Cookie = Annotated[
    str | None,
    Depends(
        APIKeyCookie(
            name=SESSION_COOKIE,
            auto_error=False,
            scheme_name="session",
            description=f"The session of a browser; what changes anything carries {CSRF_HEADER} besides",
        )
    ),
]


def find_caller(house: House, request: Request, key: str | None, session: str | None) -> Caller:
    """Who asks.

    Raises
    ------
    UnknownCallerError
        When neither key nor session holds.
    NotAllowedError
        When a browser would change something without the token of its page.
    TooManyRequestsError
        When they ask too often, or somebody from there guesses.
    """
    with at_the_door(house, request):
        caller = _known(house, request, key, session)
    return _let_in(house, request, caller)


def glance_caller(house: House, request: Request, key: str) -> Caller | None:
    """Who asks with a key, at a glance; None where it takes more to know. It raises as `find_caller` does."""
    with at_the_door(house, request):
        caller = glance_key(house.store, key)
    return _let_in(house, request, caller) if caller else None


def caller_with(scope: str) -> Callable[..., Coroutine[Any, Any, Caller]]:
    """A dependency: who asks, and may do what the scope names."""

    async def find(request: Request, house: HouseOf, key: Bearer, session: Cookie) -> Caller:
        text = key.credentials if key else None
        caller = glance_caller(house, request, text) if text is not None and house.store.glance.is_near else None
        if caller is None:
            caller = await run_in_threadpool(find_caller, house, request, text, session)
        caller.demand(scope)
        return caller

    return find


def guarded(scope: str, *statuses: int, **described: Any) -> dict[str, Any]:
    """What a route of that scope tells in its description, for its decorator."""
    return {
        "openapi_extra": {"x-scope": scope, **described.pop("extra", {})},
        "responses": possible(401, 403, 422, 429, 503, *statuses),
        "tags": [scope.partition(":")[0]],
        **described,
    }


@contextmanager
def at_the_door(house: House, request: Request) -> Iterator[None]:
    """Who guesses keys too often is not looked at."""
    stranger = request.client.host if request.client else "nowhere"
    if wait := house.strangers.peek(stranger):
        raise TooManyRequestsError(wait)
    try:
        yield
    except UnknownCallerError:
        house.strangers.take(stranger)
        raise


def _let_in(house: House, request: Request, caller: Caller) -> Caller:
    """Whoever asks too often waits."""
    if wait := house.callers.take(f"{caller.tenant} {caller.who} {caller.key}"):
        raise TooManyRequestsError(wait)
    request.state.tenant = caller.tenant
    return caller


def _known(house: House, request: Request, key: str | None, session: str | None) -> Caller:
    if key is not None:
        return check_key(house.store, key)
    signed_in = find_session(house.store, session, house.params.sign_in) if session else None
    if signed_in is None:
        raise UnknownCallerError(REFUSED)
    if request.method not in HARMLESS and not signed_in.holds(request.headers.get(CSRF_HEADER, "")):
        raise NotAllowedError(f"{CSRF_HEADER} is missing or wrong; load the page anew")
    return signed_in.caller
