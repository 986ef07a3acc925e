"""CUSITM: the advance data of an item, as a post tells customs (UPU M43, WCO-UPU)."""

from __future__ import annotations

from dataclasses import dataclass

from entrepost.mail.advance_data import AdvanceData
from entrepost.messages.profiling.attributes import advance_data_of, advance_data_record
from entrepost.messages.profiling.carriage import tell
from entrepost.messages.profiling.form import Record
from entrepost.messages.profiling.layout import Profile
from entrepost.messages.profiling.passage import Build, Passage, Received, Zones

HEAD = ("flow", "post_organization", "customs_organization", "customs_site", "function")


@dataclass(frozen=True, slots=True)
class Cusitm:
    """One message: the advance data of an item, which way it goes (inbound, outbound), and who tells whom."""

    data: AdvanceData
    flow: str
    post_organization: str
    customs_organization: str
    customs_site: str = ""
    function: str = "original"


def read(
    data: bytes, zones: Zones | None = None, profile: Profile | None = None, syntax: str = "xml"
) -> Received[Cusitm]:
    """Read a document, XML or JSON, by our profile in that syntax or by another one.

    Raises
    ------
    IncomingMessageError
        Where the bytes are no such document; whatever else is wrong is among the findings.
    """
    return PASSAGE.read(data, zones, profile, syntax)


def write(message: Cusitm, zones: Zones | None = None, profile: Profile | None = None, syntax: str = "xml") -> bytes:
    """Write a document by our profile in that syntax or by another one.

    Raises
    ------
    OutgoingMessageError
        Where the profile cannot say what is to be said.
    """
    return PASSAGE.write([message], None, zones, profile, syntax)


def _build(record: Record, _: Build) -> Cusitm:
    return Cusitm(advance_data_of(record), **{name: record[name] for name in HEAD if name in record})


def _tell(message: Cusitm) -> Record:
    return Record({**tell(message, HEAD), **advance_data_record(message.data)})


PASSAGE: Passage[Cusitm] = Passage("CUSITM", _build, _tell)
