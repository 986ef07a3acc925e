"""When a tracked item comes: the exact filter for this one item, told in its recipient's zone and in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl

from entrepost.base.clock import zone
from entrepost.journey.eta import Forecast, forecast
from entrepost.journey.under_way.frame import BASES, EXACT, NETWORK, OVERDUE, SCHEMA, SERVICE, WIDENED
from entrepost.journey.under_way.params import Scanning
from entrepost.journey.under_way.residual import LEARNED
from entrepost.journey.under_way.single import Forecaster
from entrepost.network.network import Network
from entrepost.operations.eta import with_residual
from entrepost.operations.eta_residual_file import FILE
from entrepost.operations.inbound_eta import LANE, WORDS, forecast_lane, list_ways
from entrepost.operations.track import Tracked
from entrepost.tables.frames import INSTANT

TYPES: dict[str, Any] = {
    **dict.fromkeys(("item_id", "code", "facility", "reason", "service", "route", "area"), pl.String),
    **dict.fromkeys(("time", "recorded_at", "placed_at", "promised_by"), INSTANT),
}

PROBABILITY = 0.9
"""What arrives is there by the end of the range with this probability."""

FALLEN_BACK = {
    BASES[EXACT]: "",
    LEARNED: "",
    BASES[WIDENED]: "it takes longer than its network allows for, so the range is wider",
    BASES[SERVICE]: "its own way says nothing more: judged by other items of its service",
    BASES[NETWORK]: "its own way says nothing more: judged by items of all services",
    LANE: WORDS,
    BASES[OVERDUE]: "it is later than all others: guessed from how long it has taken so far",
}
"""What is said of a range that is not the item's own."""


@dataclass(frozen=True, slots=True)
class Expected:
    """The range in which an item is expected: one in ten is there by `from_`, half by `likely`, nine in ten by `to`.

    All are first delivery attempts of items that arrive, told in `time_zone`. `basis` says whose distribution it
    is, and `words` the same to people; empty: the item's own. `step` is where it most probably is, in `facility`.
    """

    from_: datetime
    likely: datetime
    to: datetime
    time_zone: str
    probability: float
    loss_probability: float
    promise_probability: float | None
    step: str | None
    facility: str | None
    basis: str
    words: str


def expect(forecaster: Forecaster, item: Tracked, now: datetime, folder: Path | None = None) -> Expected | None:
    """When an item is expected as of an instant; None where its wait has ended, or nothing is to come.

    Parameters
    ----------
    forecaster : Forecaster
        Steps and calendars of its way.
    item : Tracked
        As `track` found it.
    now : datetime
        What happened or was recorded later is not looked at.
    folder : Path, optional
        Where the network lies, with what may have been learned on top of the exact forecast.
    """
    if not is_awaited(item, now):
        return None
    ways = list_ways(forecaster.network, item.item_id, item.origin, item.country) if item.operator else ()
    row = forecast_lane(forecaster, _history(item), now, ways) if item.operator else _forecast(forecaster, item, now)
    if row is None:
        return None
    if folder is not None and (folder / FILE).exists() and not item.operator:
        row = _corrected(forecaster.network, row, now, folder)
    there = item.promise.time_zone if item.promise else ways[0].time_zone if ways else "UTC"
    days = {name: row[f"arrive_{at}"] for name, at in (("from_", "p10"), ("likely", "p50"), ("to", "p90"))}
    shown = ("loss_probability", "promise_probability", "step", "facility", "basis")
    return Expected(
        **{name: instant.astimezone(zone(there)) for name, instant in days.items()},
        time_zone=there,
        probability=PROBABILITY,
        words=FALLEN_BACK[row["basis"]],
        **{name: row[name] for name in shown},
    )


def is_awaited(item: Tracked, now: datetime) -> bool:
    """Whether an item is still to come as of an instant."""
    over = item.wait_ended_at is not None and item.wait_ended_at <= now
    return not over and item.status not in ("returning", "returned", "ended")


def _forecast(forecaster: Forecaster, item: Tracked, now: datetime) -> dict[str, Any] | None:
    """The row of the forecast; where no route was promised the scans say it, which takes a frame."""
    history = _history(item)
    if item.promise is not None and item.promise.route is not None:
        return forecaster.forecast(history, now)
    frame = pl.DataFrame(history, schema=TYPES)
    items = forecast(forecaster.network, frame, now, forecaster.scanning).items
    return items.row(0, named=True) if items.height else None


def _corrected(network: Network, row: dict[str, Any], now: datetime, folder: Path) -> dict[str, Any]:
    """The row with what was learned on top."""
    items = pl.DataFrame([{name: row[name] for name in SCHEMA}], schema=SCHEMA)
    return with_residual(Forecast(items, Scanning(), ()), network, folder, now).items.row(0, named=True)


def _history(item: Tracked) -> list[dict[str, Any]]:
    """The item's events as a forecast takes them, with what was promised; first that it was ordered."""
    promise = item.promise
    shared = {
        "item_id": item.item_id,
        "service": promise.service if promise else None,
        "route": promise.route if promise else None,
        "area": promise.area if promise else None,
        "placed_at": item.placed_at,
        "promised_by": None if promise is None or promise.to is None else promise.to.astimezone(UTC),
    }
    scans = [
        {
            **shared,
            "code": event.code,
            "time": event.time.astimezone(UTC),
            "facility": event.facility,
            "reason": event.reason or None,
            "recorded_at": event.recorded_at,
        }
        for event in item.events
    ]
    return [{**shared, "code": None}, *scans]
