"""The promises of an hour, worked out in a process of its own: a dozen seconds in which no request waits for Python."""

from __future__ import annotations

import json
import logging
import pickle
from collections.abc import Callable
from dataclasses import dataclass

from entrepost.api.apart import Apart
from entrepost.api.looking import load_served
from entrepost.base.errors import EntrepostError, MisuseError
from entrepost.journey.distribution import Distribution
from entrepost.journey.hourly import HourBook, Promised, compile_hour
from entrepost.network.network import Network
from entrepost.operations.quoting import Compile, Rest

LOG = logging.getLogger("entrepost.api")
TOGETHER = 50
"""The promises of so many routes are read at a time: a millisecond, after which requests have their turn."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """An hour, and the network that is served with what was in it when it was loaded."""

    source: str
    content_hash: str
    hour: int


def compile_hour_apart(source: str, is_over: Callable[[], bool]) -> Compile:
    """What does `compile_hour` apart, for a network that was loaded from there.

    Where that cannot be, because the network there is another by now or the process ended, it is done here.
    """

    def compile_apart(network: Network, hour: int, rest: Rest) -> HourBook:
        try:
            parts = Apart(_compile, is_over, "next hour").do(_Wanted(source, network.content_hash, hour))
        except (EntrepostError, OSError) as error:
            LOG.warning(json.dumps({"next hour": "made in a thread", "why": str(error)}))
            rest()
            return compile_hour(network, hour, rest)
        plain: list[Promised] = []
        followed: list[tuple[Distribution, int]] = []
        for part in parts:
            for promised, distribution in pickle.loads(part):
                plain.append(promised)
                followed.append(distribution)
            rest()
        return HourBook(hour, tuple(plain), tuple(followed))

    return compile_apart


def _compile(wanted: _Wanted) -> list[bytes]:
    """The promises and distributions of some routes at a time, each part packed for itself."""
    network = load_served(wanted.source)
    if network.content_hash != wanted.content_hash:
        raise MisuseError("the network is another than the one that is served; restart the server to serve it")
    book = compile_hour(network, wanted.hour)
    promised = list(zip(book.plain, book.followed, strict=True))
    return [pickle.dumps(promised[begin : begin + TOGETHER]) for begin in range(0, len(promised), TOGETHER)]
