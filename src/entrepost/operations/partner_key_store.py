"""What keys of partners are, and what they need of a store."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from entrepost.base.clock import Clock


@dataclass(frozen=True, slots=True)
class PartnerKey:
    """A key of an account for what comes from a partner (*in*), or for what goes to it (*out*).

    Attributes
    ----------
    key : str
        Its name in the account; `sent_name` is the one that stands in requests.
    own, partner : str
        Our EDI address and the partner's.
    until : datetime or None
        It holds no longer.
    """

    tenant: str
    key: str
    direction: str
    own: str
    partner: str
    sent_name: str
    secret: str = field(repr=False)
    created_by: str
    created_at: datetime
    until: datetime | None = None


class PartnerKeyStore(Protocol):
    """Where keys of partners are kept, their secrets sealed; the verbs of `Store.partner_keys`."""

    def put(self, key: PartnerKey) -> None:
        """Keep a key, over the one of the same name."""

    def find(self, tenant: str, key: str) -> PartnerKey | None:
        """A key of an account, or None."""

    def list_all(self, tenant: str) -> list[PartnerKey]:
        """The keys of an account, the oldest first."""


class KeyBook(Protocol):
    """The part of a store that finds who signs."""

    @property
    def partner_keys(self) -> PartnerKeyStore:
        """The keys."""

    @property
    def clock(self) -> Clock:
        """What time it is."""
