"""Simulation: a pipeline of five stages with shifts, cutoffs and capacities, against SimPy.

``python -m benchmarks.simulation [--json]``
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from time import perf_counter

import numpy as np
import polars as pl
from numpy.typing import NDArray

from benchmarks import pipeline, simpy_pipeline
from benchmarks.comparison import Comparison, Goal, Say, Side, require_equal, time_runs
from benchmarks.pipeline import FIXED, VARYING, Pipeline
from benchmarks.report import main
from entrepost.journey.calendars import Timeline, dated_timeline
from entrepost.journey.discretise import discretise, mean_hours
from entrepost.journey.itinerary import build_itinerary
from entrepost.journey.step import Itinerary
from entrepost.network.duration import Duration
from entrepost.network.network import Network
from entrepost.planning import simulate as simulation
from entrepost.planning.simulation.kernel import run
from entrepost.planning.simulation.world import AS_ASSUMED

SEED = 6
WORLD = replace(AS_ASSUMED, capacities=True)
CODES = ("EMB", "EXA", "EMD", "EDB", "EMI")
"""The scans that say that an item is through accept, outward, ride, inward, deliver."""

WEEKS = 8
HOUR_US = 3_600_000_000
QUEUE_ITEMS, QUEUE_A_WEEK = 20_000, 118
ERRORS = 4
"""Standard errors that a mean may be away from its formula."""


@dataclass(frozen=True)
class Case:
    """A pipeline, what comes in, and its calendar as both sides see it."""

    network: Network
    orders: pl.DataFrame
    chosen: pl.DataFrame
    timeline: Timeline
    steps: Itinerary
    starts: list[int]

    def through(self) -> NDArray[np.int64]:
        """Our side: for each item (row) the hours at which it is through each stage."""
        return self.hours_of(self.simulate_all())

    def through_simpy(self) -> NDArray[np.int64]:
        """The peer's side: the same."""
        return self.hours_of(self.simulate_simpy())

    def hours_of(self, events: pl.DataFrame) -> NDArray[np.int64]:
        """For each item (row) the hours of the scans that say that it is through a stage."""
        hour = pl.col("time").pipe(hour_of) - self.timeline.first_hour
        hours = events.with_columns(hour=hour).pivot("code", index="order_id", values="hour").sort("order_id")
        return hours.select(CODES).to_numpy()

    def simulate_all(self) -> pl.DataFrame:
        """Our side, as it is timed: every scan."""
        return simulation.simulate(self.network, self.orders, self.chosen, SEED, WORLD)

    def simulate_simpy(self) -> pl.DataFrame:
        """The peer's side, as it is timed: the same frame."""
        return simpy_pipeline.simulate(self.timeline, self.steps, self.orders, SEED)

    def simulate_hours(self) -> NDArray[np.int64]:
        """The peer without scans: the hours at which each item is through each stage, and no more."""
        return np.array(simpy_pipeline.simulate_hours(self.timeline, self.steps, self.starts, SEED))


def compare(tiny: bool, say: Say) -> Comparison:
    """Check item by item, then means, then the formulas; then time both sides."""
    items = 2_000 if tiny else 100_000
    say("equal: " + check_items(items // 5))
    full = build(Pipeline(items // WEEKS), items)
    say("equal: " + check_means(full, 0.1 if tiny else 0.02))
    say("equal: " + check_jackson(items))
    say("equal: " + check_queue())
    say(f"{items} items in {WEEKS} weeks through accept, outward, a flight a day, inward and delivery rounds")
    say("timed, ours: simulation.kernel.run, calendars and tables at hand; every scan with its moment out, as records")
    say("timed, peer: SimPy, a process for each item, calendars and lists at hand; the hour of each stage out")
    ours = Side("Entrepost, kernel", "run", items, time_kernel(full, 5))
    peer = Side("SimPy", "run", items, time_runs(full.simulate_hours, 1 if tiny else 3))
    say("besides, from a frame of orders to a frame of every scan in the order of time: planning.simulate.simulate,")
    say("  which makes its calendars too, and SimPy, with its calendars at hand")
    whole = Side("Entrepost, simulate", "simulate", items, time_runs(full.simulate_all, 5))
    same = Side("SimPy, frame of scans", "run", items, time_runs(full.simulate_simpy, 1 if tiny else 3))
    found = {
        "frame to frame, items/s": whole.speed,
        "SimPy frame to frame, items/s": same.speed,
        "frame to frame, ratio": whole.speed / same.speed,
    }
    goal = Goal("ratio", ours.speed / peer.speed, 30, 100)
    return Comparison("5 stages with shifts, cutoffs, capacities", "items", SEED, ours, peer, (goal,), found)


def build(what: Pipeline, items: int, network: Network | None = None, one_round: bool = False) -> Case:
    """A case of so many items; the calendar is that of `simulate`."""
    network = network or pipeline.build(what, one_round)
    orders = pipeline.draw_orders(what, items, SEED)
    starts = -(-orders.get_column("placed_at").dt.epoch("us") // HOUR_US)
    horizon = simulation.HORIZON_HOURS + simulation.MARGIN_HOURS
    timeline = dated_timeline(network, int(starts[0]), int(starts[-1]), horizon)
    steps = build_itinerary(network, "PACKET", (pipeline.HERE, pipeline.THERE), pipeline.AREA)
    begin = (starts - timeline.first_hour).to_list()
    return Case(network, orders, pipeline.choose_all(orders), timeline, steps, begin)


def check_items(items: int) -> str:
    """With fixed durations only the moment within an hour is drawn: require each scan in the same hour."""
    case = build(Pipeline(items // WEEKS, durations=FIXED), items, one_round=True)
    ours, theirs = case.simulate_all(), case.simulate_simpy()
    for side, events in (("ours", ours), ("theirs", theirs)):
        require_equal(events.get_column("time").is_sorted(), f"{side} is not in the order of time")
    require_equal(ours.schema == theirs.schema, f"columns {ours.schema} and {theirs.schema}")
    scans = [by_hour(events) for events in (ours, theirs)]
    require_equal(scans[0].equals(scans[1]), f"{ours.height} and {theirs.height} scans, durations fixed")
    hours = case.hours_of(ours)
    require_equal(np.array_equal(hours, case.simulate_hours()), "the hours of SimPy without scans")
    waited = (hours[:, -1] - np.array(case.starts)).mean()
    return f"{items} items with fixed durations: {ours.height} scans, each in the same hour (mean {waited:.2f} hours)"


def by_hour(events: pl.DataFrame) -> pl.DataFrame:
    """The scans with hours instead of times, by item and code."""
    return events.with_columns(pl.col("time", "recorded_at").pipe(hour_of)).sort("item_id", "code")


def hour_of(time: pl.Expr) -> pl.Expr:
    """The hour that ends at a time or after it."""
    return -(-time.dt.epoch("us") // HOUR_US)


def check_means(case: Case, most: float) -> str:
    """With varying durations both draw their own: require the same mean at each stage."""
    starts = np.array(case.starts)[:, None]
    ours, theirs = (case.through() - starts).mean(axis=0), (case.through_simpy() - starts).mean(axis=0)
    away = np.abs(ours / theirs - 1).max()
    require_equal(away < most, f"the mean hours through the stages, {ours} and {theirs}")
    return f"with varying durations the mean is {ours[-1]:.2f} and {theirs[-1]:.2f} hours, within {100 * most:.0f} %"


def check_jackson(items: int) -> str:
    """Without shifts, cutoffs and limits every stage has as many servers as it needs: means add up.

    Jackson's formula for a network of such stations: the mean time in it is the sum of the mean services,
    whatever their distributions. The flight of each hour and the rounds of delivery still set hours, so
    the three works and the flight's travel are summed.
    """
    case = build(Pipeline(items // WEEKS, shifts=False, limits=False), items)
    hours = case.through()
    stays = np.column_stack([hours[:, 0] - np.array(case.starts), np.diff(hours, axis=1)[:, :3]]).sum(axis=1)
    expected = sum(mean_hours(discretise(Duration(*map(float, VARYING[name])))) for name in list(VARYING)[:4])
    error = stays.std() / np.sqrt(items)
    require_equal(
        abs(stays.mean() - expected) < ERRORS * error, f"mean stay {stays.mean():.4f}, Jackson {expected:.4f}"
    )
    return (
        f"without shifts, cutoffs, limits the mean is {stays.mean():.3f} hours, Jackson {expected:.3f} (±{error:.3f})"
    )


def check_queue() -> str:
    """One item an hour and a Poisson stream: the mean wait of Pollaczek and Khinchine for even service.

    A facility finishes whole items in whole hours, so its server is even and not exponential: M/D/1 is
    the queue that it can be held against, not the M/M/1 of Jackson's stations.
    """
    what = Pipeline(QUEUE_A_WEEK, shifts=False, limits=False, durations=FIXED)
    network = pipeline.build(what)
    accept, *others = network.processing
    network = replace(network, processing=(replace(accept, throughput_items_hour=1), *others))
    case = build(what, QUEUE_ITEMS, network)
    waits = case.through()[:, 0] - np.array(case.starts) - FIXED["accept"][0]
    load = QUEUE_A_WEEK / 168
    expected = load / (2 * (1 - load))
    batches = waits[: QUEUE_ITEMS // 20 * 20].reshape(20, -1).mean(axis=1)
    error = batches.std(ddof=1) / np.sqrt(20)
    require_equal(
        abs(waits.mean() - expected) < ERRORS * error, f"mean wait {waits.mean():.3f}, formula {expected:.3f}"
    )
    return (
        f"one server at a load of {load:.3f}: mean wait {waits.mean():.3f} hours, M/D/1 {expected:.3f} (±{error:.3f})"
    )


def time_kernel(case: Case, runs: int) -> tuple[float, ...]:
    """The seconds of the kernel alone; its tables, which a run uses up, are made anew each time."""
    sent = simulation._sent_items(case.network, case.orders, case.chosen, None)
    seconds = []
    for _ in range(runs):
        course, _places = simulation._course(case.network, sent, WORLD, SEED)
        begin = perf_counter()
        run(course)
        seconds.append(perf_counter() - begin)
    return tuple(seconds)


if __name__ == "__main__":
    sys.exit(main(compare))
