"""The nouns of what a server does by itself: chores, and for how long an account keeps people's data."""

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
