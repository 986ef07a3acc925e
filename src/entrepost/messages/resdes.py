"""RESDES: which receptacles of a dispatch came, as the destination answers its origin (UPU M13)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from entrepost.mail.report import CarriageReport
from entrepost.messages.edifact import Envelope
from entrepost.messages.profiling.carriage import build_reported, tell_reported
from entrepost.messages.profiling.layout import Profile
from entrepost.messages.profiling.passage import Passage, Received, Zones

HEAD = ("document", "sent_at", "office", "dispatch_id", "function")


@dataclass(frozen=True, slots=True)
class Resdes:
    """One message: what became of the receptacles of a dispatch, by the office that opened it."""

    document: str
    sent_at: datetime
    office: str
    dispatch_id: str
    reports: tuple[CarriageReport, ...]
    function: str = "original"


def read(data: bytes, zones: Zones | None = None, profile: Profile | None = None) -> Received[Resdes]:
    """Read the messages of an interchange; see `emsevt.read`."""
    return PASSAGE.read(data, zones, profile)


def write(
    messages: Iterable[Resdes], envelope: Envelope, zones: Zones | None = None, profile: Profile | None = None
) -> bytes:
    """Write messages as an interchange; see `emsevt.write`."""
    return PASSAGE.write(messages, envelope, zones, profile)


PASSAGE: Passage[Resdes] = Passage("RESDES", partial(build_reported, Resdes, HEAD), partial(tell_reported, HEAD))
