"""The peer of plans: HiGHS on one mixed-integer program, a column for each option and warehouse.

What lies on shelves has a fixed price for an item here (the one at the most load), because a program of this kind
cannot say that it falls with what is served. Both sides get that same problem.
"""

from __future__ import annotations

from dataclasses import replace
from time import process_time
from typing import Any

import numpy as np

from benchmarks.comparison import load_peer
from entrepost.planning.planner.problem import PlanProblem

Answer = tuple[float, float, float]
"""Value, bound and processor seconds of solving; building the model is not counted."""
CLOCK_RATIO = 20
"""HiGHS limits the time by the clock on the wall: that limit is so many times the one of processor time."""


def at_fixed_prices(problem: PlanProblem) -> PlanProblem:
    """The problem with shelves that cost an item the same however much is on them, and hold as much as they must."""
    return replace(problem, hold=np.zeros(problem.price.size), capacity=np.full(problem.fixed.size, np.inf))


def highs(problem: PlanProblem, days_max: float, gap: float, seconds: float) -> Answer:
    """The plan of least money and worth of waits whose mean wait is at most so many days."""
    highspy = load_peer("highspy")
    solver = highspy.Highs()
    options = {"output_flag": False, "threads": 1, "parallel": "off", "mip_rel_gap": gap}
    for name, setting in {**options, "time_limit": CLOCK_RATIO * seconds}.items():
        solver.setOptionValue(name, setting)
    solver.passModel(_model(highspy, problem, days_max))
    begin = process_time()

    def stop(event: Any) -> None:
        event.data_in.user_interrupt = process_time() - begin > seconds

    solver.cbMipInterrupt += stop
    solver.run()
    took = process_time() - begin
    info = solver.getInfo()
    return float(info.objective_function_value), float(info.mip_dual_bound), took


def _model(highspy: Any, problem: PlanProblem, days_max: float) -> Any:
    """A row for each group (one option), for each of its warehouses (open), and one for the wait."""
    options, groups, sites = problem.price.size, problem.items.size, problem.fixed.size
    items = problem.items[problem.place]
    stock = np.flatnonzero(problem.warehouse >= 0)
    pairs, pair = np.unique(problem.place[stock] * sites + problem.warehouse[stock], return_inverse=True)
    rows = np.concatenate([problem.place, groups + pair, np.full(options, groups + pairs.size)])
    columns = np.concatenate([np.arange(options), stock, np.arange(options)])
    values = np.concatenate([np.ones(options + stock.size), items * problem.wait_days])
    rows = np.concatenate([rows, groups + np.arange(pairs.size)])
    columns = np.concatenate([columns, options + pairs % sites])
    values = np.concatenate([values, -np.ones(pairs.size)])
    order = np.lexsort((rows, columns))
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = options + sites, groups + pairs.size + 1
    model.col_cost_ = np.concatenate([items * problem.scores(np.zeros(options)), problem.fixed])
    model.col_lower_ = np.zeros(model.num_col_)
    model.col_upper_ = np.ones(model.num_col_)
    most = days_max * float(problem.items.sum())
    infinity = highspy.kHighsInf
    model.row_lower_ = np.concatenate([np.ones(groups), np.full(pairs.size + 1, -infinity)])
    model.row_upper_ = np.concatenate([np.ones(groups), np.zeros(pairs.size), [most]])
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = np.searchsorted(columns[order], np.arange(model.num_col_ + 1))
    model.a_matrix_.index_, model.a_matrix_.value_ = rows[order], values[order]
    whole, part = highspy.HighsVarType.kInteger, highspy.HighsVarType.kContinuous
    model.integrality_ = [part] * options + [whole] * sites
    return model
