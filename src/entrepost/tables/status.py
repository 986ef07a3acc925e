"""The status of many items at once: the fold of `mail.status`, compiled, over a frame of events."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from entrepost.base.clock import MINUTE_US
from entrepost.base.errors import UnreadableInputError
from entrepost.base.findings import Finding
from entrepost.mail.event import CODE_UNKNOWN
from entrepost.mail.status import ACTORS, Status, action_required, status_anomaly, status_step
from entrepost.reference.event_code import list_event_codes
from entrepost.reference.reason import reason_class_of
from entrepost.tables.frames import INSTANT, conform
from entrepost.tables.rules import compile_kernel

Integers = np.ndarray[Any, np.dtype[np.int64]]

NEVER = np.iinfo(np.int64).min
UNKNOWN = -1
SHORT = 24
"""Up to that many events of one item are put in order by insertion alone: most come in order already."""

CODES = {code.code: code.index for code in list_event_codes()}
ENDS_WAIT = bytes(code.ends_wait for code in list_event_codes())
STATES = {(each.shown, each.kind): int(each) for each in Status}
"""Every status by the words that are shown of it."""

STEADY_FROM = int(Status.DELIVERED)
RETURNING, RETURNED = int(Status.RETURNING), int(Status.RETURNED)
TIME, EVENT, REASON, REASON_CLASS, FACILITY = range(5)
STATUS, WHY, SINCE, LAST, WAIT_ENDED, COUNT, ANOMALIES = range(7)
PENDING = (int(Status.PENDING), 0, NEVER, NEVER, NEVER, 0, 0)
INSTANTS = {"since": SINCE, "last_event_at": LAST, "wait_ended_at": WAIT_ENDED}


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


def fold_on(events: pl.DataFrame, names: list[str], begun: pl.DataFrame | None = None) -> pl.DataFrame:
    """What the events of each item add up to, `names` being the columns that tell items apart.

    Parameters
    ----------
    events : DataFrame
        These columns, code, time, facility, reason; as `fold` takes them.
    begun : DataFrame, optional
        These columns, and what earlier events added up to (other columns of `fold`): the events go on from
        there. Each must lie in a later minute than its item's `last_event_at`.
    """
    groups = events.lazy().with_row_index("row").group_by(names, maintain_order=True).agg("row").collect()
    items = groups.select(names)
    before = begun.select(pl.exclude("reason"), pl.col("reason").fill_null("")) if begun is not None else None
    reasons = _reasons(events, before)
    coded = _coded(events, reasons)
    rows, ends = _grouped(groups.get_column("row"), coded)
    stood = _stood(items, before, reasons)
    return _worded(items, compile_kernel(_fold_items)(rows, ends, coded, stood), reasons)


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


def _reasons(events: pl.DataFrame, begun: pl.DataFrame | None) -> dict[str, int]:
    """A number for each reason, 0 for none."""
    told = [frame.get_column("reason").unique() for frame in (events, begun) if frame is not None]
    texts = sorted({text for each in told for text in each.to_list() if text})
    return {text: number for number, text in enumerate(["", *texts])}


def _coded(events: pl.DataFrame, reasons: dict[str, int]) -> Integers:
    """The events as columns of integers."""
    reason = pl.col("reason").fill_null("")
    classes = {text: int(reason_class_of(text)) for text in reasons}
    columns = events.select(
        time=pl.col("time").cast(pl.Int64),
        event=pl.col("code").replace_strict(CODES, default=UNKNOWN, return_dtype=pl.Int64),
        reason=reason.replace_strict(reasons, return_dtype=pl.Int64),
        reason_class=reason.replace_strict(classes, return_dtype=pl.Int64),
        facility=pl.col("facility").fill_null("").hash().reinterpret(signed=True),
    )
    return columns.to_numpy(order="c")


def _stood(items: pl.DataFrame, begun: pl.DataFrame | None, reasons: dict[str, int]) -> Integers:
    """Where each item stood before these events, as the fold has it."""
    if begun is None:
        return np.tile(np.array(PENDING, dtype=np.int64), (items.height, 1))
    states = {f"{shown} {kind}": state for (shown, kind), state in STATES.items()}
    known = items.join(begun, on=items.columns, how="left", maintain_order="left")
    state = pl.concat_str("status", "kind", separator=" ").fill_null("pending ")
    columns = known.select(
        state.replace_strict(states, return_dtype=pl.Int64).alias("state"),
        pl.col("reason").fill_null("").replace_strict(reasons, return_dtype=pl.Int64),
        *(pl.col(name).cast(pl.Int64).fill_null(NEVER) for name in INSTANTS),
        *(pl.col(name).fill_null(0) for name in ("events", "anomalies")),
    )
    return columns.to_numpy(order="c")


def _worded(items: pl.DataFrame, folded: Integers, reasons: dict[str, int]) -> pl.DataFrame:
    state = pl.Series("state", folded[:, STATUS])
    texts = {number: text for text, number in reasons.items()}
    reason = pl.Series("reason", folded[:, WHY]).replace_strict(texts, return_dtype=pl.String)
    classes = {text: int(reason_class_of(text)) for text in reasons}
    turn = action_required.on(
        pl.DataFrame({"status": state, "reason_class": reason.replace_strict(classes, return_dtype=pl.Int64)})
    )
    return items.with_columns(
        state.replace_strict({int(each): each.shown for each in Status}, return_dtype=pl.String).alias("status"),
        state.replace_strict({int(each): each.kind for each in Status}, return_dtype=pl.String).alias("kind"),
        reason,
        turn.replace_strict(dict(enumerate(ACTORS)), return_dtype=pl.String).alias("action_required"),
        *[_instants(name, folded[:, column]) for name, column in INSTANTS.items()],
        pl.Series("events", folded[:, COUNT]),
        pl.Series("anomalies", folded[:, ANOMALIES]),
        state,
    )


def _instants(name: str, micros: Integers) -> pl.Series:
    series = pl.Series(name, micros)
    return series.set(series == NEVER, None).cast(INSTANT)


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
