"""entrepost track: where an item is, and when it comes."""

from __future__ import annotations

from dataclasses import asdict
from math import floor
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from entrepost.cli.terminal import (
    STORE,
    NetworkOption,
    StoreOption,
    TenantOption,
    get_network,
    here,
    opened,
    to_instant,
)

if TYPE_CHECKING:
    from datetime import datetime

    from entrepost.operations.track import PromisedRange, Tracked
    from entrepost.operations.track_eta import Expected

LOST = 0.005
"""A chance of being lost that is smaller is not worth a word."""


def run(
    item: Annotated[str, typer.Argument(help="The item's identifier, such as LX123456785CN.")],
    store: StoreOption = STORE,
    tenant: TenantOption = "main",
    network: NetworkOption = "sample",
    now: Annotated[
        str | None,
        typer.Option("--now", help="Forecast as of this instant; otherwise as of the present.", metavar="INSTANT"),
    ] = None,
) -> None:
    """Show an item's status, when it is expected, its promise, and its events, in the local time of each place."""
    from entrepost.journey.under_way.single import Forecaster
    from entrepost.operations.track import track
    from entrepost.operations.track_eta import expect

    asked = to_instant(now) if now else None
    with opened(store) as kept:
        found = track(kept, item, tenant)
        waits = found.wait_ended_at is None or (asked is not None and asked < found.wait_ended_at)
        expected = None
        if waits:
            forecaster = Forecaster(get_network(network))
            expected = expect(forecaster, found, asked or kept.clock.now(), Path(network))
    here().answer({**asdict(found), "expected": expected}, _lines(found, expected))


def _lines(found: Tracked, expected: Expected | None) -> list[str]:
    from entrepost.reference.event_code import get_event_code

    reason = f" ({found.reason.lower().replace('_', ' ')})" if found.reason else ""
    since = f" since {found.since:%Y-%m-%d %H:%M} UTC" if found.since else ""
    lines = [
        f"{found.item_id}  {found.origin} to {found.country}",
        f"  {found.status.replace('_', ' ')}{reason}{since}",
        *([f"  what to do: {found.action_required}"] if found.action_required else []),
        *(_expected_lines(expected) if expected else []),
        *(_promise_lines(found.promise) if found.promise else []),
    ]
    for event in found.events:
        place = f"  {event.facility}" if event.facility else ""
        lines.append(f"  {event.time:%Y-%m-%d %H:%M %z}  {event.code}  {get_event_code(event.code).name}{place}")
    return lines


def _expected_lines(expected: Expected) -> list[str]:
    """The range, how sure it is, and, where it is not the item's own, whose it is."""
    days = f"{_days(expected.from_, expected.to)} with {floor(100 * expected.probability)} %"
    lost = expected.loss_probability
    risk = f"; lost with {lost:.0%}" if lost >= LOST else ""
    lines = [f"  expected{_place(expected.time_zone)}: {days}, most likely {expected.likely:%Y-%m-%d}{risk}"]
    return [*lines, *([f"    {expected.words}"] if expected.words else [])]


def _days(from_: datetime | None, to: datetime) -> str:
    if from_ and from_.date() < to.date():
        return f"{from_:%Y-%m-%d} to {to:%Y-%m-%d}, by then"
    return f"by {to:%Y-%m-%d}"


def _place(time_zone: str) -> str:
    return f" ({time_zone})" if time_zone != "UTC" else ""


def _promise_lines(promise: PromisedRange) -> list[str]:
    if promise.to is None or promise.probability is None:
        return [f"  {promise.service}: no day was promised"]
    kept = {True: ", kept", False: ", not kept", None: ""}[promise.kept]
    days = f"{_days(promise.from_, promise.to)} with {floor(100 * promise.probability + 1e-3)} %"
    return [f"  promised by {promise.service}{_place(promise.time_zone)}: {days}{kept}"]
