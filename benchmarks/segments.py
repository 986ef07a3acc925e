"""Segments: how few rules stand in for a plan of the sample network, on its own weeks and on later ones.

``python -m benchmarks.segments [--orders N] [--seeds S] [--days-max D ...] [--dearer F ...] [--csv FILE] [--json]``.
Orders of twelve weeks are generated; the first eight are planned for, within so many days or for so many times what
today costs, and the last four are later. Beside our trees stand greedy ones of scikit-learn with as many leaves, fitted
to the best option of each cell, weighted by what missing it costs; each of their leaves then takes the option of least
regret, as ours do.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from benchmarks.report import describe_machine, find_commit
from entrepost.network.candidates import sample_candidates
from entrepost.network.network import Network
from entrepost.network.sample_network import sample_network
from entrepost.planning.plan import plan, plan_dearer
from entrepost.planning.plan_segments import measure_later, rules_wanted, segment_plan
from entrepost.planning.planner.params import PlanParams
from entrepost.planning.planner.result import Plan
from entrepost.planning.segmentation.cells import SegmentMarket
from entrepost.planning.segmentation.problem import SegmentProblem
from entrepost.planning.segments import EXACT_LEAVES, share_of
from entrepost.tables.sample_orders import sample_orders

ORDERS, TINY = 30_000, 900
WEEKS, LATER = 12, 4
DAYS_MAX, DEARER = (10.0, 9.0), (1.05,)
MUST = 0.1
"""Of the saving, on later weeks."""
SECONDS = 60.0
COLUMNS = (
    *("orders", "seed", "limit", "who", "leaves", "status", "cells", "policies", "regret_share", "true_share"),
    *("later_share", "processor_s", "commit", "date", "machine"),
)
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Case:
    """So many orders by a seed, planned within so many days of wait, or for so many times what today costs."""

    orders: int
    seed: int
    days_max: float = 0.0
    dearer: float = 0.0

    @property
    def limit(self) -> str:
        """The limit in words."""
        return f"{self.days_max:g} days" if self.days_max else f"{self.dearer - 1:.0%} dearer"

    def plan(self, network: Network, orders: pl.DataFrame, as_of: datetime) -> Plan:
        """The plan of the orders until then."""
        if self.days_max:
            return plan(network, orders, PlanParams(days_max=self.days_max, as_of=as_of), sample_candidates())
        return plan_dearer(network, orders, self.dearer, PlanParams(as_of=as_of), sample_candidates())


def main(arguments: list[str] | None = None) -> int:
    """Find rules for each case, one leaf more each time."""
    options = _parser().parse_args(arguments)
    count = TINY if options.tiny else options.orders
    network, rows = sample_network(), []
    limits = [*({"days_max": each} for each in options.days_max), *({"dearer": each} for each in options.dearer)]
    cases = [Case(count, seed, **limit) for seed in range(1, options.seeds + 1) for limit in limits]
    for row in chain.from_iterable(measure(network, case, options.leaves) for case in cases):
        rows.append(row)
        if not options.json:
            print(describe(row), flush=True)
    known = {"commit": find_commit(), "date": datetime.now(UTC).date().isoformat(), "machine": describe_machine()}
    if options.csv:
        options.csv.parent.mkdir(parents=True, exist_ok=True)
        with options.csv.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(row | known for row in rows)
    if options.json:
        print(json.dumps({"segments": rows}))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.segments", description=__doc__)
    parser.add_argument("--orders", type=int, default=ORDERS, help="over twelve weeks")
    parser.add_argument("--seeds", type=int, default=1, help="of the orders, from 1")
    parser.add_argument("--days-max", type=float, nargs="+", default=DAYS_MAX, metavar="D", help="limits of the wait")
    parser.add_argument("--dearer", type=float, nargs="*", default=DEARER, metavar="F", help="times what today costs")
    parser.add_argument("--leaves", type=int, default=EXACT_LEAVES, help="up to so many")
    parser.add_argument("--csv", type=Path, help="write a row for each tree")
    parser.add_argument("--tiny", action="store_true", help=f"{TINY} orders: whether it runs, not how well")
    parser.add_argument("--json", action="store_true", help="one object on standard output")
    return parser


def measure(network: Network, case: Case, leaves_max: int) -> Iterator[dict[str, Any]]:
    """Plan the first weeks, and put the plan into one rule, two, and so on; the greedy tree beside each."""
    orders = sample_orders(network, case.orders, case.seed, WEEKS)
    last: datetime = orders.get_column("placed_at").max()  # type: ignore[assignment]
    middle = last - timedelta(weeks=LATER)
    found = case.plan(network, orders, middle)
    if found.planned is None:
        return
    later_orders = orders.filter(pl.col("placed_at") >= middle)
    later = None
    for leaves in range(1, leaves_max + 1):
        begin = process_time()
        rules = segment_plan(found, rules_wanted(leaves, 0.0, SECONDS))
        seconds = process_time() - begin
        rules = measure_later(rules, network, later_orders) if later is None else rules
        later = rules.later.market if rules.later else later
        if later is None:
            return
        market = rules.found.market
        said = {"cells": market.cells.height, "policies": len(market.policies)}
        named = {"orders": case.orders, "seed": case.seed, "limit": case.limit, "leaves": leaves, **said}
        ours = rules.found.found
        after = _regret_share(later.problem, ours.choose(later.problem.features))
        figures = {"regret_share": ours.share, "true_share": rules.share, "later_share": after}
        yield named | {"who": "entrepost", "status": ours.status, **figures, "processor_s": round(seconds, 2)}
        yield named | {"who": "scikit-learn, greedy", "status": "", **greedy(market, later, leaves)}


def greedy(market: SegmentMarket, later: SegmentMarket, leaves: int) -> dict[str, float]:
    """The peer: a tree grown best cut first; countries are told as a flag each."""
    from sklearn.tree import DecisionTreeClassifier

    begin = process_time()
    regrets = market.problem.regrets()
    best = regrets.argmin(axis=1)
    alike = int(np.where(np.isinf(regrets), np.nanmax(regrets[np.isfinite(regrets)]), regrets).sum(axis=0).argmin())
    missed = np.minimum(regrets[:, alike], 1e12) + 1e-9
    shown = [_flags(each.problem) for each in (market, later)]
    if leaves == 1:
        places: list[Integers] = [np.zeros(len(each), dtype=np.int64) for each in shown]
    else:
        tree = DecisionTreeClassifier(max_leaf_nodes=leaves, random_state=1).fit(shown[0], best, missed)
        places = [tree.apply(each) for each in shown]
    option = {leaf: int(regrets[places[0] == leaf].sum(axis=0).argmin()) for leaf in np.unique(places[0])}
    chosen = [np.array([option[leaf] for leaf in place]) for place in places]
    seconds = process_time() - begin
    shares = [_regret_share(each.problem, taken) for each, taken in zip((market, later), chosen, strict=True)]
    return {"regret_share": shares[0], "later_share": shares[1], "processor_s": round(seconds, 2)}


def _flags(problem: SegmentProblem) -> NDArray[np.float64]:
    """The features, of each category a column for each text."""
    features = np.asarray(problem.features)
    figures = [column for column in range(features.shape[1]) if column not in problem.labels]
    flags = [features[:, [column]] == np.arange(len(texts)) for column, texts in problem.labels.items()]
    return np.column_stack([features[:, figures], *flags])


def _regret_share(problem: SegmentProblem, chosen: Integers) -> float:
    """What a choice loses of the saving; infinity where it is not allowed."""
    return share_of(float(problem.regrets()[np.arange(len(chosen)), chosen].sum()), problem.saving())


def describe(row: dict[str, Any]) -> str:
    """A tree in a line."""
    named = f"{row['orders']:,} orders, seed {row['seed']}, {row['limit']}, {row['leaves']} leaves"
    true = f", {row['true_share']:.1%} with true shelves" if "true_share" in row else ""
    kept = "kept" if row["later_share"] <= MUST else "MISSED"
    return (
        f"{named}  {row['who']:22} {row['regret_share']:.1%} of the saving lost{true}; later weeks "
        f"{row['later_share']:.1%}, must {MUST:.0%}: {kept}   {row['processor_s']:.1f} s {row['status']}"
    )


if __name__ == "__main__":
    sys.exit(main())
