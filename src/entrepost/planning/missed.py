"""How many ready items miss departures, and the shares at which promise and capacities agree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from entrepost.base.clock import HOUR_US
from entrepost.base.errors import MisuseError
from entrepost.journey.calendars import Timeline, dated_timeline
from entrepost.journey.itinerary import list_departures
from entrepost.network.departure import Departure
from entrepost.network.network import Network
from entrepost.network.service import Service
from entrepost.planning.simulate import simulate
from entrepost.planning.simulation.world import MILLION, World, get_world
from entrepost.tables.items import ORDER

Choose = Callable[[Network, pl.DataFrame], pl.DataFrame]

LEG = ("from_facility", "to_facility", "mode")
SCHEMA = {**dict.fromkeys(LEG, pl.String), "ready": pl.Int64, "missed_1": pl.Float64, "missed_2": pl.Float64}
LEAST_READY = 30
"""A leg with fewer ready items keeps the shares that the folder says."""


@dataclass(frozen=True)
class Settled:
    """A network whose missed departures agree with its capacities, and by how much each round changed them."""

    network: Network
    shares: pl.DataFrame
    changes: tuple[float, ...]
    settled: bool


def settle_missed(
    network: Network,
    orders: pl.DataFrame,
    choose: Choose,
    seed: int,
    world: str | World = "default",
    rounds_most: int = 5,
) -> Settled:
    """Repeat quote, simulate, estimate until the shares of missed departures change by less than a point.

    Parameters
    ----------
    network : Network
        Where to begin.
    orders : DataFrame
        Orders at the load for which the shares shall hold (`items_per_week`), several weeks of them.
    choose : callable
        ``choose(network, orders)``, the chosen row per order.
    seed, world
        As for `simulate`.
    rounds_most : int
        Rounds after which it stops, settled or not.

    Returns
    -------
    Settled
        The change of a round is the mean absolute change of a leg's two shares, weighted by ready items.

    Raises
    ------
    MisuseError
        For a world that misses departures as the folder says: the shares would count twice.
    """
    if get_world(world).missed_per_million is None:
        raise MisuseError("this world misses departures as the folder says; give a World with missed_per_million")
    changes: list[float] = []
    shares = pl.DataFrame(schema=SCHEMA)
    for _ in range(rounds_most):
        chosen = choose(network, orders)
        shares = estimate_missed(simulate(network, orders, chosen, seed, world), network, chosen)
        following = with_missed(network, shares)
        changes.append(_change(network, shares))
        network = following
        if changes[-1] < 0.01:
            return Settled(network, shares, tuple(changes), settled=True)
    return Settled(network, shares, tuple(changes), settled=False)


def estimate_missed(events: pl.DataFrame, network: Network, chosen: pl.DataFrame) -> pl.DataFrame:
    """Estimate from events which share of ready items missed one, or two and more, departures of a leg.

    At the origin an item is ready when export customs release it (EXC); at a transit office, where no
    scan says so, at the latest after the P90 of the work there. A departure that left so late that the
    next one was due counts as that one. An item whose last scan says that it is ready is waiting still:
    it has missed what left since. Other items without the scans are left out.

    Returns
    -------
    DataFrame
        from_facility, to_facility, mode, ready (items), missed_1, missed_2 (shares).
    """
    rides = _rides(events, chosen)
    if rides.is_empty():
        return pl.DataFrame(schema=SCHEMA)
    first, last = int(rides.get_column("ready").min()), int(rides.get_column("left").max())  # type: ignore[arg-type]
    timeline = dated_timeline(network, first, last, 15 * 24)
    found = []
    for (here, there, service_code, _), group in rides.group_by("from_facility", "to_facility", "service", "transit"):
        service = network.service_by_code[str(service_code)]
        departures = list_departures(network, str(here), str(there), service)
        found.append(_missed(timeline, group, departures, service))
    return (
        pl.concat(found)
        .group_by(LEG)
        .agg(
            ready=pl.len().cast(pl.Int64),
            missed_1=(pl.col("missed") == 1).mean(),
            missed_2=(pl.col("missed") >= 2).mean(),
        )
        .sort(LEG)
    )


def with_missed(network: Network, shares: pl.DataFrame) -> Network:
    """The network with the estimated shares in its departures, where enough items were ready."""
    known = {row[:3]: row[4:] for row in shares.select(*SCHEMA).iter_rows() if row[3] >= LEAST_READY}
    departures = [
        _with_shares(row, known.get((row.from_facility, row.to_facility, row.mode))) for row in network.departures
    ]
    return replace(network, departures=tuple(departures))


def _with_shares(row: Departure, shares: tuple[float, float] | None) -> Departure:
    if shares is None:
        return row
    once, twice = (round(share * MILLION) for share in shares)
    return replace(row, missed_1_per_million=once, missed_2_per_million=min(twice, MILLION - once))


def _change(network: Network, shares: pl.DataFrame) -> float:
    """How far the estimated shares lie from those in the folder: the mean over ready items."""
    said = pl.DataFrame(
        [
            (*(getattr(row, name) for name in LEG), row.missed_1_per_million, row.missed_2_per_million)
            for row in network.departures
        ],
        schema={**dict.fromkeys(LEG, pl.String), "once": pl.Float64, "twice": pl.Float64},
        orient="row",
    )
    both = shares.filter(pl.col("ready") >= LEAST_READY).join(said.group_by(LEG).mean(), on=LEG)
    off = (pl.col("missed_1") - pl.col("once") / MILLION).abs() + (pl.col("missed_2") - pl.col("twice") / MILLION).abs()
    mean = both.select((off / 2 * pl.col("ready")).sum() / pl.col("ready").sum()).item() if both.height else 0.0
    return float(mean)


def _rides(events: pl.DataFrame, chosen: pl.DataFrame) -> pl.DataFrame:
    """For each item and leg the hours since 1970 when it was ready (in transit: arrived) and when it left.

    For those who wait still that is the end of the events.
    """
    hour = -(-pl.col("time").dt.epoch("us") // HOUR_US)
    item = [*ORDER, "item_id"]
    scans = events.select(*item, "code", from_facility="facility", hour=hour)
    last = scans.group_by(item).agg(last=pl.col("hour").max())
    ready = scans.filter(pl.col("code").is_in(["EXC", "EMJ"])).group_by(*item, "from_facility")
    left = scans.filter(pl.col("code").is_in(["EMC", "EMK"])).group_by(*item, "from_facility")
    both = ready.agg(ready=pl.col("hour").min()).join(
        left.agg(left=pl.col("hour").min()), on=[*item, "from_facility"], how="left"
    )
    waiting = pl.col("left").is_null() & (pl.col("ready") == pl.col("last"))
    both = both.join(last, on=item).with_columns(
        left=pl.when(waiting).then(scans.get_column("hour").max()).otherwise(pl.col("left")), waiting=waiting
    )
    return both.filter(pl.col("left") >= pl.col("ready")).join(_legs(chosen), on=[*ORDER, "from_facility"])


def _legs(chosen: pl.DataFrame) -> pl.DataFrame:
    """The legs of each order's route, with its service and whether a leg begins in transit."""
    stops = pl.col("route").str.split(">")
    routes = chosen.filter(pl.col("service").is_not_null() & pl.col("route").str.contains(">"))
    both = routes.select(
        *(*ORDER, "service"),
        origin=stops.list.first(),
        from_facility=stops.list.slice(0, stops.list.len() - 1),
        to_facility=stops.list.slice(1),
    )
    legs = both.explode("from_facility", "to_facility")
    return legs.with_columns(transit=pl.col("from_facility") != pl.col("origin"))


def _missed(
    timeline: Timeline, group: pl.DataFrame, departures: tuple[Departure, ...], service: Service
) -> pl.DataFrame:
    """For each item of a leg how many departures it missed, and the mode of the first that it was ready for."""
    network, here = timeline.network, group.get_column("from_facility")[0]
    runs = timeline.departures(departures, network.get_facility(here).time_zone)
    ready = group.get_column("ready").to_numpy() - timeline.first_hour
    if group.get_column("transit")[0]:
        ready = _ready_in_transit(timeline, ready, here, service)
    order = np.argsort(runs.leaves, kind="stable")
    left = group.get_column("left").to_numpy() - timeline.first_hour
    leaves = runs.leaves[order]
    taken = np.searchsorted(leaves, left, side="right") - 1
    by_cutoff = order[np.searchsorted(leaves, leaves[np.maximum(taken, 0)], side="left")]
    first = np.searchsorted(runs.cutoff, ready, side="left")
    missed = np.maximum(by_cutoff - first, 0)
    missed += group.get_column("waiting").to_numpy()  # who waits still has missed the last one as well
    modes = [departures[row].mode for row in runs.row[np.minimum(first, runs.row.size - 1)]]
    return group.select("from_facility", "to_facility").with_columns(
        mode=pl.Series(modes, dtype=pl.String), missed=pl.Series(missed)
    )


def _ready_in_transit(
    timeline: Timeline, hours: NDArray[np.int64], facility: str, service: Service
) -> NDArray[np.int64]:
    """When items that arrived at these hours are ready at the latest: after the P90 of the work."""
    network = timeline.network
    row = network.find_processing(facility, "transit", service.mail_class)
    if row is None:
        return hours
    place = network.get_facility(facility)
    opened = timeline.open_hours(row.open_hours, place.time_zone, place.country, facility, "transit")
    slot = opened.count[hours] + round(row.hours_p90)
    done: NDArray[np.int64] = opened.done[np.clip(slot - 1, 0, opened.done.size - 1)].astype(np.int64)
    return np.maximum(done, hours)
