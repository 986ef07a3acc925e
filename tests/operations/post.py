"""Whom notices go to, and a post that takes letters as it is told to: a fake that keeps the protocol."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import polars as pl

from entrepost.experience.notice_words import Letter
from entrepost.operations.contacts import add_contacts
from entrepost.operations.notices import RANGE
from entrepost.operations.notices_post import Answer
from entrepost.operations.store import Store
from tests.operations.shop import LAMP_NO, NOW

ANNA, BO = "anna@example.org", "bo@example.org"
TAKEN = Answer("accepted", "250 2.0.0")


class Pigeon:
    """It answers what it is told, and keeps what it took; `on_send` is called before."""

    def __init__(self, *answers: Answer, on_send: Callable[[Letter], None] | None = None) -> None:
        self.answers = list(answers)
        self.taken: list[tuple[str, Letter]] = []
        self.tried = 0
        self._on_send = on_send

    def send(self, letter: Letter, address: str) -> Answer:
        self.tried += 1
        if self._on_send:
            self._on_send(letter)
        answer = self.answers.pop(0) if self.answers else TAKEN
        if answer.taking == "accepted":
            self.taken.append((address, letter))
        return answer

    def close(self) -> None:
        pass


def contacts(*cells: tuple[str, str, str, str]) -> pl.DataFrame:
    """Order, address, language, zone."""
    rows = [("shop", *each) for each in cells]
    return pl.DataFrame(rows, schema=["seller", "order_id", "email", "language", "zone"], orient="row")


def with_contacts(store: Store) -> Store:
    """Anna awaits the lamp in Berlin, Bo the mug in Shanghai."""
    add_contacts(store, contacts(("o1", ANNA, "en", "Europe/Berlin"), ("o2", BO, "zh", "Asia/Shanghai")))
    return store


def expected(*days: int | tuple[int, int], item_id: str = LAMP_NO, probability: float = 0.9) -> pl.DataFrame:
    """The range of an item in days from NOW, or its last day alone."""
    first, last = days if len(days) == 2 else (None, days[0])  # type: ignore[misc]
    instant = [None if each is None else NOW + timedelta(days=each) for each in (first, last)]  # type: ignore[arg-type]
    return pl.DataFrame([("main", item_id, *instant, probability)], schema=RANGE, orient="row")


def after(days: float) -> datetime:
    return NOW + timedelta(days=days)
