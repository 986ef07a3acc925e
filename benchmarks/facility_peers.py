"""The peers of facility location: HiGHS and SCIP on the strong formulation, one thread, as documented.

Both get `x[i, j] <= y[i]` for every pair, the demand rows, volumes where there are, and the number of sites.
Their time is processor time, and so is its limit: other work on the machine does not count against them.
"""

from __future__ import annotations

from collections.abc import Callable
from time import process_time
from typing import Any

import numpy as np

from benchmarks.comparison import load_peer
from entrepost.planning.facility import FacilityProblem

Answer = tuple[float, float, float]
"""Value, bound and processor seconds of solving; building the model is not counted."""
CLOCK_RATIO = 20
"""HiGHS limits the time by the clock on the wall: that limit is so many times the one of processor time."""


def highs(problem: FacilityProblem, seconds: float) -> Answer:
    """HiGHS through highspy, model passed as one sparse matrix, gap 1e-6."""
    from entrepost.planning.location.mip import Rest, build_model

    highspy = load_peer("highspy")
    facts = problem.facts
    site, region = np.nonzero(np.isfinite(facts.cost))
    solver = highspy.Highs()
    clock = CLOCK_RATIO * seconds
    options = {"output_flag": False, "threads": 1, "parallel": "off", "time_limit": clock, "mip_rel_gap": 1e-6}
    for name, setting in options.items():
        solver.setOptionValue(name, setting)
    solver.passModel(build_model(highspy, Rest(facts, problem.fixing, site, region, problem.single)))
    begin = process_time()

    def stop(event: Any) -> None:
        event.data_in.user_interrupt = process_time() - begin > seconds

    solver.cbMipInterrupt += stop
    solver.cbSimplexInterrupt += stop
    solver.cbIpmInterrupt += stop
    solver.run()
    took = process_time() - begin
    info = solver.getInfo()
    return float(info.objective_function_value), float(info.mip_dual_bound), took


def scip(problem: FacilityProblem, seconds: float) -> Answer:
    """SCIP through PySCIPOpt, gap 1e-6."""
    model = load_peer("pyscipopt").Model()
    model.hideOutput()
    model.setParam("timing/clocktype", 1)
    model.setParam("limits/time", seconds)
    model.setParam("limits/gap", 1e-6)
    model.setParam("lp/threads", 1)
    facts = problem.facts
    sites, regions = facts.cost.shape
    opened = [model.addVar(vtype="B", obj=float(facts.fixed[i])) for i in range(sites)]
    share = [[model.addVar(lb=0, ub=1, obj=float(facts.cost[i, j])) for j in range(regions)] for i in range(sites)]
    _add_rows(model, load_peer("pyscipopt").quicksum, (opened, share), problem)
    begin = process_time()
    model.optimize()
    return float(model.getPrimalbound()), float(model.getDualbound()), process_time() - begin


def _add_rows(model: Any, total: Callable[[Any], Any], columns: Any, problem: FacilityProblem) -> None:
    opened, share = columns
    facts = problem.facts
    for j in range(facts.demand.size):
        model.addCons(total(row[j] for row in share) == 1)
    for i, row in enumerate(share):
        for one in row:
            model.addCons(one <= opened[i])
        if facts.capacity[i] < facts.total:
            load = total(float(facts.demand[j]) * one for j, one in enumerate(row))
            model.addCons(load <= float(facts.capacity[i]) * opened[i])
    if problem.count is not None:
        model.addCons(total(opened) == problem.count)


PEERS: dict[str, Callable[[FacilityProblem, float], Answer]] = {"HiGHS": highs, "SCIP": scip}
