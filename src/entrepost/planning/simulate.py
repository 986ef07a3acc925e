"""Items through a world that the promise does not see; out come the events that the real world would send."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from entrepost.base.clock import HOUR_US
from entrepost.base.errors import MisuseError
from entrepost.journey.calendars import dated_timeline
from entrepost.network.network import Network
from entrepost.planning.simulation.course import CourseTables, lane_weeks
from entrepost.planning.simulation.draws import draw_each, mix_each
from entrepost.planning.simulation.hash import hash_texts
from entrepost.planning.simulation.kernel import run, spoil_runs
from entrepost.planning.simulation.order import Scans, order_scans
from entrepost.planning.simulation.tables import CODES, EVENT, ITEM, REASONS, Chances, Course, Log
from entrepost.planning.simulation.world import BETWEEN, MILLION, World, get_world, hash_text
from entrepost.tables.frames import INSTANT
from entrepost.tables.items import ORDER, items_of
from entrepost.tables.text import fill

HORIZON_HOURS = 60 * 24
"""No scan is sent later after the order; by sea `SEA_HORIZON_HOURS`."""

SEA_HORIZON_HOURS = 180 * 24
MARGIN_HOURS = 24
"""The timeline goes on a little, so that a step begun at the horizon finds its calendar."""

MASK = 2**64 - 1
MOST_SCANS = 20
"""Scans of an item with two failed attempts and a hold by each customs, besides two for each ride."""

COLUMNS = ("order_id", "item_id", "code", "time", "recorded_at", "facility", "reason", "tenant", "seller")


def simulate(
    network: Network,
    orders: pl.DataFrame,
    chosen: pl.DataFrame,
    seed: int,
    world: str | World = "default",
    items: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Carry the items of orders through every step of the network.

    The same order at the same step and place draws the same random numbers in every scenario with the
    same seed, so two scenarios are compared pair by pair. Items compete for departures and facilities
    in the order of time.

    Parameters
    ----------
    network : Network
        The network, with its calendar.
    orders : DataFrame
        Rows of the table `orders`.
    chosen : DataFrame
        The chosen row per order: tenant, seller, order_id, service (null: not sent), route, area.
    seed : int
        Any whole number.
    world : str or World
        ``"default"``, ``"as_assumed"`` (the promise's own steps, every scan sent), or a `World`.
    items : DataFrame, optional
        tenant, seller, order_id, item, item_id. Missing: the n-th item of an order is ``order_id#n``.

    Returns
    -------
    DataFrame
        One row per scan in the order of time: order_id, item_id, code, time, recorded_at, facility,
        reason, tenant, seller. After 60 days (by sea 180) nothing more is sent.

    Raises
    ------
    MisuseError
        For an unknown world, or where `items` does not name an item that is sent.
    MissingRowError
        Where a chosen route is not in the network.
    """
    params = get_world(world)
    sent = _sent_items(network, orders, chosen, items)
    if sent.is_empty():
        return _frame(sent, order_scans(np.empty(0, dtype=EVENT)), [])
    course, places = _course(network, sent, params, seed)
    run(course)
    return _frame(sent, order_scans(course.log.events[: course.log.sent[0]]), places)


def _sent_items(
    network: Network, orders: pl.DataFrame, chosen: pl.DataFrame, items: pl.DataFrame | None
) -> pl.DataFrame:
    """The items that are sent, in the order of their start, with all that their journey depends on."""
    choice = chosen.filter(pl.col("service").is_not_null()).select(*ORDER, "service", "route", "area")
    columns = (*ORDER, "item", "weight_g", "placed_at", "country")
    sent = items_of(orders).select(columns).join(choice, on=ORDER, how="left", maintain_order="left")
    sent = sent.filter(pl.col("service").is_not_null())
    sent = _with_item_ids(sent, items)
    by_sea = [row.service for row in network.services if "sea" in row.modes.split("+")]
    placed = pl.col("placed_at").cast(pl.Int64)
    return sent.with_columns(
        placed=placed,
        start=-(-placed // HOUR_US),
        horizon=pl.when(pl.col("service").is_in(by_sea)).then(SEA_HORIZON_HOURS).otherwise(HORIZON_HOURS),
    ).sort("start", "placed", *ORDER, "item")


def _with_item_ids(sent: pl.DataFrame, items: pl.DataFrame | None) -> pl.DataFrame:
    if items is None:
        return sent.with_columns(item_id=fill("{}#{}", "order_id", "item"))
    named = items.select(*ORDER, pl.col("item").cast(pl.Int64), "item_id")
    found = sent.join(named, on=[*ORDER, "item"], how="left", maintain_order="left")
    nameless = found.filter(pl.col("item_id").is_null())
    if nameless.height:
        order, number = nameless.select("order_id", "item").row(0)
        raise MisuseError(
            f"items has no item_id for item {number} of order {order!r}, and for {nameless.height - 1} others"
        )
    return found


def _course(network: Network, sent: pl.DataFrame, world: World, seed: int) -> tuple[Course, list[str]]:
    """Everything that the kernel reads, and the places by their number."""
    starts = sent.get_column("start")
    horizon = int(sent.get_column("horizon").max()) + MARGIN_HOURS  # type: ignore[arg-type]
    timeline = dated_timeline(network, int(starts[0]), int(starts[-1]), horizon)
    tables = CourseTables(timeline, world, seed, sent.height)
    journeys = sent.select("service", "route", "area").unique(maintain_order=True)
    stops = [tables.stops(*row) for row in journeys.iter_rows()]
    ends = np.cumsum([len(each) for each in stops])
    numbers = sent.join(journeys.with_row_index("journey"), on=journeys.columns, how="left", maintain_order="left")
    which = numbers.get_column("journey").to_numpy()
    rows = _items(sent, timeline.first_hour, seed)
    rows["at"], rows["last"] = ends[which] - np.array([len(each) for each in stops])[which], ends[which]
    rows["regime"] = _regimes(network, sent, seed)
    most = int((2 * (rows["last"] - rows["at"]) + MOST_SCANS).sum())
    boardings, runs = tables.to_rides()
    offloaded, late = world.offloaded_per_million / MILLION, world.late_per_million / MILLION
    spoil_runs(runs, np.uint64(seed & MASK), offloaded, late, world.late_hours_most)
    course = Course(
        items=rows,
        stops=np.array([number for each in stops for number in each], dtype=np.int32),
        steps=tables.to_steps(),
        channels=tables.to_channels(),
        boardings=boardings,
        runs=runs,
        calendars=tables.to_calendars(),
        queues=tables.to_queues(),
        odds=tables.to_odds(),
        chances=_chances(tables, seed),
        log=_log(tables, seed, most),
    )
    return course, tables.places


def _items(sent: pl.DataFrame, first_hour: int, seed: int) -> NDArray[Any]:
    rows = np.zeros(sent.height, dtype=ITEM)
    named = sent.select(pl.concat_str(pl.lit(str(seed)), *ORDER, separator=BETWEEN)).to_series()
    rows["key"] = mix_each(hash_texts(named), sent.get_column("item").to_numpy().astype(np.uint64))
    rows["start"] = sent.get_column("start").to_numpy() - first_hour
    rows["latest"] = sent.get_column("placed").to_numpy()
    rows["item"] = np.arange(sent.height)
    rows["until"] = rows["latest"] + sent.get_column("horizon").to_numpy().astype(np.int64) * HOUR_US
    rows["weight_g"] = sent.get_column("weight_g").to_numpy()
    return rows


def _regimes(network: Network, sent: pl.DataFrame, seed: int) -> NDArray[np.int64]:
    """The regime of each item's lane-week: drawn by the regimes' shares, the same for all its items."""
    if len(network.regimes) == 1:
        return np.zeros(sent.height, dtype=np.int64)
    lanes = sent.select(origin=pl.col("route").str.split(">").list.first(), country=pl.col("country"))
    distinct = lanes.unique(maintain_order=True)
    keys = pl.Series("key", [hash_text(str(seed), "regime", *row) for row in distinct.iter_rows()], dtype=pl.UInt64)
    found = lanes.join(distinct.with_columns(keys), on=lanes.columns, how="left", maintain_order="left")
    weeks = lane_weeks(sent.get_column("start").to_numpy()).astype(np.uint64)
    drawn = draw_each(found.get_column("key").to_numpy(), weeks, np.uint64(0))
    upto = np.cumsum([row.share_per_million for row in network.regimes]) / MILLION
    return np.minimum(np.searchsorted(upto, drawn, side="right"), len(network.regimes) - 1)


def _chances(tables: CourseTables, seed: int) -> Chances:
    world = tables.world
    return Chances(
        seed=np.uint64(seed & MASK),
        first_hour=tables.timeline.first_hour,
        facility_slow=world.facility_slow_day_per_million / MILLION,
        country_slow=world.country_slow_day_per_million / MILLION,
        slow_factor=float(world.slow_day_factor),
        capacities=world.capacities,
        missed=-1.0 if world.missed_per_million is None else world.missed_per_million / MILLION,
    )


def _log(tables: CourseTables, seed: int, most: int) -> Log:
    world = tables.world
    return Log(
        events=np.empty(most, dtype=EVENT),
        sent=np.zeros(1, dtype=np.int64),
        first_hour=tables.timeline.first_hour,
        unscanned=np.array([[world.draw_unscanned(seed, place, code) for code in CODES] for place in tables.places]),
        report_hours=np.array([world.draw_report_hours(seed, place) for place in tables.places]),
    )


def _frame(sent: pl.DataFrame, scans: Scans, places: list[str]) -> pl.DataFrame:
    item = pl.lit(pl.Series(scans.item))
    whose = sent.select(pl.col("order_id", "item_id", "tenant", "seller").gather(item))
    reasons = pl.Series([reason or None for reason in REASONS], dtype=pl.String)
    return whose.with_columns(
        code=pl.Series(CODES).gather(pl.Series(scans.code)),
        facility=pl.Series(places, dtype=pl.String).gather(pl.Series(scans.place)),
        reason=reasons.gather(pl.Series(scans.reason)),
        time=pl.Series(scans.time).cast(INSTANT),
        recorded_at=pl.Series(scans.recorded).cast(INSTANT),
    ).select(COLUMNS)
