"""Single rows at a glance: statements without frames, on SQLite through a connection that only reads."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import quote

from entrepost.base.clock import MINUTE_US, from_micros
from entrepost.base.errors import StoreError
from entrepost.mail.event import Event
from entrepost.mail.status import Status
from entrepost.operations.glance import FoundItem, FoundPromise
from entrepost.operations.records import N
from entrepost.store.records import FORMS, to_noun
from entrepost.store.rows import Rows
from entrepost.store.schema import EVENTS

PROMISE = (
    *("route", "area", "wait_hours_p10", "wait_hours_p90", "arrive_by_p90"),
    *("arrive_by_p90_probability", "time_zone"),
)
ITEM = ("item_no", "tenant", "seller", "order_id", "item_id", "service", "origin", "country", "operator", "announced")
STANDING = ("state", "reason", "since", "wait_ended_at", "last_event_at")
FACT = ("code", "time", "offset_minutes", "facility", "reason", "recorded_at")
FIND_ITEM = f"""SELECT {", ".join(f"i.{name}" for name in ITEM)}, o.placed_at,
        {", ".join(f"s.{name}" for name in STANDING)}, p.service, {", ".join(f"p.{name}" for name in PROMISE)}
    FROM items i
    JOIN orders o ON o.tenant = i.tenant AND o.seller = i.seller AND o.order_id = i.order_id
    LEFT JOIN statuses s ON s.item_no = i.item_no
    LEFT JOIN promises p ON p.tenant = i.tenant AND p.seller = i.seller AND p.order_id = i.order_id
        AND p.service = i.service
    WHERE i.tenant = ? AND i.item_id = ? ORDER BY i.issued_at DESC LIMIT 1"""
REMEMBERED = 10_000
"""So many records are remembered at the most."""

READER = ("query_only = ON", "cache_size = -65536", "mmap_size = 1073741824")


class SqlGlance:
    """Looks through the store's own connection, in turn with everything else."""

    is_near = False

    def __init__(self, rows: Callable[[], Rows], reading: Callable[[], AbstractContextManager[None]]) -> None:
        self._rows, self._reading = rows, reading

    def close(self) -> None:
        """Nothing is held."""

    def find(self, kind: type[N], tenant: str, name: str) -> N | None:
        """The record of that name, or None."""
        with self._asking() as ask:
            found = ask(f"{FORMS[kind].select} WHERE tenant = ? AND {FORMS[kind].key} = ?", [tenant, name])
        return to_noun(kind, found[0]) if found else None

    def find_item(self, tenant: str, item_id: str) -> FoundItem | None:
        """The item that was given a number last, or None."""
        with self._asking() as ask:
            found = ask(FIND_ITEM, [tenant, item_id])
            if not found:
                return None
            item_no, *cells = found[0]
            last = cells[len(ITEM) + STANDING.index("last_event_at")]
            events = ask(self._walk(), [last // MINUTE_US, item_no, item_no]) if last is not None else []
        return _item(cells, events)

    def _walk(self) -> str:
        """The events of an item from its last one back."""
        here = "t.minute = walk.minute AND t.item_no = ?"
        lookup = self._rows().lookup(EVENTS, "t", here)
        return f"""WITH RECURSIVE walk(minute) AS (
                SELECT CAST(? AS BIGINT)
                UNION
                SELECT t.previous_minute FROM walk {lookup} WHERE t.previous_minute IS NOT NULL
            )
            SELECT {", ".join(f"t.{name}" for name in FACT)} FROM walk {lookup}"""

    @contextmanager
    def _asking(self) -> Iterator[Callable[[str, list[Any]], list[tuple[Any, ...]]]]:
        """What asks, for as long as several questions belong together."""
        with self._reading():
            yield self._rows().find_rows


class SqliteGlance(SqlGlance):
    """Looks through a connection that only reads and is opened with the first look: no writer is waited for.

    Records are remembered until anything is committed, which SQLite tells in a tenth of the time of a look.
    """

    is_near = True

    def __init__(self, path: Path, rows: Callable[[], Rows]) -> None:
        self._path, self._rows = path, rows
        self._driver: sqlite3.Connection | None = None
        self._turn = Lock()
        self._version = -1
        self._seen: dict[tuple[type[Any], str, str], Any] = {}

    def close(self) -> None:
        """Give the connection back; it must go before that of the writer, who then tidies up."""
        with self._turn:
            if self._driver is not None:
                self._driver.close()
                self._driver, self._version = None, -1

    def find(self, kind: type[N], tenant: str, name: str) -> N | None:
        """The record of that name, or None."""
        with self._asking() as ask:
            ((version,),) = ask("PRAGMA data_version", [])
            if version != self._version or len(self._seen) >= REMEMBERED:
                self._version, self._seen = version, {}
            if (kind, tenant, name) not in self._seen:
                found = ask(f"{FORMS[kind].select} WHERE tenant = ? AND {FORMS[kind].key} = ?", [tenant, name])
                self._seen[kind, tenant, name] = to_noun(kind, found[0]) if found else None
            seen: N | None = self._seen[kind, tenant, name]
        return seen

    @contextmanager
    def _asking(self) -> Iterator[Callable[[str, list[Any]], list[tuple[Any, ...]]]]:
        with self._turn:
            try:
                driver = self._driver or self._open()
                yield lambda sql, values: driver.execute(sql, values).fetchall()
            except sqlite3.DatabaseError as error:
                raise StoreError(f"the database cannot be read: {error}") from None

    def _open(self) -> sqlite3.Connection:
        place = f"file:{quote(str(self._path.resolve()))}?mode=ro"
        self._driver = sqlite3.connect(place, uri=True, check_same_thread=False, isolation_level=None)
        for pragma in READER:
            self._driver.execute(f"PRAGMA {pragma}")
        return self._driver


def _item(cells: list[Any], events: list[tuple[Any, ...]]) -> FoundItem:
    tenant, seller, order_id, item_id, service, origin, country, operator, announced, placed_at = cells[:10]
    state, reason, since, wait_ended_at = cells[10:14]
    promised, *promise = cells[15:]
    facts = sorted(events, key=lambda fact: (fact[1], fact[5]), reverse=True)
    return FoundItem(
        tenant=tenant,
        seller=seller,
        order_id=order_id,
        item_id=item_id,
        service=service,
        origin=origin,
        country=country,
        operator=operator,
        announced=announced,
        placed_at=from_micros(placed_at),
        state=int(Status.PENDING) if state is None else state,
        reason=reason or "",
        since=_instant(since),
        wait_ended_at=_instant(wait_ended_at),
        promise=None if promised is None else _promise(promise),
        events=tuple(_event(tenant, item_id, fact) for fact in facts),
    )


def _promise(cells: list[Any]) -> FoundPromise:
    route, area, p10, p90, by, probability, time_zone = cells
    return FoundPromise(route, area, p10, p90, _instant(by), probability, time_zone)


def _event(tenant: str, item_id: str, fact: tuple[Any, ...]) -> Event:
    code, time, offset_minutes, facility, reason, recorded_at = fact
    return Event(
        item_id=item_id,
        code=code,
        time=from_micros(time).astimezone(_offset(offset_minutes)),
        recorded_at=from_micros(recorded_at),
        facility=facility,
        reason=reason or "",
        tenant=tenant,
    )


@lru_cache(maxsize=256)
def _offset(minutes: int) -> timezone:
    return timezone(timedelta(minutes=minutes)) if minutes else UTC


def _instant(micros: int | None) -> datetime | None:
    return None if micros is None else from_micros(micros)
