"""Room on departures: what legs carry in a week, what of it mail takes, and what a kilogram costs where it is scarce.

A leg on which more mail is sent than its departures carry has no steady wait: its queue grows for as long as that
goes on. No wait that is asked for beforehand can say so; only a limit on what is sent there helps. So each leg that
might be filled limits a plan, at a price of a kilogram that rises until the leg has room. Prices are in days of wait:
they are worth what the plan's limit makes a day worth.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from entrepost.network.network import Network

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
WEEKS = 365.0 / 7
LEG = ("from_facility", "to_facility", "mode")
AIMED = 0.97
"""Prices are raised until a leg is filled to so much of its room: another price of the limit moves mail a little."""
LEAST_MORE = 1.02
"""A leg's room is at least so many times what has no other way."""
SWEEPS, HALVINGS, DOUBLINGS = 4, 10, 20


@dataclass(frozen=True)
class Rooms:
    """Legs that might be filled, and what options send there.

    `legs` names them, with what they carry (`carries_kg`) a week; `room` is what a plan may fill of it. An item a year
    by an `option` takes `kg` a week of a `leg`: three arrays of one length.
    """

    legs: pl.DataFrame
    room: Floats
    option: Integers
    leg: Integers
    kg: Floats

    def loads(self, items: Floats, chosen: Integers) -> Floats:
        """Kilograms a week on each leg, when option `chosen[n]` takes `items[n]` a year."""
        taken = np.zeros(int(max(self.option.max(initial=-1), chosen.max(initial=-1))) + 1)
        taken[chosen] = items
        return np.bincount(self.leg, taken[self.option] * self.kg, self.room.size).astype(np.float64)

    def tolls(self, prices: Floats, options: int) -> Floats:
        """What an item of each option is asked for, at these prices of a kilogram a week on each leg."""
        return np.bincount(self.option, prices[self.leg] * self.kg, options).astype(np.float64)


def no_rooms() -> Rooms:
    """Where nothing is limited."""
    nothing = np.zeros(0, np.int64)
    return Rooms(pl.DataFrame(schema=dict.fromkeys(LEG, pl.String)), np.zeros(0), nothing, nothing, np.zeros(0))


def list_rooms(network: Network) -> pl.DataFrame:
    """What the departures of each leg carry in an ordinary week: the columns of `LEG` and carries_kg."""
    day = network.ordinary_week
    rows = [
        (row.from_facility, row.to_facility, row.mode, float(row.capacity_kg))
        for row in network.departures
        if row.valid_from <= day <= row.valid_to
    ]
    frame = pl.DataFrame(rows, schema={**dict.fromkeys(LEG, pl.String), "carries_kg": pl.Float64}, orient="row")
    return frame.group_by(LEG).agg(pl.col("carries_kg").sum()).sort(LEG)


def rooms_of(network: Network, rows: pl.DataFrame, groups: pl.DataFrame, lately: float, share: float) -> Rooms:
    """The legs that might be filled beyond a share of what they carry.

    Parameters
    ----------
    rows : DataFrame
        Options, with place, kind, service, route, fallback and served_share; what finds no stock goes by its fallback.
    groups : DataFrame
        With items_year and weight_g; row number `place`.
    lately : float
        So many times the mean mail is sent now.

    Notes
    -----
    Where some groups have no other way, a leg's room is at least what they send: a plan cannot help it.
    """
    legs = list_rooms(network).with_row_index("leg").with_columns(pl.col("leg").cast(pl.Int64))
    used = _sent(rows.with_row_index("row"), _legs_of(network, rows, legs))
    sizes = groups.with_row_index("place").select(pl.col("place").cast(pl.Int64), "items_year", "weight_g")
    used = used.join(sizes, on="place").with_columns(kg=pl.col("part") * pl.col("weight_g") / 1000 * lately / WEEKS)
    ways = rows.group_by("place").agg(ways=pl.len())
    of_group = used.group_by("place", "leg", "items_year").agg(
        most=pl.col("kg").max(), least=pl.col("kg").min(), through=pl.col("row").n_unique()
    )
    of_group = of_group.join(ways, on="place")
    forced = pl.when(pl.col("through") == pl.col("ways")).then("least").otherwise(0.0)
    of_leg = of_group.group_by("leg").agg(
        most=(pl.col("most") * pl.col("items_year")).sum(), least=(forced * pl.col("items_year")).sum()
    )
    scarce = legs.join(of_leg, on="leg").filter(pl.col("most") > share * pl.col("carries_kg")).sort("leg")
    scarce = scarce.with_row_index("number")
    kept = used.join(scarce.select("leg", "number"), on="leg").sort("row", "number")
    room = np.maximum(share * scarce["carries_kg"].to_numpy(), LEAST_MORE * scarce["least"].to_numpy())
    option, leg = (kept.get_column(name).cast(pl.Int64).to_numpy() for name in ("row", "number"))
    return Rooms(scarce.select(*LEG, "carries_kg"), room, option, leg, kept.get_column("kg").to_numpy())


def _legs_of(network: Network, rows: pl.DataFrame, legs: pl.DataFrame) -> pl.DataFrame:
    """Of each service and route by mail its legs, with the part of its mail that each mode carries."""
    stops = pl.col("route").str.split(">")
    pairs = rows.filter(pl.col("kind") == "direct").select("service", "route").unique(maintain_order=True)
    modes = pl.DataFrame(
        [(row.service, mode) for row in network.services for mode in row.modes.split("+")],
        schema={"service": pl.String, "mode": pl.String},
        orient="row",
    )
    steps = pairs.with_columns(
        from_facility=stops.list.slice(0, stops.list.len() - 1), to_facility=stops.list.slice(1)
    ).filter(pl.col("to_facility").list.len() > 0)
    found = steps.explode("from_facility", "to_facility").join(modes, on="service").join(legs, on=LEG)
    of_all = pl.col("carries_kg").sum().over("service", "route", "from_facility", "to_facility")
    return found.select("service", "route", "leg", part=pl.col("carries_kg") / of_all)


def _sent(rows: pl.DataFrame, legs: pl.DataFrame) -> pl.DataFrame:
    """Options and the legs that their mail takes: row, place, leg, part of an item."""
    mail = rows.filter(pl.col("kind") == "direct").select("row", "place", "service", "route")
    by_mail = mail.join(legs, on=["service", "route"]).select("row", "place", "leg", "part")
    if "fallback" not in rows.columns:
        return by_mail
    stock = rows.filter(pl.col("kind") == "stock").select("row", "place", "served_share", service="fallback")
    ways = mail.select("place", "service", "route")
    rest = stock.join(ways, on=["place", "service"]).join(legs, on=["service", "route"])
    missed = rest.select("row", "place", "leg", part=pl.col("part") * (1 - pl.col("served_share")))
    return pl.concat([by_mail, missed])


def find_prices(rooms: Rooms, load_at: Callable[[Floats], Floats]) -> Floats:
    """The price of a kilogram on each leg at which it has room, each as low as that allows, one leg after another.

    Parameters
    ----------
    load_at : callable
        Kilograms a week on each leg at such prices; the more a leg asks, the less is sent there.
    """
    prices, aim = np.zeros(rooms.room.size), AIMED * rooms.room
    for _ in range(SWEEPS):
        load, before = load_at(prices), prices.copy()
        for leg in np.argsort(-load / np.maximum(rooms.room, 1e-9), kind="stable"):
            if load[leg] > aim[leg] or prices[leg] > 0:
                prices[leg] = _price_of(int(leg), prices, float(aim[leg]), load_at)
        if np.allclose(prices, before, rtol=0.05, atol=0.01):
            break
    return prices


def _price_of(leg: int, prices: Floats, aim: float, load_at: Callable[[Floats], Floats]) -> float:
    """The least price of one leg at which it has room, the others' as they are."""

    def fits(price: float) -> bool:
        tried = prices.copy()
        tried[leg] = price
        return bool(load_at(tried)[leg] <= aim)

    if fits(0.0):
        return 0.0
    low, high = 0.0, max(1.0, float(prices[leg]))
    for _ in range(DOUBLINGS):
        if fits(high):
            break
        low, high = high, 2 * high
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        low, high = (low, middle) if fits(middle) else (middle, high)
    return high
