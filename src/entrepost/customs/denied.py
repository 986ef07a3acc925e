"""Denied parties: who on the loaded lists has a name like a sender's or recipient's, and what speaks for and against.

A score is that of the names (see `entrepost.customs.names.score`), lowered where the lists know another day of birth,
and where only a name hits that the list itself calls weak and nothing else fits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from entrepost.codes.country import is_country
from entrepost.customs.names.fold import to_latin
from entrepost.customs.names.index import NameIndex, index_names
from entrepost.customs.names.search import search_names
from entrepost.reference.country import get_country_name
from entrepost.reference.sanctions import Listed, ListedName, Sanctions

OTHER_BIRTH = 0.6
"""What a score is multiplied by where no listed day of birth fits; assumed: lists err, so it does not end a hit."""
WEAK_ALONE = 0.8
"""What a score is multiplied by where a weak name hits alone; assumed."""
NEAR_YEARS = 1
"""Years by which a listed year of birth may be wrong; assumed, lists often say circa."""


@dataclass(frozen=True, slots=True)
class PartyAsked:
    """Somebody to be screened, as an item's data name them; what is not known is empty."""

    item_id: str
    role: str
    name: str
    address: str = ""
    city: str = ""
    country: str = ""
    birth_date: str = ""


@dataclass(frozen=True, slots=True)
class Denied:
    """Somebody asked about and somebody listed whose names are alike; `reasons` are for the operator's eyes."""

    asked: PartyAsked
    listed: Listed
    name: ListedName
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DeniedParties:
    """The loaded lists, indexed by every name."""

    sanctions: Sanctions
    owners: tuple[int, ...]
    names: tuple[ListedName, ...]
    index: NameIndex

    def find(self, parties: Sequence[PartyAsked], least: float) -> list[Denied]:
        """Everybody listed who scores at least so much with one of the parties, the best name of each."""
        found = search_names(self.index, [party.name for party in parties], least)
        best: dict[tuple[int, int], Denied] = {}
        for asked, place, score in found.iter_rows():
            denied = self._judge(parties[asked], place, score)
            key = asked, self.owners[place]
            if denied.score >= least and (key not in best or denied.score > best[key].score):
                best[key] = denied
        return list(best.values())

    def _judge(self, asked: PartyAsked, place: int, score: float) -> Denied:
        name, listed = self.names[place], self.sanctions.entries[self.owners[place]]
        reasons = [f"name {score:.0f} of 100 like {name.name!r}"]
        born, place_fits = fits_birth(asked.birth_date, listed.births), fits_country(asked, listed)
        if born is False:
            score *= OTHER_BIRTH
            reasons.append(f"born {asked.birth_date}, listed {', '.join(listed.births)}")
        if born:
            reasons.append(f"the day of birth fits: {', '.join(listed.births)}")
        if place_fits:
            reasons.append("the list has an address in the same city or country")
        if name.weak and not born and not place_fits:
            score *= WEAK_ALONE
            reasons.append("the list calls this name weak")
        return Denied(asked, listed, name, round(score, 1), tuple(reasons))


@lru_cache(maxsize=2)
def index_lists(sanctions: Sanctions) -> DeniedParties:
    """Index all names of all entries; takes a second for 23,000 names."""
    owners = tuple(place for place, entry in enumerate(sanctions.entries) for _ in entry.names)
    names = tuple(name for entry in sanctions.entries for name in entry.names)
    return DeniedParties(sanctions, owners, names, index_names([name.name for name in names]))


def fits_birth(asked: str, births: Sequence[str]) -> bool | None:
    """Whether a day of birth (or as much as is known of it) is one of those listed; None where either is unknown."""
    year = asked[:4]
    if not births or not year.isdigit() or len(year) < 4:
        return None
    return any(_fits(asked, int(year), birth) for birth in births)


def _fits(asked: str, year: int, birth: str) -> bool:
    first, _, last = birth.partition("/")
    if last:
        return int(first[:4]) - NEAR_YEARS <= year <= int(last[:4]) + NEAR_YEARS
    if len(first) > 4 and len(asked) > 4:
        return asked.startswith(first) or first.startswith(asked)
    return abs(year - int(first[:4])) <= NEAR_YEARS


def fits_country(asked: PartyAsked, listed: Listed) -> bool:
    """Whether the list has an address in the city or country of somebody asked about."""
    city = to_latin(asked.city).strip().lower()
    country = get_country_name(asked.country) if is_country(asked.country) else asked.country
    return any(_is_there(to_latin(address).lower(), city, country.lower()) for address in listed.addresses)


def _is_there(address: str, city: str, country: str) -> bool:
    """Whether an address names the city, or ends with the country in its long or short form (Russia, Iran)."""
    last = address.rpartition(",")[2].strip()
    return (len(city) > 2 and city in address) or (len(last) > 3 and country.startswith(last))


def is_day(text: str) -> bool:
    """Whether a text is a year, a month or a day as dates of birth are written here."""
    try:
        date.fromisoformat(text + "2000-01-01"[len(text) :])
    except ValueError:
        return False
    return len(text) in (4, 7, 10)
