"""Two tiny dispatches from The Hague to New York, and the flight that they take."""

from __future__ import annotations

from datetime import datetime

from entrepost.mail.consignment import Consignment, Leg
from entrepost.mail.dispatch import Dispatch
from entrepost.mail.receptacle import Receptacle

CLOSED = datetime.fromisoformat("2026-03-02T18:00:00+01:00")
SERIES = "NLHAGIUSJFKAAUN"
REGISTERED, PACKET = "RB123456785NL", "LX000000005NL"


def bag(serial: int, last: bool, weight_g: int = 1000, dispatch: int = 17) -> Receptacle:
    """A bag of dispatch 0017 of 2026 with nothing registered."""
    return Receptacle(f"{SERIES}6{dispatch:04d}{serial:03d}{int(last)}0{weight_g // 100:04d}", weight_g)


def two_bags() -> Dispatch:
    """Dispatch 0017 with bags 001 (12.5 kg) and 002, the last (9.8 kg): 22.3 kg."""
    return Dispatch(f"{SERIES}60017", CLOSED, 22_300, (bag(1, False, 12_500), bag(2, True, 9_800)))


def two_flights() -> Consignment:
    """The two bags from Schiphol over London to New York, 22.3 kg."""
    legs = (
        Leg("air", "BA", "BA431", "AMS", "LHR", at("2026-03-03T09:00:00+01:00"), at("2026-03-03T09:20:00+00:00")),
        Leg("air", "BA", "BA117", "LHR", "JFK", at("2026-03-03T13:00:00+00:00"), at("2026-03-03T16:00:00-05:00")),
    )
    return Consignment("NLA000012345", CLOSED, "A", 22_300, two_bags().receptacles, legs, "12512345675", "SPX")


def at(text: str) -> datetime:
    """An instant."""
    return datetime.fromisoformat(text)
