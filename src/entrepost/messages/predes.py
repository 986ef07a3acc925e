"""PREDES: what is in a dispatch, as its origin tells the destination when it is closed (UPU M41)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from entrepost.mail.dispatch import Dispatch
from entrepost.messages.edifact import Envelope
from entrepost.messages.profiling.carriage import leg_of, leg_record, receptacle_of, receptacle_record, tell
from entrepost.messages.profiling.form import Record
from entrepost.messages.profiling.layout import Profile
from entrepost.messages.profiling.passage import Build, Passage, Received, Zones


@dataclass(frozen=True, slots=True)
class Predes:
    """One message: a closed dispatch, and whether it is told anew or for the first time."""

    document: str
    dispatch: Dispatch
    function: str = "original"


def read(data: bytes, zones: Zones | None = None, profile: Profile | None = None) -> Received[Predes]:
    """Read the messages of an interchange; see `emsevt.read`."""
    return PASSAGE.read(data, zones, profile)


def write(
    messages: Iterable[Predes], envelope: Envelope, zones: Zones | None = None, profile: Profile | None = None
) -> bytes:
    """Write messages as an interchange; see `emsevt.write`."""
    return PASSAGE.write(messages, envelope, zones, profile)


def _build(record: Record, desk: Build) -> Predes:
    legs = desk.all(leg_of, record.get("legs", []))
    if legs and legs[0].departs_at is None:
        legs = (replace(legs[0], departs_at=record.get("departs_at")), *legs[1:])
    made = Dispatch(
        dispatch_id=record["dispatch_id"],
        closed_at=record["closed_at"],
        weight_g=record["weight_g"],
        receptacles=desk.all(receptacle_of, record.get("receptacles", [])),
        legs=legs,
    )
    for name in ("origin", "destination", "mail_category"):
        if record.get(name, getattr(made, name)) != getattr(made, name):
            desk.warn(record, f"{name} is {record[name]}, the identifier {made.dispatch_id} says {getattr(made, name)}")
    return Predes(record["document"], made, record["function"])


def _tell(message: Predes) -> Record:
    given = message.dispatch
    record = tell(given, ("dispatch_id", "closed_at", "weight_g", "origin", "destination", "mail_category"))
    legs = [leg_record(leg) for leg in given.legs]
    if legs and "departs_at" in legs[0]:
        record["departs_at"] = legs[0].pop("departs_at")
    record |= {"document": message.document, "function": message.function, "legs": legs}
    record["receptacles"] = [receptacle_record(each) for each in given.receptacles]
    return record


PASSAGE: Passage[Predes] = Passage("PREDES", _build, _tell)
