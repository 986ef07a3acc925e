"""A made-up timetable of freight: hubs that are tied closely, places that hang on hubs near them, three modes."""

from __future__ import annotations

import numpy as np

from entrepost.journey.scan import Connections

WEEKS = 4
WEEK_HOURS = 168
RUNS_A_WEEK = (1, 7, 7)
"""By sea, by land, by air."""

HOURS = ((60, 400), (8, 90), (2, 14))
"""What a ride takes beside the distance: at the least, and over the whole map."""

COST = ((20, 60), (60, 200), (250, 700))
"""Of a kilogram in minor units: at the least, and over the whole map."""

CUTOFF_HOURS = (48, 12, 4)


def build(nodes: int, lines: int, seed: int) -> Connections:
    """Dated departures over four weeks; costs and risks are whole numbers, so that sums are exact.

    The risk is a thousandth of minus the logarithm of the probability of catching the departure.
    """
    dice = np.random.default_rng(seed)
    place = dice.random((nodes, 2))
    hubs = dice.choice(nodes, max(nodes // 10, 2), replace=False)
    ends = [_ends(dice, place, hubs) for _ in range(lines)]
    rows = [run for here, there in ends if here != there for run in _runs(dice, here, there, place)]
    table = np.array(sorted(rows))
    return Connections(
        origin=table[:, 3].astype(np.int32),
        destination=table[:, 4].astype(np.int32),
        cutoff=np.ascontiguousarray(table[:, 1]),
        leaves=np.ascontiguousarray(table[:, 0]),
        arrives=np.ascontiguousarray(table[:, 2]),
        cost=table[:, 5].astype(np.float64),
        risk=table[:, 6].astype(np.float64),
        handling=dice.integers(2, 9, nodes),
    )


def _ends(dice: np.random.Generator, place: np.ndarray, hubs: np.ndarray) -> tuple[int, int]:
    """Six lines of ten tie two hubs, the others a place and one of the three hubs nearest to it."""
    if dice.random() < 0.6:
        return int(dice.choice(hubs)), int(dice.choice(hubs))
    here = int(dice.integers(len(place)))
    near = hubs[np.argsort(((place[hubs] - place[here]) ** 2).sum(axis=1))[: min(3, hubs.size)]]
    there = int(dice.choice(near))
    return (here, there) if dice.random() < 0.5 else (there, here)


def _runs(dice: np.random.Generator, here: int, there: int, place: np.ndarray) -> list[tuple[int, ...]]:
    """The runs of one line: leaves, cutoff, arrives, the nodes, cost, risk."""
    mode = int(dice.integers(3))
    far = float(np.sqrt(((place[here] - place[there]) ** 2).sum()))
    hours = round(HOURS[mode][0] + far * HOURS[mode][1])
    cost = round((COST[mode][0] + far * COST[mode][1]) * dice.uniform(0.8, 1.2))
    risk = round(-1000 * np.log(1 - dice.uniform(0, 0.2)))
    every = WEEK_HOURS // RUNS_A_WEEK[mode]
    leaves = range(int(dice.integers(every)), WEEKS * WEEK_HOURS, every)
    return [(hour, hour - CUTOFF_HOURS[mode], hour + hours, here, there, cost, risk) for hour in leaves]
