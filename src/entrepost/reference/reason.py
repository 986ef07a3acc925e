"""Why an item is held, was not delivered, or ended: mnemonics, and the class that decides what follows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from functools import cache

from entrepost.reference.table import read_dated


class ReasonClass(IntEnum):
    """What a reason means for the item: whose turn it is, or how it ends."""

    NONE = 0
    OPERATIONS = 1
    AUTHORITY = 2
    ADDRESSEE = 3
    SENDER = 4
    RETURN = 5
    SEIZED = 6
    DESTROYED = 7
    LOST = 8


@dataclass(frozen=True, slots=True)
class Reason:
    """One mnemonic; `kind` is retention, non_delivery, measure or termination."""

    reason: str
    kind: str
    reason_class: ReasonClass
    meaning: str
    source: str


def list_reasons() -> tuple[Reason, ...]:
    """Every reason, in the order of the file."""
    return tuple(_reasons().values())


def find_reason(reason: str) -> Reason | None:
    """The reason of that mnemonic, or None where it is not known."""
    return _reasons().get(reason)


def reason_class_of(reason: str) -> ReasonClass:
    """The class of a mnemonic; nothing, or a mnemonic that is not known, has the class NONE."""
    found = find_reason(reason)
    return found.reason_class if found else ReasonClass.NONE


@cache
def _reasons() -> dict[str, Reason]:
    rows = read_dated("reasons", "reason").rows()
    return {
        row["reason"]: Reason(
            row["reason"], row["kind"], ReasonClass[row["class"].upper()], row["meaning"], row["source"]
        )
        for row in rows
    }
