"""What operators and carriers report to one another: of an item, or of receptacles and consignments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from entrepost.base.errors import MisuseError
from entrepost.base.findings import Finding, finding_code
from entrepost.codes import s10
from entrepost.mail.consignment import Leg
from entrepost.mail.event import Event
from entrepost.reference.carriage_status import find_carriage_status, list_carriage_statuses
from entrepost.reference.event_code import find_event_code
from entrepost.reference.reason import ReasonClass, reason_class_of

REASON_MISSING = finding_code("report_reason_missing", "A report of an item that is held or undelivered has no reason.")
MEASURE_MISSING = finding_code("report_measure_missing", "A report of a failed delivery does not say what is done.")
AHEAD = finding_code("report_ahead", "A report was sent before what it tells happened.")
LATE = finding_code("report_late", "A report was sent more than a day after what it tells happened.")

MAIL_CLASSES = ("", "U", "C", "E")
"""Letter post, parcels, EMS, as far as it is told."""

SENT_WITHIN = timedelta(hours=24)
"""Events count for a post's targets where they are sent within a day (targets of exchange, letter post)."""

OPTIONAL = "EDB"
"""Shown to customs: it may have a reason and need not."""

DECISIVE = (ReasonClass.RETURN, ReasonClass.SEIZED, ReasonClass.DESTROYED, ReasonClass.LOST)
"""Classes of reasons that say how an item ends: a measure of such a class says more than the reason for it."""


@dataclass(frozen=True, slots=True)
class ItemReport:
    """An event of an item as another operator reports it; `office` is where it happened, by the sender's own code.

    `measure` is what is done about the `reason`, `subject` the dispatch or receptacle in which the item left or came.
    `delivery_place` is where it was delivered (EMI) or can be collected (EDH), as far as the law lets it be told.
    `mail_class`, `weight_g` and `destination`, a country, are told where an item is posted (EMA).
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
    delivery_place: str = ""
    mail_class: str = ""
    weight_g: int | None = None
    destination: str = ""

    def __post_init__(self) -> None:
        if self.mail_class not in MAIL_CLASSES:
            raise MisuseError(f"report {self.code} of {self.item_id}: class {self.mail_class!r} is not U, C or E")
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


def check_item_report(report: ItemReport, sent_at: datetime) -> list[Finding]:
    """What is wrong with a report of an item that was sent at that instant.

    Customs' time is only taken out of a post's own where a retention has its reason, an attempt counts with reason and
    measure, and events count that are sent within a day (targets of posts for the exchange of events).
    """
    subject = report.item_id
    findings = s10.check(subject, subject)
    known = find_event_code(report.code)
    carries = known.carries if known else ""
    what = f"{report.code} at {report.office} of {report.time.isoformat()}"
    if carries and not report.reason and report.code != OPTIONAL:
        findings.append(_warning(REASON_MISSING, "reason", f"{what} has no reason", subject, "tell why"))
    if carries == "non_delivery" and not report.measure:
        findings.append(_warning(MEASURE_MISSING, "measure", f"{what} says not what is done", subject, "tell it"))
    if report.time > sent_at:
        message = f"{what} was sent before it happened"
        findings.append(_warning(AHEAD, "time", message, subject, "correct the time or its zone"))
    elif sent_at - report.time > SENT_WITHIN:
        hours = (sent_at - report.time) // timedelta(hours=1)
        findings.append(_warning(LATE, "time", f"{what} was sent {hours} hours later", subject, "send within a day"))
    return findings


def _warning(code: str, field: str, message: str, subject: str, fix: str) -> Finding:
    return Finding(code, field, message, subject, fix=fix, level="warning")
