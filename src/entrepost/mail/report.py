"""What operators and carriers report to one another: of an item, or of receptacles and consignments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from entrepost.base.errors import MisuseError
from entrepost.mail.consignment import Leg
from entrepost.mail.event import Event
from entrepost.reference.carriage_status import find_carriage_status, list_carriage_statuses
from entrepost.reference.reason import ReasonClass, reason_class_of

DECISIVE = (ReasonClass.RETURN, ReasonClass.SEIZED, ReasonClass.DESTROYED, ReasonClass.LOST)
"""Classes of reasons that say how an item ends: a measure of such a class says more than the reason for it."""


@dataclass(frozen=True, slots=True)
class ItemReport:
    """An event of an item as another operator reports it; `office` is where it happened, by the sender's own code.

    `measure` is what is done about the `reason`, `subject` the dispatch or receptacle in which the item left or came.
    """

    item_id: str
    code: str
    time: datetime
    office: str
    reason: str = ""
    measure: str = ""
    subject: str = ""
    next_office: str = ""
    remark: str = ""
    signatory: str = ""

    def __post_init__(self) -> None:
        if not (self.item_id and self.code and self.office):
            raise MisuseError(f"report {self.code!r} of {self.item_id!r}: item, code and office must be told")
        if self.time.tzinfo is None:
            raise MisuseError(f"report {self.code} of {self.item_id}: its time needs a zone, such as +08:00")

    def to_event(self, recorded_at: datetime, tenant: str = "main") -> Event:
        """The event of the item. Of reason and measure it keeps the one that decides what follows."""
        decisive = reason_class_of(self.measure) in DECISIVE
        reason = self.measure if decisive or not self.reason else self.reason
        return Event(self.item_id, self.code, self.time, recorded_at, self.office, reason, tenant)


@dataclass(frozen=True, slots=True)
class CarriageReport:
    """What became of receptacles, or of a whole consignment where none is named: status, when and where.

    `leg` is the ride of which the report is, as far as it is told, and `next_carrier` who got them.
    """

    status: str
    time: datetime
    place: str
    receptacle_ids: tuple[str, ...] = ()
    leg: Leg | None = None
    next_carrier: str = ""

    def __post_init__(self) -> None:
        if find_carriage_status(self.status) is None or not self.place:
            known = ", ".join(each.status for each in list_carriage_statuses())
            raise MisuseError(f"report {self.status!r} at {self.place!r}: tell the place, and a status of {known}")
        if self.time.tzinfo is None:
            raise MisuseError(f"report {self.status} at {self.place}: its time needs a zone, such as +08:00")
