"""The facilities: named in `places.csv`, put on the map by airports, UN/LOCODE and the World Port Index."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from entrepost.network.facility import Facility
from tools.update.sample.geography import Point, list_airports, list_cities, nearest_zone, read_rows

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Place:
    """A facility with the airports it uses and the parts it plays (origin, inward, hub, rail, sea, warehouse)."""

    facility: Facility
    airports: tuple[str, ...]
    roles: tuple[str, ...]

    @property
    def code(self) -> str:
        """The facility's code."""
        return self.facility.facility

    @property
    def country(self) -> str:
        """The facility's country."""
        return self.facility.country

    @property
    def point(self) -> Point:
        """Where it lies."""
        return Point(self.facility.latitude, self.facility.longitude, self.facility.time_zone)


@lru_cache(maxsize=1)
def list_places(data: Path) -> dict[str, Place]:
    """All facilities by code, in the order of `places.csv`."""
    return {row["facility"]: _place(data, row) for row in read_rows(HERE / "places.csv")}


def list_by_role(data: Path, role: str) -> list[Place]:
    """The facilities that play a part."""
    return [place for place in list_places(data).values() if role in place.roles]


def list_countries(data: Path) -> list[str]:
    """The destination countries, in order of their codes."""
    return sorted({place.country for place in list_by_role(data, "inward")})


def _place(data: Path, row: dict[str, str]) -> Place:
    airports = tuple(row["airports"].split("+")) if row["airports"] else ()
    point, source = _locate(data, row["point"] or f"airport:{airports[0]}")
    zone = point.time_zone or _zone(data, row["country"], point)
    facility = Facility(
        facility=row["facility"],
        name=row["name"],
        kind=row["kind"],
        country=row["country"],
        city=row["city"],
        latitude=round(point.latitude, 4),
        longitude=round(point.longitude, 4),
        time_zone=zone,
        source=source,
    )
    return Place(facility, airports, tuple(row["role"].split("+")))


def _locate(data: Path, point: str) -> tuple[Point, str]:
    kind, _, name = point.partition(":")
    if kind == "airport":
        return list_airports(data)[name], "airportsdata"
    if kind == "locode":
        return _list_locodes(data)[name], "unlocode"
    return _list_ports(data)[name], "wpi"


@lru_cache(maxsize=1)
def _list_locodes(data: Path) -> dict[str, Point]:
    rows = read_rows(data / "geo/unlocode_all.csv.gz")
    return {row["country"] + row["location"]: Point(float(row["lat"]), float(row["lon"])) for row in rows if row["lat"]}


@lru_cache(maxsize=1)
def _list_ports(data: Path) -> dict[str, Point]:
    wanted = {row["point"].removeprefix("port:"): row["country"] for row in read_rows(HERE / "places.csv")}
    rows = read_rows(data / "ports/wpi.csv.gz")
    return {
        row["PORT_NAME"]: Point(float(row["LATITUDE"]), float(row["LONGITUDE"]))
        for row in rows
        if wanted.get(row["PORT_NAME"]) == row["COUNTRY"]
    }


def _zone(data: Path, country: str, point: Point) -> str:
    return nearest_zone(data, country, point) if country in list_cities(data) else "UTC"
