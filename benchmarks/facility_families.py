"""Generated families of facility location: when each reaches the gap of the contract, and with what memory."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.comparison import Say
from benchmarks.report import memory_mb
from entrepost.planning.facility import FacilityProblem, LocateParams, Progress, locate

FAMILIES = {
    "fixed x0.1": (0.1, 1.0, 0.001, 10.0),
    "fixed x0.02, capacity x0.33": (0.02, 0.33, 0.0025, 30.0),
    "fixed x0.1, capacity x0.33": (0.1, 0.33, 0.01, 60.0),
    "fixed x1": (1.0, 1.0, 0.02, 60.0),
}
"""Factors of fixed cost and capacity, the gap that must be proved, and the seconds for it."""
WARM_UP = (60, 9000)
"""Sites and regions of the problem that compiles what only large ones use; it is not timed."""


def run_families(
    generator: Path, families: list[str], seeds: int, size: tuple[int, int], say: Say
) -> list[dict[str, Any]]:
    """Solve these families for the seconds of the contract; when the gap was reached, and what it is."""
    generate = load_generator(generator)
    opening, held, demand, cost = generate(*WARM_UP, 1, 0.1, 0.5)
    reach(FacilityProblem(cost, opening, demand, held), 1e-6, 20.0)
    rows = []
    for family in families:
        fixed, capacity, goal, seconds = FAMILIES[family]
        for seed in range(1, seeds + 1):
            opening, held, demand, cost = generate(*size, seed, fixed, capacity)
            row = reach(FacilityProblem(cost, opening, demand, held), goal, seconds)
            say(f"{family:30} seed {seed}: " + ", ".join(f"{name} {value:.6g}" for name, value in row.items()))
            rows.append({"family": family, "seed": seed, "allowed_s": seconds, **row})
    return rows


def load_generator(path: Path) -> Callable[..., Any]:
    """The function `generate` of the published generator."""
    spec = importlib.util.spec_from_file_location("published_generator", path)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    generate: Callable[..., Any] = module.generate
    return generate


def reach(problem: FacilityProblem, goal: float, seconds: float) -> dict[str, float]:
    """The gap after the seconds, and the moment at which it was small enough (infinite if it never was)."""
    reached = float("inf")

    def watch(now: Progress) -> None:
        nonlocal reached
        if now.gap <= goal:
            reached = min(reached, now.seconds)

    found = locate(problem, LocateParams(gap_max=goal, seconds_max=seconds), watch)
    if found.gap <= goal:
        reached = min(reached, found.seconds)
    return {
        "value": found.value,
        "bound": found.bound,
        "gap": found.gap,
        "goal": goal,
        "reached_s": reached,
        "seconds": found.seconds,
        "memory_mb": memory_mb(),
    }
