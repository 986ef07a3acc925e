"""What is answered when something is wrong: one shape, and the only place where HTTP's numbers meet our errors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from entrepost.base.errors import (
    ChangedRequestError,
    EntrepostError,
    ExhaustedError,
    MissingRowError,
    NotAllowedError,
    NotYetError,
    StoreError,
    TransportError,
    UnknownCallerError,
)

STATUSES: tuple[tuple[type[EntrepostError], int, str], ...] = (
    (UnknownCallerError, 401, "unknown_caller"),
    (NotAllowedError, 403, "not_allowed"),
    (MissingRowError, 404, "not_found"),
    (ExhaustedError, 409, "exhausted"),
    (ChangedRequestError, 422, "changed_request"),
    (StoreError, 503, "store_unavailable"),
    (TransportError, 503, "transport_unavailable"),
    (NotYetError, 503, "not_yet"),
    (EntrepostError, 422, "invalid"),
)
"""The number and code of each error; the first kind that fits holds."""

CODES = {
    400: "unreadable",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "wrong_type",
    429: "too_many_requests",
}
RETRY_SECONDS = 5
MESSAGE_MAX, FIELD_MAX, ERRORS_MAX = 500, 200, 100
"""An error tells no more than this, however long what was sent is."""


class FieldError(BaseModel):
    """One thing that is wrong with what was sent: where, what, and how to mend it."""

    field: str
    message: str
    suggestion: str = ""


class ErrorBody(BaseModel):
    """What is wrong: a code for programs, a message for people, and each thing by its field."""

    code: str
    message: str
    errors: list[FieldError] = []


class ErrorAnswer(BaseModel):
    """The one shape in which everything is told that is wrong."""

    error: ErrorBody


class NotReadyError(Exception):
    """The server is still making ready."""


class TooManyRequestsError(Exception):
    """Somebody asks too often; there is room again after `seconds`."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"asked too often; ask again in {seconds} s")
        self.seconds = seconds


def error_answer(
    status: int, code: str, message: str, errors: Sequence[FieldError] = (), headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """The answer that something is wrong."""
    told = [
        FieldError(
            field=shorten(each.field, FIELD_MAX), message=shorten(each.message), suggestion=shorten(each.suggestion)
        )
        for each in errors[:ERRORS_MAX]
    ]
    body = ErrorAnswer(error=ErrorBody(code=code, message=shorten(message), errors=told))
    return JSONResponse(body.model_dump(), status, headers=headers)


def shorten(text: str, most: int = MESSAGE_MAX) -> str:
    """The beginning of a text that may quote what somebody sent; an ellipsis tells that it goes on."""
    return text if len(text) <= most else text[: most - 1] + "…"


def answer_errors(app: FastAPI) -> None:
    """Let the app answer every error in the one shape."""
    app.add_exception_handler(EntrepostError, _ours)
    app.add_exception_handler(TooManyRequestsError, _too_many)
    app.add_exception_handler(NotReadyError, _not_ready)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(UnicodeEncodeError, _torn)
    app.add_exception_handler(Exception, _unexpected)


def possible(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The errors of a route, as its description tells them."""
    words = {
        400: "What was sent cannot be read",
        401: "No valid key was sent",
        403: "The key may not do this",
        404: "There is no such thing in this account",
        409: "It cannot be done now",
        413: "More was sent than is taken at once",
        415: "What was sent has a type that is not taken",
        422: "What was sent is wrong; `errors` tells each field",
        429: "Asked too often; `Retry-After` tells when to ask again",
        503: "The store is away, or what is asked for is still worked out; `Retry-After` tells when to ask again",
    }
    return {status: {"model": ErrorAnswer, "description": words[status]} for status in statuses}


def _ours(_request: Request, error: Exception) -> JSONResponse:
    status, code = next((status, code) for kind, status, code in STATUSES if isinstance(error, kind))
    headers = {401: {"WWW-Authenticate": "Bearer"}, 503: {"Retry-After": str(RETRY_SECONDS)}}
    return error_answer(status, code, str(error), headers=headers.get(status))


def _not_ready(_request: Request, _error: Exception) -> JSONResponse:
    message = "the server is still making ready what it needs to answer at once; it answers all the same"
    return error_answer(503, "not_ready", message, headers={"Retry-After": str(RETRY_SECONDS)})


def _too_many(_request: Request, error: Exception) -> JSONResponse:
    seconds = getattr(error, "seconds", 1)
    return error_answer(429, CODES[429], str(error), headers={"Retry-After": str(seconds)})


def _invalid(_request: Request, error: Exception) -> JSONResponse:
    found = error.errors() if isinstance(error, RequestValidationError) else []
    errors = [FieldError(field=_path(each["loc"]), message=str(each["msg"])) for each in found]
    unreadable = any(each["type"] == "json_invalid" for each in found)
    status, code = (400, CODES[400]) if unreadable else (422, "invalid")
    return error_answer(status, code, "what was sent cannot be taken; see errors", errors)


def _path(place: Sequence[Any]) -> str:
    """The path of a field, such as `orders[0].weight_g`; a parameter by its name."""
    parts = list(place[1:]) if len(place) > 1 else list(place)
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts)
    return path.removeprefix(".")


def _torn(_request: Request, _error: Exception) -> JSONResponse:
    """Half of a sign, which JSON can write and nothing else can hold."""
    message = "what was sent holds half of a sign, such as \\ud800 without the other half; send whole signs"
    return error_answer(400, CODES[400], message)


def _http(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    code = CODES.get(error.status_code, "refused")
    return error_answer(error.status_code, code, str(error.detail), headers=error.headers)


def _unexpected(request: Request, _error: Exception) -> JSONResponse:
    number = request.scope.get("state", {}).get("request_id", "")
    return error_answer(500, "unexpected", f"something went wrong here; tell us the request {number}")
