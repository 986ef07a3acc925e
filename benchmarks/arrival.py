"""Arrival: when an item arrives that starts at any hour of the week, exactly and by vectorised Monte Carlo.

``python -m benchmarks.arrival [--json]``
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.comparison import Comparison, Goal, Say, Side, require_equal, time_runs
from benchmarks.monte_carlo import Walker
from benchmarks.report import main
from entrepost.journey.book import horizon_hours
from entrepost.journey.calendars import ordinary_timeline
from entrepost.journey.desk import Desk, desk_of
from entrepost.journey.distribution import WEEK_STARTS, Distribution
from entrepost.journey.follow import Wanted, follow_one
from entrepost.journey.itinerary import build_itinerary, format_route
from entrepost.journey.routes import Finder
from entrepost.network.network import Network
from entrepost.network.sample_network import sample_network

SEED = 4
SERVICE = "PACKET"
POINTS = 0.005
Z95 = 1.96
SAMPLES = round((Z95 * 0.5 / POINTS) ** 2)
"""So many that a probability of one half is known to 0.5 points with 95 %; of any other it is known better."""

LEVELS = (0.1, 0.5, 0.9)
SIGMAS = 5
"""What no difference of a fair Monte Carlo exceeds in practice, at 168 starts and three dates."""


@dataclass(frozen=True)
class Question:
    """A route to follow on the ordinary week, and what both sides have at hand for it."""

    desk: Desk
    walker: Walker
    wanted: Wanted
    text: str


def compare(tiny: bool, say: Say) -> Comparison:
    """Check that both distributions are equal within the sampling error, then time them."""
    question = ask(sample_network())
    walker, samples = question.walker, SAMPLES // 100 if tiny else SAMPLES
    say(f"{question.text}, {len(question.wanted.steps)} steps, in every regime, for all 168 start hours")
    for name, sampled in (("", walker.walk(samples, SEED)), ("shared, ", walker.walk_shared(samples, SEED))):
        say(f"equal: {name}{check(follow(question), sampled, samples)}")
    say("timed, ours: follow_one on a desk that has followed nothing yet, then the probability of a date at each start")
    say(f"timed, peer: NumPy, for each start {samples} samples of its own")
    say("timed, third: NumPy, draws shared by all starts, and starts that wait for one opening walked once")
    say("at hand on all sides: calendars, departures, and tables of the discretised durations")
    ours = time_runs(
        lambda: keeps(follow(question), np.full(WEEK_STARTS.size, 240, np.int32)), *((2, 1) if tiny else (15, 3))
    )
    peer = time_runs(lambda: walker.walk(samples, SEED)[:, 240], 1 if tiny else 3)
    shared = time_runs(lambda: walker.walk_shared(samples, SEED)[:, 240], 1 if tiny else 5)
    exact = Side("Entrepost, exact", "follow_one", 1, ours)
    sampled = Side("NumPy Monte Carlo", f"{samples} samples a start", 1, peer)
    thrifty = Side("NumPy Monte Carlo, shared draws", f"{samples} samples", 1, shared)
    found = {
        "ours, ms": 1000 / exact.speed,
        "peer, ms": 1000 / sampled.speed,
        "peer with shared draws, ms": 1000 / thrifty.speed,
        "ratio to the peer with shared draws": exact.speed / thrifty.speed,
        "samples a start": samples,
    }
    goal = Goal("ratio", exact.speed / sampled.speed, 30, 100)
    return Comparison("arrival distribution, 168 start hours", "routes", SEED, exact, sampled, (goal,), found)


def ask(network: Network) -> Question:
    """The first way of the service, by name, that changes planes: the one with the most steps."""
    service = network.service_by_code[SERVICE]
    origin = min(row.facility for row in network.processing if row.activity == "accept")
    paths = Finder(network).best_paths(origin, service).values()
    ends = {(row.from_facility, row.product): row.area for row in reversed(network.delivery)}
    path = min(path for path in paths if len(path) == 3 and (path[-1], service.delivery) in ends)
    steps = build_itinerary(network, SERVICE, path, ends[path[-1], service.delivery])
    wanted = Wanted(steps, WEEK_STARTS, horizon_hours(service))
    timeline = ordinary_timeline(network, wanted.longest)
    walker = Walker(timeline, steps, wanted.longest)
    return Question(desk_of(timeline, WEEK_STARTS), walker, wanted, f"{SERVICE} by {format_route(path)}")


def follow(question: Question) -> Distribution:
    """Our side: the route on a desk that remembers no other; its engines have their tables."""
    return follow_one(Desk(question.desk.engines, WEEK_STARTS), question.wanted)


def keeps(distribution: Distribution, hours: NDArray[np.int32]) -> NDArray[np.float64]:
    """The probability of having arrived so many hours after each start."""
    return distribution.probability(WEEK_STARTS, hours, np.ones(WEEK_STARTS.size, np.int32))


def check(exact: Distribution, sampled: NDArray[np.float64], samples: int) -> str:
    """Require that no probability differs by more than sampling explains; how equal they were."""
    error = 0.5 / np.sqrt(samples)
    described = exact.describe(WEEK_STARTS, np.ones(WEEK_STARTS.size, np.int32), LEVELS)
    worst = 0.0
    for level, hours in zip(LEVELS, described[:, 1::2].astype(np.int32).T, strict=True):
        differs = np.abs(keeps(exact, hours) - sampled[np.arange(WEEK_STARTS.size), hours])
        require_equal(float(differs.max()) < SIGMAS * error, f"at P{100 * level:.0f} by {differs.max():.4f}")
        worst = max(worst, float(differs.max()))
    means = [(1 - curve).sum() for curve in (exact.cdf(0), sampled[0])]
    return (
        f"at P10, P50 and P90 of all 168 starts the probabilities differ by at most {100 * worst:.2f} points "
        f"(sampling: {100 * Z95 * error:.2f} with 95 %); Monday 00: mean {means[0]:.2f} and {means[1]:.2f} hours"
    )


if __name__ == "__main__":
    sys.exit(main(compare))
