"""When an item comes that another operator announced: by all ways that the network knows of its lane.

Nobody told us which service it was sold by, but its number tells the class of mail. So it is forecast along each way of
that class from its origin to its country, and the range is that of all of them together: from the earliest to the
latest. Where the network knows no way nothing is said.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from entrepost.codes import s10
from entrepost.journey.book import Route
from entrepost.journey.cache import get_book
from entrepost.journey.under_way.single import Forecaster
from entrepost.network.network import Network

LANE = "lane"
WORDS = "nobody told its service: the range of the ways of its class on its lane"
WAYS_MOST = 12
"""So many ways are looked at, one of each service first (assumed: the others are like them)."""


@dataclass(frozen=True, slots=True)
class Way:
    """A way of a lane: its service, its route, and the area and zone where most people of the country are."""

    service: str
    route: str
    area: str
    time_zone: str


def list_ways(network: Network, item_id: str, origin: str, country: str) -> tuple[Way, ...]:
    """The ways of an item from an office, or from its country where the network does not know the office, to a country.

    They are those of its class of mail, by its number.
    """
    return _Lanes(network).ways(s10.mail_class_of(item_id[:2]), origin, country)


def forecast_lane(
    forecaster: Forecaster, history: list[dict[str, Any]], now: datetime, ways: tuple[Way, ...]
) -> dict[str, Any] | None:
    """The row of a forecast as that of one way has it; None where none can be told."""
    found = []
    for way in ways:
        named = {"service": way.service, "route": way.route, "area": way.area}
        row = forecaster.forecast([each | named for each in history], now)
        if row is not None:
            found.append(row)
    if not found:
        return None
    ordered = sorted(found, key=lambda row: row["arrive_p50"])
    middle = ordered[len(ordered) // 2]
    return middle | {
        "arrive_p10": min(row["arrive_p10"] for row in found),
        "arrive_p90": max(row["arrive_p90"] for row in found),
        "loss_probability": max(row["loss_probability"] for row in found),
        "basis": LANE,
    }


class _Lanes:
    """The ways of a network by lane; equal where the content of the network is."""

    def __init__(self, network: Network) -> None:
        self.network = network

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Lanes) and self.network.content_hash == other.network.content_hash

    def __hash__(self) -> int:
        return hash(self.network.content_hash)

    @lru_cache(maxsize=2_000)  # noqa: B019 - a lane is kept with its network, of which there are few
    def ways(self, mail_class: str, origin: str, country: str) -> tuple[Way, ...]:
        """The ways of a lane."""
        regions = sorted(self.network.regions, key=lambda each: each.weight)
        places = {each.area: each for each in regions if each.country == country}
        there = [
            route
            for route in get_book(self.network).routes
            if route.area in places and self._begins(route, origin) and self._is_of(route, mail_class)
        ]
        there.sort(key=lambda route: places[route.area].weight)
        best = {(route.service, route.text): route for route in there}
        counted: Counter[str] = Counter()
        ranked = []
        for route in sorted(best.values(), key=lambda route: -places[route.area].weight):
            ranked.append((counted[route.service], route))
            counted[route.service] += 1
        chosen = [route for _, route in sorted(ranked, key=lambda each: each[0])[:WAYS_MOST]]
        return tuple(Way(each.service, each.text, each.area, places[each.area].time_zone) for each in chosen)

    def _is_of(self, route: Route, mail_class: str) -> bool:
        return self.network.service_by_code[route.service].mail_class == mail_class

    def _begins(self, route: Route, origin: str) -> bool:
        """Whether a route begins at an office, or in its country."""
        if origin in self.network.facility_by_code:
            return route.origin == origin
        return self.network.facility_by_code[route.origin].country == origin[:2]
