"""What a store keeps of mail in receptacles: those being filled, receptacles, dispatches, consignments, referrals.

What left and what came stand in the same tables. A dispatch is named by its direction (`out`, `in`), series, whole
year and serial: `out CNSHAADEFRAAAUN 2026 0017`; a receptacle by its dispatch and its own serial behind that, so that
names stand in the order of time and a series has no second dispatch of a number. A consignment is named by its
direction, number, year and the office that handed it over.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

OUT, IN = "out", "in"
"""The directions: what we sent, and what was announced to us."""

OPEN, CLOSED, ANNOUNCED, CANCELLED = "open", "closed", "announced", "cancelled"
"""How dispatches, receptacles and consignments stand: ours are open, then closed; others' are announced."""


@dataclass(frozen=True, slots=True)
class Filling:
    """A receptacle that is being filled, known at its station by a tag; `receptacle` is what it was closed as.

    `holds` is what may be in it: any, ordinary (nothing registered or insured), or registered (nothing else).
    """

    tenant: str
    tag: str
    origin: str
    destination: str
    mail_category: str
    mail_subclass: str
    kind: str
    handling_class: str
    holds: str
    mode: str
    receptacle: str
    opened_by: str
    opened_at: datetime

    @property
    def series(self) -> str:
        """The fifteen characters of the series into whose dispatch it goes."""
        return f"{self.origin}{self.destination}{self.mail_category}{self.mail_subclass}"


@dataclass(frozen=True, slots=True)
class Content:
    """An item in a receptacle that is being filled, or whose dispatch is not closed yet; it is in no other."""

    tenant: str
    item_id: str
    tag: str
    weight_g: int
    added_at: datetime


@dataclass(frozen=True, slots=True)
class KeptReceptacle:
    """A receptacle with its number; what it holds is kept as containment. `outcome` is the last that was reported.

    `counts` are its items by format, such as `E12`; `handed_over_at` and `delivered_at` are the scans of the carrier
    that prove custody, `received_at` is when its destination opened it.
    """

    tenant: str
    receptacle: str
    receptacle_id: str
    dispatch: str
    tag: str
    kind: str
    handling_class: str
    counts: str
    state: str
    outcome: str
    consignment: str
    closed_by: str
    weight_g: int
    items: int
    exempt: int
    closed_at: datetime
    handed_over_at: datetime | None = None
    delivered_at: datetime | None = None
    received_at: datetime | None = None

    @property
    def serial(self) -> int:
        """Its number in the dispatch."""
        return int(self.receptacle_id[20:23])


@dataclass(frozen=True, slots=True)
class KeptDispatch:
    """A dispatch, from the closing of its first receptacle on; `version` counts how often it was told.

    `opened_at` is when it got its number, `answered_at` when its destination told for the first time what came.
    """

    tenant: str
    dispatch: str
    dispatch_id: str
    state: str
    closed_by: str
    offset_minutes: int
    weight_g: int
    receptacles: int
    items: int
    version: int
    opened_at: datetime
    closed_at: datetime | None = None
    cancelled_at: datetime | None = None
    answered_at: datetime | None = None

    @property
    def series(self) -> str:
        """Offices, category and subclass."""
        return self.dispatch_id[:15]


@dataclass(frozen=True, slots=True)
class KeptConsignment:
    """A consignment; `received_at` and `delivered_at` are the carrier's scans (74, 21), `answered_at` is RESCON."""

    tenant: str
    consignment: str
    consignment_id: str
    origin: str
    destination: str
    mail_category: str
    waybill: str
    security_status: str
    state: str
    closed_by: str
    offset_minutes: int
    weight_g: int
    receptacles: int
    version: int
    closed_at: datetime
    cancelled_at: datetime | None = None
    received_at: datetime | None = None
    delivered_at: datetime | None = None
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class KeptLeg:
    """A ride of a consignment, named by it and a number; `run` is the departure and its instant where it is ours."""

    tenant: str
    leg: str
    consignment: str
    run: str
    mode: str
    carrier: str
    trip: str
    origin: str
    destination: str
    weight_g: int
    departs_offset: int
    arrives_offset: int
    departs_at: datetime | None = None
    arrives_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class KeptReferral:
    """A message about the assessment of an item before it is loaded, named by item, instant and message."""

    tenant: str
    referral: str
    item_id: str
    message: str
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class WaybillStock:
    """Numbers of air waybills that an airline gave us, by its three digits: serials `next` to `last` are left."""

    tenant: str
    airline: str
    carrier: str
    changed_by: str
    next: int
    last: int
    changed_at: datetime
