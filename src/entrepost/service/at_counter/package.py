"""One order packed into the one item in which it travels, located, with its day, hours and value."""

from __future__ import annotations

from dataclasses import dataclass

from entrepost.base.clock import HOUR_US, to_hour, to_micros
from entrepost.mail.order import Line, Order
from entrepost.reference.currency import get_exponent
from entrepost.service.at_counter.money import Money
from entrepost.service.at_counter.place import Places
from entrepost.service.eligibility import BATTERIES
from entrepost.tables.items import ITEM_MAX_G, exact_minor


@dataclass(frozen=True, slots=True)
class Package:
    """What is asked of one item: the fields are the columns that `Case.items` has, `postcode` in its normal form."""

    origin: str
    country: str
    postcode: str
    region: str | None
    area: str | None
    placed_day: int
    start_hour: int
    wanted_hour: int | None
    weight_g: int
    length_mm: int
    width_mm: int
    height_mm: int
    pieces: int
    battery: str
    battery_level: int
    currency: str | None
    converted_value_minor: int | None


def find_package(order: Order, places: Places, money: Money) -> Package | None:
    """The item of an order; None where the order is so heavy that it travels as several."""
    weight_g = sum(line.weight_g * line.quantity for line in order.lines)
    if weight_g > ITEM_MAX_G:
        return None
    placed_day = money.find_day(order.placed_at)
    region, area = places.find(order.country, order.postcode, order.city)
    long, middle, short = _sides(order.lines)
    currency = order.currency or None
    exponent = get_exponent(currency) if currency else 2
    value = sum(exact_minor(line.unit_value, line.quantity, exponent) for line in order.lines)
    battery = max((line.battery for line in order.lines), key=BATTERIES.__getitem__)
    return Package(
        origin=order.origin,
        country=order.country,
        postcode=places.normalise(order.postcode),
        region=region,
        area=area,
        placed_day=placed_day,
        start_hour=to_hour(order.placed_at),
        wanted_hour=None if order.wanted_by is None else to_micros(order.wanted_by) // HOUR_US,
        weight_g=weight_g,
        length_mm=long,
        width_mm=middle,
        height_mm=short,
        pieces=sum(line.quantity for line in order.lines),
        battery=battery,
        battery_level=BATTERIES[battery],
        currency=currency,
        converted_value_minor=money.convert(value, currency or money.currency, placed_day),
    )


def _sides(lines: tuple[Line, ...]) -> list[int]:
    """The sides of all pieces upon each other, the longest first; pieces of unknown size take no room."""
    each = [
        (sorted((line.length_mm, line.width_mm, line.height_mm), reverse=True), line.quantity)
        for line in lines
        if min(line.length_mm, line.width_mm, line.height_mm) > 0
    ]
    if not each:
        return [0, 0, 0]
    height = sum(sides[2] * quantity for sides, quantity in each)
    return sorted((max(sides[0] for sides, _ in each), max(sides[1] for sides, _ in each), height), reverse=True)
