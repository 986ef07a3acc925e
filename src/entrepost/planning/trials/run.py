"""One replication of a trial: both sides through the same world, with stock that is filled again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from entrepost.planning.measure import measure_waits
from entrepost.planning.measure_steps import wait_by_step
from entrepost.planning.simulate import simulate
from entrepost.planning.simulation.world import World
from entrepost.planning.trials.arm import Arm
from entrepost.planning.trials.lead import draw_leads
from entrepost.planning.trials.stock import Flow, follow_stock
from entrepost.tables.items import ORDER

Floats = NDArray[np.float64]
LEAD_DAYS_MORE = 1
"""Orders of stock may be placed until so many days after the last order of the trial."""


@dataclass(frozen=True)
class Setting:
    """What all replications share: both sides, the orders, the hours from the first order to the last.

    `longer_hours`: what the calendar adds to the planned wait of each order (`trials.dated`), NaN where it was not
    looked at; None where promises are dated already.
    """

    today: Arm
    plan: Arm
    orders: pl.DataFrame
    first_hour: int
    last_hour: int
    longer_hours: Floats | None = None

    @property
    def days(self) -> int:
        """Days for which lead times are drawn."""
        return (self.last_hour - self.first_hour) // 24 + 1 + LEAD_DAYS_MORE


@dataclass(frozen=True, slots=True)
class Task:
    """A replication to be run: its seed, its world, whether both sides run and whether steps are told."""

    seed: int
    world: World
    both: bool = True
    steps: bool = False


@dataclass(frozen=True, slots=True)
class Replication:
    """What one replication gave: the wait of each order in hours on either side (NaN: not sent), who found stock, the
    lead times; `steps` has the hours of each step of the plan's orders, summed by day, where they were asked for.
    """

    seed: int
    today: Floats
    plan: Floats
    granted: NDArray[np.bool_]
    lead_hours: NDArray[np.int64]
    steps: pl.DataFrame | None = None


def run_replication(setting: Setting, task: Task) -> Replication:
    """Run both sides with one seed: the same orders, and for each the same luck at the same step and place."""
    plan = setting.plan
    lead_hours = draw_leads(plan.network, plan.lanes, setting.first_hour, setting.days, task.seed, task.world)
    granted = follow(setting, lead_hours, setting.first_hour).granted
    carried, steps = _carry(setting, plan, plan.serve(granted), task)
    today = np.full(carried.size, np.nan)
    if task.both:
        today, _ = _carry(setting, setting.today, setting.today.first, Task(task.seed, task.world))
    return Replication(task.seed, today, carried, granted, lead_hours, steps)


def follow(setting: Setting, lead_hours: NDArray[np.int64], from_hour: int) -> Flow:
    """The plan's shelves through the time of the trial, counted from an hour on."""
    span = (setting.first_hour, from_hour, setting.last_hour)
    return follow_stock(setting.plan.demand, setting.plan.shelves, lead_hours, span)


def _carry(setting: Setting, arm: Arm, chosen: pl.DataFrame, task: Task) -> tuple[Floats, pl.DataFrame | None]:
    """The wait of each order in hours, in the order of the choices; and the hours of each step by day."""
    events = simulate(arm.network, setting.orders, chosen, task.seed, task.world)
    waits = measure_waits(events, setting.orders, chosen)
    aligned = chosen.select(ORDER).join(waits.select(*ORDER, "wait_hours"), on=ORDER, how="left", maintain_order="left")
    hours = aligned.get_column("wait_hours").cast(pl.Float64).fill_null(float("nan")).to_numpy()
    if not task.steps:
        return hours, None
    spent = wait_by_step(events, waits).join(waits.select(*ORDER, "placed_at"), on=ORDER)
    day = (pl.col("placed_at").dt.epoch("us") // 3_600_000_000 - setting.first_hour) // 24
    return hours, spent.group_by("step", day=day).agg(pl.col("hours").sum()).sort("day", "step")
