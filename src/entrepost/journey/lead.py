"""From the starts to the hours at which the last facility is reached: boarding, and riding on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from entrepost.base.clock import WEEK_HOURS
from entrepost.journey import kernels
from entrepost.journey.distribution import LEAST_WEIGHT, Lead
from entrepost.journey.engine import Engine
from entrepost.journey.step import Itinerary, Ride
from entrepost.journey.stretch import Stretch, opening_of

NOTICED = 2e-4
"""An hour that less than this share of a start reaches keeps the ordinary week behind it."""


def lead_of(
    engines: tuple[Engine, ...], before: Itinerary, ready: Stretch | None, rides: Itinerary, starts: NDArray[np.int32]
) -> Lead:
    """Follow starts (indices of the timeline) to the last facility.

    `ready` is the stretch of `before`, the steps in front of the first ride (None where there are
    none); without rides, as from stock, every start is at the last facility at once.
    """
    if not rides:
        return _no_ride(starts, len(engines))
    openings, row = np.unique(opening_of(engines[0], before, starts), return_inverse=True)
    wait = openings[row] - starts
    ride = rides[0]
    assert isinstance(ride, Ride)
    runs = engines[0].runs(ride)
    period = int(np.searchsorted(runs.cutoff, WEEK_HOURS)) if engines[0].timeline.ordinary else 0
    weights = [_board(engine, ready, number, ride, openings) for number, engine in enumerate(engines)]
    used = np.flatnonzero(np.sum([weight.max(axis=0, initial=0) for weight in weights], axis=0) > LEAST_WEIGHT)
    begun = np.arange(period) if period else used
    identity = np.zeros((begun.size, runs.cutoff.size))
    identity[np.arange(begun.size), begun] = 1.0
    mixtures, arrivals = [], []
    for engine, weight in zip(engines, weights, strict=True):
        start, column = np.nonzero(weight[:, used] > LEAST_WEIGHT)
        run = used[column]
        tail = run % period if period else column
        mixtures.append(np.column_stack([start, tail, runs.leaves[run] - openings[start], weight[start, run]]))
        followed = engine.push_all(engine.travel_on(identity, ride), rides[1:])
        arrivals.append(kernels.arrivals_of(followed, runs.leaves[begun]))
    return Lead(row.astype(np.int32), wait.astype(np.int32), tuple(mixtures), tuple(arrivals))


def reached(leads: Sequence[Lead], least: float = NOTICED) -> NDArray[np.int32]:
    """The indices at which at least that share of some start reaches the last facility, ascending."""
    found = []
    for lead in leads:
        for mixture, (first, hour, _, probability) in zip(lead.mixtures, lead.arrivals, strict=True):
            heaviest = np.zeros(first.size - 1)
            np.maximum.at(heaviest, mixture[:, 1].astype(np.int64), mixture[:, 3])
            share = probability * np.repeat(heaviest, np.diff(first))
            found.append(hour[share >= least])
    return np.unique(np.concatenate(found))


def _board(
    engine: Engine, ready: Stretch | None, number: int, ride: Ride, starts: NDArray[np.int32]
) -> NDArray[np.float64]:
    if ready is None:
        return engine.board(np.ones((1, 1), np.float32), np.zeros(starts.size, np.int32), starts, ride)
    return engine.board(ready.tables[number], ready.row_of_hour[starts], starts, ride)


def _no_ride(starts: NDArray[np.int32], regimes: int) -> Lead:
    number = np.arange(starts.size, dtype=np.int32)
    mixture = np.column_stack([number, number, np.zeros(starts.size), np.ones(starts.size)]).astype(np.float64)
    first = np.arange(starts.size + 1, dtype=np.int32)
    arrivals = (first, starts, np.zeros(starts.size, np.int32), np.ones(starts.size, np.float64))
    return Lead(number, np.zeros_like(number), (mixture,) * regimes, (arrivals,) * regimes)
