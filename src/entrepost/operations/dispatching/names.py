"""How dispatches, receptacles and consignments are named in a store, and which clock an office has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from entrepost.base.clock import zone
from entrepost.base.errors import MisuseError
from entrepost.codes import dispatch
from entrepost.network.network import Network

BEHIND = "~"
"""Stands behind every sign of a name: what is before it begins with what stands in front of it."""


@dataclass(frozen=True, slots=True)
class Telling:
    """A message to be sent: to the operator of an office, or to a carrier by its code."""

    message: Any
    office: str = ""
    carrier: str = ""


def name_dispatch(direction: str, dispatch_id: str, year: int) -> str:
    """The name of a dispatch, with its whole year."""
    return f"{direction} {dispatch_id[:15]} {year:04d} {dispatch_id[16:20]}"


def name_receptacle(dispatch_name: str, serial: int) -> str:
    """The name of a receptacle of a dispatch."""
    return f"{dispatch_name} {serial:03d}"


def name_consignment(direction: str, consignment_id: str, year: int, origin: str) -> str:
    """The name of a consignment, whose number a carrier may give again in another year, or another carrier at once."""
    return f"{direction} {consignment_id} {year:04d} {origin}"


def year_of(dispatch_id: str, instant: datetime) -> int:
    """The whole year of a dispatch that was known at an instant."""
    return dispatch.year_of(dispatch.parse(dispatch_id), instant.date())


def year_in(name: str) -> int:
    """The whole year in the name of a dispatch, a receptacle or a consignment."""
    return int(name.split(" ")[2])


def to_local(network: Network, office: str, instant: datetime) -> datetime:
    """An instant by the clock of an office.

    Raises
    ------
    MisuseError
        Where the network does not know the office.
    """
    facility = network.facility_by_code.get(office)
    if facility is None:
        raise MisuseError(f"the network has no office {office}, so nobody knows its clock; add it to facilities.csv")
    return instant.astimezone(zone(facility.time_zone))


def offset_of(instant: datetime) -> int:
    """The minutes by which a local instant is ahead of UTC."""
    return (instant.utcoffset() or timedelta()) // timedelta(minutes=1)


def with_offset(instant: datetime, minutes: int) -> datetime:
    """An instant as it was written down, with its offset."""
    return instant.astimezone(timezone(timedelta(minutes=minutes)))
