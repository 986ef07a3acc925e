"""Groups of neighbouring sites, and rules on how many of a group open: what large problems are divided by.

Where candidates lie close together, closing one opens its neighbour and the bound stays; a rule on their number
moves it. A rule has a multiplier that is climbed with the prices of the regions.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from entrepost.planning.location.dual import Facts, Floats, RuleBook

SAMPLE = 500
"""Regions by which sites are compared."""
RULE_SCALE = 10.0
"""Multipliers of rules are stepped so many times as far as prices."""


class Groups(NamedTuple):
    """Groups of sites, those of one site first; a row for each group says which sites are in it."""

    sites: list[NDArray[np.int64]]
    member: Floats
    size: NDArray[np.int64]


def make_groups(sites: list[NDArray[np.int64]], total: int) -> Groups:
    """Groups as lists and as rows."""
    member = np.zeros((len(sites), total))
    for number, group in enumerate(sites):
        member[number, group] = 1.0
    return Groups(sites, member, member.sum(axis=1).astype(np.int64))


class Rule(NamedTuple):
    """At least (`sign` 1) or at most (-1) so many sites of a group (by its number) open."""

    group: int
    sites: NDArray[np.int64]
    sign: int
    need: int


@dataclass(order=True, slots=True)
class Node:
    """A part of the choices: sites open or closed in it and its rules, its bound, and the prices that gave it.

    `low` is the same part on the coarse copy of a large problem.
    """

    bound: float
    rank: int
    fixing: NDArray[np.int8] = field(compare=False)
    price: Floats = field(compare=False)
    opened: Floats = field(compare=False)
    slope: Floats = field(compare=False)
    rules: tuple[Rule, ...] = field(compare=False, default=())
    charges: Floats = field(compare=False, default_factory=lambda: np.zeros(0))
    low: Node | None = field(compare=False, default=None)

    @property
    def open_shares(self) -> Floats:
        """How often each site was open; 0 or 1 where it is decided."""
        return np.where(self.fixing < 0, self.opened, self.fixing)

    @property
    def charged(self) -> float:
        """What the prices and the rules charge in all, before any site opens."""
        needs = np.array([rule.sign * rule.need for rule in self.rules], dtype=float)
        return float(self.price.sum() + needs @ self.charges)


def undecided(groups: Groups, node: Node) -> tuple[NDArray[np.int64], Floats]:
    """Groups by which a part can be divided, and for all groups how far their count is above the next number below."""
    counts = groups.member @ node.open_shares
    below = np.floor(counts + 1e-9)
    part = np.where(groups.size == 1, np.clip(counts, 0.05, 0.95), counts - below)
    is_open = (groups.member @ (node.fixing < 0)) > 0
    for rule in node.rules:
        above = rule.need - below[rule.group]
        is_open[rule.group] &= above < 1 if rule.sign > 0 else above > 0
    return np.flatnonzero(is_open & ((groups.size == 1) | ((part > 0.1) & (part < 0.9)))), part


def narrow_part(node: Node, groups: Groups, number: int, choice: int) -> tuple[Node, float]:
    """The part in which fewer (`choice` 0) or more sites of a group open, and how far that is from the present."""
    group, fixing = groups.sites[number], node.fixing.copy()
    count = float(node.open_shares[group].sum())
    need, rules, charges = int(count + 1e-9) + choice, node.rules, node.charges
    if group.size == 1:
        need = choice
        fixing[group] = choice
    else:
        rules, charges = tighten(node, Rule(number, group, 2 * choice - 1, need))
    part = Node(node.bound, 0, fixing, node.price, node.opened, node.slope, rules, charges)
    return part, min(0.95, max(0.05, abs(need - count)))


def tighten(node: Node, new: Rule) -> tuple[tuple[Rule, ...], Floats]:
    """The rules of a part with a new one and their multipliers; it takes the place of one that asked for less."""
    like = np.array([(rule.group, rule.sign) == (new.group, new.sign) for rule in node.rules], dtype=bool)
    kept = tuple(rule for rule, same in zip(node.rules, like, strict=True) if not same)
    return (*kept, new), np.append(node.charges[~like], node.charges[like].sum())


def make_book(rules: tuple[Rule, ...], price: Floats, opened: Floats, scale: float) -> RuleBook:
    """The arrays of some rules, with their multipliers, for the kernels."""
    start = np.cumsum([0, *(rule.sites.size for rule in rules)])
    site = np.concatenate([np.zeros(0, np.int64), *(rule.sites for rule in rules)])
    sign = np.array([rule.sign for rule in rules], dtype=float)
    need = np.array([rule.need for rule in rules], dtype=float)
    missed = np.array([rule.sign * (rule.need - opened[rule.sites].sum()) for rule in rules], dtype=float)
    return RuleBook(start, site, sign, need, price.copy(), price.copy(), missed.copy(), missed, scale)


def write_book(node: Node) -> RuleBook:
    """The rules of a part with the multipliers that it has."""
    scale = RULE_SCALE * node.price.size / max(1.0, node.opened.sum())
    return make_book(node.rules, node.charges, node.opened, scale)


@dataclass(slots=True)
class Gains:
    """What dividing by each group gained so far, with fewer and with more of its sites, and how often it was tried."""

    mean: Floats
    tried: Floats

    def note(self, number: int, choice: int, gain: float) -> None:
        """Take one more gain into the mean."""
        self.mean[number, choice] += (gain - self.mean[number, choice]) / (self.tried[number] / 2 + 1)
        self.tried[number] += 1

    def rank(self, node: Node, groups: Groups, most: tuple[int, int]) -> list[int]:
        """The groups that promise most of those that were tried before, and the most undecided of the others."""
        free, part = undecided(groups, node)
        known, new = free[self.tried[free] > 0], free[self.tried[free] == 0]
        guess = np.maximum(self.mean[:, 0] * part, 1e-9) * np.maximum(self.mean[:, 1] * (1 - part), 1e-9)
        known = known[np.argsort(-guess[known], kind="stable")][: most[0]]
        new = new[np.argsort(np.abs(part[new] - 0.5), kind="stable")][: most[1]]
        return [int(number) for number in (*known, *new)]


def make_gains(groups: Groups) -> Gains:
    """Nothing was tried yet."""
    return Gains(np.zeros((groups.size.size, 2)), np.zeros(groups.size.size))


def find_groups(facts: Facts, fixing: NDArray[np.int8]) -> Groups:
    """Sites that are not closed, one by one, then in groups of neighbours and groups of groups."""
    from scipy.cluster.hierarchy import average

    sites = np.flatnonzero(fixing != 0)
    groups = [np.array([i]) for i in sites]
    if sites.size < 3:
        return make_groups(groups, fixing.size)
    sample = np.linspace(0, facts.demand.size - 1, min(SAMPLE, facts.demand.size)).astype(np.int64)
    cost = facts.cost[np.ix_(sites, sample)]
    apart = np.concatenate([np.abs(cost[i] - cost[i + 1 :]).sum(axis=1) for i in range(sites.size - 1)])
    for a, b, _, _ in average(apart):
        groups.append(np.sort(np.concatenate([groups[int(a)], groups[int(b)]])))
    return make_groups(groups, fixing.size)
