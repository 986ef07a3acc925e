"""What a server looks up for nearly every request: single rows, without waiting for who writes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from entrepost.mail.event import Event
from entrepost.operations.records import N


@dataclass(frozen=True, slots=True)
class FoundPromise:
    """What was promised of an item's order by the service that it takes."""

    route: str | None
    area: str | None
    wait_hours_p10: int | None
    wait_hours_p90: int | None
    arrive_by_p90: datetime | None
    arrive_by_p90_probability: float | None
    time_zone: str | None


@dataclass(frozen=True, slots=True)
class FoundItem:
    """An item with its order, status, promise and events, the newest first; `state` is the number of its status.

    `operator` announced it, and `announced` is by what; both are empty for an item of our own.
    """

    tenant: str
    seller: str
    order_id: str
    item_id: str
    service: str
    origin: str
    country: str
    placed_at: datetime
    state: int
    reason: str
    since: datetime | None
    wait_ended_at: datetime | None
    promise: FoundPromise | None
    events: tuple[Event, ...]
    operator: str = ""
    announced: str = ""


class Glance(Protocol):
    """Looks at what was committed. `is_near`: it waits for nobody else, neither a writer nor a network."""

    @property
    def is_near(self) -> bool:
        """Whether a look takes microseconds."""

    def find(self, kind: type[N], tenant: str, name: str) -> N | None:
        """The record of that name, or None."""

    def find_item(self, tenant: str, item_id: str) -> FoundItem | None:
        """The item that was given a number last, or None."""
