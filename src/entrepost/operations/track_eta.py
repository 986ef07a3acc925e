"""When a tracked item comes: the exact filter for this one item, told in its recipient's zone and in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from entrepost.base.clock import zone
from entrepost.journey.eta import forecast
from entrepost.journey.under_way.frame import BASES, EXACT, NETWORK, OVERDUE, SERVICE, WIDENED
from entrepost.journey.under_way.params import Scanning
from entrepost.journey.under_way.residual import LEARNED
from entrepost.network.network import Network
from entrepost.operations.eta import with_residual
from entrepost.operations.store import Store
from entrepost.operations.track import Tracked
from entrepost.tables.frames import INSTANT

PROBABILITY = 0.9
"""What arrives is there by the end of the range with this probability."""

FALLEN_BACK = {
    BASES[EXACT]: "",
    LEARNED: "",
    BASES[WIDENED]: "it takes longer than its network allows for, so the range is wider",
    BASES[SERVICE]: "its own way says nothing more: judged by other items of its service",
    BASES[NETWORK]: "its own way says nothing more: judged by items of all services",
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


def expect(
    store: Store, network: Network, item: Tracked, now: datetime | None = None, folder: Path | None = None
) -> Expected | None:
    """When an item is expected as of an instant; None where its wait has ended, or nothing is to come.

    Parameters
    ----------
    store : Store
        Where its events and its promise are.
    network : Network
        Steps and calendars of its way.
    item : Tracked
        As `track` found it.
    now : datetime, optional
        What happened or was recorded later is not looked at; missing: the present.
    folder : Path, optional
        Where the network lies, with what may have been learned on top of the exact forecast.
    """
    now = now or store.clock.now()
    over = item.wait_ended_at is not None and item.wait_ended_at <= now
    if over or item.status in ("returning", "returned", "ended"):
        return None
    found = forecast(network, _history(item), now, Scanning())
    if not found.items.height:
        return None
    told = with_residual(found, network, folder, now) if folder else found
    row = told.items.row(0, named=True)
    there = item.promise.time_zone if item.promise else "UTC"
    days = {name: row[f"arrive_{at}"] for name, at in (("from_", "p10"), ("likely", "p50"), ("to", "p90"))}
    shown = ("loss_probability", "promise_probability", "step", "facility", "basis")
    return Expected(
        **{name: instant.astimezone(zone(there)) for name, instant in days.items()},
        time_zone=there,
        probability=PROBABILITY,
        words=FALLEN_BACK[row["basis"]],
        **{name: row[name] for name in shown},
    )


def _history(item: Tracked) -> pl.DataFrame:
    """The item's events as a forecast takes them, with what was promised; first that it was ordered."""
    promise = item.promise
    told: list[tuple[Any, ...]] = [(None, None, None, None, None)]
    told += [(event.code, event.time, event.facility, event.reason or None, event.recorded_at) for event in item.events]
    schema: dict[str, Any] = {
        **dict.fromkeys(("code",), pl.String),
        "time": INSTANT,
        **dict.fromkeys(("facility", "reason"), pl.String),
        "recorded_at": INSTANT,
    }
    texts = {"service": promise.service, "route": promise.route, "area": promise.area} if promise else {}
    return pl.DataFrame(told, schema=schema, orient="row").with_columns(
        item_id=pl.lit(item.item_id),
        **{name: pl.lit(texts.get(name), pl.String) for name in ("service", "route", "area")},
        placed_at=pl.lit(item.placed_at).cast(INSTANT),
        promised_by=pl.lit(promise.to if promise else None).cast(INSTANT),
    )
