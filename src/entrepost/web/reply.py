"""What a page answers when something is wrong: a page too, or a few words for a script that asked."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from inspect import isawaitable
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException as StarletteHTTPException

from entrepost.base.errors import (
    EntrepostError,
    MissingRowError,
    NotAllowedError,
    NotYetError,
    StoreError,
    UnknownCallerError,
)
from entrepost.web.figures import write_sentence
from entrepost.web.frame import write_page

STATUSES: tuple[tuple[type[Exception], int, str], ...] = (
    (NotAllowedError, 403, "You may not do this"),
    (MissingRowError, 404, "There is nothing here"),
    (StoreError, 503, "The store does not answer"),
    (NotYetError, 202, "This is being worked out"),
    (RequestValidationError, 422, "This cannot be taken"),
    (EntrepostError, 422, "This cannot be taken"),
)
"""The number and heading of each error; the first kind that fits holds."""

TEXT_MAX = 500
"""An error quotes no more, however long what was sent is."""

AGAIN_SECONDS = 5
"""A page that is not there yet is asked for again after so long."""

Answer = Callable[[Request], Coroutine[Any, Any, Response]]
API = "/v1/"


def _with_pages(route: APIRoute) -> Answer:
    answer = APIRoute.get_route_handler(route)

    async def tell(request: Request) -> Response:
        try:
            return await answer(request)
        except UnknownCallerError as error:
            return _to_the_door(request, error)
        except (EntrepostError, RequestValidationError) as error:
            return tell_error(request, error)

    return tell


class PageRoute(APIRoute):
    """A route that answers errors by pages, and sends who is not signed in to the door."""

    get_route_handler = _with_pages


def tell_error(request: Request, error: Exception) -> Response:
    """The answer to an error of ours."""
    status, heading = next((status, heading) for kind, status, heading in STATUSES if isinstance(error, kind))
    text = "a field has a value that is none" if isinstance(error, RequestValidationError) else str(error)[:TEXT_MAX]
    if _asks_for_json(request):
        return JSONResponse({"message": text}, status)
    if not isinstance(error, NotYetError):
        return write_error(request, status, heading, write_sentence(text))
    path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    answer = write_error(request, status, heading, write_sentence(text), path if request.method == "GET" else "")
    answer.headers["Refresh"] = f"{AGAIN_SECONDS:d}"
    return answer


def write_error(request: Request, status: int, heading: str, text: str, again: str = "") -> Response:
    """The page of an error, in the frame of whoever is signed in; `again` is where to look once more."""
    values: dict[str, Any] = {"heading": heading, "text": text, "again": again, "seconds": AGAIN_SECONDS}
    if visit := getattr(request.state, "visit", None):
        room = next((each.name for each in visit.rooms if each.path != "/" and again.startswith(each.path)), "")
        answer: Response = visit.page("wrong.html.j2", heading, room, status=status, **values)
        return answer
    return write_page("wrong.html.j2", status, title=heading, **values)


def answer_missing(app: FastAPI) -> None:
    """Let the app answer browsers that ask for a page which is not there by a page; programs are answered as before."""
    before = app.exception_handlers.get(StarletteHTTPException)

    async def missing(request: Request, error: Exception) -> Response:
        if before is not None and (request.url.path.startswith(API) or not _wants_page(request)):
            answer: Any = before(request, error)
            told: Response = await answer if isawaitable(answer) else answer
            return told
        return write_error(request, 404, "There is nothing here", "The address is wrong, or what was there is gone.")

    app.add_exception_handler(404, missing)


def _to_the_door(request: Request, error: Exception) -> Response:
    if _asks_for_json(request):
        return JSONResponse({"message": str(error)}, 401)
    path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    onward = f"?next={quote(path, safe='')}" if request.method == "GET" and path != "/" else ""
    return RedirectResponse(f"/sign-in{onward}", 303)


def _asks_for_json(request: Request) -> bool:
    return request.headers.get("accept", "").startswith("application/json")


def _wants_page(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "")
