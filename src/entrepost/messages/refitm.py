"""Item referral: what is told about the assessment of items before they are loaded (PLACI)."""

from __future__ import annotations

from dataclasses import dataclass

from entrepost.mail.referral import ReferralNote
from entrepost.messages.profiling.carriage import tell
from entrepost.messages.profiling.form import Record
from entrepost.messages.profiling.layout import Profile
from entrepost.messages.profiling.passage import Build, Passage, Received, Zones

PLAIN = ("item_id", "message", "time", "referral_id", "in_reply_to", "text")


@dataclass(frozen=True, slots=True)
class Refitm:
    """One message: notes about the assessment of items."""

    referrals: tuple[ReferralNote, ...]


def read(
    data: bytes, zones: Zones | None = None, profile: Profile | None = None, syntax: str = "xml"
) -> Received[Refitm]:
    """Read a document, XML or JSON, by our profile in that syntax or by another one.

    Raises
    ------
    IncomingMessageError
        Where the bytes are no such document; whatever else is wrong is among the findings.
    """
    return PASSAGE.read(data, zones, profile, syntax)


def write(message: Refitm, zones: Zones | None = None, profile: Profile | None = None, syntax: str = "xml") -> bytes:
    """Write a document by our profile in that syntax or by another one.

    Raises
    ------
    OutgoingMessageError
        Where the profile cannot say what is to be said.
    """
    return PASSAGE.write([message], None, zones, profile, syntax)


def _build(record: Record, desk: Build) -> Refitm:
    return Refitm(desk.all(_note_of, record.get("referrals", [])))


def _tell(message: Refitm) -> Record:
    return Record({"referrals": [_note_record(each) for each in message.referrals]})


def _note_of(record: Record) -> ReferralNote:
    return ReferralNote(**{**record, "corrected": tuple(record.get("corrected", ()))})


def _note_record(given: ReferralNote) -> Record:
    record = tell(given, PLAIN)
    if given.corrected:
        record["corrected"] = list(given.corrected)
    return record


PASSAGE: Passage[Refitm] = Passage("REFITM", _build, _tell)
