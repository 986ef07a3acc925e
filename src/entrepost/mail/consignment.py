"""A consignment: receptacles that one carrier gets at once, on one routing of legs."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from entrepost.base.errors import MisuseError
from entrepost.base.findings import Finding, finding_code
from entrepost.codes import consignment, dispatch, waybill
from entrepost.mail.receptacle import Receptacle

LEGLESS = finding_code("consignment_legless", "A consignment has no legs: nothing carries it.")
LEGS_APART = finding_code("consignment_legs_apart", "A leg does not begin where and after the one before it ends.")
EMPTY = finding_code("consignment_empty", "A consignment has no receptacles.")
DOUBLED = finding_code("consignment_receptacle_doubled", "A receptacle stands twice in a consignment.")
UNIT_STRANGE = finding_code("consignment_unit_strange", "A unit load holds a receptacle that is not there.")
CATEGORY_DIFFERS = finding_code("consignment_category_differs", "A receptacle has another mail category.")
WEIGHT_DIFFERS = finding_code("consignment_weight_differs", "A consignment weighs other than its receptacles.")

MODES = ("air", "road", "rail", "sea")
TOLERANCE_G = 100
"""Weights are in hundreds of grams: each receptacle may be off by so much."""


@dataclass(frozen=True, slots=True)
class Leg:
    """One ride by one carrier: mode, carrier, trip (a flight's number), from where and when to where and when.

    Places are airports or offices of exchange; the instants are scheduled, with the offset of the place. What a
    message does not tell is empty or None.
    """

    mode: str
    carrier: str
    trip: str
    origin: str = ""
    destination: str = ""
    departs_at: datetime | None = None
    arrives_at: datetime | None = None

    def __post_init__(self) -> None:
        name = f"leg {self.carrier} {self.trip} from {self.origin}"
        if self.mode not in MODES:
            raise MisuseError(f"{name}: mode {self.mode!r} is not one of {', '.join(MODES)}")
        if any(each is not None and each.tzinfo is None for each in (self.departs_at, self.arrives_at)):
            raise MisuseError(f"{name}: its instants need a zone, such as +08:00")
        if self.departs_at and self.arrives_at and self.arrives_at < self.departs_at:
            raise MisuseError(f"{name}: it arrives before it departs")


@dataclass(frozen=True, slots=True)
class Handover:
    """Where and between which instants the carrier gets the receptacles, or gives them back."""

    place: str
    earliest: datetime
    latest: datetime

    def __post_init__(self) -> None:
        if self.earliest.tzinfo is None or self.latest.tzinfo is None or self.latest < self.earliest:
            raise MisuseError(f"handover at {self.place}: give two instants with their zones, the earlier one first")


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit load device (ULD) with the receptacles in it."""

    unit_id: str
    receptacle_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Consignment:
    """Receptacles for one carrier: identifier, when it was completed, category, gross weight, legs.

    The identifier is S32 where we issued it, and any number of up to 35 characters where a carrier did.
    `security_status` is as the carrier's message has it (`SPX`).
    """

    consignment_id: str
    completed_at: datetime
    mail_category: str
    weight_g: int
    receptacles: tuple[Receptacle, ...]
    legs: tuple[Leg, ...]
    waybill: str = ""
    security_status: str = ""
    units: tuple[Unit, ...] = ()
    tendered: Handover | None = None
    delivered: Handover | None = None
    tenant: str = "main"

    def __post_init__(self) -> None:
        if consignment.parse_document(self.consignment_id) != self.consignment_id:
            raise MisuseError(f"consignment {self.consignment_id!r}: write the number without blanks around it")
        name = f"consignment {self.consignment_id}"
        if self.completed_at.tzinfo is None:
            raise MisuseError(f"{name}: the instant of completion needs a zone, such as +08:00")
        if self.mail_category not in tuple(dispatch.CATEGORIES):
            raise MisuseError(f"{name}: mail category {self.mail_category!r} is not one of A, B, C and D")
        if self.weight_g < 0:
            raise MisuseError(f"{name}: it cannot weigh {self.weight_g} g")
        if self.waybill:
            waybill.parse(self.waybill)

    @property
    def origin(self) -> str:
        """Where its first leg begins; empty without legs."""
        return self.legs[0].origin if self.legs else ""

    @property
    def destination(self) -> str:
        """Where its last leg ends; empty without legs."""
        return self.legs[-1].destination if self.legs else ""

    @property
    def dispatch_ids(self) -> tuple[str, ...]:
        """The dispatches of its receptacles, each once, in their order."""
        return tuple(dict.fromkeys(each.dispatch_id for each in self.receptacles))


def check_consignment(given: Consignment) -> list[Finding]:
    """What does not fit together in a consignment: number, legs, receptacles, unit loads, weight."""
    return [
        *consignment.check(given.consignment_id),
        *_check_legs(given),
        *_check_receptacles(given),
        *_check_weight(given),
    ]


def _check_legs(given: Consignment) -> list[Finding]:
    subject = given.consignment_id
    if not given.legs:
        return [Finding(LEGLESS, "legs", "it has no legs", subject, fix="give at least one")]
    findings = []
    for before, after in pairwise(given.legs):
        early = after.departs_at and before.arrives_at and after.departs_at < before.arrives_at
        if after.origin != before.destination or early:
            message = f"{after.carrier} {after.trip} leaves {after.origin} {_format_instant(after.departs_at)}, but "
            message += f"{before.carrier} {before.trip} is at {before.destination} {_format_instant(before.arrives_at)}"
            findings.append(Finding(LEGS_APART, "legs", message, subject, fix="put the legs in order, or add one"))
    return findings


def _format_instant(instant: datetime | None) -> str:
    return f"at {instant.isoformat()}" if instant else "at an instant that is not told"


def _check_receptacles(given: Consignment) -> list[Finding]:
    subject = given.consignment_id
    if not given.receptacles:
        return [Finding(EMPTY, "receptacles", "it has no receptacles", subject, fix="name what the carrier gets")]
    counts = Counter(each.receptacle_id for each in given.receptacles)
    findings = [
        Finding(DOUBLED, "receptacles", f"{name} stands there {count} times", subject, fix="name it once")
        for name, count in counts.items()
        if count > 1
    ]
    for unit in given.units:
        for name in unit.receptacle_ids:
            if name not in counts:
                message = f"{unit.unit_id} holds {name}"
                findings.append(Finding(UNIT_STRANGE, "units", message, subject, fix="add it, or take it out"))
    for each in given.receptacles:
        category = each.code.dispatch.mail_category
        if category != given.mail_category:
            message = f"{each.receptacle_id} is of category {category}, the consignment of {given.mail_category}"
            fix = "give it to another consignment"
            findings.append(Finding(CATEGORY_DIFFERS, "mail_category", message, subject, fix=fix, level="warning"))
    return findings


def _check_weight(given: Consignment) -> list[Finding]:
    total = sum(each.weight_g for each in given.receptacles)
    if abs(total - given.weight_g) <= TOLERANCE_G * len(given.receptacles):
        return []
    message = f"it weighs {given.weight_g} g, its receptacles together {total} g"
    return [
        Finding(WEIGHT_DIFFERS, "weight_g", message, given.consignment_id, fix="weigh again, or add what is missing")
    ]
