"""Messages about the security assessment of an item: what its sender and the authority tell one another."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from entrepost.base.errors import MissingRowError
from entrepost.reference.table import read_dated


@dataclass(frozen=True, slots=True)
class ReferralMessage:
    """One message; `index` is its place in the file, by which rules know it, `ics2` the name that ICS2 gives it."""

    message: str
    index: int
    says: str
    ics2: str


def list_referral_messages() -> tuple[ReferralMessage, ...]:
    """Every message, in the order of the file."""
    return tuple(_messages().values())


def get_referral_message(message: str) -> ReferralMessage:
    """The message of that name; raises `MissingRowError` for an unknown one."""
    found = _messages().get(message)
    if found is None:
        raise MissingRowError(f"{message!r} is not a referral message; there are {', '.join(_messages())}")
    return found


@cache
def _messages() -> dict[str, ReferralMessage]:
    rows = read_dated("referral_messages", "message").rows()
    return {
        row["message"]: ReferralMessage(row["message"], index, row["says"], row["ics2"])
        for index, row in enumerate(rows)
    }
