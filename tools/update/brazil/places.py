"""Where things are in Brazil: a hub in each state, regions by postcode, delivery areas."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from entrepost.network.facility import Facility
from entrepost.network.region import Region
from tools.update.sample.geography import Point, distances, kilometres, list_airports, list_cities, read_rows

HERE = Path(__file__).parent
COUNTRY = "BR"
CITIES = {"SP": "São Paulo", "MG": "Belo Horizonte", "SC": "Florianópolis"}
"""Hubs whose state has another name than the city that people know them by; the others are called after the airport."""
METRO_KM, NEAR_KM = 80.0, 350.0
"""An area of a state is what lies so near to its hub; assumed."""
REMOTE = ("AM", "RR", "AC", "AP", "RO")
"""States that lorries reach by ferry or hardly at all. Assumed."""


@dataclass(frozen=True, slots=True)
class State:
    """A federal state: its hub and the postcodes that belong to it."""

    state: str
    name: str
    airport: str
    point: Point
    prefixes: tuple[str, ...]
    sellers: int

    def facility(self, role: str) -> Facility:
        """A place at the hub: `A` takes mail in, `B` gives it to delivery, `W` might be a warehouse."""
        kind, word = {"A": ("hub", "posting centre"), "B": ("hub", "delivery centre"), "W": ("warehouse", "warehouse")}[
            role
        ]
        at = (self.point.latitude, self.point.longitude, self.point.time_zone)
        return Facility(self.code(role), f"{self.name} {word}", kind, COUNTRY, self.name, *at, "airportsdata")

    def code(self, role: str) -> str:
        """The code of a place at the hub."""
        return f"{COUNTRY}{self.airport}{role}"


@lru_cache(maxsize=1)
def list_states(data: Path) -> tuple[State, ...]:
    """All states, with hubs where their largest airports are."""
    airports = list_airports(data)
    return tuple(
        State(
            row["state"],
            row["name"],
            row["airport"],
            airports[row["airport"]],
            tuple(_list_prefixes(row["prefixes"])),
            int(row["sellers"]),
        )
        for row in read_rows(HERE / "states.csv")
    )


def build_regions(data: Path) -> tuple[Region, ...]:
    """A region for each postcode prefix of a state, at the middle of its postcodes, with the people of near cities."""
    points = _list_points(data)
    places = [
        (state, prefix, points.get(prefix, state.point)) for state in list_states(data) for prefix in state.prefixes
    ]
    latitude, longitude = (np.array([getattr(each[2], name) for each in places]) for name in ("latitude", "longitude"))
    people = np.zeros(len(places), dtype=np.int64)
    for city in list_cities(data)[COUNTRY]:
        people[int(np.argmin(distances(city, latitude, longitude)))] += city.population
    return tuple(
        _region(state, prefix, point, int(count)) for (state, prefix, point), count in zip(places, people, strict=True)
    )


def road_km(one: Point, other: Point) -> float:
    """Kilometres by road: as the crow flies, and three tenths more (assumed)."""
    return 1.3 * kilometres(one, other)


def _region(state: State, prefix: str, point: Point, people: int) -> Region:
    away = kilometres(state.point, point)
    ring = "metro" if away <= METRO_KM else "near" if away <= NEAR_KM else "far"
    place = (round(point.latitude, 4), round(point.longitude, 4), state.point.time_zone)
    area, weight = f"{COUNTRY}-{state.state}-{ring}", round(max(people, 10_000) / 1e6, 6)
    return Region(f"{COUNTRY}-{prefix}", COUNTRY, prefix, state.name, *place, area, people, weight, "regions")


def _list_points(data: Path) -> dict[str, Point]:
    """The middle of the postcodes that begin with two or three digits."""
    members: dict[str, list[tuple[float, float]]] = {}
    for row in read_rows(data / "geo/postal_prefix_centroids.csv.gz"):
        if row["country"] == COUNTRY:
            for prefix in {row["prefix"], row["prefix"][:2]}:
                members.setdefault(prefix, []).append((float(row["lat"]), float(row["lon"])))
    return {prefix: Point(*np.array(each).mean(axis=0).tolist()) for prefix, each in members.items()}


def _list_prefixes(text: str) -> list[str]:
    """`10-12 19` is 10, 11, 12 and 19."""
    prefixes: list[str] = []
    for part in text.split():
        first, _, last = part.partition("-")
        prefixes += [str(number).zfill(len(first)) for number in range(int(first), int(last or first) + 1)]
    return prefixes
