"""Which clock hangs at a place: messages give local times, and the place gives the zone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from functools import cache
from importlib.resources import files

from entrepost.base.clock import zone
from entrepost.codes import dispatch, receptacle

PLACE = slice(2, 5)
"""Where an office's code has the three letters of its place."""


AGREE = tuple(datetime(year, month, 15, 12, tzinfo=UTC) for year in range(2015, 2036) for month in range(1, 13))
"""Zones of a country that tell the same time at all of these instants are one clock, as in Germany or Malaysia."""


class Clocks:
    """The zones of places: of those that are named, of others at the same place, and of countries that have but one.

    Parameters
    ----------
    known : mapping of str to str
        IANA zone of each place: offices, facilities, airports, EDI addresses; of a whole country by its two letters.
    """

    def __init__(self, known: Mapping[str, str] | None = None) -> None:
        self._known = {place.upper(): name for place, name in (known or {}).items()}
        self._places: dict[str, str] = {}
        for place, name in self._known.items():
            if len(place) == 6:
                for letters in (place[:5], place[PLACE]):
                    self._places[letters] = name if self._places.get(letters, name) == name else ""
        self._found: dict[str, tzinfo | None] = {}

    def find(self, place: str) -> tzinfo | None:
        """The zone of an office, an airport, or the office that made a dispatch or receptacle; None if unknown.

        Of EDI addresses only those that are named are known: BA01 is an airline's, and not of Bosnia.
        `UTC` is a place of its own, at which nothing else is meant.
        """
        if place not in self._found:
            self._found[place] = self._find(place.upper())
        return self._found[place]

    def name(self, place: str) -> str:
        """The name of the zone of a place as `find` knows it, or of a country by its two letters; empty: unknown."""
        if place == "UTC":
            return place
        name = self._name(place)
        return name or (_zone_of_country(place) if len(place) == len("CN") else "")

    def _find(self, place: str) -> tzinfo | None:
        if place == "UTC":
            return UTC
        name = self._name(place)
        return zone(name) if name else None

    def _name(self, place: str) -> str:
        if len(place) in (dispatch.LENGTH, receptacle.LENGTH):
            place = place[:6]
        name = self._known.get(place) or self._places.get(place[:5] if len(place) == 6 else place, "")
        if not name and len(place) > 4:
            name = self._known.get(place[:2], "")
        if not name and len(place) == 6 and place[:5].isalpha():
            name = _zone_of_country(place[:2])
        return name


@cache
def _zone_of_country(country: str) -> str:
    """The zone of a country whose clocks all agree, by the tables of the tz database; empty where they do not."""
    names = _zones_of_countries().get(country, [])
    told = {tuple(instant.astimezone(zone(name)).utcoffset() for instant in AGREE) for name in names}
    return names[0] if len(told) == 1 else ""


@cache
def _zones_of_countries() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    text = (files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
    for line in text.splitlines():
        if not line.startswith("#"):
            country, _, name, *_ = line.split("\t")
            found.setdefault(country, []).append(name)
    return found
