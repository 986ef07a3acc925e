"""Lead times of replenishment from the network's own timetable, drawn as items are.

A lot that is ordered on a day travels as an item of a direct service of its mode would: from the seller's place, by
the same departures, through the same slow days, to the office of the warehouse's country that lies nearest, until
customs releases it; then it is received. So a lot that leaves a day later often comes on the same day, as in life.
A lot takes no room on departures. One that is lost comes as late as the latest of its lane.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from entrepost.base.clock import HOUR_US
from entrepost.base.errors import MisuseError
from entrepost.journey.promise import list_routes
from entrepost.network.facility import distance_km
from entrepost.network.network import Network
from entrepost.planning.simulate import simulate
from entrepost.planning.simulation.world import World
from entrepost.planning.trials.stock import NEVER
from entrepost.tables.text import fill

LANE = ("origin", "warehouse", "mode")
"""What names a lane: where the seller hands in, the warehouse, and how the stock is brought."""

RECEIPT_HOURS = 72
"""From customs to the shelf: published figures are 2 to 4 days."""

RELEASED = "EDC"


def find_lanes(network: Network, lanes: pl.DataFrame) -> pl.DataFrame:
    """The service and route by which stock is brought on each lane: to the nearest office, by the first such service.

    Parameters
    ----------
    lanes : DataFrame
        origin, warehouse, mode.

    Returns
    -------
    DataFrame
        The same rows with service, route, area and country.

    Raises
    ------
    MisuseError
        Where no direct service of the mode leads from there to the warehouse's country.
    """
    modes = {each.service: each.modes.split("+")[0] for each in network.services if each.kind == "direct"}
    place = {each.facility: each for each in network.facilities}
    country = {code: each.country for code, each in place.items()}
    routes = list_routes(network).with_columns(
        mode=pl.col("service").replace_strict(modes, default=None, return_dtype=pl.String),
        end=pl.col("route").str.split(">").list.last(),
    )
    found = []
    for origin, warehouse, mode in lanes.select(LANE).iter_rows():
        home = network.get_facility(warehouse)
        ways = routes.filter(pl.col("origin") == origin, pl.col("mode") == mode)
        ways = ways.filter(pl.col("end").replace_strict(country, return_dtype=pl.String) == home.country)
        if ways.is_empty():
            raise MisuseError(
                f"no service by {mode} leads from {origin} to an office in {home.country}, where {warehouse} is: "
                "replenish it by another mode, or add departures"
            )
        far = {end: distance_km(home, place[end]) for end in ways.get_column("end").unique()}
        best = ways.sort(pl.col("end").replace_strict(far, return_dtype=pl.Float64), "number").row(0, named=True)
        found.append((origin, warehouse, mode, best["service"], best["route"], best["area"], home.country))
    columns = (*LANE, "service", "route", "area", "country")
    return pl.DataFrame(found, schema=dict.fromkeys(columns, pl.String), orient="row")


def draw_leads(
    network: Network, lanes: pl.DataFrame, first_hour: int, days: int, seed: int, world: World
) -> NDArray[np.int64]:
    """The lead time in hours of a lot ordered on each day, for each lane; `NEVER` where nothing comes in time.

    Parameters
    ----------
    lanes : DataFrame
        From `find_lanes`.
    first_hour : int
        The first day begins at this hour since 1970.
    """
    if lanes.is_empty():
        return np.full((1, days), NEVER)
    lots = lanes.with_row_index("lane").join(pl.DataFrame({"day": range(days)}), how="cross")
    named = lots.with_columns(
        tenant=pl.lit("replenishment"),
        seller=fill("{}>{}", "origin", "warehouse"),
        order_id=fill("{}#{}", "mode", "day"),
        placed_at=((first_hour + 24 * pl.col("day").cast(pl.Int64)) * HOUR_US).cast(pl.Datetime("us", "UTC")),
        weight_g=pl.lit(1, pl.Int64),
    )
    every = replace(world, unscanned_per_million_most=0)
    events = simulate(
        network,
        named.select("tenant", "seller", "order_id", "placed_at", "weight_g", "origin", "country"),
        named.select("tenant", "seller", "order_id", "service", "route", "area"),
        seed,
        every,
    )
    released = events.filter(pl.col("code") == RELEASED).group_by("seller", "order_id").agg(pl.col("time").min())
    hours = -(-(pl.col("time") - pl.col("placed_at")).dt.total_microseconds() // HOUR_US) + RECEIPT_HOURS
    told = named.join(released, on=["seller", "order_id"], how="left", maintain_order="left").select(
        "lane", hours=hours
    )
    told = told.with_columns(pl.col("hours").fill_null(pl.col("hours").max().over("lane")).fill_null(NEVER))
    return told.get_column("hours").to_numpy().reshape(lanes.height, days)
