"""What the customer pays: volumetric weight, rate, least charge, surcharges, currency; and what carriage costs.

All amounts are exact: rates are whole thousandths of a minor unit, and each amount is rounded half up
once, where it becomes minor units.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from entrepost.base.money import divide_half_up
from entrepost.base.rule import rule
from entrepost.network.network import Network
from entrepost.network.service import Rate, Service, Surcharge
from entrepost.service.exchange import Exchange
from entrepost.service.posted import Figures, Posted
from entrepost.service.ratecard import RateCard, compile_card, find_rate, to_thousandths
from entrepost.service.surcharge import ANY, SurchargeTable, compile_surcharges, find_surcharge, list_surcharges
from entrepost.tables.rules import decide

SIDE_MM = (0, 100_000)
WEIGHT_G = (0, 1_000_000)


@rule(length_mm=SIDE_MM, width_mm=SIDE_MM, height_mm=SIDE_MM, volumetric_divisor=(0, 100_000))
def volumetric_weight_g(length_mm: int, width_mm: int, height_mm: int, volumetric_divisor: int) -> int:
    """Volume over the divisor (cm3 a kilogram), rounded up to grams; 0 where there is no divisor or no size.

    A cubic centimetre is a thousand cubic millimetres and a kilogram a thousand grams, so the two
    thousands cancel.
    """
    if volumetric_divisor == 0:
        return 0
    return (length_mm * width_mm * height_mm + volumetric_divisor - 1) // volumetric_divisor


@rule(weight_g=WEIGHT_G, length_mm=SIDE_MM, width_mm=SIDE_MM, height_mm=SIDE_MM, volumetric_divisor=(0, 100_000))
def billable_weight_g(weight_g: int, length_mm: int, width_mm: int, height_mm: int, volumetric_divisor: int) -> int:
    """The greater of actual and volumetric weight, as carriers bill."""
    volumetric_g = volumetric_weight_g(length_mm, width_mm, height_mm, volumetric_divisor)
    return max(weight_g, volumetric_g)


@rule(
    charge_item_thousandths=(0, 10**12),
    charge_kg_thousandths=(0, 10**11),
    charge_least_thousandths=(0, 10**12),
    billable_weight_g=WEIGHT_G,
)
def base_charge_minor(
    charge_item_thousandths: int, charge_kg_thousandths: int, charge_least_thousandths: int, billable_weight_g: int
) -> int:
    """The charge before surcharges: for the item and each kilogram, at least the least charge, half up once."""
    millionths = charge_item_thousandths * 1_000 + charge_kg_thousandths * billable_weight_g
    return divide_half_up(max(millionths, charge_least_thousandths * 1_000), 1_000_000)


@rule(cost_item_thousandths=(0, 10**12), cost_kg_thousandths=(0, 10**11), weight_g=WEIGHT_G)
def carriage_cost_minor(cost_item_thousandths: int, cost_kg_thousandths: int, weight_g: int) -> int:
    """What carrying an item costs: for the item and each kilogram of actual weight, half up once."""
    return divide_half_up(cost_item_thousandths * 1_000 + cost_kg_thousandths * weight_g, 1_000_000)


@dataclass(frozen=True, slots=True)
class Tariff:
    """All that decides a service's charge, compiled for columns."""

    service: Service
    card: RateCard
    surcharges: SurchargeTable

    def charge(self, posted: Posted, exchange: Exchange) -> Charges:
        """Charge every item; `items` of the posted need weight_g, length_mm, width_mm and height_mm."""
        sizes = {name: posted.figures(name) for name in ("weight_g", "length_mm", "width_mm", "height_mm")}
        billable = decide(billable_weight_g, {**sizes, "volumetric_divisor": self.service.volumetric_divisor})
        found = self.card.find_rows(posted, billable)
        if not (found >= 0).any():
            nothing = np.zeros_like(found)
            return Charges(billable, found, nothing, nothing, nothing, found >= 0)
        rates = self.card.rows.select("^charge_.*_thousandths$").to_dict()
        rated = {name: column.to_numpy()[np.maximum(found, 0)] for name, column in rates.items()}
        base = decide(base_charge_minor, {**rated, "billable_weight_g": billable})
        added = self.surcharges.add_up(posted, base, billable)
        total = posted.items.select(
            "placed_day", amount_minor=pl.Series(base + added), currency=pl.lit(self.service.currency)
        )
        charge = exchange.convert(total)
        known = (found >= 0) & charge.is_not_null().to_numpy()
        return Charges(billable, found, base, added, charge.fill_null(0).to_numpy(), known)


@dataclass(frozen=True, slots=True)
class Charges:
    """The charge of each item; figures of the card's currency but `charge_minor`, which is in the network's.

    `rate_row` is -1 where no rate holds: the amounts mean nothing there. Nor does `charge_minor` where it
    is not `charge_known`, for want of a rate, or of one of exchange.
    """

    billable_weight_g: Figures
    rate_row: Figures
    base_charge_minor: Figures
    surcharges_minor: Figures
    charge_minor: Figures
    charge_known: NDArray[np.bool_]


def compile_tariff(network: Network, service_code: str) -> Tariff:
    """Compile the rates and surcharges of one service."""
    rates, surcharges = _rows(network, service_code)
    return Tariff(network.service_by_code[service_code], compile_card(rates), compile_surcharges(surcharges))


@dataclass(frozen=True, slots=True)
class Posting:
    """An item handed in: where, whereto and when (days since 1970 in the network's zone), its weight and size."""

    origin: str
    country: str
    postcode: str
    area: str
    placed_day: int
    weight_g: int
    length_mm: int = 0
    width_mm: int = 0
    height_mm: int = 0


@dataclass(frozen=True, slots=True)
class Price:
    """What one item is charged, line by line in the card's currency, and in all in the network's."""

    rate: Rate
    billable_weight_g: int
    base_charge_minor: int
    surcharges: tuple[tuple[str, int], ...]
    currency: str
    charge_minor: int | None


def find_price(network: Network, service_code: str, posting: Posting) -> Price | None:
    """The price of one item, None where no rate holds; its charge is None without a rate of exchange.

    The same rules as for columns, one item at a time: `Tariff.charge` is the way for many.
    """
    service = network.service_by_code[service_code]
    rates, surcharges = _rows(network, service_code)
    billable_g = billable_weight_g.of(posting, service)
    weighed = _Weighed(posting.origin, posting.country, posting.postcode, posting.placed_day, billable_g)
    rate = find_rate(rates, weighed)
    if rate is None:
        return None
    thousandths = {
        f"{name}_thousandths": to_thousandths(getattr(rate, f"{name}_minor"))
        for name in ("charge_item", "charge_kg", "charge_least")
    }
    base = base_charge_minor.of(weighed, thousandths)
    added = tuple(
        (row.surcharge, find_surcharge(row, base, billable_g)) for row in list_surcharges(surcharges, posting)
    )
    total = base + sum(amount for _, amount in added)
    converted = Exchange(network.currency).find_converted(total, service.currency, posting.placed_day)
    return Price(rate, billable_g, base, added, service.currency, converted)


@dataclass(frozen=True, slots=True)
class _Weighed:
    origin: str
    country: str
    postcode: str
    placed_day: int
    billable_weight_g: int


def _rows(network: Network, service_code: str) -> tuple[tuple[Rate, ...], tuple[Surcharge, ...]]:
    rates = tuple(row for row in network.rates if row.service == service_code)
    return rates, tuple(row for row in network.surcharges if row.service in (ANY, service_code))
