"""CARDIT: which consignment a carrier is given, as the origin tells it before (UPU M48)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from entrepost.mail.consignment import Consignment
from entrepost.messages.edifact import Envelope
from entrepost.messages.profiling.consigned import build_consigned, tell_consigned
from entrepost.messages.profiling.layout import Profile
from entrepost.messages.profiling.passage import Passage, Received, Zones


@dataclass(frozen=True, slots=True)
class Cardit:
    """One message: a consignment for a carrier, from the office that hands it over to the one that is to get it."""

    document: str
    consignment: Consignment
    origin: str
    destination: str
    function: str = "original"


def read(data: bytes, zones: Zones | None = None, profile: Profile | None = None) -> Received[Cardit]:
    """Read the messages of an interchange; see `emsevt.read`."""
    return PASSAGE.read(data, zones, profile)


def write(
    messages: Iterable[Cardit], envelope: Envelope, zones: Zones | None = None, profile: Profile | None = None
) -> bytes:
    """Write messages as an interchange; see `emsevt.write`."""
    return PASSAGE.write(messages, envelope, zones, profile)


PASSAGE: Passage[Cardit] = Passage("CARDIT", partial(build_consigned, Cardit), tell_consigned)
