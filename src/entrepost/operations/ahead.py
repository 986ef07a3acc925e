"""Events that go on from where their items stand: kept by numbers, without asking the store about known items."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import numpy as np
import polars as pl

from entrepost.base.clock import MINUTE_US
from entrepost.operations.event_rows import EARLY_DAYS
from entrepost.operations.known import ISSUED_US, ITEM_NO, STRANGE, Asked, KnownItems
from entrepost.operations.store import EVENT, Store
from entrepost.operations.trail import step_back, to_previous
from entrepost.operations.webhooks import announce_statuses
from entrepost.tables.status import fold_numbers
from entrepost.tables.status_numbers import (
    COUNT,
    LAST,
    PENDING,
    STATUS,
    TIME,
    WHY,
    Integers,
    code_events,
    name_standing,
)
from entrepost.tables.status_numbers import EVENT as STAGE

EARLY_US = EARLY_DAYS * 24 * 60 * MINUTE_US
FACT = ("item_no", "minute", "code", "facility")
REMEMBERED = "items of each account"
CHANGE = {"item_no": pl.Int64(), "before": pl.Int64()}

Flags = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True, slots=True)
class Found:
    """Events of one account, and what was found of their items."""

    known: KnownItems
    events: pl.DataFrame
    asked: Asked


@dataclass(frozen=True, slots=True)
class Ready:
    """What events add to a store (`Store.pack_news`), how many there are of them, and those that do not go on.

    `changes` are the items whose status becomes another one: item_no, and `before`, the number of the one they had.
    """

    news: Any
    count: int
    others: pl.DataFrame
    changes: pl.DataFrame


class Ahead:
    """Chunks of events recorded one after the other, the next one made ready while one becomes durable.

    What is remembered of the items of each account stays with the store for the next file, unless recording
    failed or another thread has it: then all are asked for anew.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[str, KnownItems] = store.remembered.pop(REMEMBERED, {})
        self._thread = ThreadPoolExecutor(1)
        self._awaited: pl.DataFrame | None = None
        self._coming: list[Future[Ready]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._thread.shutdown()
        if kind is None:
            self._store.remembered[REMEMBERED] = self._known

    def record(self, events: pl.DataFrame, following: pl.DataFrame | None = None) -> tuple[int, pl.DataFrame]:
        """Keep the events that go on from where their items stand, with the new status.

        An event goes on if its item is known and it lies in a later minute than all that the item has, as all
        others about the item do. The caller holds a transaction.

        Parameters
        ----------
        events : DataFrame
            What `operations.containment.put_to_items` gives.
        following : DataFrame, optional
            The events that are recorded next, each of an item: a thread makes them ready meanwhile.

        Returns
        -------
        tuple of int and DataFrame
            How many were kept, each fact once, and the events that do not go on.
        """
        accounts = _by_account(events)
        parts = self._made_ready(events, accounts)
        if following is not None and self._leaves_all(parts, accounts, following):
            self.look_ahead(following, events, beside=True)
        for part in parts:
            if part.count:
                self._store.add_news(part.news)
                announce_statuses(self._store, part.changes)
        return sum(part.count for part in parts), pl.concat([events.clear(), *(part.others for part in parts)])

    def look_ahead(self, events: pl.DataFrame, held: pl.DataFrame, beside: bool = False) -> None:
        """Find the items of the events that are recorded next, and let a thread make these ready.

        The caller has recorded the events `held` and not yet committed: what is found now holds for as long as
        the last turn is this one. Only items whose turn was taken are looked for: turns are taken in one order.
        `beside`: it changes none of the items that are not remembered (`Store.ask_items`).
        """
        if self._awaited is events:
            return
        accounts = _by_account(events)
        if not accounts.keys() <= {*held.get_column("tenant").unique()}:
            return
        found = [self._find(tenant, part, beside) for tenant, part in accounts.items()]
        self._awaited = events
        self._coming = [self._thread.submit(fold_ahead, self._store, each) for each in found]

    def _leaves_all(self, parts: list[Ready], accounts: Iterable[str], following: pl.DataFrame) -> bool:
        """Whether what the store has of items that are not remembered is what it will have once these are kept."""
        has_room = all(self._known[tenant].has_room(following.height) for tenant in accounts)
        return has_room and not any(part.others.height for part in parts)

    def _made_ready(self, events: pl.DataFrame, accounts: dict[str, pl.DataFrame]) -> list[Ready]:
        """What a thread made ready, if nobody changed anything since; else it is made ready now."""
        early = [coming.result() for coming in self._coming]
        awaited, self._awaited, self._coming = self._awaited, None, []
        holds = [self._take_turn(tenant) for tenant in accounts]
        if awaited is events and all(holds):
            return early
        if awaited is not None:  # what is remembered was brought forward by what is not recorded
            self._known.clear()
        return [fold_ahead(self._store, self._find(tenant, part)) for tenant, part in accounts.items()]

    def _find(self, tenant: str, events: pl.DataFrame, beside: bool = False) -> Found:
        self._take_turn(tenant)
        known = self._known[tenant]
        return Found(known, events, known.ask(events.get_column("item_id"), beside))

    def _take_turn(self, tenant: str) -> bool:
        if tenant not in self._known:
            self._known[tenant] = KnownItems(self._store, tenant)
        return self._known[tenant].take_turn()


def _by_account(events: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """The events of each account, in the order in which turns are taken."""
    tenants = events.get_column("tenant")
    if tenants.n_unique() == 1:
        return {str(tenants[0]): events}
    return {str(tenant): part for (tenant,), part in sorted(events.partition_by("tenant", as_dict=True).items())}


def fold_ahead(store: Store, found: Found) -> Ready:
    """Bring what is remembered of the items of events forward, and make ready what they add to the store."""
    known, events, places = found.known, found.events, found.known.take_in(found.asked)
    items, time = known.rows[places], events.get_column("time").dt.epoch("us").to_numpy()
    going_on = _going_on(items, time, places)
    known.forget(places[~going_on])
    wanted = events.select(*EVENT, item_no=pl.Series(items[:, ITEM_NO]), minute=pl.Series(time // MINUTE_US))
    first = wanted.select(pl.struct(FACT).is_first_distinct()).to_series().to_numpy()
    chosen = going_on & first
    news, changes = None, pl.DataFrame(schema=CHANGE)
    if chosen.any():
        news, changes = _pack(store, known, wanted.filter(chosen), places[chosen])
    return Ready(news, int(chosen.sum()), events.filter(~going_on), changes)


def _going_on(items: Integers, time: Integers, places: Integers) -> Flags:
    right = items[:, ITEM_NO] != STRANGE
    right &= time // MINUTE_US > items[:, LAST] // MINUTE_US
    right &= time >= items[:, ISSUED_US] - EARLY_US
    return right if right.all() else ~np.isin(places, places[~right])


def _pack(store: Store, known: KnownItems, events: pl.DataFrame, places: Integers) -> tuple[Any, pl.DataFrame]:
    coded = code_events(events, known.reasons)
    order = np.lexsort((coded[:, STAGE], coded[:, TIME], places))
    ends = np.flatnonzero(np.diff(places[order], append=-1)) + 1
    changed = places[order[ends - 1]]
    stood = known.rows[changed]
    folded = fold_numbers(order, ends, coded, stood[:, : len(PENDING)])
    known.rows[changed, : len(PENDING)] = folded
    previous = np.empty_like(places)
    previous[order] = step_back(coded[order, TIME] // MINUTE_US, ends, stood[:, LAST])
    told = name_standing(folded, known.reasons)
    standing = told.with_columns(item_no=pl.Series(stood[:, ITEM_NO]), is_begun=pl.Series(stood[:, COUNT] == 0))
    news = store.pack_news(events.with_columns(to_previous(previous)), standing)
    return news, _changes(stood, folded)


def _changes(stood: Integers, folded: Integers) -> pl.DataFrame:
    """The items whose status, or its reason, is another one."""
    other = stood[(stood[:, STATUS] != folded[:, STATUS]) | (stood[:, WHY] != folded[:, WHY])]
    return pl.DataFrame({"item_no": other[:, ITEM_NO], "before": other[:, STATUS]}, schema=CHANGE)
