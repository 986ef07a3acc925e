"""The codes of tracking events (EMSEVT), in the order in which the stages of a journey follow."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from entrepost.base.errors import MissingRowError
from entrepost.reference.table import read_dated


@dataclass(frozen=True, slots=True)
class EventCode:
    """One code: `index` is its place in the order of stages and decides between events of the same instant.

    `carries` names the kind of reason that the code may have (retention, non_delivery, termination or
    nothing); `ends_wait` says that the buyer's wait is over: delivery was tried, or the item lies ready.
    """

    code: str
    index: int
    leg: str
    name: str
    meaning: str
    carries: str
    ends_wait: bool
    source: str


def list_event_codes() -> tuple[EventCode, ...]:
    """Every code, by index."""
    return tuple(_codes().values())


def find_event_code(code: str) -> EventCode | None:
    """The code, or None where it is not known."""
    return _codes().get(code)


def get_event_code(code: str) -> EventCode:
    """The code; raises `MissingRowError` where it is not known."""
    found = find_event_code(code)
    if found is None:
        raise MissingRowError(f"{code!r} is not an event code of EMSEVT such as EMI")
    return found


@cache
def _codes() -> dict[str, EventCode]:
    table = read_dated("event_codes", "code")
    codes = {}
    for index, row in enumerate(table.rows()):
        codes[row["code"]] = EventCode(
            code=row["code"],
            index=index,
            leg=row["leg"],
            name=row["name"],
            meaning=row["meaning"],
            carries=row["carries"],
            ends_wait=row["ends_wait"] == "yes",
            source=row["source"],
        )
    return codes
