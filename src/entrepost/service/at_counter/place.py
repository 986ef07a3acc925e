"""Where one order goes: what `tables.regions.locate` says of many, from tables that are made once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

import polars as pl

from entrepost.codes.postcode import normalise
from entrepost.network.network import Network
from entrepost.network.region import Region
from entrepost.tables.regions import normalise_city

K = TypeVar("K")
WORDS = re.compile(r"[^a-z0-9]+")

Where = tuple[str | None, str | None]
"""A region and its delivery area; None where the network has no region in that country."""


@dataclass(frozen=True)
class Places:
    """The heaviest region by country and beginning of a postcode (`lengths`: the longest first), city, or alone."""

    lengths: tuple[int, ...]
    by_prefix: dict[tuple[str, str], Where]
    by_city: dict[tuple[str, str], Where]
    by_country: dict[str, Where]

    def find(self, country: str, postcode: str, city: str) -> Where:
        """The region and the area of an address."""
        code = self.normalise(postcode)
        for length in self.lengths:
            found = self.by_prefix.get((country, code[:length]))
            if found is not None and len(code) >= length:
                return found
        named = self.by_city.get((country, city_name(city))) if city else None
        return named or self.by_country.get(country, (None, None))

    def normalise(self, postcode: str) -> str:
        """A postcode in its normal form."""
        return normalise(postcode)


def places_of(network: Network) -> Places:
    """The tables of a network's regions."""
    ordered = sorted(network.regions, key=lambda region: -region.weight)
    prefixes = [normalise(region.postcode_prefix) for region in ordered]
    lengths = sorted({len(prefix) for prefix in prefixes if prefix}, reverse=True)
    named = [(region, city_name(region.city)) for region in ordered]
    return Places(
        tuple(lengths),
        _first(((region.country, prefix), region) for region, prefix in zip(ordered, prefixes, strict=True) if prefix),
        _first(((region.country, city), region) for region, city in named if city),
        _first((region.country, region) for region in ordered),
    )


@lru_cache(maxsize=4_096)
def city_name(city: str) -> str:
    """The name of a city in small letters without accents and punctuation, as `normalise_city` writes it."""
    if city.isascii():
        return WORDS.sub(" ", city.lower()).strip()
    return str(pl.select(normalise_city(pl.lit(city))).item())


def _first(pairs: Iterable[tuple[K, Region]]) -> dict[K, Where]:
    found: dict[K, Where] = {}
    for key, region in pairs:
        found.setdefault(key, (region.region, region.area))
    return found
