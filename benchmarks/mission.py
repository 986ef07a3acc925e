"""The proof of the mission: how much sooner parcels arrive, at what cost, in a world that nobody planned for.

``python -m benchmarks.mission FOLDER [--dearer FACTOR] [--copies N] [--heaviest G] [--replications N] [--csv FILE]``

FOLDER holds real orders in the form of the Olist files. Planned is on what was ordered before the split, tried on what
came after; the world of the trial differs from what the planner believes. Arms: A0 today, A1 better services alone, A2
stock by rule of thumb in the three largest markets, A3 the plan, A4 the plan with hindsight.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from benchmarks.mission_arms import DEARER_MOST, Arms, make_arms, split
from benchmarks.mission_controls import plan_alike
from benchmarks.mission_doubt import doubt, draw_factors, known_dues
from benchmarks.mission_orders import HEAVIEST_G, lay_streams, read_lines, shuffle_sales
from benchmarks.report import describe_machine, find_commit
from entrepost.network.candidates import sample_candidates
from entrepost.network.sample_network import sample_network
from entrepost.planning.plan import plan_dearer, search_plan
from entrepost.planning.planner.params import PlanParams
from entrepost.planning.planner.result import Plan
from entrepost.planning.trial import TrialParams, prepare, try_plans
from entrepost.planning.trials.frames import Trial
from entrepost.planning.trials.measure import interval_of

SEED = 1
COPIES = 25
"""So many streams over one another come to about the 12,500 items a week of the sample network."""
AIM_DAYS = 5.0
MEASURES = ("wait_days", "wait_days_p90", "within_5_days", "cost_item_minor", "from_stock")
DOUBTED = ("A3",)


def main(arguments: list[str] | None = None) -> int:
    """Run the proof from the command line."""
    asked = _parser().parse_args(arguments)
    begin = perf_counter()
    stream = sys.stderr if asked.json else sys.stdout

    def say(line: str) -> None:
        print(f"{perf_counter() - begin:8.1f} s  {line}", file=stream, flush=True)

    facts = prove(asked, say)
    if asked.csv:
        _write(facts, asked.csv)
    print(json.dumps(facts, indent=2) if asked.json else "\n".join(tell(facts)))
    return 0


def prove(asked: argparse.Namespace, say: Any) -> dict[str, Any]:
    """All that the proof shows."""
    network, lines = sample_network(), read_lines(asked.folder, asked.heaviest)
    orders = lay_streams(lines, network, asked.copies, asked.seed)
    before, after = split(orders)
    counts = [part.select("seller", "order_id").n_unique() for part in (before, after)]
    say(f"{counts[0]:,} orders to plan on, {counts[1]:,} to try on ({asked.copies} streams, seed {asked.seed})")
    params = TrialParams(replications=asked.replications, seed=asked.seed, dated=False, workers=asked.workers)
    with tempfile.TemporaryDirectory() as folder:
        arms = make_arms(network, orders, PlanParams(seconds_max=asked.seconds), asked.dearer, Path(folder), say)
        facts = _planned(arms.known) | {"budget": asked.dearer}
        trials = try_plans(network, after, arms.tried, params, lambda done, of: say(f"replication {done} of {of}"))
        facts["arms"] = {name: _measured(trial) for name, trial in trials.items()}
        say("\n".join(tell_arms(facts["arms"])))
        facts["doubt"] = _doubts(network, after, arms, params, asked.draws, say)
    facts["control, equal waits"] = {"warehouses": plan_alike(arms.known).warehouses.height}
    say("control: stock waits as long as mail")
    shuffled = lay_streams(shuffle_sales(lines, asked.seed), network, asked.copies, asked.seed)
    free = replace(arms.known.params, budget_minor=None)
    dealt = plan_dearer(network, split(shuffled)[0], asked.dearer, free, sample_candidates())
    facts["control, sales shuffled"] = _control(dealt) | {"stockable share": dealt.stockable_share}
    facts["control, as sold"] = _control(arms.known) | {"stockable share": arms.known.stockable_share}
    return facts | {"orders planned on": counts[0], "orders tried": counts[1]}


def _control(plan: Plan) -> dict[str, float]:
    return {"from stock": plan.planned.from_stock_share, "wait_days": plan.planned.wait_days}


def _planned(known: Plan) -> dict[str, Any]:
    """What the planner says: the stockable share, and what five days cost."""
    asked = replace(known.params, budget_minor=None, days_max=AIM_DAYS)
    aimed = search_plan(known.options, known.network, asked)
    today = known.today
    facts: dict[str, Any] = {
        "stockable share": known.stockable_share,
        "today, as planned": {"wait_days": today.wait_days, "cost_item_minor": today.cost_item_minor},
        "open in A3": known.warehouses.get_column("city").to_list(),
        "gap of A3": known.gap,
        "fullest legs of A3": [_leg(row) for row in known.rooms.iter_rows(named=True)],
    }
    if aimed.planned is not None:
        return facts | {"five days": {"cost_item_minor": aimed.planned.cost_item_minor, "gap": aimed.gap}}
    return facts | {"five days": {"reasons": list(aimed.reasons)}}


def _leg(row: dict[str, Any]) -> str:
    """How full a leg is, as the plan fills it and as today does."""
    kilograms = f"{row['planned_kg']:.0f} of {row['carries_kg']:.0f} kg a week, as today {row['today_kg']:.0f}"
    return f"{row['from_facility']} to {row['to_facility']}: {kilograms}"


def _measured(trial: Trial) -> dict[str, Any]:
    steady = {name: trial.get(name) for name in MEASURES}
    rows = {
        name: {key: row[key] for key in ("today", "plan", "difference", "half_width")} for name, row in steady.items()
    }
    return rows | {
        "planned_days": trial.planned_days, "calendar_days": trial.calendar_days,
        "simulated_days": trial.simulated.mean, "half_width": trial.simulated.half_width,
        "warm_up_days": trial.warm_up_days, "accepted": trial.accepted,
        "reasons": list(trial.reasons),
    }  # fmt: skip


def _doubts(network: Any, after: Any, arms: Arms, params: TrialParams, draws: int, say: Any) -> dict[str, Any]:
    """Each arm under every draw: how wait and cost differ from today's, in the mean and at the worst."""
    found: dict[str, dict[str, list[float]]] = {name: {"wait_days": [], "cost_item_minor": []} for name in DOUBTED}
    terms, today = arms.known.options.terms, None
    for name in DOUBTED:
        setting = prepare(network, after, arms.tried[name], params, today)
        today, dues = setting.today, known_dues(setting)
        for number, factors in enumerate(draw_factors(draws, params.seed)):
            trial = doubt(setting, terms, factors, params, params.seed + number, dues).trial
            for measure, values in found[name].items():
                row = trial.get(measure)
                values.append(row["plan"] - row["today"])
            say(f"{name}, draw {number + 1} of {draws}")
    return {name: {measure: _spread(values) for measure, values in each.items()} for name, each in found.items()}


def _spread(values: list[float]) -> dict[str, float]:
    interval = interval_of(values)
    return {
        "mean": interval.mean, "half_width": interval.half_width, "least": float(np.min(values)),
        "most": float(np.max(values)), "share below 0": float(np.mean(np.array(values) < 0)),
    }  # fmt: skip


def tell(facts: dict[str, Any]) -> list[str]:
    """The proof in lines for people."""
    today, gap = facts["today, as planned"], facts["gap of A3"]
    opened = ", ".join(facts["open in A3"]) or "nothing"
    shuffled, sold = facts["control, sales shuffled"], facts["control, as sold"]
    return [
        f"stockable   {facts['stockable share']:.1%} of all items are of articles that sold twice in the days known",
        f"today       {today['wait_days']:.2f} days, {today['cost_item_minor'] / 100:.2f} USD an item, as planned",
        _five(facts["five days"], today["cost_item_minor"]),
        f"A3 opens    {opened} at {facts['budget'] - 1:.0%} more; gap {gap:.2%}",
        *(f"full        {leg}" for leg in facts["fullest legs of A3"]),
        *tell_arms(facts["arms"]),
        *(_doubted(name, each["wait_days"], each["cost_item_minor"]) for name, each in facts["doubt"].items()),
        f"control     where stock waits as long as mail {facts['control, equal waits']['warehouses']} warehouses open",
        f"control     from stock {sold['from stock']:.1%} as sold, {shuffled['from stock']:.1%} with sales dealt anew",
    ]


def _five(five: dict[str, Any], today: float) -> str:
    if "reasons" in five:
        return f"five days   are not to be had: {'; '.join(five['reasons'])}"
    cost = five["cost_item_minor"]
    return f"five days   cost {cost / 100:.2f} USD an item, {cost / today - 1:+.1%}"


def _doubted(name: str, wait: dict[str, float], cost: dict[str, float]) -> str:
    days = f"{wait['mean']:+.2f} ± {wait['half_width']:.2f} days ({wait['least']:+.2f} to {wait['most']:+.2f})"
    money = f"{cost['mean'] / 100:+.2f} USD ({cost['least'] / 100:+.2f} to {cost['most'] / 100:+.2f})"
    return f"doubt {name}    {days}, {money} an item"


def tell_arms(arms: dict[str, Any]) -> list[str]:
    """A line for each arm, A0 first."""
    lines = ["arm     wait  less than today    P90  in 5 d   cost   more than today  stock"]
    for name, arm in arms.items():
        if len(lines) == 1:
            lines.append(_row("A0", {key: {"plan": arm[key]["today"]} for key in MEASURES}))
        lines.append(_row(name, arm))
    lines += [
        f"{name}  planned {arm['planned_days']:.2f} days ({arm['calendar_days']:.2f} by the calendar), simulated "
        f"{arm['simulated_days']:.2f} ± {arm['half_width']:.2f}: {'accepted' if arm['accepted'] else 'not accepted'}"
        for name, arm in arms.items()
    ]
    return lines


def _row(name: str, arm: dict[str, Any]) -> str:
    wait, cost = arm["wait_days"], arm["cost_item_minor"]
    p90, within, stock = (arm[key]["plan"] for key in ("wait_days_p90", "within_5_days", "from_stock"))
    days, money = (_apart(each, by) for each, by in ((wait, 1), (cost, 100)))
    return (
        f"{name:3} {wait['plan']:8.2f} {days} {p90:6.1f} {within:7.1%} {cost['plan'] / 100:6.2f} {money} {stock:6.1%}"
    )


def _apart(figure: dict[str, float], by: int) -> str:
    if "difference" not in figure:
        return " " * 16
    return f"{figure['difference'] / by:+8.2f} ± {figure['half_width'] / by:5.2f}"


def _write(facts: dict[str, Any], path: Path) -> None:
    """A row per figure, with commit, date and machine."""
    known = [find_commit(), datetime.now(UTC).date().isoformat(), SEED, describe_machine()]
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("figure", "value", "commit", "date", "seed", "machine"))
        writer.writerows([name, value, *known] for name, value in _flat("", facts))


def _flat(name: str, facts: Any) -> list[tuple[str, Any]]:
    if isinstance(facts, dict):
        return [row for key, value in facts.items() for row in _flat(f"{name}, {key}" if name else key, value)]
    if isinstance(facts, list):
        return [(name, "; ".join(map(str, facts)))]
    return [(name, f"{facts:.6g}" if isinstance(facts, float) else facts)]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="benchmarks.mission", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--copies", type=int, default=COPIES)
    parser.add_argument("--heaviest", type=int, default=HEAVIEST_G, help="articles above so many grams are left out")
    parser.add_argument("--replications", type=int, default=20)
    parser.add_argument("--dearer", type=float, default=DEARER_MOST, help="so many times today's cost are allowed")
    parser.add_argument("--draws", type=int, default=32)
    parser.add_argument("--seconds", type=float, default=60.0, help="of each search")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--csv", type=Path)
    parser.add_argument("--json", action="store_true")
    return parser


if __name__ == "__main__":
    sys.exit(main())
