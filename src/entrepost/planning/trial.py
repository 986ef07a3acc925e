"""Try a plan before paying for it: today and the plan on the same orders, in worlds that neither knows.

Each replication is a world of its own (its step times, slow days, full and late departures are drawn by its seed), and
in it every order has the same luck on both sides, so the difference of the two is the plan and hardly chance. Stock is
counted down and comes again after lead times by the network's own timetable. The first weeks, while shelves fill,
are told apart from the steady state after them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import polars as pl

from entrepost.base.clock import HOUR_US
from entrepost.base.errors import MisuseError
from entrepost.network.network import Network
from entrepost.planning.replicate import replicate
from entrepost.planning.simulation.world import World, get_world
from entrepost.planning.trials.arm import Arm, Keeping, Manner, prepare_plan, prepare_today
from entrepost.planning.trials.dated import find_longer
from entrepost.planning.trials.frames import Trial, conclude, simulated_days
from entrepost.planning.trials.run import Replication, Setting, Task, run_replication
from entrepost.planning.trials.why import find_reasons
from entrepost.planning.trials.worlds import list_worlds
from entrepost.reference.planning_term import PlanningTerms
from entrepost.service.landed import Landed
from entrepost.service.policy import Policy
from entrepost.tables.frames import conform

Progress = Callable[[int, int], None]
"""Told after each replication: how many are done, of how many."""


@dataclass(frozen=True)
class TrialPlan:
    """What is tried: the changed network, how services are chosen in it, and its shelves.

    Attributes
    ----------
    network : Network
        With its warehouses open; `planning.scenario.apply` makes it from today's.
    shelves : DataFrame
        warehouse, seller, sku, on_hand, reorder, lot, mode, and served_share if that was planned.
    policy : Policy, optional
        Such as ``RuleFile("rules.toml")``.
    planned_days : float, optional
        The mean wait that the plan expects; without it what its promises and served shares come to on these dates.
    left_out : tuple of str
        Sellers who do not take part: they are served as today.
    review_hours : int
        Shelves are reviewed so often; 1 orders at once.
    renewed : DataFrame, optional
        New levels on the way (`trials.turns`): articles come into the list and leave it. What is left over of those
        that left is written off at the end.
    terms : PlanningTerms, optional
        With them costs are full, as a plan counts them: with duty, tax, rebate and returns of the goods, and with what
        pieces cost on the way and on the shelf; without them they are those of quotes.
    landed : Landed
        How duty, tax and fees are worked out.
    """

    network: Network
    shelves: pl.DataFrame
    policy: Policy | None = None
    planned_days: float | None = None
    left_out: tuple[str, ...] = ()
    review_hours: int = 1
    terms: PlanningTerms | None = None
    renewed: pl.DataFrame | None = None
    landed: Landed = field(default_factory=Landed)


@dataclass(frozen=True, slots=True)
class TrialParams:
    """How often it is tried, in which world, by how many workers, and what is close enough.

    It is tried `replications` times at least, and then until the interval is as narrow as asked, `replications_most`
    times at most; without that no more. `gap_days_max` is allowed between plan and simulation, `half_width_max` of the
    interval. `policy` chooses today. `ray` is the address of a cluster, which then takes the place of `workers`.
    `dated` services are chosen by promises that know holidays and corrections; otherwise by the ordinary week, which is
    much faster. The world knows holidays.
    """

    replications: int = 20
    replications_most: int | None = None
    seed: int = 1
    world: str | World = "default"
    policy: Policy | None = None
    workers: int = 1
    ray: str = ""
    dated: bool = True
    within_days: int = 5
    gap_days_max: float = 0.25
    half_width_max: float = 0.1
    day_value_minor: float | None = None

    def __post_init__(self) -> None:
        if self.replications < 2 or self.workers < 1 or self.within_days < 1:
            raise MisuseError("replications must be at least 2, workers and within_days at least 1")
        get_world(self.world)

    @property
    def most(self) -> int:
        """Replications after which it stops, whatever the interval."""
        return max(self.replications, self.replications_most or 0)


def try_plan(
    network: Network,
    orders: pl.DataFrame,
    plan: TrialPlan,
    params: TrialParams | None = None,
    progress: Progress | None = None,
) -> Trial:
    """Run today and a plan side by side.

    Interrupting it (Ctrl-C) ends it; what has been replicated counts.

    Parameters
    ----------
    network : Network
        As it is today.
    orders : DataFrame
        Rows of the table `orders`: some months of them, because shelves need time to fill.
    plan : TrialPlan
        What is tried.
    params : TrialParams, optional
        How often and in which world.
    progress : callable, optional
        Told after each replication.

    Returns
    -------
    Trial
        Differences with paired intervals, in steady state and while shelves fill; per seller, per shelf; whether plan
        and simulation agree, and if not, why.

    Raises
    ------
    MisuseError
        When there are no orders, or shelves cannot be filled; see `trials.arm` and `trials.lead`.
    """
    [trial] = try_plans(network, orders, {"plan": plan}, params, progress).values()
    return trial


def try_plans(
    network: Network,
    orders: pl.DataFrame,
    plans: Mapping[str, TrialPlan],
    params: TrialParams | None = None,
    progress: Progress | None = None,
) -> dict[str, Trial]:
    """Run today and several plans side by side, all on the same orders with the same luck; see `try_plan`.

    Interrupting it ends it; plans that have two replications by then are told.
    """
    params = params or TrialParams()
    if not plans:
        raise MisuseError("there is no plan to try")
    told = Told(progress, params.replications * len(plans))
    trials: dict[str, Trial] = {}
    first: Tried | None = None
    for name, plan in plans.items():
        today = first.today_of(plan) if first else None
        tried = Tried(prepare(network, orders, plan, params, today), plan, params)
        is_whole = tried.run(first.done if first else [], told)
        if len(tried.done) > 1:
            trials[name] = tried.conclude()
        if not is_whole:
            break
        first = first or tried
    if not trials:
        raise KeyboardInterrupt
    return trials


@dataclass
class Tried:
    """A plan under trial, with the replications that are done."""

    setting: Setting
    plan: TrialPlan
    params: TrialParams
    done: list[Replication] = field(default_factory=list)

    def today_of(self, plan: TrialPlan) -> Arm | None:
        """The side of today, where another plan counts costs in the same way."""
        return self.setting.today if plan.terms == self.plan.terms else None

    def run(self, known: list[Replication], told: Told) -> bool:
        """Run replications until the interval is narrow enough; today is taken from those that are known.

        No: it was interrupted.
        """
        params = self.params
        try:
            self._replicate(params.replications, known, told)
            while len(self.done) < params.most and not self._is_narrow():
                more = min(params.most - len(self.done), 2 * params.workers)
                told.of += more
                self._replicate(more, known, told)
        except KeyboardInterrupt:
            return False
        return True

    def _replicate(self, more: int, known: list[Replication], told: Told) -> None:
        """So many more replications."""
        params, first = self.params, len(self.done)
        numbers = range(first, first + more)
        worlds = list_worlds(get_world(params.world), params.seed, numbers)
        tasks = [Task(*each, both=number >= len(known)) for number, each in zip(numbers, worlds, strict=True)]
        for each in replicate(run_replication, self.setting, tasks, params.workers, params.ray):
            place = len(self.done)
            self.done.append(replace(each, today=known[place].today) if place < len(known) else each)
            told.one_more()

    def _is_narrow(self) -> bool:
        return simulated_days(self.setting, self.done).half_width <= self.params.half_width_max

    def conclude(self) -> Trial:
        """What came of it, with the reasons where plan and simulation do not agree."""
        trial = conclude(self.setting, self.done, self.plan.planned_days, self.params)
        return trial if trial.accepted else replace(trial, reasons=find_reasons(self.setting, trial, self.params))


@dataclass
class Told:
    """Counts replications for whoever wants to know."""

    progress: Progress | None
    of: int
    done: int = 0

    def one_more(self) -> None:
        """Another one is done."""
        self.done += 1
        if self.progress:
            self.progress(self.done, self.of)


def prepare(
    network: Network, orders: pl.DataFrame, plan: TrialPlan, params: TrialParams, today: Arm | None = None
) -> Setting:
    """Both sides made ready once for all replications; `today` where it is ready."""
    orders = conform(orders, "orders")
    if orders.is_empty():
        raise MisuseError("there is no order to try the plan on")
    today = today or prepare_today(network, orders, Manner(params.policy, plan.terms, params.dated, plan.landed))
    takes_part = ~pl.col("seller").is_in(list(plan.left_out))
    shelves, renewed = plan.shelves.filter(takes_part), plan.renewed
    keeping = Keeping(plan.review_hours, None if renewed is None else renewed.filter(takes_part))
    manner = Manner(plan.policy, plan.terms, params.dated, plan.landed)
    planned = prepare_plan(plan.network, orders, manner, shelves, keeping)
    if plan.left_out:
        planned = _as_today(planned, today, plan.left_out)
    hours = orders.select(
        first=pl.col("placed_at").min().dt.epoch("us") // HOUR_US,
        last=-(-pl.col("placed_at").max().dt.epoch("us") // HOUR_US),
    )
    first, last = hours.row(0)
    is_asked = not params.dated and plan.planned_days is None
    longer = find_longer(planned, orders) if is_asked else None
    return Setting(today, planned, orders, int(first), int(last), longer)


def _as_today(planned: Arm, today: Arm, left_out: tuple[str, ...]) -> Arm:
    """The plan's side with the orders of some sellers served as today."""
    stays = planned.first.get_column("seller").is_in(list(left_out))
    first, instead = (
        pl.concat([side.with_row_index("row").filter(~stays), today.first.with_row_index("row").filter(stays)])
        .sort("row")
        .drop("row")
        for side in (planned.first, planned.instead)
    )
    return replace(planned, first=first, instead=instead)
