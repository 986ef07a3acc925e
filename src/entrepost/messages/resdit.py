"""RESDIT: what a carrier does with a consignment, as it tells the post that gave it (UPU M49)."""

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

HEAD = ("document", "sent_at", "consignment_id", "waybill", "function")


@dataclass(frozen=True, slots=True)
class Resdit:
    """One message: what happened to receptacles of a consignment, or to all of it."""

    document: str
    sent_at: datetime
    consignment_id: str
    reports: tuple[CarriageReport, ...]
    waybill: str = ""
    function: str = "original"


def read(data: bytes, zones: Zones | None = None, profile: Profile | None = None) -> Received[Resdit]:
    """Read the messages of an interchange; see `emsevt.read`."""
    return PASSAGE.read(data, zones, profile)


def write(
    messages: Iterable[Resdit], envelope: Envelope, zones: Zones | None = None, profile: Profile | None = None
) -> bytes:
    """Write messages as an interchange; see `emsevt.write`."""
    return PASSAGE.write(messages, envelope, zones, profile)


PASSAGE: Passage[Resdit] = Passage("RESDIT", partial(build_reported, Resdit, HEAD), partial(tell_reported, HEAD))
