"""RESCON: which receptacles of a consignment a carrier delivered, as the destination tells the origin (UPU M12)."""

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

HEAD = ("document", "sent_at", "consignment_id", "function")


@dataclass(frozen=True, slots=True)
class Rescon:
    """One message: what became of the receptacles of a consignment."""

    document: str
    sent_at: datetime
    consignment_id: str
    reports: tuple[CarriageReport, ...]
    function: str = "original"


def read(data: bytes, zones: Zones | None = None, profile: Profile | None = None) -> Received[Rescon]:
    """Read the messages of an interchange; see `emsevt.read`."""
    return PASSAGE.read(data, zones, profile)


def write(
    messages: Iterable[Rescon], envelope: Envelope, zones: Zones | None = None, profile: Profile | None = None
) -> bytes:
    """Write messages as an interchange; see `emsevt.write`."""
    return PASSAGE.write(messages, envelope, zones, profile)


PASSAGE: Passage[Rescon] = Passage("RESCON", partial(build_reported, Rescon, HEAD), partial(tell_reported, HEAD))
