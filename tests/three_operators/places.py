"""Three posts, what each sends to the others, and on which way it goes: fixed by the number of items alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from entrepost.codes import s10
from entrepost.mail.partner import EVERY, Address, Channel, Direction, Operator, Partners
from entrepost.network.network import Network
from tests.worlds import two_offices

FIRST = date(2025, 1, 1)
POSTED = datetime(2026, 11, 2, 1, tzinfo=UTC)
"""The first item is accepted then, each further one of a lane a minute later."""
RECEPTACLE_ITEMS = 100
COUNTRY_SERIALS = 1_000_000


@dataclass(frozen=True, slots=True)
class Post:
    """An operator: its country, EDI address, office of exchange and zone."""

    country: str
    address: str
    office: str
    zone: str


POSTS = {
    "CN": Post("CN", "CN101", "CNSHAA", "Asia/Shanghai"),
    "NL": Post("NL", "NL101", "NLAMSA", "Europe/Amsterdam"),
    "US": Post("US", "US101", "USJFKA", "America/New_York"),
}
ZONES = {each.office: each.zone for each in POSTS.values()}
DIRECTIONS: tuple[Direction, ...] = ("in", "out")
PAIRS = tuple((one, other) for one in POSTS for other in POSTS if one != other)


@dataclass(frozen=True, slots=True)
class Lane:
    """What one post sends to another: so many items, so many of them in each dispatch."""

    origin: Post
    destination: Post
    items: int
    together: int

    @property
    def series(self) -> str:
        """The series of its dispatches: by air, unregistered."""
        return f"{self.origin.office}{self.destination.office}AUN"

    @property
    def dispatches(self) -> int:
        """How many dispatches there are."""
        return -(-self.items // self.together)

    def numbers(self, dispatch: int | None = None) -> list[str]:
        """The items of its dispatch of that number, from 0; or all."""
        base = sorted(POSTS).index(self.destination.country) * COUNTRY_SERIALS
        start, end = (0, self.items) if dispatch is None else (dispatch * self.together, (dispatch + 1) * self.together)
        return [
            s10.format(s10.S10("LX", base + number, self.origin.country))
            for number in range(start, min(end, self.items))
        ]


def lanes_of(items: int, together: int) -> list[Lane]:
    """The six lanes of so many items in all."""
    shares = [items // 6 + (number < items % 6) for number in range(6)]
    return [Lane(POSTS[one], POSTS[other], share, together) for (one, other), share in zip(PAIRS, shares, strict=True)]


def posted_at(number: int) -> datetime:
    """When an item of a lane was accepted, by its place in it."""
    return POSTED + timedelta(minutes=number)


def partners_of(own: str, transports: Mapping[str, str]) -> Partners:
    """The table of a post: over which transport it exchanges with whom."""
    operators = tuple(
        Operator(each.country, each.office, each.country, each.zone, own=each.country == own) for each in POSTS.values()
    )
    addresses = tuple(Address(each.address, each.country, FIRST) for each in POSTS.values())
    syntaxes = {EVERY: "edifact", "ITMATT": "json"}
    channels = tuple(
        Channel(country, direction, message, FIRST, syntax=syntax, transport=transport)
        for country, transport in transports.items()
        for direction in DIRECTIONS
        for message, syntax in syntaxes.items()
    )
    return Partners(operators, (), addresses, channels)


def three_offices() -> Network:
    """The offices of exchange of the three posts, each in its own zone."""
    base = two_offices()
    one = base.facilities[0]
    offices = tuple(
        replace(one, facility=each.office, name=each.office, country=each.country, time_zone=each.zone)
        for each in POSTS.values()
    )
    return replace(base, name="three offices", facilities=offices)


def orders_of(lane: Lane) -> Iterator[dict[str, str]]:
    """The orders of a lane, one for each item."""
    for number, item_id in enumerate(lane.numbers()):
        yield {
            "seller": "shop",
            "order_id": item_id,
            "line": "1",
            "placed_at": (posted_at(number) - timedelta(hours=5)).isoformat(),
            "sku": "LAMP",
            "quantity": "1",
            "unit_value": "30.00",
            "currency": "CNY",
            "weight_g": "400",
            "origin": lane.origin.office,
            "country": lane.destination.country,
            "postcode": "60311",
            "city": "City",
        }
