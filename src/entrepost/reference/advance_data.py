"""Advance data: under which regime a country wants them, when they are due, and which of them it wants.

Most rows are assumed or remembered, and say so: the regimes' own documents are long, and differ by mode.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from entrepost.reference.table import read_dated

ORDINARY = "UPU"
"""The regime of a country that has none of its own: what posts always tell one another."""

FIELDS = (
    "sender_name",
    "sender_address",
    "sender_country",
    "recipient_name",
    "recipient_address",
    "recipient_postcode",
    "recipient_tax_id",
    "description",
    "quantity",
    "weight_g",
    "unit_value",
    "hs_code",
    "nature",
    "posted_at",
)
"""What may be wanted of an item, each a bit of a mask in this order."""


@dataclass(frozen=True, slots=True)
class Due:
    """When data are due: hours before loading or before arrival; `gate`: nothing is loaded without an answer."""

    before: str
    hours: int
    gate: bool


def regime_of(country: str, day: date) -> str:
    """The regime of a country on a day: ICS2, STOP, NATIONAL, one of its own, or the ordinary one."""
    row = read_dated("advance_regimes", "country").find(country, day)
    return row["regime"] if row else ORDINARY


def find_due(regime: str, mode: str, day: date) -> Due | None:
    """When a regime wants data of what comes by a mode; None where it does not want them yet."""
    row = read_dated("advance_due", "regime_mode").find(f"{regime}/{mode}", day)
    return Due(row["before"], int(row["hours"]), row["gate"] == "yes") if row else None


def list_required(regime: str, nature: str, day: date) -> tuple[str, ...]:
    """The fields that a regime wants of an item of that nature, in the order of `FIELDS`."""
    table = read_dated("advance_fields", "regime_field")
    rows = ((name, table.find(f"{regime}/{name}", day)) for name in FIELDS)
    return tuple(name for name, row in rows if row and row["natures"] in ("any", nature))


def to_mask(fields: tuple[str, ...]) -> int:
    """Fields as a whole number, a bit each."""
    return sum(1 << FIELDS.index(name) for name in fields)


def from_mask(mask: int) -> tuple[str, ...]:
    """The fields of a whole number."""
    return tuple(name for place, name in enumerate(FIELDS) if mask >> place & 1)
