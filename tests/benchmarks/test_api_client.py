from __future__ import annotations

import asyncio

import pytest

from benchmarks.api_client import Load, load, request

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


def test_every_request_is_answered_and_timed() -> None:
    found = asyncio.run(_ask(answers=3, requests=3))
    assert found.statuses.tolist() == [200, 200, 200]
    assert (found.milliseconds > 0).all()


def test_a_server_that_closes_all_connections_is_told_at_once() -> None:
    with pytest.raises(ConnectionError, match="before 2 answers"):
        asyncio.run(_ask(answers=1, requests=4))


async def _ask(answers: int, requests: int) -> Load:
    """Load a server that answers so often and then closes the one connection."""
    left = answers

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal left
        while left and await reader.readuntil(b"\r\n\r\n"):
            writer.write(ANSWER)
            left -= 1
        await reader.read(1)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        return await load(port, [0.0] * requests, lambda number: request("GET", f"/{number}", "key"), connections=1)
