"""Endpoints and receivers without a wire: a sender that answers as it is told, and keeps what it took."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Lock
from typing import Any

from entrepost.operations.store import Store
from entrepost.operations.webhooks import News, announce
from entrepost.operations.webhooks_send import Delivered, DeliverParams, Reply, deliver_due

URL = "https://hooks.example.org/in"
STEADY = DeliverParams(chance=lambda: 0.5)
OK, DOWN = Reply(204, "204"), Reply(None, "Connection refused")


@dataclass
class Runner:
    """Takes messages to nowhere: what it answers to each, and what it took, in its order."""

    answer: Callable[[str, dict[str, Any]], Reply] = lambda url, data: OK
    taken: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    tried: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)

    def send(self, url: str, headers: dict[str, str], body: bytes) -> Reply:
        with self.lock:
            data = json.loads(body)["data"]
            reply = self.answer(url, data)
            self.tried.append(headers["webhook-id"])
            self.headers.append(headers)
            if reply.is_taken:
                self.taken.append((url, data))
            return reply

    def check(self, url: str) -> str:
        return ""

    def numbers(self) -> list[int]:
        return [data["number"] for _, data in self.taken]


def tell(store: Store, *subjects: str, start: int = 0) -> int:
    """Queue a message about each of these subjects, numbered from `start`."""
    return announce(store, news(subjects, start))


def news(subjects: Iterable[str], start: int = 0) -> list[News]:
    return [
        News("main", "item.status_changed", subject, (number,), {"number": number})
        for number, subject in enumerate(subjects, start)
    ]


def move(store: Store, **how_much: float) -> Store:
    """Let time go by."""
    store.clock.instant += timedelta(**how_much)  # type: ignore[attr-defined]
    return store


def deliver_all(store: Store, runner: Any, params: DeliverParams = STEADY, step_seconds: float = 1) -> Delivered:
    """Deliver, and let time go by to the next that is due, until nothing waits; what was done in all."""
    sums = Delivered()
    for _ in range(5_000):
        done = deliver_due(store, runner, params)
        sums = Delivered(*(getattr(sums, name) + getattr(done, name) for name in Delivered.__slots__))
        due = store.webhooks.find_next_due()
        if due is None:
            return sums
        store.clock.instant = max(due, store.clock.now() + timedelta(seconds=step_seconds))  # type: ignore[attr-defined]
    raise AssertionError("it never ends")
