"""PRECON: which consignment is on its way, as the origin tells the destination (UPU M10)."""

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
class Precon:
    """One message: a consignment, from the office that hands it over to the one that is to get it."""

    document: str
    consignment: Consignment
    origin: str
    destination: str
    function: str = "original"


def read(data: bytes, zones: Zones | None = None, profile: Profile | None = None) -> Received[Precon]:
    """Read the messages of an interchange; see `emsevt.read`."""
    return PASSAGE.read(data, zones, profile)


def write(
    messages: Iterable[Precon], envelope: Envelope, zones: Zones | None = None, profile: Profile | None = None
) -> bytes:
    """Write messages as an interchange; see `emsevt.write`."""
    return PASSAGE.write(messages, envelope, zones, profile)


PASSAGE: Passage[Precon] = Passage("PRECON", partial(build_consigned, Precon), tell_consigned)
