"""Partners gone quiet: offices whose reports came at a rate, by the hour of the week, and come no more.

Reports come in bunches, so the silence of an office is not held against a Poisson process but against its own
silences: time runs as fast as reports usually come at that hour of the week and stands still on closed days, and
the tail of the silences there were, measured in that time, says how improbable one so long is.

References
----------
Coles: An introduction to statistical modeling of extreme values, 2001 (excesses over a threshold). Cox: Renewal
theory, 1962 (the age of an interval that is not over has the integrated tail).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from entrepost.base.clock import WEEK_HOURS
from entrepost.journey.silence import Silence
from entrepost.journey.silences.read import UNSCANNED

LOOK_BACK_HOURS = 8 * WEEK_HOURS
"""Rates are those of so many weeks before the last report (assumed)."""

GAPS_LEAST = 20
"""An office with fewer silences before has no rate yet (assumed)."""

TAIL = 0.1
"""This share of the longest silences tells how the tail falls (assumed)."""

FAITH = 2.0
"""The rate of all hours weighs as much as so many weeks at one hour of the week (assumed)."""


@dataclass(frozen=True, slots=True)
class Quiet:
    """An office: the hour of its last report on the timeline, how improbable its silence is, the scans due since."""

    place: str
    last: int
    chance: float
    due: float


def list_quiet(silence: Silence) -> list[Quiet]:
    """The silence of every office that has reported often enough, by its name.

    `due` adds up, over the items whose next scan is to come from there, how probable it is that it should have
    been heard of by now: an office without mail is quiet for a reason.
    """
    watch = silence.watch
    reported = (pl.col("hour") + pl.col("later").fill_null(0) - watch.first_hour).clip(0, watch.history.as_of)
    told = watch.known.filter((pl.col("code") < UNSCANNED) & (pl.col("facility").fill_null("") != ""))
    hours = told.select(pl.col("facility").cast(pl.String), hour=reported).unique().sort("facility", "hour")
    numbers = {place: number for number, place in enumerate(watch.history.tables.places)}
    due = np.bincount(
        silence.place[silence.under_way],
        1 - silence.chance[silence.under_way],
        len(numbers),
    )
    found = []
    for (place,), rows in hours.group_by("facility", maintain_order=True):
        active = rows.get_column("hour").to_numpy()
        chance = _weigh(silence, str(place), active[active >= active[-1] - LOOK_BACK_HOURS])
        awaited = float(due[numbers[str(place)]]) if place in numbers else 0.0
        found.append(Quiet(str(place), int(active[-1]), chance, awaited))
    return found


def _weigh(silence: Silence, place: str, active: NDArray[np.int32]) -> float:
    """How probable it is that an office is silent for so long."""
    if active.size <= GAPS_LEAST:
        return 1.0
    now = silence.watch.history.as_of
    clock = run_clock(active, _open(silence, place)[active[0] : now + 1], silence.watch.first_hour + int(active[0]))
    at = clock[active - active[0]]
    return exceed(np.diff(at), float(clock[-1] - at[-1]))


def _open(silence: Silence, place: str) -> NDArray[np.bool_]:
    """The hours of the timeline in which a place is not closed by the calendar."""
    timeline = silence.watch.history.tables.timeline
    row = timeline.network.facility_by_code.get(place)
    if row is None:
        return np.ones(timeline.hours, dtype=np.bool_)
    hours = timeline.open_hours("24/7", row.time_zone, row.country, place, "inward")
    return np.diff(hours.count) > 0


def run_clock(active: NDArray[np.int32], is_open: NDArray[np.bool_], first_hour: int) -> NDArray[np.float64]:
    """The time of an office at each hour since its first report: it runs as fast as reports usually come.

    Parameters
    ----------
    active : numpy.ndarray
        The hours in which it reported, ascending.
    is_open : numpy.ndarray
        For each hour from the first of them until now whether it is not closed.
    first_hour : int
        The hour since 1970 of the first.
    """
    of_week = (first_hour + np.arange(is_open.size)) % WEEK_HOURS
    seen = int(active[-1] - active[0]) + 1
    reports = np.bincount(of_week[active - active[0]], minlength=WEEK_HOURS)
    chances = np.bincount(of_week[:seen], is_open[:seen], minlength=WEEK_HOURS)
    usual = min(active.size / max(chances.sum(), 1), 0.95)
    shares = np.clip((reports + FAITH * usual) / (np.maximum(chances, reports) + FAITH), 1e-6, 0.98)
    found: NDArray[np.float64] = np.cumsum(np.where(is_open, -np.log1p(-shares)[of_week], 0.0))
    return found


def exceed(gaps: NDArray[np.float64], age: float) -> float:
    """How probable it is that an interval of a kind of which these were seen is so old and not over."""
    ordered = np.sort(gaps)
    tail = max(5, int(TAIL * ordered.size))
    limit = float(ordered[-tail - 1])
    if age <= limit:
        return 1.0
    excess = max(float(ordered[-tail:].mean()) - limit, 0.05) * (1 + 1 / math.sqrt(tail))
    beyond = tail / ordered.size * math.exp(-(age - limit) / excess)
    return min(1.0, beyond * max(1.0, excess / max(float(ordered.mean()), 1e-9)))
