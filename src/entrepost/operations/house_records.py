"""The nouns of a house: chores, days of keeping data, senders, how feeds are read, and orders promised."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Chore:
    """Something that one worker of all does, for all accounts: who has it, until when, and when it was done last."""

    tenant: str
    chore: str
    holder: str
    lease_until: datetime | None = None
    done_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Retention:
    """For how many days an account keeps people's data, as `operations.privacy.PrivacyParams` tells them apart."""

    tenant: str
    retention: str
    keep_days: int
    open_days: int
    changed_by: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Sender:
    """Who stands as the sender on the labels of a seller, and the operator and office where the items are posted."""

    tenant: str
    seller: str
    operator: str
    office: str
    name: str
    line1: str
    line2: str
    line3: str
    city: str
    region: str
    postcode: str
    country: str
    phone: str
    email: str
    tax_id: str
    changed_by: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class CarrierFeed:
    """How a carrier's tracking in JSON is read: the text of a mapping."""

    tenant: str
    feed: str
    mapping: str
    changed_by: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Promising:
    """How an account's orders are promised: by which policy where no segments are active, and whether at once (1)."""

    tenant: str
    use: str
    policy: str
    changed_by: str
    at_once: int
    changed_at: datetime
