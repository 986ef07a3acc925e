"""Branch and bound over the open sites, with the bounds of `location.dual` and the values of `location.search`."""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable
from dataclasses import replace
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from entrepost.planning.location.anneal import Annealer
from entrepost.planning.location.bundle import climb, climb_near, keep_best
from entrepost.planning.location.coarse import Copy
from entrepost.planning.location.cover import weigh_choices
from entrepost.planning.location.dual import Facts, Floats, Pace, Pairs, Work, ascend, make_pairs, make_work, weigh
from entrepost.planning.location.groups import Node, Rule, find_groups, make_gains, make_groups, narrow_part, write_book
from entrepost.planning.location.limits import Limits
from entrepost.planning.location.mip import reduce, solve_rest
from entrepost.planning.location.search import (
    Effort,
    Found,
    first_prices,
    first_sites,
    improve,
    is_bounded,
    make_missed,
    settle,
    stir,
)
from entrepost.planning.location.trials import Trial, score_gain, try_groups

Fixing = NDArray[np.int8]
Tell = Callable[[float, float, int], None]
"""Called with the best value, the bound and the number of parts looked at."""

FIRST_GUARD, GUARD = 1.5, 0.3
"""Prices may rise by so much of themselves until the next look; pairs that cost more are left out."""
ROOT_ROUNDS = 60
WIDE = 0.005
"""While the gap is wider, parts of large problems are climbed on the pairs nearly used; closer to the end on all."""
AGAIN = 0.3
"""The first step of the climbs at the root that follow the first one, as long as they close a tenth of the gap."""
NODE_ROUNDS, TRIAL_ROUNDS, LARGE_ROUNDS = 40, 25, 75
"""Steps of a part's climb, of a trial's, and of the only climb of a part of a large problem."""
HOT, COOL = 0.004, 0.0015
"""How dear a move may be that annealing makes at its begin, as a share of the value: at first, and later."""
WALK = 6000
"""Moves of annealing at a time."""
TRIED = (2, 3)
"""Groups that are tried of a part: the most promising of those that were tried before, and of the others."""
TAKEN, HELD = 3, 0.1
"""Of the groups tried on the copy so many are climbed on the whole, until one keeps this part of its promise."""
REACH = 0.08
"""The first step of a part's climb, as a share of the mean price."""
NEAR = 0.01
"""Exchanges begin at choices that are dearer than the best by at most so much of its value."""
SMALL = 3
"""HiGHS finishes what has at most so many pairs for each region, two more before anything was divided."""
LARGE = 500_000
"""With so many pairs a part takes long to bound: exchanges are tried to the end before anything is divided."""


class Search:
    """A search under way: the best choice found, the parts still open, and the least bound of those closed."""

    def __init__(self, facts: Facts, fixing: Fixing, limits: Limits, tell: Tell) -> None:
        self.facts, self.limits, self.tell = facts, limits, tell
        self.root = fixing
        self.work: Work = make_work(facts)
        self.pairs: Pairs = make_pairs(
            facts, fixing, np.full(facts.demand.size, np.inf if (facts.least > 0).any() else -np.inf)
        )
        self.nearest = facts.cost[fixing != 0].min(axis=0)
        self.found = Found(math.inf, np.zeros(0, np.int64), np.zeros(0), np.zeros((0, 0)))
        self.nodes: list[Node] = []
        self.closed_bound, self.current, self.looked = math.inf, -math.inf, 0
        self.tried: set[bytes] = set()
        self.annealer: Annealer | None = None
        self.copy: Copy | None = None
        self.started, self.missed, self.shaken = perf_counter(), make_missed(fixing.size), 0.0
        self.groups = make_groups([np.array([i]) for i in range(fixing.size)], fixing.size)
        self.gains, self.rank = make_gains(self.groups), 0
        self.is_large = is_bounded(facts) and facts.cost.size >= LARGE

    @property
    def bound(self) -> float:
        """What no choice can undercut, now."""
        waiting = self.nodes[0].bound if self.nodes else math.inf
        return min(self.found.value, self.closed_bound, self.current, waiting)

    def run(self) -> None:
        """Search until the gap is closed or the time is over."""
        self.begin()
        while self.nodes and not self.limits.is_late():
            node = heapq.heappop(self.nodes)
            self.current = node.bound
            self.look(node)
            self.current = math.inf
            self.tell(self.found.value, self.bound, self.looked)

    def begin(self, divide: bool = True) -> None:
        """The root: climb, try choices on the way, leave out pairs that are too dear; then divide it."""
        work, limits = self.work, self.limits
        self.start()
        self.narrow(FIRST_GUARD)
        work.mean_opened[:] = 0.5
        best = self.climb_root(-math.inf, 1.0)
        while not limits.is_late():
            before, gap = best, limits.cutoff(self.found.value) - best
            work.price[:] = work.best_price
            best = max(best, self.climb_root(best, AGAIN))
            if not math.isfinite(gap) or best - before < 0.1 * gap or best >= limits.cutoff(self.found.value):
                break
        if self.is_large and math.isfinite(self.found.value):
            self.shake_bounded(HOT, 2 * WALK)
            self.shake_bounded(HOT, 2 * WALK)
            self.polish(self.found, 0.3, 1000)
            self.tell(self.found.value, self.bound, self.looked)
        if not divide or (limits.is_late() and best < math.inf):
            return
        self.split(best, Node(best, 0, self.root, work.best_price, work.mean_opened, work.mean_slope))
        self.current = math.inf

    def climb_root(self, best: float, step: float) -> float:
        """Climb from the prices of the moment until the step is small; the best bound seen."""
        facts, work, limits, least = self.facts, self.work, self.limits, 2e-3
        while step > least and best < limits.cutoff(self.found.value) and not limits.is_late():
            pace = Pace(ROOT_ROUNDS, limits.cutoff(self.found.value), self.found.value, step, 12, least)
            bound, step, rounds = ascend(facts, self.pairs, self.root, work, pace)
            best = max(best, float(bound))
            self.current = best
            self.try_choices(polish=True)
            self.tell(self.found.value, self.bound, self.looked)
            if rounds < ROOT_ROUNDS - 1:
                break
            work.price[:] = work.best_price
            self.narrow(GUARD)
        return best

    def start(self) -> None:
        """Prices to begin with; where sites are counted, those that a first choice would charge."""
        facts, work = self.facts, self.work
        work.price[:] = first_prices(facts, self.root)
        if facts.number >= 0:
            first = settle(facts, first_sites(facts, self.root))
            if math.isfinite(first.value):
                self.polish(first, 1.0, 40)
                work.price[:] = np.maximum(work.price, facts.cost[self.found.sites].min(axis=0))

    def narrow(self, margin: float) -> None:
        """Leave out pairs dearer than prices will become; least volumes may need every pair."""
        if (self.facts.least > 0).any():
            return
        facts, price = self.facts, self.work.price
        usual = facts.demand * (np.abs(price).sum() / facts.total)
        guard = price + margin * np.maximum(np.abs(price), 0.5 * usual)
        self.pairs = make_pairs(facts, self.root, np.maximum(guard, self.nearest + margin * np.abs(self.nearest)))

    def look(self, node: Node) -> None:
        """Bound a part anew, and divide it unless nothing better can be in it."""
        cutoff = self.limits.cutoff(self.found.value)
        if node.bound >= cutoff:
            self.close(node.bound)
            return
        self.looked += 1
        bound = self.visit(node) if node.low else self.climb(node, node.fixing, NODE_ROUNDS, True)
        self.split(max(bound, node.bound), node)

    def visit(self, node: Node) -> float:
        """The bound of a part at the prices that it has."""
        self.enter(node)
        bound = float(weigh(self.facts, self.pairs, node.fixing, self.work))
        keep_best(self.work)
        return bound

    def enter(self, node: Node) -> None:
        """Take up the prices, multipliers and means of a part."""
        work = self.work = self.work._replace(rules=write_book(node))
        work.price[:] = np.minimum(node.price, self.pairs.guard)
        work.mean_opened[:], work.mean_slope[:], work.mean_above[0] = node.opened, node.slope, 0.0

    def climb(self, node: Node, fixing: Fixing, rounds: int, warm: bool) -> float:
        """The bound of a part, from the prices of a node; a warm climb trusts its mean subgradient."""
        self.enter(node)
        pace = Pace(rounds, self.limits.cutoff(self.found.value), self.found.value, REACH, 0, 0.0, warm)
        way = climb_near if self.is_large and self.bound < self.found.value * (1 - WIDE) else climb
        return float(way(self.facts, self.pairs, fixing, self.work, pace)[0])

    def split(self, bound: float, part: Node) -> None:
        """Fix what the bound decides, then divide by the site that promises to raise it most."""
        cutoff = self.limits.cutoff(self.found.value)
        if bound >= cutoff:
            self.close(bound)
            return
        often = self.is_large
        if self.looked % (5 if often else 20) == 0 or not math.isfinite(self.found.value):
            self.try_choices(polish=False)
        node = self.remember(bound, part.fixing.copy(), part.rules, part.low)
        if math.isfinite(cutoff):
            self.decide(node, self.work.best_value, cutoff)
        if self.looked == 0 and (often or self.facts.number >= 0):
            self.group(node.fixing)
        if self.looked % 20 == 0 or often:
            self.shake(0.25 if often else 0.2)
        if not is_bounded(self.facts) and self.finish_small(node):
            return
        for half in self.divide_large(node) if often else self.divide(node):
            heapq.heappush(self.nodes, half)

    def decide(self, node: Node, value: Floats, cutoff: float) -> None:
        """Close or open the sites whose other choice would raise the bound above the cutoff."""
        facts = self.facts
        closed, opened = weigh_choices(value, node.fixing, facts.capacity, facts.total, facts.number)
        rest = node.charged
        free = node.fixing < 0
        node.fixing[free & (rest + closed >= cutoff)] = 1
        node.fixing[free & (rest + opened >= cutoff)] = 0

    def finish_small(self, node: Node) -> bool:
        """Hand what is left of a node to HiGHS, where each region has one site and few pairs are left."""
        rest = reduce(self.facts, node, self.work, self.limits.cutoff(self.found.value))
        if rest.site.size > (SMALL + 2 * (self.looked == 0)) * self.facts.demand.size:
            return False
        cutoff, seconds = self.limits.cutoff(self.found.value), self.limits.end - perf_counter()
        ending = solve_rest(rest, self.found.value, seconds, 0.5 * self.limits.gap_max)
        if ending.sites.size:
            self.keep(settle(self.facts, ending.sites))
        self.close(max(node.bound, min(ending.bound, cutoff)))
        ending.go_on()
        return True

    def divide(self, node: Node) -> list[Node]:
        """Two parts of a node, by the site that raises both bounds most; a side that a trial closes is fixed away."""
        best: list[Node] = []
        most = -1.0
        while not best:
            candidates = self.gains.rank(node, self.groups, TRIED)
            if not candidates:
                self.close_leaf(node.bound, node.fixing)
                return []
            for group in candidates:
                parts = [self.try_part(node, group, choice) for choice in (0, 1)]
                left = [part for part in parts if part.bound < self.limits.cutoff(self.found.value)]
                if not left:
                    return []
                if len(left) == 1:
                    (node,) = left
                    continue
                score = math.prod(max(part.bound - node.bound, 1e-7 * abs(node.bound)) for part in parts)
                if score > most:
                    best, most = parts, score
        for part in best:
            part.fixing[(node.fixing >= 0) & (part.fixing < 0)] = node.fixing[(node.fixing >= 0) & (part.fixing < 0)]
        return best

    def divide_large(self, node: Node) -> list[Node]:
        """Two parts of a node, by the group that gains most on the copy, or the next if the whole does not follow."""
        room = min(self.limits.cutoff(self.found.value) - node.bound, max(1.0, abs(node.bound)))
        if room <= 0:
            return [node]
        node = node if node.low else replace(node, low=self.on_copy().begin(node))
        trials = try_groups(self.on_copy(), node, self.groups, self.gains, room)
        if not trials:
            self.close_leaf(node.bound, node.fixing)
        best: list[Node] = []
        most = -1.0
        for trial in trials[:TAKEN]:
            parts = [self.take_part(node, trial, choice) for choice in (0, 1)]
            score = math.prod(score_gain(part.bound - node.bound, node.bound, room) for part in parts)
            if score > most:
                best, most = parts, score
            if score > HELD * trial.score or self.limits.is_late():
                break
        return best

    def take_part(self, node: Node, trial: Trial, choice: int) -> Node:
        """A part by a group that was tried on the copy, climbed on the whole."""
        part, _ = narrow_part(node, self.groups, trial.number, choice)
        bound = max(self.climb(part, part.fixing, LARGE_ROUNDS, True), node.bound)
        self.rank -= 1
        return self.remember(bound, part.fixing, part.rules, trial.low[choice])

    def on_copy(self) -> Copy:
        """The coarse copy, made when it is first asked for."""
        self.copy = self.copy or Copy(self.facts)
        return self.copy

    def try_part(self, node: Node, number: int, choice: int) -> Node:
        """The part with more or fewer sites of a group open, bounded by a short climb; its gain is remembered."""
        part, away = narrow_part(node, self.groups, number, choice)
        bound = max(self.climb(part, part.fixing, TRIAL_ROUNDS, self.groups.size[number] > 1), node.bound)
        if bound >= self.limits.cutoff(self.found.value):
            self.close(bound)
        ceiling = self.found.value if math.isfinite(self.found.value) else node.bound + abs(node.bound)
        gain = (min(bound, ceiling) - node.bound) / away
        self.gains.note(number, choice, gain)
        self.rank -= 1
        return self.remember(bound, part.fixing, part.rules)

    def remember(self, bound: float, fixing: Fixing, rules: tuple[Rule, ...], low: Node | None = None) -> Node:
        """A part as the last climb left it."""
        work = self.work
        charges, price = work.rules.best_price.copy(), work.best_price.copy()
        opened, slope = work.mean_opened.copy(), work.mean_slope.copy()
        return Node(bound, self.rank, fixing, price, opened, slope, rules, charges, low)

    def group(self, fixing: Fixing) -> None:
        """Divide by the numbers of open sites of groups too."""
        self.groups = find_groups(self.facts, fixing)
        self.gains = make_gains(self.groups)

    def close(self, bound: float) -> None:
        """Nothing better is left in a part with this bound."""
        self.closed_bound = min(self.closed_bound, bound)

    def close_leaf(self, bound: float, fixing: Fixing) -> None:
        """All sites are decided: the exact value of the part."""
        found = settle(self.facts, np.flatnonzero(fixing == 1))
        self.keep(found)
        self.close(max(bound, found.value))

    def try_choices(self, polish: bool) -> None:
        """Work out the choices that the prices suggest, and descend from the best of the new ones."""
        best: Found | None = None
        limit = self.found.value + NEAR * abs(self.found.value)
        price = np.maximum(0.0, -self.work.edge)
        for sites in self.suggest():
            key = sites.tobytes()
            if sites.size == 0 or key in self.tried or self.limits.is_late():
                continue
            self.tried.add(key)
            found = settle(self.facts, sites, price[sites], limit)
            if best is None or found.value < best.value:
                best = found
        if best is not None and math.isfinite(best.value) and (polish or best.value < limit):
            self.keep(best)
            self.polish(best, 0.3, 40)

    def polish(self, found: Found, part: float, most: int) -> None:
        """Exchange sites, for at most this part of the time that was spent, until the gap is closed."""
        now = perf_counter()
        end = min(self.limits.end, now + 0.1 + part * (now - self.started))

        def is_late(best: Found) -> bool:
            self.keep(best)
            return perf_counter() > end or self.bound >= self.limits.cutoff(best.value)

        self.keep(improve(self.facts, self.root, found, self.work, Effort(is_late, most, self.missed)))

    def shake(self, part: float) -> None:
        """Spend this part of the time since the start on descents from the best choice, shaken."""
        bounded = is_bounded(self.facts)
        if (bounded and self.facts.cost.size < LARGE) or not math.isfinite(self.found.value):
            return
        while self.shaken < part * (perf_counter() - self.started) and not self.limits.is_late():
            begin = perf_counter()
            self.rank -= 1
            if bounded:
                self.shake_bounded(HOT if self.rank % 2 else COOL, WALK)
            else:
                self.keep(stir(self.facts, self.root, self.found.sites, -self.rank))
            self.shaken += perf_counter() - begin
            if self.bound >= self.limits.cutoff(self.found.value):
                return

    def shake_bounded(self, heat: float, rounds: int) -> None:
        """Anneal on the coarse copy, from the best choice, and descend from what it finds unless that is dear."""
        if self.annealer is None:
            self.annealer = Annealer(self.on_copy().facts, self.root)
        best: Found | None = None
        for sites in self.annealer.run(self.found.sites, heat, rounds, -self.rank):
            if sites.tobytes() in self.tried or self.limits.is_late():
                continue
            self.tried.add(sites.tobytes())
            limit = best.value if best else self.found.value + NEAR * abs(self.found.value)
            found = settle(self.facts, sites, self.annealer.price[sites], limit)
            best = found if math.isfinite(found.value) else best
        if best:
            self.keep(best)
            self.polish(best, 0.03, 30)

    def suggest(self) -> list[NDArray[np.int64]]:
        """The choice of the last round, and the sites that were open most often, as many as are needed."""
        facts, work = self.facts, self.work
        last = np.flatnonzero(work.opened > 0.5)
        order = np.lexsort((-work.mean_opened, self.root != 1))
        order = order[self.root[order] != 0]
        if facts.number >= 0:
            return [np.sort(order[: facts.number])] + ([last] if last.size == facts.number else [])
        enough = int(np.searchsorted(np.cumsum(facts.capacity[order]), facts.total * (1 - 1e-9))) + 1
        common = order[: max(enough, int((work.mean_opened[order] > 0.5).sum()))]
        return [np.sort(common), last]

    def keep(self, found: Found) -> None:
        """Remember a better choice."""
        if found.value < self.found.value:
            self.found = found
