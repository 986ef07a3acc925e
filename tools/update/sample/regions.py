"""The demand regions: postcode prefixes with people and purchasing power, cities where prefixes are unknown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from entrepost.network.region import Region
from tools.update.sample.geography import (
    City,
    Floats,
    Point,
    distances,
    latest_figures,
    list_cities,
    nearest_zone,
    read_rows,
)
from tools.update.sample.places import list_countries

PREFIX_LENGTH = {"US": 3, "LV": 3}
"""Characters of the prefix where it is neither the area letters nor set by the size of the economy."""
LETTERS_ONLY = ("GB",)
LARGE_ECONOMY_USD = 1e12
CITIES_IN_LARGE, CITIES_IN_SMALL = 50, 12
SHARE_BY_CITIES = 0.8
"""Assumed: this share of a country's people is spread as its cities are, the rest as its postal places are."""
PEOPLE_PER_KM2 = 4000.0
"""Assumed density of a city, from which the radius follows over which its people are spread."""
METRO_PEOPLE, URBAN_PEOPLE, METRO_KM = 1_000_000, 150_000, 40.0
WORKING_SEASONS = (datetime(2026, 1, 15, tzinfo=UTC), datetime(2026, 7, 15, tzinfo=UTC))


@dataclass(frozen=True, slots=True)
class Fine:
    """The finest postal areas of a country: prefix, place, number of named places."""

    prefixes: list[str]
    latitudes: Floats
    longitudes: Floats
    places: Floats


@dataclass(frozen=True, slots=True)
class Country:
    """What a country's regions are made of."""

    code: str
    people: float
    gdp: float
    cities: list[City]


def build_regions(data: Path) -> tuple[Region, ...]:
    """All regions of all destination countries."""
    people, gdp = latest_figures(data, "population"), latest_figures(data, "gdp")
    fine = _list_fine(data)
    regions: list[Region] = []
    for code in list_countries(data):
        country = Country(code, people[code], gdp[code], list_cities(data)[code])
        drafts = _by_prefix(data, country, fine[code]) if code in fine else _by_city(country)
        regions += _with_areas(drafts)
    return tuple(regions)


def _list_fine(data: Path) -> dict[str, Fine]:
    rows: dict[str, list[dict[str, str]]] = {}
    for row in read_rows(data / "geo/postal_prefix_centroids.csv.gz"):
        rows.setdefault(row["country"], []).append(row)
    return {code: _fine(code, each) for code, each in rows.items()}


def _fine(code: str, rows: list[dict[str, str]]) -> Fine:
    kept = [row for row in rows if _is_civilian(code, row["prefix"])]
    numbers = [[float(row[name]) for row in kept] for name in ("lat", "lon", "n_places")]
    return Fine([row["prefix"] for row in kept], *(np.array(each) for each in numbers))


def _is_civilian(code: str, prefix: str) -> bool:
    """Military post (US 090-098, 340, 962-966) and the islands of 969 are not served by the sample."""
    return code != "US" or not (
        "090" <= prefix <= "098" or prefix in ("962", "963", "964", "965", "966", "969") or prefix == "340"
    )


def _region_prefix(country: Country, prefix: str) -> str:
    if country.code in LETTERS_ONLY:
        return prefix.rstrip("0123456789").rstrip()[:2].rstrip("0123456789")
    if country.code in PREFIX_LENGTH:
        return prefix[: PREFIX_LENGTH[country.code]]
    return prefix[: 2 if country.gdp >= LARGE_ECONOMY_USD and country.code != "CA" else 1]


def _by_prefix(data: Path, country: Country, fine: Fine) -> list[Region]:
    people = _spread(country, fine)
    groups: dict[str, list[int]] = {}
    for row, prefix in enumerate(fine.prefixes):
        groups.setdefault(_region_prefix(country, prefix), []).append(row)
    drafts = []
    for prefix, rows in sorted(groups.items()):
        share = people[rows] / people[rows].sum()
        place = Point(float(fine.latitudes[rows] @ share), float(fine.longitudes[rows] @ share))
        zone = nearest_zone(data, country.code, place)
        city = _largest_within(country, place, people[rows].sum())
        drafts.append(_draft(country, (prefix, city), place, zone, float(people[rows].sum())))
    return drafts


def _spread(country: Country, fine: Fine) -> Floats:
    """People of each fine area: cities over the areas within their radius, the rest by named places."""
    by_city = np.zeros(len(fine.prefixes))
    for city in country.cities:
        away = distances(city, fine.latitudes, fine.longitudes)
        radius = max(np.sqrt(city.population / PEOPLE_PER_KM2 / np.pi), away.min())
        near = away <= radius
        by_city[near] += city.population / near.sum()
    by_place = fine.places / fine.places.sum()
    people: Floats = country.people * (SHARE_BY_CITIES * by_city / by_city.sum() + (1 - SHARE_BY_CITIES) * by_place)
    return people


def _largest_within(country: Country, place: Point, people: float) -> str:
    """The largest city within reach of a region's centre, else the nearest."""
    latitudes = np.array([city.latitude for city in country.cities])
    longitudes = np.array([city.longitude for city in country.cities])
    away = distances(place, latitudes, longitudes)
    reach = max(30.0, float(away.min()), float(np.sqrt(people / 300.0 / np.pi)) if people else 0.0)
    return country.cities[int(np.flatnonzero(away <= reach)[0])].name


def _by_city(country: Country) -> list[Region]:
    chosen = country.cities[: CITIES_IN_LARGE if country.gdp >= LARGE_ECONOMY_USD else CITIES_IN_SMALL]
    in_cities = sum(city.population for city in chosen)
    drafts, seen = [], set()
    for city in chosen:
        if city.name in seen:
            continue
        seen.add(city.name)
        place = Point(city.latitude, city.longitude)
        people = country.people * city.population / in_cities
        drafts.append(_draft(country, ("", city.name), place, city.time_zone, people))
    return drafts


def _draft(country: Country, names: tuple[str, str], place: Point, zone: str, people: float) -> Region:
    prefix, city = names
    return Region(
        region=f"{country.code}-{prefix or city}",
        country=country.code,
        postcode_prefix=prefix,
        city=city,
        latitude=round(place.latitude, 4),
        longitude=round(place.longitude, 4),
        time_zone=zone,
        area=_density(country, place, people),
        population=round(people),
        weight=round(people * country.gdp / country.people / 1e9, 6),
        source="regions",
    )


def _density(country: Country, place: Point, people: float) -> str:
    latitudes = np.array([city.latitude for city in country.cities])
    longitudes = np.array([city.longitude for city in country.cities])
    sizes = np.array([city.population for city in country.cities])
    near = sizes[distances(place, latitudes, longitudes) <= METRO_KM]
    largest = float(near.max()) if near.size else 0.0
    if largest >= METRO_PEOPLE:
        return "metro"
    return "urban" if largest >= URBAN_PEOPLE or people >= METRO_PEOPLE else "remote"


def _with_areas(drafts: list[Region]) -> list[Region]:
    """Name the areas so that all regions of one area keep the same local time, summer and winter."""
    first_zone: dict[tuple[float, ...], str] = {}
    people: dict[str, float] = {}
    for draft in drafts:
        people[draft.time_zone] = people.get(draft.time_zone, 0.0) + draft.population
    for zone in sorted(people, key=lambda name: (-people[name], name)):
        first_zone.setdefault(_offsets(zone), zone)
    single = len(first_zone) == 1
    placed = []
    for draft in drafts:
        zone = first_zone[_offsets(draft.time_zone)]
        part = "" if single else zone.rpartition("/")[2].lower().replace("_", "-") + "-"
        placed.append(_replace(draft, zone, f"{draft.country}-{part}{_density_in(draft, single)}"))
    return placed


def _density_in(draft: Region, single: bool) -> str:
    return draft.area if single or draft.area == "metro" else "other"


def _offsets(zone: str) -> tuple[float, ...]:
    found = [when.astimezone(ZoneInfo(zone)).utcoffset() for when in WORKING_SEASONS]
    return tuple(each.total_seconds() for each in found if each is not None)


def _replace(draft: Region, zone: str, area: str) -> Region:
    values = {name: getattr(draft, name) for name in Region.__slots__}
    return Region(**{**values, "time_zone": zone, "area": area})
