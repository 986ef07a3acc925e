"""An open-loop client: requests leave when they are due, whatever became of those before; a small HTTP of its own."""

from __future__ import annotations

import asyncio
import gc
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from time import perf_counter

import numpy as np

END = b"\r\n\r\n"
LENGTH = b"content-length: "
ANSWER_SECONDS = 120
"""The last answer comes so long after the last request, or the run has failed."""


@dataclass(frozen=True, slots=True)
class Load:
    """The milliseconds of each request from the instant at which it was due, its status, and the seconds of all."""

    milliseconds: np.ndarray
    statuses: np.ndarray
    seconds: float

    @property
    def errors(self) -> int:
        """How many were not answered with 200."""
        return int(np.count_nonzero(self.statuses != 200))


@dataclass
class Line(asyncio.Protocol):
    """A kept connection with one request on it at a time."""

    lines: Lines
    due: float = 0.0
    number: int = -1
    is_open: bool = True
    _came: bytearray = field(default_factory=bytearray)
    _transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ready."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def send(self, number: int, due: float, request: bytes) -> None:
        """Send a request."""
        assert self._transport is not None
        self.number, self.due = number, due
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        """Note when an answer is whole."""
        self._came += data
        end = self._came.find(END)
        if end < 0:
            return
        at = self._came.lower().find(LENGTH, 0, end) + len(LENGTH)
        whole = end + len(END) + int(self._came[at : self._came.find(b"\r", at)])
        if len(self._came) >= whole:
            status = int(self._came[9:12])
            body = bytes(self._came[end + len(END) : whole])
            self._came.clear()
            self.lines.answered(self, status, body)

    def connection_lost(self, _error: Exception | None) -> None:
        """A request that was on its way is lost, and the connection is used no more."""
        self.is_open = False
        if self.number >= 0:
            self.lines.answered(self, 0, b"")
        self.lines.lost()


@dataclass
class Lines:
    """The connections, and what waits for a free one."""

    times: np.ndarray
    statuses: np.ndarray
    open: int = 0
    free: deque[Line] = field(default_factory=deque)
    waiting: deque[tuple[int, float, bytes]] = field(default_factory=deque)
    left: int = 0
    done: asyncio.Event = field(default_factory=asyncio.Event)
    look: Callable[[int, bytes], None] | None = None

    def ask(self, number: int, due: float, request: bytes) -> None:
        """Send a request by the connection that is free for longest, or as soon as one is."""
        while self.free:
            line = self.free.popleft()
            if line.is_open:
                line.send(number, due, request)
                return
        self.waiting.append((number, due, request))

    def answered(self, line: Line, status: int, body: bytes) -> None:
        """Note an answer; the connection is free again."""
        self.times[line.number] = 1000 * (perf_counter() - line.due)
        self.statuses[line.number] = status
        if self.look is not None:
            self.look(line.number, body)
        line.number = -1
        self.left -= 1
        if not self.left:
            self.done.set()
        if self.waiting and line.is_open:
            line.send(*self.waiting.popleft())
        elif line.is_open:
            self.free.append(line)

    def lost(self) -> None:
        """With no connection left, what waits is never answered."""
        self.open -= 1
        if not self.open:
            self.done.set()


async def load(port: int, due: Sequence[float], make: Callable[[int], bytes], connections: int = 64) -> Load:
    """Ask at these seconds from now on, `make` giving the bytes of each request when it is due."""
    lines = Lines(np.zeros(len(due)), np.zeros(len(due), np.int64), left=len(due))
    gc.collect()
    gc.freeze()  # a pause of the client would be told as one of the server
    loop = asyncio.get_running_loop()
    for _ in range(connections):
        _, line = await loop.create_connection(lambda: Line(lines), "127.0.0.1", port)
        lines.free.append(line)
        lines.open += 1
    begin = perf_counter()
    for number, second in enumerate(due):
        wait = begin + second - perf_counter()
        if wait > 0:
            await asyncio.sleep(wait)
        lines.ask(number, begin + second, make(number))
    await asyncio.wait_for(lines.done.wait(), ANSWER_SECONDS)
    seconds = perf_counter() - begin
    if lines.left:
        raise ConnectionError(f"the server closed all connections before {lines.left} answers; look at its log")
    for line in lines.free:
        line._transport and line._transport.close()
    return Load(lines.times, lines.statuses, seconds)


def request(method: str, path: str, key: str, body: bytes = b"", kind: str = "application/json") -> bytes:
    """The bytes of a request."""
    head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {key}\r\n"
    return f"{head}Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
