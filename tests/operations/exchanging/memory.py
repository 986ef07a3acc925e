"""Books in memory: what the exchange needs of a store, by the same contract as the databases, for the simulation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any

from entrepost.base.clock import Clock, to_micros
from entrepost.operations.exchange_records import CameMessage, KeptOperator, Sent, SentMessage
from entrepost.operations.exchange_store import N, Place, Where

INDEXED = {"state", "identity", "came", "receipt", "sent", "reference", "partner", "item_id", "entry"}
"""Fields by which nouns are found without looking at all of them."""


def key_of(kind: Any) -> str:
    """The field that names a noun in its account."""
    if kind not in KEYS:
        KEYS[kind] = fields(kind)[1].name
    return KEYS[kind]


def indexed_of(kind: Any) -> frozenset[str]:
    """Of these fields those that a noun has, but for its name."""
    if kind not in FOUND_BY:
        names = {each.name for each in fields(kind)} - {key_of(kind)} if is_dataclass(kind) else set()
        FOUND_BY[kind] = frozenset(INDEXED & names)
    return FOUND_BY[kind]


KEYS: dict[Any, str] = {}
FOUND_BY: dict[Any, frozenset[str]] = {}


class MemoryBooks:
    """`Books` in memory; a transaction that fails leaves nothing behind."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.exchange = self
        self._rows: dict[type, dict[tuple[str, str], Any]] = {}
        self._bodies: dict[tuple[str, str], tuple[bytes, datetime]] = {}
        self._index: dict[tuple[type, str, str], set[tuple[str, str]]] = {}
        self._undo: list[Any] = []
        self._depth = 0

    @contextmanager
    def transaction(self) -> Iterator[None]:
        outermost = self._depth == 0
        self._depth += 1
        try:
            yield
            if outermost:
                self.commit()
        except BaseException:
            if outermost:
                for place, key, before in reversed(self._undo):
                    self._set(place, key, before)
            raise
        finally:
            self._depth -= 1
            if outermost:
                self._undo = []

    def commit(self) -> None:
        """What a simulation lets fail."""

    def hold(self, name: str) -> None:
        assert name

    def put(self, nouns: Sequence[Any]) -> None:
        for noun in nouns:
            self._change(self._of(type(noun)), (noun.tenant, getattr(noun, key_of(type(noun)))), noun)

    def find(self, kind: type[N], tenant: str, names: Sequence[str]) -> dict[str, N]:
        rows = self._of(kind)
        return {name: rows[tenant, name] for name in names if (tenant, name) in rows}

    def list_with(self, kind: type[N], tenant: str, where: Where) -> list[N]:
        if list(where) == [key_of(kind)]:
            return list(self.find(kind, tenant, sorted({*where[key_of(kind)]})).values())
        rows: Any = self._of(kind)
        for name in where.keys() & indexed_of(kind):
            keys = {key for value in where[name] for key in self._index.get((kind, name, value), ())}
            rows = {key: rows[key] for key in keys if key in rows}
        chosen = [(name, {*values}) for name, values in where.items() if name not in indexed_of(kind)]
        found = [
            noun
            for (whose, _), noun in rows.items()
            if whose == tenant and all(getattr(noun, name) in values for name, values in chosen)
        ]
        return sorted(found, key=lambda noun: getattr(noun, key_of(kind)))

    def count(self, kind: type[Any], tenant: str, name: str, value: str) -> int:
        return len(self.list_with(kind, tenant, {name: [value]}))

    def page(self, kind: type[N], tenant: str, where: Where, before: Place | None = None, limit: int = 100) -> list[N]:
        def place(noun: Any) -> Place:
            return noun.created_at, getattr(noun, key_of(kind))

        rows = sorted(self.list_with(kind, tenant, where), key=place, reverse=True)
        return [row for row in rows if before is None or place(row) < before][:limit]

    def count_with(self, kind: type[Any], tenant: str, where: Where) -> int:
        return len(self.list_with(kind, tenant, where))

    def list_old(self, kind: type[N], tenant: str, before: datetime, after: Place | None, limit: int) -> list[N]:
        places = [((row.created_at, getattr(row, key_of(kind))), row) for row in self.list_with(kind, tenant, {})]  # type: ignore[attr-defined]
        old = [(place, row) for place, row in places if place[0] < before and (after is None or place > after)]
        return [row for _, row in sorted(old, key=lambda each: each[0])[:limit]]

    def list_reasons(self, kind: type[Any], tenant: str) -> list[tuple[str, str]]:
        reason = "answer" if kind is Sent else "why"
        rows = [(getattr(row, key_of(kind)), getattr(row, reason)) for row in self.list_with(kind, tenant, {})]
        return [(name, why) for name, why in rows if why]

    def remove(self, kind: type[Any], tenant: str, names: Sequence[str]) -> None:
        for name in names:
            self._change(self._of(kind), (tenant, name), None)

    def list_due(self, now: datetime, limit: int, tenant: str = "") -> list[Sent]:
        rows: list[Sent] = [
            row
            for key in self._index.get((Sent, "state", "open"), ())
            for row in [self._of(Sent)[key]]
            if row.due_at <= now and tenant in ("", row.tenant)
        ]
        return sorted(rows, key=lambda row: (row.due_at, row.tenant, row.sent))[:limit]

    def count_states(self, tenant: str) -> list[tuple[str, str, str, str, int]]:
        found = []
        for direction, kind in (("in", CameMessage), ("out", SentMessage)):
            rows = self.list_with(kind, tenant, {})
            counted = Counter((row.operator, row.message, row.state) for row in rows)  # type: ignore[attr-defined]
            found += [(direction, *told, count) for told, count in sorted(counted.items())]
        return found

    def count_hours(self, tenant: str, since: datetime) -> list[tuple[str, str, int, int]]:
        rows = [row for row in self.list_with(CameMessage, tenant, {}) if row.created_at >= since]
        hour = 3_600_000_000
        counted = Counter((row.operator, row.message, to_micros(row.created_at) // hour) for row in rows)
        return [(*told, count) for told, count in sorted(counted.items())]

    def find_destinations(self, tenant: str, item_ids: Sequence[str]) -> dict[str, str]:
        return {}

    def put_bodies(self, tenant: str, bodies: Mapping[str, bytes]) -> None:
        for name, body in bodies.items():
            if body:
                self._change(self._bodies, (tenant, name), (body, self.clock.now()))

    def find_bodies(self, tenant: str, names: Sequence[str]) -> dict[str, bytes]:
        return {name: self._bodies[tenant, name][0] for name in names if (tenant, name) in self._bodies}

    def list_bodies(self, tenant: str, after: str, limit: int) -> list[str]:
        return sorted(name for whose, name in self._bodies if whose == tenant and name > after)[:limit]

    def remove_bodies(self, tenant: str, names: Sequence[str]) -> None:
        for name in names:
            self._change(self._bodies, (tenant, name), None)

    def seal_anew(self, tenant: str) -> int:
        return sum(each == tenant for each, _ in self._bodies)

    def remove_old_bodies(self, tenant: str, before: datetime) -> int:
        needed = {f"out {row.sent}" for row in self.list_with(Sent, tenant, {"state": ["open"]})}
        needed |= {f"in {row.came}" for row in self.list_with(CameMessage, tenant, {"state": ["kept"]})}
        bodies = self._bodies.items()
        old = [key for key, (_, at) in bodies if key[0] == tenant and at < before and key[1] not in needed]
        for key in old:
            self._change(self._bodies, key, None)
        return len(old)

    def list_partnered(self) -> list[str]:
        return sorted({tenant for tenant, _ in self._of(KeptOperator)})

    def list_accounts(self) -> list[str]:
        return sorted({tenant for tenant, _ in self._bodies})

    def _of(self, kind: type[Any]) -> dict[tuple[str, str], Any]:
        return self._rows.setdefault(kind, {})

    def _change(self, place: dict[Any, Any], key: Any, value: Any) -> None:
        if self._depth:
            self._undo.append((place, key, place.get(key)))
        self._set(place, key, value)

    def _set(self, place: dict[Any, Any], key: Any, value: Any) -> None:
        before = place.pop(key, None)
        if value is not None:
            place[key] = value
        for noun, change in ((before, set.discard), (value, set.add)):
            for name in indexed_of(type(noun)):
                change(self._index.setdefault((type(noun), name, getattr(noun, name)), set()), key)
