"""Why a trial and its plan differ: what is switched off, one thing after another, tells what it brings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

import numpy as np
import polars as pl

from entrepost.planning.simulation.world import AS_ASSUMED, World, get_world
from entrepost.planning.trials.frames import Table, Trial
from entrepost.planning.trials.measure import interval_of
from entrepost.planning.trials.run import Replication, Setting, Task, run_replication

TRIED = 3
"""So many replications are run again with something switched off."""

TELLING_DAYS = 0.02
"""What brings less to the mean wait is not told."""


class Tried(Protocol):
    """What of a trial's params is needed here."""

    @property
    def world(self) -> str | World:
        """In which it ran."""

    @property
    def gap_days_max(self) -> float:
        """Allowed between plan and simulation."""

    @property
    def half_width_max(self) -> float:
        """Of the interval."""


def find_reasons(setting: Setting, trial: Trial, params: Tried) -> tuple[str, ...]:
    """Why plan and simulation do not agree, what matters most first.

    A few replications are run again as the plan assumes them (no capacities, no slow days, step times as in the
    folder), and with the world's shocks but without capacities; what each brings is a paired difference.
    """
    reasons = list(_about_time(trial, params))
    gap = trial.simulated.mean - trial.planned_days
    if abs(gap) <= params.gap_days_max:
        return tuple(reasons)
    world, seeds = get_world(params.world), trial.seeds[:TRIED]
    whole = _run(setting, seeds, world)
    roomy = _run(setting, seeds, replace(world, capacities=False))
    plain = _run(setting, seeds, AS_ASSUMED)
    parts = {
        "capacity: departures and facilities that are full bring": _mean(setting, whole, trial)
        - _mean(setting, roomy, trial),
        "the world: slow days, late and offloaded departures and other step times bring": _mean(setting, roomy, trial)
        - _mean(setting, plain, trial),
        "stock-outs: shelves that were emptier than planned bring": _stock_outs(setting, plain, trial),
    }
    told = sorted(parts.items(), key=lambda each: -abs(each[1]))
    reasons.append(f"the simulated wait is {gap:+.2f} days from the planned one; of this")
    reasons += [f"{what} {days:+.2f} days" for what, days in told if abs(days) >= TELLING_DAYS]
    reasons += _steps(setting, whole, plain, trial)
    lanes = trial.lanes.filter(pl.col("weighs_days").abs() >= TELLING_DAYS).head(3)
    reasons += [
        f"lane to {row['country']}: planned {row['planned_days']:.2f} days, simulated {row['plan_days']:.2f}, which "
        f"weighs {row['weighs_days']:+.2f} days"
        for row in lanes.iter_rows(named=True)
    ]
    return tuple(reasons)


def _about_time(trial: Trial, params: Tried) -> Sequence[str]:
    reasons = []
    if not trial.is_steady:
        reasons.append("no steady state was reached: the orders cover too little time for the shelves to settle")
    if not trial.simulated.half_width <= params.half_width_max:
        reasons.append(
            f"the interval is too wide (± {trial.simulated.half_width:.2f} days): about "
            f"{trial.simulated.needs(params.half_width_max)} replications would be needed"
        )
    return reasons


def _run(setting: Setting, seeds: Sequence[int], world: World) -> list[Replication]:
    return [run_replication(setting, Task(seed, world, both=False, steps=True)) for seed in seeds]


def _mean(setting: Setting, done: Sequence[Replication], trial: Trial) -> float:
    """The plan's mean wait in days, in steady state."""
    table = Table(setting, done)
    return interval_of(table.means(table.plan, table.day >= trial.warm_up_days) / 24).mean


def _stock_outs(setting: Setting, done: Sequence[Replication], trial: Trial) -> float:
    """What orders wait longer on average because fewer found stock than was planned."""
    table, plan = Table(setting, done), setting.plan
    first, instead = (side.get_column("wait_hours_mean").to_numpy() for side in (plan.first, plan.instead))
    found = 1.0 - table.missed[:, plan.asks].mean(axis=0)
    steady = table.day >= trial.warm_up_days
    longer = (plan.planned_share - found) * (instead - first)[plan.asks] / 24
    return float(np.nansum(longer[steady[plan.asks]]) / max(steady.sum(), 1))


def _steps(setting: Setting, whole: Sequence[Replication], plain: Sequence[Replication], trial: Trial) -> list[str]:
    """The steps that take longer, or shorter, than assumed."""
    table = Table(setting, whole)
    count = max(int((table.day >= trial.warm_up_days).sum()), 1) * len(whole)

    def hours(done: Sequence[Replication]) -> pl.DataFrame:
        frames = [each.steps for each in done if each.steps is not None]
        steady = pl.concat(frames).filter(pl.col("day") >= trial.warm_up_days)
        return steady.group_by("step").agg(days=pl.col("hours").sum() / 24 / count)

    both = hours(whole).join(hours(plain), on="step", how="full", coalesce=True, suffix="_assumed").fill_null(0.0)
    both = both.with_columns(more=pl.col("days") - pl.col("days_assumed")).sort(pl.col("more").abs(), descending=True)
    return [
        f"step {row['step']}: {row['days']:.2f} days on average, {row['days_assumed']:.2f} as assumed"
        for row in both.filter(pl.col("more").abs() >= TELLING_DAYS).head(3).iter_rows(named=True)
    ]
