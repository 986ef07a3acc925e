"""What `read` and `frame` do, row by row: for a few items frames cost more than all that is computed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from entrepost.base.clock import EPOCH, MINUTE_US
from entrepost.base.findings import Finding
from entrepost.journey.learning.facts import ITEM, JOURNEY
from entrepost.journey.learning.stages import CODES, REASONS
from entrepost.journey.under_way.arrive import SLOT, SLOT_SHARE
from entrepost.journey.under_way.course import CourseTables
from entrepost.journey.under_way.frame import BASES, HOURS, LAST_STEPS, SCHEMA, SHARES, WIDENED
from entrepost.journey.under_way.read import KNOWN, NO_HOUR, OTHER, Histories, finding_of
from entrepost.network.network import Network
from entrepost.tables.frames import INSTANT

FEW = 64
"""So many events are read one by one, and so many items told so."""

TEXTS = (*ITEM, "code", "facility", "reason", *JOURNEY)
INSTANTS = ("time", "recorded_at", "placed_at", "promised_by")
ITEMS: dict[str, Any] = {
    **dict.fromkeys((*ITEM, *JOURNEY), pl.String),
    "placed_hour": pl.Int32,
    "promised_by": INSTANT,
    "scans": pl.get_index_type(),
    "last_event_at": INSTANT,
    "promised_hour": pl.Int64,
    "last_code": pl.UInt8,
    "last_hour": pl.Int32,
}
NUMBERS = {code: number for number, code in enumerate(CODES)}
HOLDS = {reason: max(number, 1) for number, reason in enumerate(REASONS)}
REAL = frozenset(KNOWN)
Row = dict[str, Any]


def is_few(events: pl.DataFrame) -> bool:
    """Whether events can be read one by one: few, of plain types, and each with a route that somebody gave."""
    if (
        not 0 < events.height <= FEW
        or "route" not in events.columns
        or not {"item_id", "code", "time"} <= {*events.columns}
    ):
        return False
    texts = all(events.schema.get(name, pl.String) == pl.String for name in TEXTS)
    return texts and all(_is_instant(events.schema.get(name, INSTANT)) for name in INSTANTS)


def read_rows(network: Network, events: pl.DataFrame, now: datetime) -> Histories | None:
    """Read what was known at an instant, as `read_events` does; None where nobody says an item's route."""
    names = [name for name in (*TEXTS, *INSTANTS) if name in events.columns]
    told = [_as_row(names, row) for row in events.select(names).iter_rows()]
    known = [row for row in told if row["item_id"] is not None and was_known(row, now)]
    places = find_places(network)
    items: dict[tuple[str | None, ...], list[Row]] = {}
    for row in known:
        items.setdefault(tuple(row[name] for name in ITEM), []).append(as_numbers(row, places))
    rows = [item_row(key, scans) for key, scans in items.items()]
    if not rows or any(row[4] is None for row in rows):
        return None
    scans = [scan for each in items.values() for scan in each]
    return Histories(
        items=pl.DataFrame(rows, schema=ITEMS, orient="row"),
        first=np.cumsum([0, *map(len, items.values())]).astype(np.int64),
        code=np.array([scan["number"] for scan in scans], dtype=np.uint8),
        place=np.array([scan["place"] for scan in scans], dtype=np.int32),
        hour=np.array([scan["hour"] for scan in scans], dtype=np.int32),
        told=np.array([scan["told"] for scan in scans], dtype=np.int32),
        reason=np.array([scan["held"] for scan in scans], dtype=np.int8),
        findings=tuple(_findings(told, known, places)),
    )


def _is_instant(dtype: pl.DataType) -> bool:
    return isinstance(dtype, pl.Datetime) and dtype.time_unit == "us"


def _as_row(names: list[str], cells: tuple[Any, ...]) -> Row:
    row: Row = dict.fromkeys((*TEXTS, *INSTANTS))
    row |= dict(zip(names, cells, strict=True))
    for name in INSTANTS:
        if row[name] is not None:
            row[name] = row[name].replace(tzinfo=UTC) if row[name].tzinfo is None else row[name].astimezone(UTC)
    return row


def was_known(row: Row, now: datetime) -> bool:
    """Whether an event had happened and was recorded by an instant; or the order placed."""
    if row["code"] is None:
        return row["placed_at"] is not None and row["placed_at"] <= now
    return row["time"] is not None and row["time"] <= now and (row["recorded_at"] is None or row["recorded_at"] <= now)


@lru_cache(maxsize=4)
def _places_of(names: tuple[str, ...]) -> dict[str, int]:
    return {name: number for number, name in enumerate(names)}


def find_places(network: Network) -> dict[str, int]:
    """The numbers of a network's facilities."""
    return _places_of(tuple(row.facility for row in network.facilities))


def as_numbers(row: Row, places: dict[str, int]) -> Row:
    """A scan with its hours, and its code, place and reason as numbers."""
    row["time"] = row["time"] if row["code"] is not None else None
    row["hour"] = _hour(row["time"])
    row["told"] = _hour(row["time"] if row["recorded_at"] is None else row["recorded_at"])
    row["number"] = NUMBERS.get(row["code"], OTHER)
    row["held"] = HOLDS.get(row["reason"], 0)
    row["place"] = places.get(row["facility"], -1)
    return row


def _hour(instant: datetime | None) -> int:
    """The hour since 1970 by which an instant was."""
    return NO_HOUR if instant is None else -((EPOCH - instant) // timedelta(hours=1))


def item_row(key: tuple[str | None, ...], scans: list[Row]) -> tuple[Any, ...]:
    """The row of an item, columns as in `ITEMS`."""
    placed = _most(row["placed_at"] for row in scans)
    promised = _most(row["promised_by"] for row in scans)
    last = max(scans, key=lambda scan: scan["hour"])
    return (
        *key,
        *(_most(row[name] for row in scans) for name in JOURNEY),
        None if placed is None else _hour(placed),
        promised,
        len(scans),
        _most(row["time"] for row in scans),
        NO_HOUR if promised is None else (promised - EPOCH) // timedelta(hours=1),
        last["number"],
        last["hour"],
    )


def _most(values: Iterable[Any]) -> Any:
    return max((value for value in values if value is not None), default=None)


def _findings(told: list[Row], known: list[Row], places: dict[str, int]) -> list[Finding]:
    """What makes no sense in the events as a whole."""
    unreadable = sum(row["item_id"] is None or (row["time"] is None and row["code"] is not None) for row in told)
    unknown = sum(row["code"] is not None and row["code"] not in REAL for row in known)
    strange = sum(row["facility"] is not None and row["facility"] not in places for row in known)
    counts = {"unreadable": unreadable, "unknown": unknown, "strange": strange}
    return [finding_of(kind, count) for kind, count in counts.items() if count]


def make_rows(
    tables: CourseTables,
    items: pl.DataFrame,
    known: tuple[NDArray[Any], NDArray[Any], NDArray[np.int64]],
    said: tuple[NDArray[np.float64], NDArray[np.int8]],
) -> pl.DataFrame:
    """The frame of a forecast, as `make_frame` makes it."""
    rows = [make_row(tables, item, known, said, number) for number, item in enumerate(items.iter_rows(named=True))]
    return pl.DataFrame([tuple(row[name] for name in SCHEMA) for row in rows], schema=SCHEMA, orient="row")


def make_row(
    tables: CourseTables,
    item: Row,
    known: tuple[NDArray[Any], NDArray[Any], NDArray[np.int64]],
    said: tuple[NDArray[np.float64], NDArray[np.int8]],
    number: int = 0,
) -> Row:
    """What is told of the item that has this number among those found."""
    (states, paths, stages), (found, basis) = known, said
    cells, which = found[number].tolist(), int(basis[number])
    followed = which <= WIDENED and np.isfinite(cells[SLOT])
    slot = int(cells[SLOT]) if followed else -1
    step = _step(tables, (paths[number]["path"], paths[number]["mile"]), int(stages[number]), slot)
    heard = followed and states[number]["slot"] == slot
    code = item["last_code"]
    return {
        **item,
        "step": step[0],
        "facility": step[1],
        "step_probability": _share(cells[SLOT_SHARE] if followed else np.nan),
        "since": _instant(float(states[number]["hour"]) if heard else np.nan, tables),
        "last_code": CODES[code] if code < len(CODES) else None,
        **{name: _instant(cells[column], tables) for name, column in HOURS.items()},
        **{name: _share(cells[column]) for name, column in SHARES.items()},
        "basis": BASES[which],
    }


def _step(tables: CourseTables, way: tuple[int, int], stages: int, slot: int) -> tuple[str | None, str | None]:
    """The step and facility of a slot; none where nobody knows."""
    if slot < 0:
        return None, None
    if slot < stages:
        return tables.names[tables.first[way[0]] + slot]
    return LAST_STEPS[slot - stages], tables.last_names[way[1]]


def _instant(hour: float, tables: CourseTables) -> datetime | None:
    """An instant from the index of an hour, to the minute."""
    if np.isnan(hour):
        return None
    return EPOCH + timedelta(microseconds=round((hour + tables.timeline.first_hour) * 60) * MINUTE_US)


def _share(value: float) -> float | None:
    return None if np.isnan(value) else min(max(value, 0.0), 1.0)
