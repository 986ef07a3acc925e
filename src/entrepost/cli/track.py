"""entrepost track: where an item is, and when it comes."""

from __future__ import annotations

from math import floor
from typing import TYPE_CHECKING, Annotated

import typer

from entrepost.cli.terminal import STORE, StoreOption, TenantOption, here, opened

if TYPE_CHECKING:
    from entrepost.operations.track import PromisedRange, Tracked


def run(
    item: Annotated[str, typer.Argument(help="The item's identifier, such as LX123456785CN.")],
    store: StoreOption = STORE,
    tenant: TenantOption = "main",
) -> None:
    """Show an item's status, its promise, and its events, newest first, in the local time of each place."""
    from entrepost.operations.track import track

    with opened(store) as kept:
        found = track(kept, item, tenant)
    here().answer(found, _lines(found))


def _lines(found: Tracked) -> list[str]:
    from entrepost.reference.event_code import get_event_code

    reason = f" ({found.reason.lower().replace('_', ' ')})" if found.reason else ""
    since = f" since {found.since:%Y-%m-%d %H:%M} UTC" if found.since else ""
    lines = [
        f"{found.item_id}  {found.origin} to {found.country}",
        f"  {found.status.replace('_', ' ')}{reason}{since}",
        *([f"  what to do: {found.action_required}"] if found.action_required else []),
        *(_promise_lines(found.promise) if found.promise else []),
    ]
    for event in found.events:
        place = f"  {event.facility}" if event.facility else ""
        lines.append(f"  {event.time:%Y-%m-%d %H:%M %z}  {event.code}  {get_event_code(event.code).name}{place}")
    return lines


def _promise_lines(promise: PromisedRange) -> list[str]:
    if promise.to is None or promise.probability is None:
        return [f"  {promise.service}: no day was promised"]
    kept = {True: ", kept", False: ", not kept", None: ""}[promise.kept]
    days = f"by {promise.to:%Y-%m-%d}"
    if promise.from_ and promise.from_.date() < promise.to.date():
        days = f"{promise.from_:%Y-%m-%d} to {promise.to:%Y-%m-%d}, by then"
    place = f" ({promise.time_zone})" if promise.time_zone != "UTC" else ""
    return [f"  promised by {promise.service}{place}: {days} with {floor(100 * promise.probability + 1e-3)} %{kept}"]
