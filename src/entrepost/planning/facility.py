"""Facility location, exactly: which sites to open and who serves whom, at the least cost, with a proven bound.

Capacitated and uncapacitated location and the p-median in one function on plain arrays. How the bound and the
choice are found: `location.dual` prices the demand, `location.search` exchanges sites, `location.branch`
divides what is left; HiGHS finishes small rests and assigns whole regions (`location.single`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from entrepost.base.errors import MisuseError
from entrepost.planning.location.branch import Search
from entrepost.planning.location.dual import Facts, Floats
from entrepost.planning.location.limits import Limits
from entrepost.planning.location.reasons import explain
from entrepost.planning.location.search import is_bounded
from entrepost.planning.location.single import SingleSearch

SHARE = np.dtype([("region", np.int64), ("site", np.int64), ("share", np.float64)])
SHARE_LEAST = 1e-9
"""Smaller shares are what float sums leave over."""
BIG = (1e4, 1e8)
"""A pair that is not allowed costs so many times what all else can cost; the second where the first was paid."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a search is: seconds since it began, best value, bound, relative gap, parts looked at."""

    seconds: float
    value: float
    bound: float
    gap: float
    parts: int


@dataclass(frozen=True, slots=True)
class Location:
    """What was found. `bound` <= the optimum <= `value`, however early the search ended.

    ``status`` is ``proved`` (within ``gap_max``), ``stopped`` (time or interruption) or ``infeasible``; then
    ``reasons`` say in words which regions and sites are in the way, and what would cure it. ``site`` is the
    site with the largest share of each region; the rows of ``shares`` (region, site, share) tell all.
    """

    status: str
    value: float
    bound: float
    gap: float
    opened: NDArray[np.int64]
    site: NDArray[np.int64]
    shares: NDArray[Any]
    seconds: float
    parts: int
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class FacilityProblem:
    """Sites, regions and what binds them; arrays are checked and turned into floats once.

    Attributes
    ----------
    cost : array (sites, regions)
        The full cost of serving a region from a site; infinity where that is not allowed.
    fixed : array (sites), optional
        The cost of opening a site; 0 without it.
    demand : array (regions), optional
        Volume of each region; needed with volumes, otherwise without meaning.
    capacity, least : array (sites), optional
        The most an open site may serve, and the least that it must.
    count : int, optional
        Exactly so many sites are opened (the p-median).
    single : bool
        Every region is served by one site; without it a region may be split.
    forced, forbidden : sequences of sites
        Sites that are open, and sites that are not, whatever it costs.

    Raises
    ------
    MisuseError
        For arrays that do not fit together, values that are not numbers, negative volumes, unknown sites.
    """

    cost: ArrayLike
    fixed: ArrayLike | None = None
    demand: ArrayLike | None = None
    capacity: ArrayLike | None = None
    least: ArrayLike | None = None
    count: int | None = None
    single: bool = False
    forced: Sequence[int] = ()
    forbidden: Sequence[int] = ()
    facts: Facts = field(init=False, repr=False, compare=False)
    fixing: NDArray[np.int8] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        cost = np.ascontiguousarray(self.cost, dtype=float)
        if cost.ndim != 2 or cost.size == 0:
            raise MisuseError("cost must have a row for each site and a column for each region, at least one of each")
        if np.isnan(cost).any() or np.isneginf(cost).any():
            site, region = np.argwhere(np.isnan(cost) | np.isneginf(cost))[0]
            raise MisuseError(f"cost of site {site}, region {region} is not a number; infinity forbids a pair")
        sites, regions = cost.shape
        if self.demand is None and (self.capacity is not None or self.least is not None):
            raise MisuseError("capacity and least need the demand of the regions")
        demand = _numbers("demand", self.demand, regions, 1.0)
        total = math.fsum(demand)
        capacity = np.minimum(_numbers("capacity", self.capacity, sites, math.inf), total)
        facts = Facts(
            cost,
            _numbers("fixed", self.fixed, sites, 0.0, negative=True),
            demand,
            capacity,
            _numbers("least", self.least, sites, 0.0),
            total,
            -1 if self.count is None else self.count,
        )
        object.__setattr__(self, "facts", facts)
        object.__setattr__(self, "fixing", self._fixing(sites))

    def _fixing(self, sites: int) -> NDArray[np.int8]:
        fixing = np.full(sites, -1, np.int8)
        for name, listed, state in (("forced", self.forced, 1), ("forbidden", self.forbidden, 0)):
            for site in listed:
                if not 0 <= site < sites:
                    raise MisuseError(f"{name}: there is no site {site}; there are {sites}, from 0")
                if fixing[site] == 1 - state:
                    raise MisuseError(f"site {site} is both forced and forbidden")
                fixing[site] = state
        if self.count is not None and self.count < 1:
            raise MisuseError(f"count is {self.count}; at least one site must be opened")
        return fixing


@dataclass(frozen=True, slots=True)
class LocateParams:
    """When a search may end: the relative gap between value and bound, and the seconds it may take."""

    gap_max: float = 1e-6
    seconds_max: float = math.inf

    def __post_init__(self) -> None:
        if not self.gap_max >= 0 or not self.seconds_max > 0:
            raise MisuseError("gap_max must not be negative, seconds_max must be more than 0")


def locate(
    problem: FacilityProblem,
    params: LocateParams | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Location:
    """Open the sites that serve all regions at the least cost, and prove it.

    Interrupting it (Ctrl-C) ends the search; what was found by then is returned with its gap.

    Parameters
    ----------
    problem : FacilityProblem
        Costs, volumes, and what is forced or forbidden.
    params : LocateParams, optional
        The gap that is good enough (1e-6) and the time it may take (as long as it needs).
    progress : callable, optional
        Called with a `Progress` after each step.

    Returns
    -------
    Location
        With integer costs, and one site for each region, it is proved when the bound is above the value less 1, or
        less 5e-9 of a value above 200 million.

    Examples
    --------
    >>> found = locate(FacilityProblem(cost=[[1, 4, 9], [6, 2, 1]], fixed=[3, 3]))
    >>> found.value, found.status, found.opened.tolist(), found.site.tolist()
    (10.0, 'proved', [0, 1], [0, 1, 1])
    """
    params = params or LocateParams()
    facts, single = problem.facts, problem.single
    useless = (facts.least > facts.capacity * (1 + 1e-9)) & (problem.fixing < 0)
    fixing = np.where(useless, 0, problem.fixing).astype(np.int8)
    run = _Run(perf_counter(), params, progress)
    if reasons := explain(facts, fixing, single):
        return _infeasible(problem, run.begin, reasons)
    found = run.solve(facts, fixing, single)
    if found.status != "infeasible":
        return found
    return _infeasible(problem, run.begin, explain(facts, fixing, single, _is_possible))


def _is_possible(facts: Facts, fixing: NDArray[np.int8], single: bool) -> bool:
    """Whether a loosened problem has an answer at all, as far as a few seconds show."""
    if explain(facts, fixing, single):
        return False
    run = _Run(perf_counter(), LocateParams(0.5, 5.0), None)
    return math.isfinite(run.solve(facts, fixing, single).value)


def _numbers(name: str, given: ArrayLike | None, size: int, default: float, negative: bool = False) -> Floats:
    numbers = np.full(size, default) if given is None else np.array(given, dtype=float)
    if numbers.shape != (size,):
        raise MisuseError(f"{name} has the shape {numbers.shape}; it needs {size} numbers")
    wrong = np.isnan(numbers) | ((numbers < 0) & (not negative)) | (np.isinf(numbers) & (name != "capacity"))
    if wrong.any():
        at = int(np.argmax(wrong))
        raise MisuseError(
            f"{name}[{at}] is {numbers[at]}; it must be a finite number{'' if negative else ', not below 0'}"
        )
    return numbers


def _prepare(facts: Facts, big: float) -> Facts:
    """Facts for the kernels: pairs that are not allowed cost very much; without volumes demand does not matter."""
    if not is_bounded(facts) or facts.total == 0.0:
        regions = facts.demand.size
        facts = facts._replace(
            demand=np.ones(regions), total=float(regions), capacity=np.full(facts.fixed.size, float(regions))
        )
    if np.isinf(facts.cost).any():
        dear = big * (_most(facts) + 1.0)
        facts = facts._replace(cost=np.where(np.isinf(facts.cost), dear, facts.cost))
    return facts


def _most(facts: Facts) -> float:
    """No choice costs more than this, as long as it uses no pair that is not allowed."""
    allowed = np.where(np.isinf(facts.cost), 0.0, np.abs(facts.cost))
    return float(allowed.max(axis=0).sum() + np.abs(facts.fixed).sum())


def _infeasible(problem: FacilityProblem, begin: float, reasons: tuple[str, ...]) -> Location:
    none = np.zeros(0, np.int64)
    regions = np.full(problem.facts.demand.size, -1)
    shares = np.zeros(0, SHARE)
    seconds = perf_counter() - begin
    return Location("infeasible", math.inf, math.inf, 0.0, none, regions, shares, seconds, 0, reasons)


@dataclass(frozen=True, slots=True)
class _Run:
    """One search, timed and told about."""

    begin: float
    params: LocateParams
    progress: Callable[[Progress], None] | None

    def solve(self, facts: Facts, fixing: NDArray[np.int8], single: bool) -> Location:
        """Search; where a pair was used that is not allowed, search again with a higher price for it."""
        for big in BIG:
            found = self.search(_prepare(facts, big), fixing, single)
            if np.isfinite(facts.cost[found.shares["site"], found.shares["region"]]).all():
                return found
            if found.bound > _most(facts):
                break
        status = "infeasible" if found.bound > _most(facts) else "stopped"
        return replace(found, status=status, value=math.inf, gap=math.inf)

    def search(self, facts: Facts, fixing: NDArray[np.int8], single: bool) -> Location:
        """Search, until the gap is closed, the time is over or the user interrupts."""
        single = single and is_bounded(facts)
        whole = (single or not is_bounded(facts)) and _is_whole(facts)
        limits = Limits(self.params.gap_max, whole, self.begin + self.params.seconds_max)
        search = (SingleSearch if single else Search)(facts, fixing, limits, self.tell)
        with suppress(KeyboardInterrupt):
            search.run()
        return self.describe(search, facts, limits)

    def describe(self, search: Search | SingleSearch, facts: Facts, limits: Limits) -> Location:
        """What the search found, as the caller sees it."""
        found, bound = search.found, search.bound
        place, region = np.nonzero(found.share > SHARE_LEAST)
        shares = np.zeros(place.size, SHARE)
        shares["region"], shares["site"], shares["share"] = region, found.sites[place], found.share[place, region]
        shares.sort(order=["region", "site"])
        site = found.sites[found.share.argmax(axis=0)] if place.size else np.full(facts.demand.size, -1)
        status = "proved" if bound >= limits.cutoff(found.value) else "stopped"
        return Location(
            "infeasible" if bound == math.inf else status,
            found.value,
            bound,
            relative_gap(found.value, bound),
            found.sites,
            site,
            shares,
            perf_counter() - self.begin,
            search.looked,
        )

    def tell(self, value: float, bound: float, parts: int) -> None:
        if self.progress:
            self.progress(Progress(perf_counter() - self.begin, value, bound, relative_gap(value, bound), parts))


def relative_gap(value: float, bound: float) -> float:
    """How far the value may be above the optimum, as a share of the value."""
    if not math.isfinite(value) or not math.isfinite(bound):
        return math.inf
    return max(0.0, value - bound) / abs(value) if value else float(bound < 0)


def _is_whole(facts: Facts) -> bool:
    """Whether all costs are integers, so that values are."""
    largest = max(float(np.abs(facts.cost).max()), float(np.abs(facts.fixed).max()))
    whole = bool((facts.cost == np.rint(facts.cost)).all() and (facts.fixed == np.rint(facts.fixed)).all())
    return whole and largest * facts.demand.size < 2.0**50
