"""From the events of a frame to the scans of each item, as known at an instant; what makes no sense is a finding."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
import polars as pl
from numpy.typing import NDArray

from entrepost.base.clock import HOUR_US
from entrepost.base.errors import MisuseError
from entrepost.base.findings import Finding, finding_code
from entrepost.journey.itinerary import JOINT
from entrepost.journey.learning.facts import ITEM, JOURNEY
from entrepost.journey.learning.stages import CODES, REASONS
from entrepost.network.network import Network
from entrepost.reference.event_code import list_event_codes
from entrepost.tables.frames import INSTANT

ROWS_UNREADABLE = finding_code("eta_row_unreadable", "Events without an item or a time are left out.")
CODE_UNKNOWN = finding_code("eta_code_unknown", "Events of a code that is not known tell nothing of where an item is.")
PLACE_UNKNOWN = finding_code("eta_place_unknown", "A place is not in the network; what its code says is used alone.")

OTHER = len(CODES)
"""The number of a code that says nothing of where an item is, and of a row that says that it was ordered."""

NO_HOUR = -(1 << 30)
KNOWN = pl.Series([each.code for each in list_event_codes()])
SCANS, HOLDS = pl.Series("codes", CODES), pl.Series("reasons", REASONS)
NUMBERS = {
    "codes": pl.int_range(len(CODES), eager=True),
    "reasons": pl.Series([max(number, 1) for number in range(len(REASONS))]),
}
CARRIED = ("EMC", "EMJ", "EMK", "EMD", "EXC", "EXA", "EDB")


@dataclass(frozen=True)
class Histories:
    """What was known of each item: a row of `items` each, and its scans end to end.

    `items` has tenant, seller, item_id, service, route, area, placed_hour, promised_by, last_event_at,
    last_code (the last by time), scans; hours count from 1970 and are those by which something happened.
    """

    items: pl.DataFrame
    first: NDArray[np.int64]
    code: NDArray[np.uint8]
    place: NDArray[np.int32]
    hour: NDArray[np.int32]
    told: NDArray[np.int32]
    reason: NDArray[np.int8]
    findings: tuple[Finding, ...]


def read_events(network: Network, events: pl.DataFrame, now: datetime) -> Histories:
    """Read what was known at an instant.

    Parameters
    ----------
    network : Network
        Whose places are known.
    events : DataFrame
        item_id, code, time; optionally tenant, seller, facility, reason, recorded_at, placed_at, promised_by,
        and service, route, area. A row without a code says that an item was ordered.
    now : datetime
        What happened or became known later is not looked at.

    Raises
    ------
    MisuseError
        Where a column that is needed is not there.
    """
    missing = [name for name in ("item_id", "code", "time") if name not in events.columns]
    if missing:
        raise MisuseError(f"events has no column {', '.join(missing)}; a forecast needs item_id, code and time")
    rows = _known(network, events, pl.lit(now).cast(INSTANT))
    findings = _findings(events, rows)
    keys = [name for name in ITEM if name in events.columns]
    groups = rows.group_by(keys, maintain_order=True).agg(
        pl.col("code", "place", "hour", "told", "reason"),
        pl.col(*JOURNEY, "placed_hour", "promised_by").max(),
        last_event_at=pl.col("time").max(),
        scans=pl.len(),
    )
    last = pl.col("hour").list.arg_max()
    items = groups.select(
        *[pl.col(name) if name in keys else pl.lit(None, pl.String).alias(name) for name in ITEM],
        *[pl.col(name).cast(pl.String) for name in JOURNEY],
        "placed_hour",
        "promised_by",
        "scans",
        "last_event_at",
        promised_hour=(pl.col("promised_by").cast(pl.Int64) // HOUR_US).fill_null(NO_HOUR),
        last_code=pl.col("code").list.get(last),
        last_hour=pl.col("hour").list.max(),
    )
    lists = groups.select(pl.col("code", "place", "hour", "told", "reason").explode())
    arrays = {series.name: series.to_numpy() for series in lists}
    first = np.concatenate([[0], np.cumsum(items.get_column("scans").to_numpy())]).astype(np.int64)
    found = Histories(items=items, first=first, findings=tuple(findings), **arrays)
    return found if items.get_column("route").null_count() == 0 else _with_guesses(network, found)


def _known(network: Network, events: pl.DataFrame, until: pl.Expr) -> pl.DataFrame:
    """The rows that were known by then, as numbers."""
    texts = ("facility", "reason", *JOURNEY)
    absent = [pl.lit(None, pl.String).alias(name) for name in texts if name not in events.columns]
    instants = ("recorded_at", "placed_at", "promised_by")
    absent += [pl.lit(None, INSTANT).alias(name) for name in instants if name not in events.columns]
    was = (pl.col("time") <= until) & (pl.col("recorded_at").is_null() | (pl.col("recorded_at") <= until))
    was = (was & pl.col("code").is_not_null()) | (pl.col("code").is_null() & (pl.col("placed_at") <= until))
    places = pl.Series([row.facility for row in network.facilities], dtype=pl.String)
    time = pl.when(pl.col("code").is_not_null()).then("time")

    def numbered(name: str, known: pl.Series, default: int, dtype: type[pl.DataType]) -> pl.Expr:
        numbers = NUMBERS[known.name] if known.name else pl.int_range(known.len(), eager=True)
        return pl.col(name).replace_strict(known, numbers, default=default, return_dtype=dtype).fill_null(default)

    place = numbered("facility", places, -1, pl.Int32)
    return (
        events.lazy()
        .with_columns(absent)
        .filter(was & pl.col("item_id").is_not_null())
        .select(
            *[name for name in ITEM if name in events.columns],
            *[pl.col(name).cast(pl.String).cast(pl.Categorical) for name in JOURNEY],
            time.alias("time").cast(INSTANT),
            pl.col("promised_by").cast(INSTANT),
            numbered("code", SCANS, OTHER, pl.UInt8),
            numbered("reason", HOLDS, 0, pl.Int8),
            place.alias("place"),
            hour=_hour(time).fill_null(NO_HOUR),
            told=_hour(pl.coalesce("recorded_at", time)).fill_null(NO_HOUR),
            placed_hour=_hour(pl.col("placed_at")),
            strange=pl.col("facility").is_not_null() & (place < 0),
            unknown=pl.col("code").is_not_null() & ~pl.col("code").is_in(KNOWN.implode()),
        )
        .collect()
    )


def _hour(instant: pl.Expr) -> pl.Expr:
    """The hour since 1970 by which an instant was."""
    return (-(-instant.cast(INSTANT).cast(pl.Int64) // HOUR_US)).cast(pl.Int32)


def _findings(events: pl.DataFrame, rows: pl.DataFrame) -> list[Finding]:
    """What makes no sense in the events as a whole."""
    readable = pl.col("item_id").is_not_null() & (pl.col("time").is_not_null() | pl.col("code").is_null())
    counts = {"unreadable": events.filter(~readable).height}
    counts |= {kind: int(rows.get_column(kind).sum()) for kind in ("unknown", "strange")}
    return [finding_of(kind, count) for kind, count in counts.items() if count]


def finding_of(kind: str, count: int) -> Finding:
    """That so many events are *unreadable*, of an *unknown* code, or of a *strange* place."""
    code, field, fix = {
        "unreadable": (ROWS_UNREADABLE, "time", "give each event an item and a time"),
        "unknown": (CODE_UNKNOWN, "code", "map the carrier's code to one of EMSEVT, such as EMI"),
        "strange": (PLACE_UNKNOWN, "facility", "add it to facilities.csv"),
    }[kind]
    return Finding(code, field, f"{count:,} events", "events", fix=fix, level="warning")


def _with_guesses(network: Network, found: Histories) -> Histories:
    """Where nobody says it: the route that the scans show, and the only service or area that there is."""
    which = np.repeat(np.arange(found.items.height), np.diff(found.first))
    scans = pl.DataFrame({"item": which, "code": found.code, "place": found.place, "hour": found.hour})
    codes = [number for number, code in enumerate(CODES) if code in CARRIED]
    names = pl.Series([row.facility for row in network.facilities], dtype=pl.String)
    seen = scans.filter(pl.col("code").is_in(codes) & (pl.col("place") >= 0)).sort("item", "hour", maintain_order=True)
    stops = seen.with_columns(stop=names.gather(seen.get_column("place"))).group_by("item", maintain_order=True)
    shown = stops.agg(shown=pl.col("stop").unique(maintain_order=True).str.join(JOINT))
    items = found.items.with_row_index("item").with_columns(pl.col("item").cast(pl.Int64))
    items = items.join(shown, on="item", how="left", maintain_order="left")
    direct = [row.service for row in network.services if row.kind == "direct"]
    service = pl.lit(direct[0] if len(direct) == 1 else None, pl.String)
    areas: dict[str, set[str]] = {}
    for row in network.delivery:
        areas.setdefault(row.from_facility, set()).add(row.area)
    only = {place: next(iter(each)) for place, each in areas.items() if len(each) == 1}
    items = items.with_columns(route=pl.coalesce("route", "shown"), service=pl.coalesce("service", service))
    end = pl.col("route").str.split(JOINT).list.last()
    guess = end.replace_strict(only, default=None, return_dtype=pl.String)
    return replace(found, items=items.with_columns(area=pl.coalesce("area", guess)).drop("item", "shown"))
