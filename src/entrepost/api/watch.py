"""Around every request: its number, a bound on its body, headers that keep browsers careful, a count and a line of log.

Neither log nor counts hold a path: it may name a person's item. They hold the route instead.
"""

from __future__ import annotations

import json
import logging
import re
import secrets
import time
from dataclasses import dataclass, field

from fastapi import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from entrepost.api.errors import CODES, error_answer
from entrepost.api.metrics import Metrics
from entrepost.operations.acting import begin_request

LOG = logging.getLogger("entrepost.api")
NUMBER = re.compile(r"[\w.-]{8,64}", re.ASCII)
CAREFUL = ((b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"same-origin"))
NO_STORE = (b"cache-control", b"no-store")


class TooLargeError(HTTPException):
    """More came than may."""

    def __init__(self, most: int) -> None:
        super().__init__(413, f"at most {most:,} bytes are taken at once; send the rows to /v1/batches")


@dataclass
class Watch:
    """Watches over an app."""

    app: ASGIApp
    metrics: Metrics
    body_bytes_max: int
    large: tuple[str, ...] = field(default=())
    """Paths whose bodies have a bound of their own."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, and note how it went."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        visit = _Visit(scope, self.body_bytes_max if scope["path"] not in self.large else None, receive, send)
        begin_request()
        with self.metrics.in_flight():
            try:
                await visit.go(self.app)
            finally:
                self._note(scope, visit)

    def _note(self, scope: Scope, visit: _Visit) -> None:
        seconds = time.perf_counter() - visit.began
        route = getattr(scope.get("route"), "path", "(none)")
        self.metrics.count(scope["method"], route, visit.status, seconds)
        if LOG.isEnabledFor(logging.INFO):
            state = scope.get("state", {})
            told = {"request": visit.number, "tenant": state.get("tenant", ""), "method": scope["method"]}
            LOG.info(json.dumps(told | {"route": route, "status": visit.status, "ms": round(1000 * seconds, 2)}))


class _Visit:
    """One request on its way."""

    def __init__(self, scope: Scope, most: int | None, receive: Receive, send: Send) -> None:
        self.scope, self.most, self.receive, self.send = scope, most, receive, send
        self.began, self.status, self.taken = time.perf_counter(), 0, 0
        given = dict(scope["headers"]).get(b"x-request-id", b"").decode("latin-1")
        self.number = given if NUMBER.fullmatch(given) else secrets.token_hex(8)
        scope.setdefault("state", {})["request_id"] = self.number

    async def go(self, app: ASGIApp) -> None:
        length = dict(self.scope["headers"]).get(b"content-length", b"")
        try:
            if self.most is not None and length.isdigit() and int(length) > self.most:
                raise TooLargeError(self.most)
            await app(self.scope, self.take, self.give)
        except TooLargeError as error:
            await error_answer(413, CODES[413], error.detail)(self.scope, self.receive, self.give)

    async def take(self) -> Message:
        message = await self.receive()
        if message["type"] == "http.request":
            self.taken += len(message.get("body", b""))
            if self.most is not None and self.taken > self.most:
                raise TooLargeError(self.most)
        return message

    async def give(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = [*message.get("headers", []), (b"x-request-id", self.number.encode()), *CAREFUL]
            if not any(name == b"cache-control" for name, _ in headers):
                headers.append(NO_STORE)
            message = {**message, "headers": headers}
        await self.send(message)
