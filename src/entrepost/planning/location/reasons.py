"""Why a facility problem has no answer, in words: which regions, which sites, and what would cure it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from entrepost.planning.location.dual import Facts, Floats
from entrepost.planning.location.transport import transport

Fixing = NDArray[np.int8]
IsPossible = Callable[[Facts, Fixing, bool], bool]
NAMED = 12
"""A message names at most so many sites or regions."""


def explain(facts: Facts, fixing: Fixing, single: bool, is_possible: IsPossible | None = None) -> tuple[str, ...]:
    """All reasons that can be seen at once; with `is_possible`, also what to give up where none is seen.

    An empty answer does not mean that the problem can be solved, unless `is_possible` was given.
    """
    usable = np.flatnonzero(fixing != 0)
    if usable.size == 0:
        return tuple(_unreachable(facts)) or ("every site is forbidden: allow at least one",)
    reasons = [
        *_counts(facts, fixing, usable),
        *_lonely(facts, usable),
        *_large(facts, usable, single),
        *([] if facts.number > usable.size else _total(facts, usable)),
        *_least(facts, fixing, usable),
    ]
    if not reasons:
        reasons = _shortage(facts, usable)
    if not reasons and is_possible:
        reasons = _cures(facts, fixing, single, is_possible)
    return tuple(reasons)


def _counts(facts: Facts, fixing: Fixing, usable: NDArray[np.int64]) -> list[str]:
    forced = int((fixing == 1).sum())
    if facts.number < 0:
        return []
    if forced > facts.number:
        return [f"{forced} sites are forced, but only {facts.number} may be opened: open {forced}, or force fewer"]
    if facts.number > usable.size:
        return [
            f"{facts.number} sites shall be opened, but only {usable.size} are allowed and can reach their least "
            "volumes: open fewer, or allow more"
        ]
    return []


def _lonely(facts: Facts, usable: NDArray[np.int64]) -> list[str]:
    lonely = np.flatnonzero(np.isinf(facts.cost[usable]).all(axis=0))
    if not lonely.size:
        return []
    return [f"no allowed site may serve {_name('region', lonely)}: allow a pair with a site that is not forbidden"]


def _large(facts: Facts, usable: NDArray[np.int64], single: bool) -> list[str]:
    if not single:
        return []
    room = np.where(np.isinf(facts.cost[usable]), -1.0, facts.capacity[usable, None]).max(axis=0)
    large = np.flatnonzero((facts.demand > room * (1 + 1e-9)) & (room >= 0))
    return [
        f"region {j} needs {facts.demand[j]:.10g}, but no site that may serve it holds more than {room[j]:.10g}: "
        f"split the region, or raise a capacity by {facts.demand[j] - room[j]:.10g}"
        for j in large[:NAMED]
    ]


def _total(facts: Facts, usable: NDArray[np.int64]) -> list[str]:
    capacity = np.sort(facts.capacity[usable])[::-1]
    need, held = facts.total * (1 - 1e-9), np.cumsum(capacity)
    if held[-1] >= need:
        if facts.number < 0 or held[facts.number - 1] >= need:
            return []
        return [
            f"the {facts.number} largest sites hold {held[facts.number - 1]:.10g} of {facts.total:.10g}: "
            f"open at least {int(np.searchsorted(held, need)) + 1}"
        ]
    lack = facts.total - capacity.sum()
    return [
        f"all regions need {facts.total:.10g}, all allowed sites hold {capacity.sum():.10g} "
        f"({_name('site', usable)}): {lack:.10g} more capacity is needed, or so much less demand"
    ]


def _least(facts: Facts, fixing: Fixing, usable: NDArray[np.int64]) -> list[str]:
    reasons = []
    crossed = np.flatnonzero((facts.least > facts.capacity * (1 + 1e-9)) & (fixing == 1))
    for i in crossed[:NAMED]:
        reasons.append(
            f"site {i} is forced and must serve at least {facts.least[i]:.10g}, but can serve at most "
            f"{facts.capacity[i]:.10g} (its capacity, or the whole demand): lower its least volume or do not force it"
        )
    forced = fixing == 1
    if not reasons and facts.least[forced].sum() > facts.total * (1 + 1e-9):
        reasons.append(
            f"the forced sites ({_name('site', np.flatnonzero(forced))}) must serve at least "
            f"{facts.least[forced].sum():.10g}, but all regions need only {facts.total:.10g}: lower their least "
            f"volumes by {facts.least[forced].sum() - facts.total:.10g}, or force fewer"
        )
    return reasons


def _unreachable(facts: Facts) -> list[str]:
    """Sites that nobody forced and that can never be opened, because they cannot reach their least volume."""
    crossed = np.flatnonzero(facts.least > facts.capacity * (1 + 1e-9))
    if not crossed.size:
        return []
    smallest = float((facts.least - facts.capacity)[crossed].min())
    return [
        f"{_name('site', crossed)} cannot reach the least volume within the capacity and the demand of "
        f"{facts.total:.10g}, the others are forbidden: lower a least volume by {smallest:.10g}"
    ]


def _shortage(facts: Facts, usable: NDArray[np.int64]) -> list[str]:
    """Regions that need more than all sites that may serve them hold: a minimum cut, read off the prices."""
    if not np.isinf(facts.cost[usable]).any() or facts.total == 0:
        return []
    sites = np.arange(usable.size + 1)
    cost = np.where(np.isinf(facts.cost[usable]), 1000.0, 0.0) * facts.demand
    cost = np.vstack([cost, facts.demand])
    capacity = np.append(facts.capacity[usable], facts.total)
    none = np.zeros(sites.size)
    price: Floats = none.copy()
    flow = Facts(cost, none, facts.demand, capacity, none, facts.total, -1)
    lack, _ = transport(flow, sites, price, np.inf)
    if lack <= 1e-9 * facts.total:
        return []
    full = usable[price[:-1] > 0.5]
    closed = np.isinf(facts.cost[usable]) | (price[:-1] > 0.5)[:, None]
    needy = np.flatnonzero(closed.all(axis=0) & (facts.demand > 0))
    return [
        f"{_name('region', needy)} need {facts.demand[needy].sum():.10g}, but the only sites that may serve them "
        f"({_name('site', full)}) hold {facts.capacity[full].sum():.10g}: {lack:.10g} more capacity there, "
        "or pairs with other sites"
    ]


def _cures(facts: Facts, fixing: Fixing, single: bool, is_possible: IsPossible) -> list[str]:
    """Give up one demand after the other; those whose loss makes the problem possible are named."""
    free = np.where(fixing == 1, -1, fixing).astype(np.int8)
    loosened = [
        ("least volumes", (facts.least > 0).any(), facts._replace(least=np.zeros_like(facts.least)), fixing, single),
        ("one site for each region", single, facts, fixing, False),
        ("the number of sites", facts.number >= 0, facts._replace(number=-1), fixing, single),
        ("the forced sites", (fixing == 1).any(), facts, free, single),
    ]
    cures = [
        f"no choice of sites keeps all volumes and rules at once; without {name} there is one"
        for name, matters, loose, states, one in loosened
        if matters and is_possible(loose, states, one)
    ]
    return cures or ["no choice of sites keeps all volumes and rules at once: more than one of them must give way"]


def _name(noun: str, places: Iterable[int]) -> str:
    listed = [int(place) for place in places]
    named = ", ".join(str(place) for place in listed[:NAMED]) + (", ..." if len(listed) > NAMED else "")
    return f"{noun}{'s' if len(listed) != 1 else ''} {named}" if listed else f"no {noun}"
