"""What is left of a facility problem, as a mixed-integer program for HiGHS: small rests, and single sourcing.

The strong formulation, with a row `x[i, j] <= y[i]` for each pair that may still be used. HiGHS works to
its own feasibility tolerance of 1e-6; the value of a choice that it finds is computed anew.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from entrepost.planning.location.cover import weigh_choices
from entrepost.planning.location.dual import Facts, Floats, Work
from entrepost.planning.location.groups import Node

Index = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Rest:
    """A part that is left: sites open (1), closed (0) or free (-1), the pairs that may be used, the sourcing."""

    facts: Facts
    fixing: NDArray[np.int8]
    site: Index
    region: Index
    single: bool


@dataclass(frozen=True, slots=True)
class Ending:
    """What HiGHS found: open sites and shares of the pairs, empty if nothing better, its bound, if Ctrl-C ended it."""

    sites: Index
    share: Floats
    bound: float
    stopped: bool = False

    def go_on(self) -> None:
        """Raise KeyboardInterrupt, after what was found has been kept, if the user wanted an end."""
        if self.stopped:
            raise KeyboardInterrupt


def reduce(facts: Facts, node: Node, work: Work, cutoff: float) -> Rest:
    """The pairs of a node without those that cannot be in a better choice; for regions with one site each."""
    value = work.best_value
    _, opened = weigh_choices(value, node.fixing, facts.capacity, facts.total, facts.number)
    rest = np.where(node.fixing == 1, node.bound, np.maximum(node.charged + opened, node.bound))
    edge = work.edge[:, None] * facts.demand
    dear = rest[:, None] + np.maximum(facts.cost - node.price - edge, 0.0) >= cutoff
    dear[node.fixing == 0] = True
    site, region = np.nonzero(~dear)
    return Rest(facts, node.fixing, site, region, False)


def solve_rest(rest: Rest, cutoff: float, seconds: float, gap: float) -> Ending:
    """The best choice within the rest that is below the cutoff, or as much of a bound as the time allows.

    Interrupting it (Ctrl-C) ends it when HiGHS next looks; what it has by then is returned, and `Ending.go_on` raises.
    """
    import highspy

    solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    settings = {"output_flag": False, "threads": 1, "time_limit": max(seconds, 0.01), "mip_rel_gap": gap}
    for name, setting in settings.items():
        solver.setOptionValue(name, setting)
    solver.setOptionValue("mip_abs_gap", 1e-9)
    if math.isfinite(cutoff):
        solver.setOptionValue("objective_bound", cutoff)
    solver.HandleUserInterrupt = True
    solver.passModel(build_model(highspy, rest))
    stopped = _run(solver)
    info, status = solver.getInfo(), solver.getModelStatus()
    nothing = Ending(np.zeros(0, np.int64), np.zeros(0), math.inf)
    if status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kObjectiveBound):
        return replace(nothing, stopped=stopped)
    bound = float(info.mip_dual_bound)
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return Ending(nothing.sites, nothing.share, bound, stopped)
    solution = np.asarray(solver.getSolution().col_value)
    usable = np.flatnonzero(rest.fixing != 0)
    return Ending(usable[solution[: usable.size] > 0.5], solution[usable.size :], bound, stopped)


def _run(solver: Any) -> bool:
    """Solve in a thread of HiGHS, and ask it to end at Ctrl-C; whether that happened."""
    stopped = False
    solver.startSolve()
    while True:
        try:
            if solver.wait(0.1)[0]:
                return stopped
        except KeyboardInterrupt:
            stopped = True
            solver.cancelSolve()


def build_model(highspy: Any, rest: Rest) -> Any:
    """The strong formulation: columns are the sites that are not closed, then the shares of the pairs."""
    facts, usable = rest.facts, np.flatnonzero(rest.fixing != 0)
    sites, pairs = usable.size, rest.site.size
    rows = _rows(rest, usable)
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = sites + pairs, rows.lower.size
    model.col_cost_ = np.concatenate([facts.fixed[usable], facts.cost[rest.site, rest.region]])
    model.col_lower_ = np.concatenate([(rest.fixing[usable] == 1).astype(float), np.zeros(pairs)])
    model.col_upper_ = np.ones(sites + pairs)
    model.row_lower_, model.row_upper_ = rows.lower, rows.upper
    order = np.argsort(rows.row, kind="stable")
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.searchsorted(rows.row[order], np.arange(rows.lower.size + 1)).astype(np.int32)
    model.a_matrix_.index_ = rows.column[order].astype(np.int32)
    model.a_matrix_.value_ = rows.entry[order]
    whole, part = highspy.HighsVarType.kInteger, highspy.HighsVarType.kContinuous
    model.integrality_ = [whole] * sites + [whole if rest.single else part] * pairs
    return model


@dataclass(slots=True)
class _Rows:
    row: Index
    column: Index
    entry: Floats
    lower: Floats
    upper: Floats

    def add(self, row: Index, column: Index, entry: Floats, ends: tuple[Floats, Floats]) -> None:
        self.row = np.concatenate([self.row, row + self.lower.size])
        self.column, self.entry = np.concatenate([self.column, column]), np.concatenate([self.entry, entry])
        self.lower, self.upper = np.concatenate([self.lower, ends[0]]), np.concatenate([self.upper, ends[1]])


def _rows(rest: Rest, usable: Index) -> _Rows:
    """Every region is served; from open sites; within their volumes; from so many sites."""
    facts, sites, pairs = rest.facts, usable.size, rest.site.size
    at, share = np.searchsorted(usable, rest.site), sites + np.arange(pairs)
    none, one, free = np.zeros(0, np.int64), np.ones(pairs), np.full
    rows = _Rows(none, none, np.zeros(0), np.zeros(0), np.zeros(0))
    regions = np.ones(facts.demand.size)
    rows.add(rest.region, share, one, (regions, regions))
    link = np.tile(np.arange(pairs), 2)
    rows.add(link, np.concatenate([share, at]), np.concatenate([one, -one]), (free(pairs, -np.inf), np.zeros(pairs)))
    amount, both = facts.demand[rest.region], np.concatenate([at, np.arange(sites)])
    columns = np.concatenate([share, np.arange(sites)])
    if (facts.capacity[usable] < facts.total).any():
        ends = (free(sites, -np.inf), np.zeros(sites))
        rows.add(both, columns, np.concatenate([amount, -facts.capacity[usable]]), ends)
    if (facts.least[usable] > 0).any():
        rows.add(both, columns, np.concatenate([amount, -facts.least[usable]]), (np.zeros(sites), free(sites, np.inf)))
    if facts.number >= 0:
        wanted = np.array([float(facts.number)])
        rows.add(np.zeros(sites, np.int64), np.arange(sites), np.ones(sites), (wanted, wanted))
    return rows
