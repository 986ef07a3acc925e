"""Where is my parcel, and when does it come: one item's status, its events by local time, and its promise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from entrepost.base.clock import zone
from entrepost.base.errors import MissingRowError
from entrepost.codes.signs import squeeze
from entrepost.mail.event import Event
from entrepost.mail.status import ACTORS, Status, action_required
from entrepost.operations.glance import FoundItem
from entrepost.operations.store import Store
from entrepost.reference.reason import reason_class_of


@dataclass(frozen=True, slots=True)
class PromisedRange:
    """When the order is to arrive: one in ten is there by `from_`, and with `probability` it is there by `to`.

    Both are told in the recipient's zone; `from_` is missing where a promise was given without it.
    """

    service: str
    route: str | None
    from_: datetime | None
    to: datetime | None
    time_zone: str
    probability: float | None
    kept: bool | None
    """Whether the item was there by `to`; None while nobody can know."""
    area: str | None = None
    """The delivery area of the promise."""


@dataclass(frozen=True, slots=True)
class Tracked:
    """An item as its people want to see it; events newest first, each with the offset of its place.

    `operator` announced it, and `announced` is by what; both are empty for an item of our own. Such an item has neither
    seller nor order, and `placed_at` is when it was posted.
    """

    item_id: str
    tenant: str
    seller: str
    order_id: str
    origin: str
    country: str
    status: str
    kind: str
    reason: str
    action_required: str
    since: datetime | None
    wait_ended_at: datetime | None
    promise: PromisedRange | None
    events: tuple[Event, ...]
    placed_at: datetime | None = None
    operator: str = ""
    announced: str = ""


def track(store: Store, item_id: str, tenant: str = "main") -> Tracked:
    """The item of that identifier, the one issued last where the number was given before.

    Raises
    ------
    MissingRowError
        When the account has no such item.
    """
    number = squeeze(item_id)
    found = store.glance.find_item(tenant, number)
    if found is None:
        raise MissingRowError(f"no item {number} is there; check the number, or bring its order in and promise it")
    status = Status(found.state)
    return Tracked(
        item_id=found.item_id,
        tenant=found.tenant,
        seller=found.seller,
        order_id=found.order_id,
        origin=found.origin,
        country=found.country,
        status=status.shown,
        kind=status.kind,
        reason=found.reason,
        action_required=ACTORS[action_required.function(found.state, int(reason_class_of(found.reason)))],
        since=found.since,
        wait_ended_at=found.wait_ended_at,
        promise=_promise(store, found),
        events=found.events,
        placed_at=found.placed_at,
        operator=found.operator,
        announced=found.announced,
    )


def _promise(store: Store, item: FoundItem) -> PromisedRange | None:
    given = item.promise
    if given is None:
        return None
    least, most, to = given.wait_hours_p10, given.wait_hours_p90, given.arrive_by_p90
    from_ = None if least is None or most is None or to is None else to - timedelta(hours=most - least)
    there = given.time_zone or "UTC"
    return PromisedRange(
        service=item.service,
        route=given.route,
        from_=from_ and from_.astimezone(zone(there)),
        to=to and to.astimezone(zone(there)),
        time_zone=there,
        probability=given.arrive_by_p90_probability,
        kept=_kept(store, item.wait_ended_at, to),
        area=given.area,
    )


def _kept(store: Store, ended: datetime | None, to: datetime | None) -> bool | None:
    if to is None or (ended is None and store.clock.now() <= to):
        return None
    return bool(ended is not None and ended <= to)
