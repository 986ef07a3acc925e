"""Direct mail as options of groups: every service that may carry an item, with its price, cost and wait."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from entrepost.base.clock import HOUR_US, WEEK_HOURS, day_hour
from entrepost.journey.book import RouteBook, step_cost
from entrepost.journey.cache import get_book
from entrepost.journey.itinerary import build_itinerary
from entrepost.journey.step import Clear, Deliver, Ride
from entrepost.network.network import Network
from entrepost.planning.cells import Market
from entrepost.planning.options_wait import Habits, Waits, waits_of
from entrepost.reference.fx import known_rates
from entrepost.service.case import Case
from entrepost.service.eligibility import BATTERIES
from entrepost.service.exchange import Exchange
from entrepost.service.offer import list_offers
from entrepost.service.ratecard import day_number
from entrepost.tables.frames import INSTANT, empty

Integers = NDArray[np.int64]
STEPS = ("carriage", "handling", "last_mile")


def direct_options(network: Network, market: Market) -> tuple[pl.DataFrame, Waits]:
    """A row for each group and direct service that may carry its items, groups in order.

    Returns
    -------
    (DataFrame, Waits)
        Columns place (the group's), service, route, price_minor (what the operator asks), carriage_minor,
        handling_minor, last_mile_minor; and the waits of the same rows.
    """
    case = case_of(network, market)
    codes = pl.Series("service", [service.service for service in network.services], dtype=pl.String)
    direct = [service.kind == "direct" for service in network.services]
    offers = list_offers(network, case).filter(pl.col("reason_code") == 0)
    offers = offers.filter(pl.lit(pl.Series(direct)).gather(pl.col("service_number")))
    book = get_book(network)
    numbers = offers.get_column("number").cast(pl.Int64).to_numpy()
    place = offers.get_column("order").to_numpy()
    weight = market.groups.get_column("weight_g").to_numpy()[place] / 1000
    rows = pl.DataFrame(
        {
            "place": place,
            "service": codes.gather(offers.get_column("service_number")),
            "route": texts_of(book).gather(numbers),
            "price_minor": offers.get_column("charge_minor").cast(pl.Float64),
            **costs_of(network, book, numbers, weight),
        }
    )
    return rows, waits_of(book, numbers, habits_of(market).taken(place))


def texts_of(book: RouteBook) -> pl.Series:
    """The routes' facilities in order, as text."""
    return pl.Series([route.text for route in book.routes], dtype=pl.String)


def costs_of(
    network: Network, book: RouteBook, numbers: Integers, weight_kg: NDArray[np.float64]
) -> dict[str, pl.Series]:
    """What carriage (with customs), handling and the last mile cost an item on each of these routes."""
    used = np.unique(numbers)
    table = np.zeros((len(book.routes), 3, 2))
    for number in used:
        route = book.routes[number]
        for step in build_itinerary(network, route.service, route.facilities, route.area):
            kind = 2 if isinstance(step, Deliver) else 0 if isinstance(step, Ride | Clear) else 1
            table[number, kind] += step_cost(step)
    costs = table[numbers, :, 0] + table[numbers, :, 1] * weight_kg[:, None]
    return {f"{name}_minor": pl.Series(costs[:, kind]) for kind, name in enumerate(STEPS)}


def habits_of(market: Market) -> Habits:
    """For each group when its area orders."""
    areas = market.hours.get_column("area").unique(maintain_order=True)
    shares = market.hours.get_column("share").to_numpy().reshape(len(areas), WEEK_HOURS)
    number = {area: place for place, area in enumerate(areas)}
    return Habits(shares, market.groups.get_column("area").replace_strict(number, return_dtype=pl.Int64).to_numpy())


def case_of(network: Network, market: Market) -> Case:
    """One item for each group, of its mean weight, size and value, as if ordered on the market's last day."""
    day = day_number(market.day)
    placed = pl.lit(day_hour(market.day) * HOUR_US).cast(INSTANT)
    whole = {name: pl.col(name).round().cast(pl.Int64) for name in ("length_mm", "width_mm", "height_mm")}
    value = pl.col("unit_value_minor").round().cast(pl.Int64)
    items = market.groups.with_row_index("order").select(
        pl.col("order").cast(pl.Int64),
        "seller",
        "origin",
        "country",
        "area",
        "battery",
        tenant=pl.lit("main"),
        order_id="group",
        item=pl.lit(1, pl.Int64),
        weight_g=pl.col("weight_g").round().clip(1, None).cast(pl.Int64),
        **whole,
        value_minor=value,
        currency=pl.lit(network.currency),
        pieces=pl.col("pieces").round().clip(1, None).cast(pl.Int64),
        placed_at=placed,
        wanted_by=pl.lit(None, INSTANT),
        postcode=_by_area(network, [(row.area, row.postcode_prefix) for row in network.area_region.values()]),
        city=_by_area(network, [(row.area, row.city) for row in network.area_region.values()]),
        region=_by_area(network, [(row.area, row.region) for row in network.area_region.values()]),
        region_guessed=pl.lit(False),
        placed_day=pl.lit(day, pl.Int64),
        converted_value_minor=value,
        battery_level=pl.col("battery").replace_strict(BATTERIES, return_dtype=pl.Int64),
        warehouse_found=pl.lit(True),
        in_stock=pl.lit(True),
    )
    return Case(pl.DataFrame(), items, empty("orders"), Exchange(network.currency, known_rates()))


def _by_area(network: Network, pairs: Sequence[tuple[str, str]]) -> pl.Expr:
    return pl.col("area").replace_strict(dict(pairs), default=None, return_dtype=pl.String)
