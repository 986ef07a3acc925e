"""The counter: one order at a time, as `quote` and `choose` answer for many, from what is made ready once a network.

Frames cost a tenth of a second for a single order; here it is a thousandth of that. Promises come out of the book of
the order's hour. What the counter does not know - orders of several items, corrected networks - it leaves to frames.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from entrepost.base.clock import EPOCH
from entrepost.journey.hourly import HourBook
from entrepost.journey.promise import list_routes
from entrepost.mail.order import Order
from entrepost.network.network import Network
from entrepost.network.service import Service
from entrepost.service import choice
from entrepost.service.at_counter.judge import Judge, Stand, find_reason, judge_of, tell
from entrepost.service.at_counter.money import Money, money_of
from entrepost.service.at_counter.package import Package, find_package
from entrepost.service.at_counter.place import Places, places_of
from entrepost.service.at_counter.ranking import Offer, Plain, ground, rank
from entrepost.service.at_counter.sentence import Speaker
from entrepost.service.at_counter.shelves import Shelves, shelves_of
from entrepost.service.at_counter.tariff import OneTariff, tariff_of
from entrepost.service.charge import carriage_cost_minor
from entrepost.service.eligibility import ROUTE_MISSING
from entrepost.service.exchange import EPOCH_DAY, RATED_ON, say_rated_on
from entrepost.service.quote import COLUMNS
from entrepost.service.stocked import storage_cost

NOTHING: dict[str, Any] = dict.fromkeys((*COLUMNS[:-1], "explanation"))


@dataclass(frozen=True, slots=True)
class Way:
    """A route: its number and text, and what carriage costs in thousandths of a minor unit, a piece in minor units."""

    number: int
    text: str
    cost_item_thousandths: int
    cost_kg_thousandths: int
    cost_piece_minor: float

    def cost(self, package: Package) -> int:
        """What carriage costs."""
        item = self.cost_item_thousandths + round(1000 * self.cost_piece_minor * package.pieces)
        return carriage_cost_minor(item, self.cost_kg_thousandths, package.weight_g)


@dataclass(frozen=True, slots=True)
class Counter:
    """All that one order is answered from."""

    network: Network
    places: Places
    money: Money
    desks: tuple[tuple[Judge, OneTariff], ...]
    ways: dict[tuple[str, str, str], Way]
    shelves: Shelves
    zones: dict[str, str]
    speaker: Speaker

    def quote(self, order: Order, book: HourBook) -> list[Offer] | None:
        """Every service for an order, as rows of `quote`; None where the order is left to frames."""
        package = find_package(order, self.places, self.money)
        if package is None or package.start_hour != book.hour or self.network.corrections:
            return None
        return [self._best_of(judge, tariff, (order, package, book)) for judge, tariff in self.desks]

    def choose(self, order: Order, offers: list[Offer], policy: Plain) -> dict[str, Any]:
        """The row of `choose` for an order with these offers, as if it were the only one."""
        eligible = rank([offer for offer in offers if offer["eligible"]], policy)
        if not eligible:
            return self._missed(offers)
        best, other = eligible[0], eligible[1] if len(eligible) > 1 else None
        explanation = self.speaker.explain(best, other, policy, ground(best, policy), order.wanted_by)
        placed_on = EPOCH_DAY + timedelta(days=self.money.find_day(order.placed_at))
        told = {**best, "explanation": explanation + say_rated_on(best[RATED_ON], placed_on)}
        del told["reason_code"]
        return told

    def _missed(self, offers: list[Offer]) -> dict[str, Any]:
        """The row of an order for which nothing can be used, with the nearest miss."""
        nearness = {code: place for place, code in enumerate(choice.NEAR)}
        limits = self.network.service_by_code
        nearest = min(
            offers,
            key=lambda offer: (
                -nearness.get(offer["reason_code"], len(nearness)),
                -limits[offer["service"]].weight_max_g,
            ),
        )
        names = ("tenant", "seller", "order_id", "region", "area", "items", "eligible", "currency")
        told = {name: nearest[name] for name in names}
        return {**NOTHING, **told, "explanation": self.speaker.explain_miss(nearest)}

    def _best_of(self, judge: Judge, tariff: OneTariff, asked: tuple[Order, Package, HourBook]) -> Offer:
        """The offer of a service; of several warehouses that of the quickest, then of the cheapest."""
        stands = self._stands(judge.service, *asked[:2])
        found = [(stand.origin, self._offer(judge, tariff, stand, asked)) for stand in stands]
        return found[0][1] if len(found) == 1 else min(found, key=_by_worth)[1]

    def _stands(self, service: Service, order: Order, package: Package) -> Iterator[Stand]:
        """Where an order may be handed in for a service."""
        if service.kind != "stock":
            yield Stand(order.origin)
            return
        serving = self.shelves.serving.get(package.country, ())
        if not serving:
            yield Stand(order.origin, warehouse_found=False, in_stock=self.shelves.holds(order.origin, order))
        for warehouse in serving:
            yield Stand(warehouse, in_stock=self.shelves.holds(warehouse, order))

    def _offer(self, judge: Judge, tariff: OneTariff, stand: Stand, asked: tuple[Order, Package, HourBook]) -> Offer:
        order, package, book = asked
        service = judge.service
        charged = tariff.charge(stand.origin, package, self.money)
        facts = judge.list_facts(stand, package, charged)
        way = self.ways.get((stand.origin, service.service, package.area or ""))
        code = find_reason(facts) or (ROUTE_MISSING if way is None else 0)
        offer: Offer = dict.fromkeys(COLUMNS)
        offer |= {
            "tenant": order.tenant,
            "seller": order.seller,
            "order_id": order.order_id,
            "service": service.service,
            "eligible": code == 0,
            "currency": self.money.currency,
            "region": package.region,
            "area": package.area,
            "time_zone": self.zones.get(package.region or "", self.network.time_zone),
            "items": 1,
            "reason_code": code,
            RATED_ON: self._rated_on(service, package),
        }
        if code or way is None:
            return offer | {"reason": tell(code, facts, service, self.money)}
        promised = book.promise(way.number, 1, package.wanted_hour)
        return offer | {
            "charge_minor": charged.charge_minor,
            "cost_minor": way.cost(package),
            "route": way.text,
            "wait_hours_mean": promised.mean,
            "wait_hours_p10": promised.p10,
            "wait_hours_p50": promised.p50,
            "wait_hours_p90": promised.p90,
            "wait_hours_p95": promised.p95,
            "arrive_from_p10": _instant(package.start_hour, promised.p10),
            "arrive_by_p90": _instant(package.start_hour, promised.p90),
            "arrive_by_p90_probability": None if promised.p90 is None else promised.p90_probability,
            "wanted_probability": promised.wanted_probability,
        }

    def _rated_on(self, service: Service, package: Package) -> date | None:
        """Of which day the oldest rate of exchange is: that of the goods' value, or that of the service's charge."""
        codes = {service.currency, package.currency or self.money.currency}
        days = (self.money.find_rated_on(code, package.placed_day) for code in codes)
        return min((day for day in days if day), default=None)


def _by_worth(found: tuple[str, Offer]) -> tuple[Any, ...]:
    """The reason, the mean wait, the charge and the warehouse; what is not known comes last."""
    origin, offer = found
    figures = (offer["wait_hours_mean"], offer["charge_minor"])
    return offer["reason_code"], *((each is None, each or 0) for each in figures), origin


def _instant(start_hour: int, wait_hours: int | None) -> datetime | None:
    return None if wait_hours is None else EPOCH + timedelta(hours=start_hour + wait_hours)


def open_counter(network: Network) -> Counter:
    """Make everything ready for single orders; takes a moment once."""
    money = money_of(network)
    tariffs = [tariff_of(network, service) for service in network.services]
    return Counter(
        network,
        places_of(network),
        money,
        tuple((judge_of(network, tariff.service, tariff.card.countries), tariff) for tariff in tariffs),
        _ways_of(network),
        shelves_of(network),
        {region.region: region.time_zone for region in network.regions},
        Speaker({service.service: service.name for service in network.services}, money),
    )


def _ways_of(network: Network) -> dict[tuple[str, str, str], Way]:
    names = ("origin", "service", "area", "route", "number", "cost_item_minor", "cost_kg_minor", "cost_piece_minor")
    rows = storage_cost(network, list_routes(network)).select(names).iter_rows()
    return {
        (origin, service, area): Way(number, text, round(1000 * item), round(1000 * kg), piece)
        for origin, service, area, text, number, item, kg, piece in rows
    }
