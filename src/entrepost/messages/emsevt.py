"""EMSEVT: what happened to items, as operators tell one another (UPU M40)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from entrepost.mail.report import ItemReport
from entrepost.messages.edifact import Envelope
from entrepost.messages.profiling.form import Record
from entrepost.messages.profiling.layout import Profile
from entrepost.messages.profiling.passage import Build, Passage, Received, Zones

FIELDS = (
    *("item_id", "code", "time", "office", "reason", "measure", "subject", "next_office", "remark", "signatory"),
    *("delivery_place", "mail_class", "weight_g", "destination"),
)


@dataclass(frozen=True, slots=True)
class Emsevt:
    """One message: events of items that an office reports; `sent_at` is when they were transmitted."""

    document: str
    sent_at: datetime
    reports: tuple[ItemReport, ...]
    function: str = "original"
    office: str = ""


def read(data: bytes, zones: Zones | None = None, profile: Profile | None = None) -> Received[Emsevt]:
    """Read the messages of an interchange.

    Parameters
    ----------
    data : bytes
        The interchange.
    zones : mapping of str to str, optional
        IANA zone of each office: messages tell local times.
    profile : Profile, optional
        How the message is laid out; ours if none is given.

    Raises
    ------
    IncomingMessageError
        Where the bytes are no interchange; whatever else is wrong is among the findings.
    """
    return PASSAGE.read(data, zones, profile)


def write(
    messages: Iterable[Emsevt], envelope: Envelope, zones: Zones | None = None, profile: Profile | None = None
) -> bytes:
    """Write messages as an interchange; local times are those of `zones`, or as their offsets say.

    Raises
    ------
    OutgoingMessageError
        Where the profile cannot say what is to be said, such as a reason that is in no code list.
    """
    return PASSAGE.write(messages, envelope, zones, profile)


def _build(record: Record, desk: Build) -> Emsevt:
    reports = desk.all(lambda given: ItemReport(**given), record.get("reports", []))
    return Emsevt(record["document"], record["sent_at"], reports, record["function"], record.get("office", ""))


def _tell(message: Emsevt) -> Record:
    reports = [Record({name: getattr(each, name) for name in FIELDS}) for each in message.reports]
    head = {name: getattr(message, name) for name in ("document", "sent_at", "function", "office")}
    return Record({**head, "reports": reports})


PASSAGE: Passage[Emsevt] = Passage("EMSEVT", _build, _tell)
