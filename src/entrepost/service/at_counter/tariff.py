"""What one service charges one item: the rules of `charge`, over rates and surcharges that are made ready once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from entrepost.network.network import Network
from entrepost.network.service import Service, Surcharge
from entrepost.service.at_counter.money import Money
from entrepost.service.at_counter.package import Package
from entrepost.service.charge import base_charge_minor, billable_weight_g, compile_tariff
from entrepost.service.ratecard import day_number, rate_holds
from entrepost.service.surcharge import ANY, find_surcharge, rank

Row = tuple[int, int, int, int, int, int, int]
"""A rate: the weight above which and up to which, its first and last day, and three amounts in thousandths."""

FIGURES = ("weight_over_g", "weight_to_g", "first_day", "last_day")
AMOUNTS = ("charge_item_thousandths", "charge_kg_thousandths", "charge_least_thousandths")


@dataclass(frozen=True, slots=True)
class Charged:
    """What is charged: the billable weight, whether a rate holds, and the charge where it is known."""

    billable_weight_g: int
    rate_found: bool
    charge_minor: int | None


@dataclass(frozen=True, slots=True)
class Card:
    """The rates of each zone, the last bracket first; of the kinds named origins and long prefixes go first."""

    kinds: tuple[tuple[bool, int], ...]
    rows: dict[tuple[str, str, str], tuple[Row, ...]]
    countries: frozenset[str]

    def find(self, origin: str, country: str, postcode: str, day: int, weight_g: int) -> Row | None:
        """The rate that holds, None where none does."""
        for any_origin, length in self.kinds:
            for row in self.rows.get((ANY if any_origin else origin, country, postcode[:length]), ()):
                if rate_holds(weight_g, day, *row[:4]):
                    return row
        return None


@dataclass(frozen=True)
class OneTariff:
    """A service's rates, and its surcharges name by name, the most specific first."""

    service: Service
    card: Card
    surcharges: tuple[tuple[Surcharge, ...], ...]
    _holding: dict[tuple[str, str, str | None, int], tuple[Surcharge, ...]] = field(default_factory=dict, repr=False)

    def charge(self, origin: str, package: Package, money: Money) -> Charged:
        """Charge an item handed in at a place."""
        sizes = package.length_mm, package.width_mm, package.height_mm
        billable = billable_weight_g(package.weight_g, *sizes, self.service.volumetric_divisor)
        rate = self.card.find(origin, package.country, package.postcode, package.placed_day, billable)
        if rate is None:
            return Charged(billable, False, None)
        base = base_charge_minor(*rate[4:], billable)
        added = sum(find_surcharge(row, base, billable) for row in self._surcharges(origin, package))
        return Charged(billable, True, money.convert(base + added, self.service.currency, package.placed_day))

    def _surcharges(self, origin: str, package: Package) -> tuple[Surcharge, ...]:
        """The surcharges that hold, found once for a place and day."""
        place = (origin, package.country, package.area, package.placed_day)
        if place not in self._holding:
            if len(self._holding) > 10_000:
                self._holding.clear()
            self._holding[place] = tuple(self._find_surcharges(*place))
        return self._holding[place]

    def _find_surcharges(self, origin: str, country: str, area: str | None, day: int) -> Iterator[Surcharge]:
        for rows in self.surcharges:
            for row in rows:
                places = ((row.origin, origin), (row.country, country), (row.area, area))
                here = all(named in (ANY, place) for named, place in places)
                if here and day_number(row.valid_from) <= day <= day_number(row.valid_to):
                    yield row
                    break


def tariff_of(network: Network, service: Service) -> OneTariff:
    """That of one service of a network."""
    rates = compile_tariff(network, service.service).card
    kinds = {
        (bool(any_origin), int(length)) for any_origin, length in rates.zones.select("any_origin", "length").rows()
    }
    listed = rates.rows.select(*FIGURES, *AMOUNTS).rows()
    zones = rates.zones.select("origin", "country", "prefix", "start", "end").rows()
    rows = {(origin, country, prefix): tuple(listed[start:end][::-1]) for origin, country, prefix, start, end in zones}
    names: dict[str, list[Surcharge]] = {}
    for row in sorted((each for each in network.surcharges if each.service in (ANY, service.service)), key=rank):
        names.setdefault(row.surcharge, []).append(row)
    card = Card(tuple(sorted(kinds, key=lambda kind: (kind[0], -kind[1]))), rows, frozenset(rates.countries))
    return OneTariff(service, card, tuple(tuple(each) for each in names.values()))
