"""Whether a service may be used for an item: one check each, 0 where all is well, else the reason's code.

A service's own rules speak of one item; an order is refused where any of its items is, with the reason
of the first. The checks run in the order of `CHECKS`, and the first that refuses gives the reason.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from entrepost.base.rule import Rule, rule
from entrepost.network.network import Network
from entrepost.network.service import Service
from entrepost.service.charge import Charges
from entrepost.service.posted import Figures, Posted
from entrepost.service.ratecard import DAYS, day_number
from entrepost.tables.rules import decide

WEIGHT_BELOW = 1
WEIGHT_ABOVE = 2
LENGTH_ABOVE = 3
SIDES_ABOVE = 4
VALUE_UNKNOWN = 5
VALUE_ABOVE = 6
BATTERY_REFUSED = 7
ORIGIN_REFUSED = 8
DESTINATION_UNSERVED = 9
SUSPENDED = 10
RATE_MISSING = 11
EXCHANGE_MISSING = 12
WAREHOUSE_MISSING = 13
STOCK_MISSING = 14
ROUTE_MISSING = 15

BATTERIES = {"none": 0, "contained": 1, "loose": 2}
ACCEPTED = {"none": 0, "contained": 1, "any": 2}
UNLIMITED = -1
WEIGHT_G = (0, 1_000_000)
SIDE_MM = (0, 100_000)
YESNO = (0, 1)


@rule(weight_g=WEIGHT_G, weight_min_g=WEIGHT_G)
def weight_below(weight_g: int, weight_min_g: int) -> int:
    """Lighter than the service takes; the least weight itself is allowed."""
    return WEIGHT_BELOW if weight_g < weight_min_g else 0


@rule(weight_g=WEIGHT_G, weight_max_g=WEIGHT_G)
def weight_above(weight_g: int, weight_max_g: int) -> int:
    """Heavier than the service takes; the limit itself is allowed."""
    return WEIGHT_ABOVE if weight_g > weight_max_g else 0


@rule(length_mm=SIDE_MM, length_max_mm=SIDE_MM)
def length_above(length_mm: int, length_max_mm: int) -> int:
    """Longest side over the limit; an unknown size (0) is fine."""
    return LENGTH_ABOVE if length_mm > length_max_mm else 0


@rule(length_mm=SIDE_MM, width_mm=SIDE_MM, height_mm=SIDE_MM, sum_max_mm=SIDE_MM)
def sides_above(length_mm: int, width_mm: int, height_mm: int, sum_max_mm: int) -> int:
    """Length, width and height together over the limit; an unknown size (0) is fine."""
    return SIDES_ABOVE if length_mm + width_mm + height_mm > sum_max_mm else 0


@rule(value_known=YESNO, value_limit_minor=(UNLIMITED, 10**12))
def value_unknown(value_known: int, value_limit_minor: int) -> int:
    """There is a limit of value, and no rate of exchange to compare the item's value with it."""
    return VALUE_UNKNOWN if value_limit_minor != UNLIMITED and not value_known else 0


@rule(converted_value_minor=(0, 10**12), value_limit_minor=(UNLIMITED, 10**12))
def value_above(converted_value_minor: int, value_limit_minor: int) -> int:
    """Worth more than the service takes (in the network's currency; -1 is no limit); the limit is allowed."""
    return VALUE_ABOVE if value_limit_minor != UNLIMITED and converted_value_minor > value_limit_minor else 0


@rule(battery_level=(0, 2), battery_level_max=(0, 2))
def battery_refused(battery_level: int, battery_level_max: int) -> int:
    """A lithium battery (0 none, 1 contained in equipment, 2 loose) that the service does not accept."""
    return BATTERY_REFUSED if battery_level > battery_level_max else 0


@rule(origin_offered=YESNO)
def origin_refused(origin_offered: int) -> int:
    """Handed in where the service is not offered."""
    return 0 if origin_offered else ORIGIN_REFUSED


@rule(destination_served=YESNO)
def destination_unserved(destination_served: int) -> int:
    """To a country that the service does not go to."""
    return 0 if destination_served else DESTINATION_UNSERVED


@rule(placed_day=DAYS, suspended_from=DAYS, suspended_to=DAYS)
def suspended(placed_day: int, suspended_from: int, suspended_to: int) -> int:
    """Ordered on a day on which the service is suspended; both days belong to the suspension."""
    return SUSPENDED if suspended_from <= placed_day <= suspended_to else 0


@rule(rate_found=YESNO)
def rate_missing(rate_found: int) -> int:
    """No row of the rate card holds for the item's weight, places and day."""
    return 0 if rate_found else RATE_MISSING


@rule(rate_found=YESNO, charge_known=YESNO)
def exchange_missing(rate_found: int, charge_known: int) -> int:
    """There is a rate, but no rate of exchange from its currency to the network's."""
    return EXCHANGE_MISSING if rate_found and not charge_known else 0


@rule(warehouse_found=YESNO)
def warehouse_missing(warehouse_found: int) -> int:
    """To be served from stock, and no open warehouse serves the country."""
    return 0 if warehouse_found else WAREHOUSE_MISSING


@rule(in_stock=YESNO)
def stock_missing(in_stock: int) -> int:
    """To be served from stock, and a line of the order is not in the warehouse in its full quantity."""
    return 0 if in_stock else STOCK_MISSING


CHECKS: tuple[Rule, ...] = (
    warehouse_missing,
    stock_missing,
    origin_refused,
    destination_unserved,
    suspended,
    weight_below,
    weight_above,
    length_above,
    sides_above,
    battery_refused,
    value_unknown,
    value_above,
    rate_missing,
    exchange_missing,
)
"""The checks of one item, in the order in which they are asked."""


def find_reasons(network: Network, service: Service, countries: list[str], posted: Posted, charges: Charges) -> Figures:
    """Ask every check of every item: the code of the first that refuses, 0 where none does.

    Parameters
    ----------
    service : Service
        What is asked for; its limits are the same for all.
    countries : list of str
        The destinations that its rates name, where it goes if its destinations are `*`.
    posted : Posted
        Its items with warehouse_found, in_stock, battery_level and converted_value_minor (null: no rate of
        exchange) besides their sizes.
    charges : Charges
        What the service charges them.
    """
    value = posted.items.get_column("converted_value_minor")
    columns = ("placed_day", "weight_g", "length_mm", "width_mm", "height_mm", "battery_level")
    facts: dict[str, Any] = {
        **limits_of(service),
        **_facts_of_occasions(network, service, countries, posted),
        **{name: posted.figures(name) for name in (*columns, "warehouse_found", "in_stock")},
        "converted_value_minor": value.fill_null(0).to_numpy(),
        "value_known": value.is_not_null().to_numpy(),
        "rate_found": charges.rate_row >= 0,
        "charge_known": charges.charge_known,
    }
    reasons = np.zeros(posted.items.height, np.int64)
    for check in CHECKS:
        reasons = np.where(reasons == 0, decide(check, facts), reasons)
    return reasons


def find_reason(*nouns: object) -> int:
    """The first reason against one item, 0 if there is none; the nouns must have what the checks ask for."""
    return next((reason for check in CHECKS if (reason := check.of(*nouns))), 0)


def limits_of(service: Service) -> dict[str, int]:
    """The limits of a service, by the names that the checks and the sentences use."""
    return {
        "weight_min_g": service.weight_min_g,
        "weight_max_g": service.weight_max_g,
        "length_max_mm": service.length_max_mm,
        "sum_max_mm": service.sum_max_mm,
        "value_limit_minor": UNLIMITED if service.value_max_minor is None else service.value_max_minor,
        "battery_level_max": ACCEPTED[service.battery],
    }


def _facts_of_occasions(network: Network, service: Service, countries: list[str], posted: Posted) -> dict[str, Any]:
    """What depends on place and day alone, for each item."""
    origins = service.origins.split("+")
    destinations = countries if service.destinations == "*" else service.destinations.split("+")
    here, there = pl.col("origin").is_in(origins), pl.col("country").is_in(destinations)
    known = find_suspensions(network, service, posted.occasions).select(
        "suspended_from",
        "suspended_to",
        origin_offered=pl.lit(True) if "*" in origins else here,
        destination_served=there.fill_null(False) & pl.col("area").is_not_null(),
    )
    return {column.name: column.to_numpy()[posted.occasion] for column in known}


def find_suspensions(network: Network, service: Service, occasions: pl.DataFrame) -> pl.DataFrame:
    """Add to occasions the last suspension that holds (its days and reason), or one that never does."""
    never, reason = (DAYS[1], DAYS[0]), ""
    begin, end, why = pl.lit(never[0], pl.Int64), pl.lit(never[1], pl.Int64), pl.lit(reason)
    for row in network.suspensions:
        if row.service not in ("*", service.service):
            continue
        first, last = day_number(row.first_day), day_number(row.last_day)
        here = (pl.col("country") == row.country) & pl.col("placed_day").is_between(first, last)
        begin, end = pl.when(here).then(first).otherwise(begin), pl.when(here).then(last).otherwise(end)
        why = pl.when(here).then(pl.lit(row.reason)).otherwise(why)
    return occasions.with_columns(suspended_from=begin, suspended_to=end, suspension=why)
