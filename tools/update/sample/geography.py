"""Read the open data of places, people and countries, and measure distances."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

EARTH_KM = 6371.0
FORMER_ALPHA3 = {"ROM": "RO"}
"""Codes that older tables still use."""
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Point:
    """A place on the globe with its time zone (empty where it was not asked for)."""

    latitude: float
    longitude: float
    time_zone: str = ""


@dataclass(frozen=True, slots=True)
class City:
    """A city of GeoNames with at least 15,000 people."""

    name: str
    country: str
    latitude: float
    longitude: float
    population: int
    time_zone: str


def read_rows(path: Path, delimiter: str = ",") -> Iterator[dict[str, str]]:
    """The rows of a CSV file, plain or gzipped, whatever ends its lines."""
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline=""), delimiter=delimiter)


def kilometres(one: Point | City, other: Point | City) -> float:
    """Great-circle distance."""
    return float(distances(one, np.array([other.latitude]), np.array([other.longitude]))[0])


def distances(one: Point | City, latitudes: Floats, longitudes: Floats) -> Floats:
    """Great-circle distances in km from one place to many (haversine)."""
    here, there = np.radians(one.latitude), np.radians(latitudes)
    east = np.radians(longitudes - one.longitude)
    chord = np.sin((there - here) / 2) ** 2 + np.cos(here) * np.cos(there) * np.sin(east / 2) ** 2
    away: Floats = 2 * EARTH_KM * np.arcsin(np.sqrt(np.clip(chord, 0, 1)))
    return away


def chance(*keys: object) -> float:
    """A number in [0, 1) that depends on the keys alone, the same on every machine."""
    return (zlib.crc32("|".join(str(key) for key in keys).encode()) * 2654435761 % 2**32) / 2**32


@lru_cache(maxsize=1)
def list_airports(data: Path) -> dict[str, Point]:
    """Airports by IATA code."""
    rows = read_rows(data / "geo/airports.csv.gz")
    return {row["iata"]: Point(float(row["lat"]), float(row["lon"]), row["tz"]) for row in rows if row["iata"]}


@lru_cache(maxsize=1)
def list_cities(data: Path) -> dict[str, list[City]]:
    """Cities by country, the largest first."""
    cities: dict[str, list[City]] = {}
    for row in read_rows(data / "geo/cities15000.csv.gz"):
        city = City(
            row["name"], row["country"], float(row["lat"]), float(row["lon"]), int(row["population"]), row["tz"]
        )
        cities.setdefault(city.country, []).append(city)
    return {country: sorted(each, key=lambda city: (-city.population, city.name)) for country, each in cities.items()}


@lru_cache(maxsize=1)
def list_alpha3(data: Path) -> dict[str, str]:
    """ISO 3166-1 alpha-2 by alpha-3."""
    rows = read_rows(data / "demand/country-codes.csv.gz")
    return {row["ISO3166-1-Alpha-3"]: row["ISO3166-1-Alpha-2"] for row in rows if row["ISO3166-1-Alpha-2"]}


def latest_figures(data: Path, name: str) -> dict[str, float]:
    """The newest figure of each country in a World Bank series (`gdp`, `population`)."""
    alpha2 = list_alpha3(data)
    newest: dict[str, tuple[int, float]] = {}
    for row in read_rows(data / f"demand/{name}.csv.gz"):
        country, year = alpha2.get(row["Country Code"]), int(row["Year"])
        if country and row["Value"] and year >= newest.get(country, (0, 0.0))[0]:
            newest[country] = (year, float(row["Value"]))
    return {country: value for country, (_, value) in newest.items()}


@lru_cache(maxsize=1)
def list_logistics(data: Path) -> dict[str, tuple[float, float]]:
    """The scores for customs and for timeliness (1 to 5) of each country, of 2016 or the last year it has."""
    alpha2 = {**list_alpha3(data), **FORMER_ALPHA3}
    rows = sorted(read_rows(data / "demand/lpi_2010_2016.csv"), key=lambda row: row["Year"])
    return {
        alpha2[row["Code"]]: (float(row["Customs"]), float(row["Timeliness"])) for row in rows if row["Code"] in alpha2
    }


def nearest_zone(data: Path, country: str, place: Point) -> str:
    """The time zone of the country's city that lies nearest."""
    cities = list_cities(data)[country]
    away = distances(place, np.array([c.latitude for c in cities]), np.array([c.longitude for c in cities]))
    return cities[int(np.argmin(away))].time_zone
