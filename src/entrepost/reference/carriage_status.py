"""What carriers and posts report of receptacles on their way, in words; messages have codes for them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from entrepost.reference.table import read_dated


@dataclass(frozen=True, slots=True)
class CarriageStatus:
    """One status; `custody` says that it proves who has the mail, so that only a scan may tell it."""

    status: str
    level: str
    custody: bool
    meaning: str
    source: str


def list_carriage_statuses() -> tuple[CarriageStatus, ...]:
    """Every status, in the order in which they usually follow."""
    return tuple(_statuses().values())


def find_carriage_status(status: str) -> CarriageStatus | None:
    """The status of that word, or None where it is not known."""
    return _statuses().get(status)


@cache
def _statuses() -> dict[str, CarriageStatus]:
    rows = read_dated("carriage_statuses", "status").rows()
    return {
        row["status"]: CarriageStatus(
            row["status"], row["level"], row["custody"] == "yes", row["meaning"], row["source"]
        )
        for row in rows
    }
