"""ITMATT: what an item is and holds, as its origin tells the destination before it comes (UPU M33)."""

from __future__ import annotations

from dataclasses import dataclass

from entrepost.mail.advance_data import AdvanceData
from entrepost.messages.profiling.attributes import advance_data_of, advance_data_record
from entrepost.messages.profiling.form import Record
from entrepost.messages.profiling.layout import Profile
from entrepost.messages.profiling.passage import Build, Passage, Received, Zones


@dataclass(frozen=True, slots=True)
class Itmatt:
    """One message: the advance data of an item."""

    data: AdvanceData


def read(
    data: bytes, zones: Zones | None = None, profile: Profile | None = None, syntax: str = "xml"
) -> Received[Itmatt]:
    """Read a document, XML or JSON, by our profile in that syntax or by another one.

    Raises
    ------
    IncomingMessageError
        Where the bytes are no such document; whatever else is wrong is among the findings.
    """
    return PASSAGE.read(data, zones, profile, syntax)


def write(message: Itmatt, zones: Zones | None = None, profile: Profile | None = None, syntax: str = "xml") -> bytes:
    """Write a document by our profile in that syntax or by another one.

    Raises
    ------
    OutgoingMessageError
        Where the profile cannot say what is to be said.
    """
    return PASSAGE.write([message], None, zones, profile, syntax)


def _build(record: Record, _: Build) -> Itmatt:
    return Itmatt(advance_data_of(record))


def _tell(message: Itmatt) -> Record:
    return advance_data_record(message.data)


PASSAGE: Passage[Itmatt] = Passage("ITMATT", _build, _tell)
