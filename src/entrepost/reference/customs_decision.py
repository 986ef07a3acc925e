"""What customs decide about an item, and the event and reason that tell of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from entrepost.base.errors import MissingRowError
from entrepost.reference.table import read_dated


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision; `because` is the reason of its `event`, which is empty where nothing happens to the item.

    `final` says that no other decision is awaited.
    """

    decision: str
    event: str
    because: str
    final: bool
    meaning: str
    source: str


def list_decisions() -> tuple[Decision, ...]:
    """Every decision, in the order of the file."""
    return tuple(_decisions().values())


def get_decision(decision: str) -> Decision:
    """The decision of that mnemonic; raises `MissingRowError` for an unknown one."""
    found = _decisions().get(decision)
    if found is None:
        raise MissingRowError(f"{decision!r} is not a decision of customs; there are {', '.join(_decisions())}")
    return found


@cache
def _decisions() -> dict[str, Decision]:
    rows = read_dated("customs_decisions", "decision").rows()
    return {
        row["decision"]: Decision(
            decision=row["decision"],
            event=row["event"],
            because=row["because"],
            final=row["final"] == "yes",
            meaning=row["meaning"],
            source=row["source"],
        )
        for row in rows
    }
