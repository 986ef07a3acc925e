"""Counts of requests as Prometheus reads them; no label names an account or a person."""

from __future__ import annotations

import os
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Lock

BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Seconds up to which answers are counted together."""

EXCHANGE = {
    "rounds_total": "Rounds of the exchange with partners, of all accounts.",
    "messages_total": "Messages that came, by how they stand.",
    "interchanges_total": "Interchanges that came, came again, went out, were put off, or will never be taken.",
    "receipts_total": "Receipts that answered something, and that went out.",
    "alarms_total": "Alarms that were raised, of silence and of volume.",
    "accounts": "Accounts that have partners.",
    "accounts_held_up": "Accounts whose rounds a setting, or something unexpected, does not allow now.",
    "transports_away": "Ways over which nothing can come now.",
    "round_at_seconds": "When a round was last done, in seconds from 1970.",
}
"""What is counted of the exchange."""

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """What one process counts of its requests."""

    def __init__(self) -> None:
        self._answers: dict[tuple[str, str, int], int] = defaultdict(int)
        self._times: dict[str, list[int]] = defaultdict(lambda: [0] * (len(BOUNDS) + 1))
        self._seconds: dict[str, float] = defaultdict(float)
        self._exchanged: dict[str, int] = defaultdict(int)
        self._exchange_now: dict[str, int] = {}
        self._flying = 0
        self._lock = Lock()

    @contextmanager
    def in_flight(self) -> Iterator[None]:
        """A request that is being answered."""
        with self._lock:
            self._flying += 1
        try:
            yield
        finally:
            with self._lock:
                self._flying -= 1

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count an answer."""
        with self._lock:
            self._answers[method, route, status] += 1
            self._times[route][bisect_left(BOUNDS, seconds)] += 1
            self._seconds[route] += seconds

    def count_exchange(self, counts: Mapping[str, int], states: Mapping[str, int]) -> None:
        """Count what a round of the exchange did, and keep how things stand; names as Prometheus has them."""
        with self._lock:
            for name, count in counts.items():
                self._exchanged[name] += count
            self._exchange_now.update(states)

    def text(self, gauges: Mapping[tuple[str, str], float] | None = None) -> str:
        """All counts, in the text format of Prometheus, and figures of the moment by their name and meaning."""
        with self._lock:
            lines = [
                "# HELP entrepost_requests_total Requests that were answered.",
                "# TYPE entrepost_requests_total counter",
                *(
                    f'entrepost_requests_total{{method="{method}",route="{route}",status="{status}"}} {count}'
                    for (method, route, status), count in sorted(self._answers.items())
                ),
                "# HELP entrepost_request_seconds How long answers took.",
                "# TYPE entrepost_request_seconds histogram",
                *(line for route in sorted(self._times) for line in self._histogram(route)),
                "# HELP entrepost_requests_in_flight Requests that are being answered.",
                "# TYPE entrepost_requests_in_flight gauge",
                f"entrepost_requests_in_flight {self._flying}",
                *self._exchange(),
                "# HELP entrepost_process The process that counts; each worker counts for itself.",
                "# TYPE entrepost_process gauge",
                f'entrepost_process{{pid="{os.getpid()}"}} 1',
            ]
        for (name, meaning), value in (gauges or {}).items():
            lines += [f"# HELP {name} {meaning}", f"# TYPE {name} gauge", f"{name} {value:g}"]
        return "\n".join(lines) + "\n"

    def _exchange(self) -> Iterator[str]:
        """Counts of the exchange with partners, where this process, or one that it watches, makes its rounds."""
        for kind, told in (("counter", self._exchanged), ("gauge", self._exchange_now)):
            before = ""
            for sample in sorted(told):
                name = sample.partition("{")[0]
                if name != before:
                    yield f"# HELP entrepost_exchange_{name} {EXCHANGE[name]}"
                    yield f"# TYPE entrepost_exchange_{name} {kind}"
                yield f"entrepost_exchange_{sample} {told[sample]}"
                before = name

    def _histogram(self, route: str) -> Iterator[str]:
        total = 0
        for bound, count in zip((*BOUNDS, "+Inf"), self._times[route], strict=True):
            total += count
            yield f'entrepost_request_seconds_bucket{{route="{route}",le="{bound}"}} {total}'
        yield f'entrepost_request_seconds_sum{{route="{route}"}} {self._seconds[route]:.6f}'
        yield f'entrepost_request_seconds_count{{route="{route}"}} {total}'
