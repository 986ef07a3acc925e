"""Events that go on from where their items stand: kept by numbers, without asking the store about known items."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from entrepost.base.clock import MINUTE_US
from entrepost.operations.event_rows import EARLY_DAYS
from entrepost.operations.known import ISSUED_US, ITEM_NO, STRANGE, KnownItems
from entrepost.operations.store import EVENT, Store
from entrepost.operations.trail import step_back, to_previous
from entrepost.tables.status import fold_numbers
from entrepost.tables.status_numbers import EVENT as STAGE
from entrepost.tables.status_numbers import LAST, PENDING, TIME, Integers, code_events, name_standing

EARLY_US = EARLY_DAYS * 24 * 60 * MINUTE_US
FACT = ("item_no", "minute", "code", "facility")

Flags = np.ndarray[Any, np.dtype[np.bool_]]


def record_ahead(store: Store, known: dict[str, KnownItems], events: pl.DataFrame) -> tuple[int, pl.DataFrame]:
    """Keep the events that go on from where their items stand, with the new status.

    An event goes on if its item is known and it lies in a later minute than all that the item has, as all
    others about the item do. The caller holds a transaction.

    Parameters
    ----------
    known : dict of str to KnownItems
        What is remembered of the items of each account; it is brought forward.
    events : DataFrame
        What `operations.containment.put_to_items` gives.

    Returns
    -------
    tuple of int and DataFrame
        How many were kept, each fact once, and the events that do not go on.
    """
    kept, others = 0, [events.clear()]
    for (tenant,), part in sorted(events.partition_by("tenant", as_dict=True).items()):
        if tenant not in known:
            known[tenant] = KnownItems(store, tenant)
        more, rest = _record_part(store, known[tenant], part)
        kept += more
        others.append(rest)
    return kept, pl.concat(others)


def _record_part(store: Store, known: KnownItems, events: pl.DataFrame) -> tuple[int, pl.DataFrame]:
    known.take_turn()
    places = known.find(events.get_column("item_id"))
    items, time = known.rows[places], events.get_column("time").dt.epoch("us").to_numpy()
    going_on = _going_on(items, time, places)
    known.forget(places[~going_on])
    wanted = events.select(*EVENT, item_no=pl.Series(items[:, ITEM_NO]), minute=pl.Series(time // MINUTE_US))
    first = wanted.select(pl.struct(FACT).is_first_distinct()).to_series().to_numpy()
    chosen = going_on & first
    if chosen.any():
        _keep(store, known, wanted.filter(chosen), places[chosen])
    return int(chosen.sum()), events.filter(~going_on)


def _going_on(items: Integers, time: Integers, places: Integers) -> Flags:
    right = items[:, ITEM_NO] != STRANGE
    right &= time // MINUTE_US > items[:, LAST] // MINUTE_US
    right &= time >= items[:, ISSUED_US] - EARLY_US
    return right if right.all() else ~np.isin(places, places[~right])


def _keep(store: Store, known: KnownItems, events: pl.DataFrame, places: Integers) -> None:
    coded = code_events(events, known.reasons)
    order = np.lexsort((coded[:, STAGE], coded[:, TIME], places))
    ends = np.flatnonzero(np.diff(places[order], append=-1)) + 1
    changed = places[order[ends - 1]]
    stood = known.rows[changed]
    folded = fold_numbers(order, ends, coded, stood[:, : len(PENDING)])
    known.rows[changed, : len(PENDING)] = folded
    previous = np.empty_like(places)
    previous[order] = step_back(coded[order, TIME] // MINUTE_US, ends, stood[:, LAST])
    store.add_events(events.with_columns(to_previous(previous)))
    told = name_standing(folded, known.reasons)
    store.set_status(told.with_columns(item_no=pl.Series(stood[:, ITEM_NO])))
