"""On what the expected wait rests: for each step of the average journey, the source of its row.

The hours of a step are its mean duration stretched by the place's opening hours, and for a ride the
mean time to the next cutoff and departure besides, as if items came evenly over the week. They do not
replace the exact distributions of `journey`; they weigh the rows of the network folder against
each other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache

import numpy as np
import polars as pl

from entrepost.base.clock import WEEK_HOURS
from entrepost.journey.discretise import discretise, mean_hours
from entrepost.journey.itinerary import build_itinerary, parse_route
from entrepost.journey.step import Clear, Deliver, Ride, Step, Work
from entrepost.network import opening
from entrepost.network.departure import Departure
from entrepost.network.network import Network

ASSUMED = "assumed"
DAY = 24.0
Part = tuple[str, str, float]
"""Step, source and hours."""


def rests_on(network: Network, waits: pl.DataFrame) -> pl.DataFrame:
    """Expected days of the average order by step and source.

    Parameters
    ----------
    network : Network
        Its rows say where their figures come from.
    waits : DataFrame
        service, route and area of each order; or of orders alike, with how many `items` these are.

    Returns
    -------
    DataFrame
        step, source (a key of the network's sources, or 'assumed'), days.
    """
    count = pl.col("items").sum() if "items" in waits.columns else pl.len()
    routes = waits.drop_nulls(["route", "area"]).group_by("service", "route", "area").agg(orders=count)
    total = float(routes["orders"].sum()) or 1.0
    hours: dict[tuple[str, str], float] = defaultdict(float)
    for service, route, area, orders in routes.iter_rows():
        for step in build_itinerary(network, service, parse_route(route), area):
            for name, source, length in list_parts(step):
                hours[name, source] += length * orders / total
    rows = [(step, source, length / DAY) for (step, source), length in hours.items()]
    return pl.DataFrame(rows, schema={"step": pl.String, "source": pl.String, "days": pl.Float64}, orient="row")


def assumed_share(network: Network, waits: pl.DataFrame) -> float:
    """Share of the expected wait that rests on rows whose source is 'assumed'."""
    frame = rests_on(network, waits)
    total = float(frame["days"].sum())
    return float(frame.filter(pl.col("source") == ASSUMED)["days"].sum()) / total if total else 0.0


def list_parts(step: Step) -> Iterator[Part]:
    """The expected hours of a step with the source of the rows that they come from."""
    match step:
        case Work(row=work):
            yield step.name, work.source, _elapsed(work.open_hours, mean_hours(discretise(work.duration)))
        case Deliver(row=last):
            hours = mean_hours(discretise(last.duration))
            yield step.name, last.source, hours + _to_round(last.open_hours)
        case Clear(channels=channels):
            for channel in channels:
                share = channel.share_per_million / 1_000_000
                hours = _elapsed(channel.open_hours, mean_hours(discretise(channel.duration)))
                yield step.name, channel.source, share * hours
        case Ride(departures=departures):
            waits = _mean_to_departure(departures)
            for row in departures:
                hours = waits + mean_hours(discretise(row.duration))
                yield step.name, row.source, hours / len(departures)


@lru_cache(maxsize=4096)
def _elapsed(open_hours: str, hours: float) -> float:
    """Clock hours that so many open hours take, over all hours of a week at which work may begin."""
    week = np.array(opening.parse(open_hours))
    weeks = int(hours // week.sum()) + 3
    done = np.flatnonzero(np.tile(week, weeks)) + 1
    starts = np.arange(WEEK_HOURS)
    before = np.searchsorted(done, starts, side="right")
    whole = int(hours)
    ends = [done[before + count - 1] if count else done[before] - 1 for count in (whole, whole + 1)]
    lower, upper = (float(np.mean(np.maximum(end - starts, 0))) for end in ends)
    return lower + (hours - whole) * (upper - lower)


@lru_cache(maxsize=4096)
def _to_round(open_hours: str) -> float:
    """Hours until a delivery round begins, and half of the round."""
    week = np.array(opening.parse(open_hours))
    if week.all():
        return 0.5
    begins = np.flatnonzero(week & ~np.roll(week, 1))
    ends = np.flatnonzero(week & ~np.roll(week, -1)) + 1
    lengths = [(ends[ends > begin].min() if (ends > begin).any() else ends[0] + WEEK_HOURS) - begin for begin in begins]
    return _mean_gap(begins.astype(float)) + float(np.mean(lengths) + 1) / 2


def _mean_to_departure(departures: tuple[Departure, ...]) -> float:
    """Hours from being ready to departing: to the next cutoff, from there to departure, and what is missed."""
    cutoffs, missed, margin = [], 0.0, 0.0
    for row in departures:
        hour, minute = row.departs.split(":")
        cutoffs.append(((row.weekday - 1) * 24 + int(hour) + int(minute) / 60 - row.cutoff_hours) % WEEK_HOURS)
        missed += (row.missed_1_per_million + 2 * row.missed_2_per_million) / 1_000_000 / len(departures)
        margin += row.cutoff_hours / len(departures)
    return _mean_gap(np.array(cutoffs)) + margin + missed * WEEK_HOURS / len(departures)


def _mean_gap(hours: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
    """Mean time to the next of these hours of the week, for who comes at any time."""
    ordered = np.sort(hours)
    gaps = np.diff(np.append(ordered, ordered[0] + WEEK_HOURS))
    return float((gaps**2).sum() / (2 * WEEK_HOURS))
