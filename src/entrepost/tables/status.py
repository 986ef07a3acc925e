"""The status of many items at once: the fold of `mail.status`, compiled, over a frame of events."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from entrepost.base.clock import MINUTE_US
from entrepost.base.errors import UnreadableInputError
from entrepost.base.findings import Finding
from entrepost.mail.event import CODE_UNKNOWN
from entrepost.mail.status import Status, status_anomaly, status_step
from entrepost.reference.event_code import list_event_codes
from entrepost.tables.frames import conform
from entrepost.tables.rules import compile_kernel
from entrepost.tables.status_numbers import (
    ANOMALIES,
    CODES,
    COUNT,
    EVENT,
    FACILITY,
    LAST,
    NEVER,
    PENDING,
    REASON,
    REASON_CLASS,
    SINCE,
    STATUS,
    TIME,
    UNKNOWN,
    WAIT_ENDED,
    WHY,
    Integers,
    Reasons,
    code_events,
    name_standing,
    word_states,
)

STATUS_COLUMNS = (
    *("status", "kind", "reason", "action_required", "since", "last_event_at", "wait_ended_at"),
    *("events", "anomalies", "state"),
)

SHORT = 24
"""Up to that many events of one item are put in order by insertion alone: most come in order already."""

ENDS_WAIT = bytes(code.ends_wait for code in list_event_codes())
STEADY_FROM = int(Status.DELIVERED)
RETURNING, RETURNED = int(Status.RETURNING), int(Status.RETURNED)


def fold(events: pl.DataFrame) -> pl.DataFrame:
    """What the events of each item add up to.

    Parameters
    ----------
    events : DataFrame
        Rows of the table `events`, in the order in which they arrived. Repeated events count once, and
        events of unknown codes not at all.

    Returns
    -------
    DataFrame
        A row per item, in the order of their first event: tenant, item_id, status (one of twelve words),
        kind (of an end), reason, action_required (addressee, sender or empty), since, last_event_at,
        wait_ended_at (UTC instants or null), events, anomalies, state (the number of `Status`).
    """
    if "item_id" not in events.columns:
        raise UnreadableInputError("events: the column item_id is missing; `roll_down` finds the items of a subject")
    return fold_on(conform(events, "events"), ["tenant", "item_id"])


def fold_on(events: pl.DataFrame, names: list[str]) -> pl.DataFrame:
    """What the events of each item add up to, `names` being the columns that tell items apart.

    Parameters
    ----------
    events : DataFrame
        These columns, code, time, facility, reason; as `fold` takes them.
    """
    groups = events.lazy().with_row_index("row").group_by(names, maintain_order=True).agg("row").collect()
    items = groups.select(names)
    reasons = Reasons()
    coded = code_events(events, reasons)
    rows, ends = _grouped(groups.get_column("row"), coded)
    stood = np.tile(np.array(PENDING, dtype=np.int64), (items.height, 1))
    told = name_standing(fold_numbers(rows, ends, coded, stood), reasons)
    return items.hstack(told.hstack(word_states(told)).select(STATUS_COLUMNS))


def fold_numbers(rows: Integers, ends: Integers, coded: Integers, stood: Integers) -> Integers:
    """What events add up to in numbers (`tables.status_numbers`): a row for each item, its status.

    Parameters
    ----------
    rows : int array
        The rows of `coded`, item by item.
    ends : int array
        Where each item's rows end.
    coded : int array of shape (events, 5)
        The events.
    stood : int array of shape (items, 7)
        Where each item stood before them.
    """
    folded: Integers = compile_kernel(_fold_items)(rows, ends, coded, stood)
    return folded


def check_codes(events: pl.DataFrame) -> list[Finding]:
    """A finding for every event whose code is not known; rows count from 1."""
    unknown = events.with_row_index("row", offset=1).filter(~pl.col("code").is_in(list(CODES)).fill_null(False))
    fix = "map the carrier's code to one of EMSEVT, such as EMI"
    return [
        Finding(CODE_UNKNOWN, "code", f"{code!r} is not known", item_id or "event", row, fix)
        for row, item_id, code in unknown.select("row", "item_id", "code").iter_rows()
    ]


def _grouped(groups: pl.Series, coded: Integers) -> tuple[Integers, Integers]:
    """The rows item by item and where each item's end; where items have many events, in their order already."""
    rows = groups.explode(empty_as_null=False).to_numpy().astype(np.int64)
    lengths = groups.list.len().to_numpy().astype(np.int64)
    if len(lengths) and lengths.max() > SHORT:
        item = np.repeat(np.arange(len(lengths)), lengths)
        rows = rows[np.lexsort((coded[rows, EVENT], coded[rows, TIME], item))]
    return rows, np.cumsum(lengths)


def _fold_items(rows: Any, ends: Any, events: Any, begun: Any) -> Any:
    """Fold rows grouped by item, where each group ends, and the events as integers, from where each item stood."""
    folded = np.empty((len(ends), 7), dtype=np.int64)
    start = 0
    for item in range(len(ends)):
        _sort(rows, start, ends[item], events)
        status, why, since, last = begun[item, STATUS], begun[item, WHY], begun[item, SINCE], begun[item, LAST]
        waited, count, odd = begun[item, WAIT_ENDED], begun[item, COUNT], begun[item, ANOMALIES]
        for place in range(start, ends[item]):
            row = rows[place]
            time, code, reason = events[row, TIME], events[row, EVENT], events[row, REASON_CLASS]
            if code == UNKNOWN or _repeated(rows, start, place, events):
                continue
            after = status_step(status, code, reason)
            if after != status or after < STEADY_FROM:
                why = events[row, REASON]
            if after != status or since == NEVER:
                since = time
            if waited == NEVER and ENDS_WAIT[code] and status not in (RETURNING, RETURNED):
                waited = time
            odd += status_anomaly(status, code, reason) > 0
            status, last, count = after, time, count + 1
        folded[item, STATUS], folded[item, WHY], folded[item, SINCE] = status, why, since
        folded[item, LAST], folded[item, WAIT_ENDED] = last, waited
        folded[item, COUNT], folded[item, ANOMALIES] = count, odd
        start = ends[item]
    return folded


def _sort(rows: Any, start: int, end: int, events: Any) -> None:
    """Put an item's rows in order of time and stage of the code; rows alike in both stay as they arrived."""
    for place in range(start + 1, end):
        row, free = rows[place], place
        time, stage = events[row, TIME], events[row, EVENT]
        while free > start:
            before = rows[free - 1]
            if events[before, TIME] < time or (events[before, TIME] == time and events[before, EVENT] <= stage):
                break
            rows[free] = before
            free -= 1
        rows[free] = row


def _repeated(rows: Any, start: int, place: int, events: Any) -> bool:
    """Whether an earlier row of the item tells the same: code, facility, time to the minute."""
    row = rows[place]
    minute = events[row, TIME] // MINUTE_US
    for earlier in range(place - 1, start - 1, -1):
        other = rows[earlier]
        if events[other, TIME] // MINUTE_US != minute:
            return False
        if events[other, EVENT] == events[row, EVENT] and events[other, FACILITY] == events[row, FACILITY]:
            return True
    return False
