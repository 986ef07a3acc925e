"""Lead times of replenishment, drawn as items are, by the way that the plan counts with.

A lot that is ordered on a day travels on the network that brings stock in (`planning.replenishment`): by the same
departures as mail and through the same slow days, until it lies on the shelf. So a lot that leaves a day later often
comes on the same day, as in life. A lot takes no room on departures. One that is lost comes as late as the latest of
its lane.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from entrepost.base.clock import HOUR_US
from entrepost.base.errors import MisuseError
from entrepost.journey.promise import list_routes
from entrepost.network.network import Network
from entrepost.planning.replenishment import inbound_network
from entrepost.planning.simulate import simulate
from entrepost.planning.simulation.world import World
from entrepost.planning.trials.stock import NEVER
from entrepost.tables.text import fill

LANE = ("origin", "warehouse", "mode")
"""What names a lane: where the seller hands in, the warehouse, and how the stock is brought."""

ON_SHELF = "EMI"
"""For a lot, delivery is that it lies on the shelf."""


def find_lanes(network: Network, lanes: pl.DataFrame) -> pl.DataFrame:
    """The service and route of the inbound network by which stock is brought on each lane.

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
        Where no departures of the mode lead from there to the warehouse's country.
    """
    routes = list_routes(_inbound(network, lanes)).select("origin", "service", "area", "route")
    service = pl.concat_str(pl.lit("INBOUND-"), "mode")
    found = lanes.select(LANE).with_columns(service=service, area=pl.col("warehouse"))
    found = found.join(routes, on=["origin", "service", "area"], how="left", maintain_order="left")
    country = {row.warehouse: network.get_facility(row.warehouse).country for row in network.warehouses}
    found = found.with_columns(country=pl.col("warehouse").replace_strict(country, return_dtype=pl.String))
    lost = found.filter(pl.col("route").is_null())
    if lost.height:
        row = lost.row(0, named=True)
        raise MisuseError(
            f"stock cannot come by {row['mode']} from {row['origin']} to an office in {row['country']}, where "
            f"{row['warehouse']} is: replenish it by another mode, or add departures"
        )
    return found.select(*LANE, "service", "route", "area", "country")


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
    dated = replace(_inbound(network, lanes), calendar=network.calendar)
    events = simulate(
        dated,
        named.select("tenant", "seller", "order_id", "placed_at", "weight_g", "origin", "country"),
        named.select("tenant", "seller", "order_id", "service", "route", "area"),
        seed,
        replace(world, unscanned_per_million_most=0),
    )
    stored = events.filter(pl.col("code") == ON_SHELF).group_by("seller", "order_id").agg(pl.col("time").min())
    hours = -(-(pl.col("time") - pl.col("placed_at")).dt.total_microseconds() // HOUR_US)
    told = named.join(stored, on=["seller", "order_id"], how="left", maintain_order="left").select("lane", hours=hours)
    told = told.with_columns(pl.col("hours").fill_null(pl.col("hours").max().over("lane")).fill_null(NEVER))
    return told.get_column("hours").to_numpy().reshape(lanes.height, days)


def _inbound(network: Network, lanes: pl.DataFrame) -> Network:
    """The network that brings stock to these warehouses from these places by these modes."""
    places = set(lanes.get_column("warehouse"))
    kept = replace(network, warehouses=tuple(row for row in network.warehouses if row.warehouse in places))
    origins, modes = (tuple(sorted(set(lanes.get_column(name)))) for name in ("origin", "mode"))
    return inbound_network(kept, origins, modes)
