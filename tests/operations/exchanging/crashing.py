"""What crashes in the simulation: chance, clocks, and books in memory or in a file that a dying process leaves."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from entrepost.operations.exchange_records import KeptOperator
from entrepost.operations.exchange_store import Where
from entrepost.operations.store import Store
from tests.operations.exchanging.memory import MemoryBooks


class CrashError(BaseException):
    """The process is gone: nothing catches it but who starts it again."""


@dataclass(frozen=True, slots=True)
class Fact:
    """What an operator told a partner about a document last, and first; `value` is empty where it was cancelled."""

    tenant: str
    fact: str
    partner: str
    value: str
    first: str


@dataclass(frozen=True, slots=True)
class Applied:
    """What a partner's messages about a document did here: each function with its value, in their order."""

    tenant: str
    applied: str
    value: str
    said: tuple[str, ...]


@dataclass(slots=True)
class Fate:
    """What chance does; healed, it does nothing any more."""

    rng: random.Random
    crash: float = 0.03
    loss: float = 0.2
    double: float = 0.2
    away: float = 0.05

    def strikes(self, share: float) -> bool:
        return share > 0 and self.rng.random() < share

    def crash_here(self) -> None:
        if self.strikes(self.crash):
            raise CrashError

    def heal(self) -> None:
        self.crash = self.loss = self.double = self.away = 0.0


@dataclass(slots=True)
class Time:
    """The clock of an operator, which goes ahead of the others or behind them."""

    instant: datetime
    skew: timedelta = timedelta()

    def now(self) -> datetime:
        return self.instant + self.skew


Shelf = Callable[[str, Time, Fate], "CrashingBooks | CrashingStore"]
"""Makes the books of an operator: by its name and clock, and what chance does."""


class CrashingBooks(MemoryBooks):
    """Books whose process may be gone before a transaction is durable, or right after."""

    def __init__(self, clock: Time, fate: Fate) -> None:
        super().__init__(clock)
        self._fate = fate

    def commit(self) -> None:
        self._fate.crash_here()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        with super().transaction():
            yield
        if not self._depth:
            self._fate.crash_here()


class CrashingStore:
    """A store in a file, whose process may be gone at the same places; what is no noun of ours lies among partners."""

    def __init__(self, store: Store, fate: Fate) -> None:
        self.store, self._fate, self._depth = store, fate, 0
        self.clock, self.exchange = store.clock, self

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store.exchange, name)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        self._depth += 1
        try:
            with self.store.transaction():
                yield
                if self._depth == 1:
                    self._fate.crash_here()
        finally:
            self._depth -= 1
        if not self._depth:
            self._fate.crash_here()

    def put(self, nouns: Sequence[Any]) -> None:
        self.store.exchange.put([to_row(each) if isinstance(each, Fact | Applied) else each for each in nouns])

    def find(self, kind: type[Any], tenant: str, names: Sequence[str]) -> dict[str, Any]:
        if kind not in (Fact, Applied):
            return self.store.exchange.find(kind, tenant, names)
        found = self.store.exchange.find(KeptOperator, tenant, [f"{kind.__name__} {name}" for name in names])
        return {name.partition(" ")[2]: from_row(row) for name, row in found.items()}

    def list_with(self, kind: type[Any], tenant: str, where: Where) -> list[Any]:
        if kind not in (Fact, Applied):
            return self.store.exchange.list_with(kind, tenant, where)
        nouns = map(from_row, self.store.exchange.list_with(KeptOperator, tenant, {"own": [kind.__name__]}))
        return [each for each in nouns if all(getattr(each, name) in told for name, told in where.items())]


def to_row(noun: Fact | Applied) -> KeptOperator:
    """A noun of the simulation as a row that a database has."""
    name = type(noun).__name__
    if isinstance(noun, Fact):
        return KeptOperator(noun.tenant, f"{name} {noun.fact}", noun.value, noun.partner, noun.first, name)
    return KeptOperator(noun.tenant, f"{name} {noun.applied}", noun.value, "|".join(noun.said), "", name)


def from_row(row: KeptOperator) -> Fact | Applied:
    """The noun that a row stands for."""
    name = row.operator.partition(" ")[2]
    if row.own == Fact.__name__:
        return Fact(row.tenant, name, row.countries, row.name, row.time_zone)
    return Applied(row.tenant, name, row.name, tuple(row.countries.split("|")))
