"""Branch and bound over the open sites, with the bounds of `facility_dual` and the values of `facility_search`."""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from entrepost.planning.facility_cover import weigh_choices
from entrepost.planning.facility_dual import Facts, Floats, Pace, Pairs, Work, ascend, make_pairs, make_work
from entrepost.planning.facility_mip import Rest, solve_rest
from entrepost.planning.facility_search import Effort, Found, improve, is_bounded, make_missed, settle, shake

Fixing = NDArray[np.int8]
Tell = Callable[[float, float, int], None]
"""Called with the best value, the bound and the number of parts looked at."""

FIRST_GUARD, GUARD = 1.5, 0.3
"""Prices may rise by so much of themselves until the next look; pairs that cost more are left out."""
ROOT_ROUNDS = 60
NODE_ROUNDS = 40
TRIAL_ROUNDS = 25
DIVE_ROUNDS = 12
TRIALS = 6
NEAR = 0.01
"""Exchanges begin at choices that are dearer than the best by at most so much of its value."""
SMALL = 3
"""HiGHS finishes what has at most so many pairs for each region, two more before anything was divided."""
LARGE = 500_000
"""With so many pairs a part takes long to bound: exchanges are tried to the end before anything is divided."""


@dataclass(order=True, slots=True)
class Node:
    """A part of the choices: which sites are open or closed in it, its bound, and the prices that gave it."""

    bound: float
    rank: int
    fixing: Fixing = field(compare=False)
    price: Floats = field(compare=False)
    opened: Floats = field(compare=False)


@dataclass(slots=True)
class Limits:
    """When a search ends: the relative gap, whole values, the clock."""

    gap_max: float
    whole: bool
    end: float

    def cutoff(self, value: float) -> float:
        """The bound at which nothing better than the value is left that counts."""
        if not math.isfinite(value):
            return math.inf
        return value - 1.0 + 1e-6 if self.whole else value - 0.99 * self.gap_max * abs(value)

    def is_late(self) -> bool:
        """Whether the time is over."""
        return perf_counter() > self.end


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
        self.top: Node | None = None
        self.started, self.missed, self.shaken = perf_counter(), make_missed(fixing.size), 0.0
        self.gains, self.seen, self.rank = np.zeros((fixing.size, 2)), np.zeros(fixing.size), 0

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
        facts, work, limits = self.facts, self.work, self.limits
        self.start()
        self.narrow(FIRST_GUARD)
        work.mean_opened[:] = 0.5
        step, best, least = 1.0, -math.inf, 2e-3
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
        if facts.cost.size >= LARGE and math.isfinite(self.found.value) and is_bounded(facts):
            self.polish(self.found, 0.5, 300)
            self.tell(self.found.value, self.bound, self.looked)
        if not divide or (limits.is_late() and best < math.inf):
            return
        self.split(best, self.root)
        self.current = math.inf

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
        bound = self.climb(node, node.fixing, NODE_ROUNDS)
        self.split(max(bound, node.bound), node.fixing)

    def climb(self, node: Node, fixing: Fixing, rounds: int) -> float:
        """The bound of a part, from the prices of a node."""
        self.work.price[:] = np.minimum(node.price, self.pairs.guard)
        self.work.mean_opened[:] = node.opened
        pace = Pace(rounds, self.limits.cutoff(self.found.value), self.found.value, 0.3, 4, 0.01)
        return float(ascend(self.facts, self.pairs, fixing, self.work, pace)[0])

    def split(self, bound: float, fixing: Fixing) -> None:
        """Fix what the bound decides, then divide by the site that promises to raise it most."""
        cutoff = self.limits.cutoff(self.found.value)
        if bound >= cutoff:
            self.close(bound)
            return
        often = is_bounded(self.facts) and self.facts.cost.size >= LARGE
        if self.looked % 20 == 0 or often or not math.isfinite(self.found.value):
            self.try_choices(polish=False)
        node = Node(bound, 0, fixing.copy(), self.work.best_price.copy(), self.work.mean_opened.copy())
        if math.isfinite(cutoff):
            self.decide(node, self.work.best_value, cutoff)
        if self.top is None:
            self.top = Node(bound, 0, node.fixing.copy(), node.price, node.opened)
        if self.looked % 20 == 0 or often:
            self.shake(0.4 if often else 0.2)
        if not is_bounded(self.facts) and self.finish_small(node):
            return
        for part in self.divide(node):
            heapq.heappush(self.nodes, part)

    def decide(self, node: Node, value: Floats, cutoff: float) -> None:
        """Close or open the sites whose other choice would raise the bound above the cutoff."""
        facts = self.facts
        closed, opened = weigh_choices(value, node.fixing, facts.capacity, facts.total, facts.number)
        rest = float(node.price.sum())
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
        return True

    def divide(self, node: Node) -> list[Node]:
        """Two parts of a node, by the site that raises both bounds most; a side that a trial closes is fixed away."""
        best: list[Node] = []
        most = -1.0
        while not best:
            candidates = self.candidates(node)
            if not candidates:
                self.close_leaf(node.bound, node.fixing)
                return []
            for site in candidates:
                parts = [self.try_part(node, site, choice) for choice in (0, 1)]
                left = [part for part in parts if part.bound < self.limits.cutoff(self.found.value)]
                if not left:
                    return []
                if len(left) == 1:
                    node.fixing[site] = left[0].fixing[site]
                    node.price, node.opened, node.bound = left[0].price, left[0].opened, left[0].bound
                    continue
                score = math.prod(max(part.bound - node.bound, 1e-7 * abs(node.bound)) for part in parts)
                if score > most:
                    best, most = parts, score
        for part in best:
            part.fixing[(node.fixing >= 0) & (part.fixing < 0)] = node.fixing[(node.fixing >= 0) & (part.fixing < 0)]
        return best

    def candidates(self, node: Node) -> list[int]:
        """The site of which most is known to be gained, and some of those that were not tried yet."""
        free = np.flatnonzero(node.fixing < 0)
        known = free[self.seen[free] > 0]
        opened = np.clip(node.opened, 0.05, 0.95)
        guess = np.maximum(self.gains[:, 0] * opened, 1e-9) * np.maximum(self.gains[:, 1] * (1 - opened), 1e-9)
        new = free[self.seen[free] == 0]
        new = new[np.argsort(np.abs(node.opened[new] - 0.5), kind="stable")][:TRIALS]
        return [int(i) for i in known[np.argsort(-guess[known], kind="stable")][:1]] + [int(i) for i in new]

    def try_part(self, node: Node, site: int, choice: int) -> Node:
        """The part with the site open or closed, bounded by a short climb; what it gained is remembered."""
        fixing = node.fixing.copy()
        fixing[site] = choice
        bound = max(self.climb(node, fixing, TRIAL_ROUNDS), node.bound)
        if bound >= self.limits.cutoff(self.found.value):
            self.close(bound)
        away = float(np.clip(abs(node.opened[site] - choice), 0.05, 0.95))
        ceiling = self.found.value if math.isfinite(self.found.value) else node.bound + abs(node.bound)
        gain = (min(bound, ceiling) - node.bound) / away
        seen = self.seen[site] / 2
        self.gains[site, choice] += (gain - self.gains[site, choice]) / (seen + 1)
        self.seen[site] += 1
        self.rank -= 1
        return Node(bound, self.rank, fixing, self.work.best_price.copy(), self.work.mean_opened.copy())

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
                self.shake_bounded()
            else:
                mask = np.zeros(self.facts.fixed.size, np.bool_)
                mask[self.found.sites] = True
                shake(self.facts, self.root, mask, 20, -self.rank)
                self.keep(settle(self.facts, np.flatnonzero(mask)))
            self.shaken += perf_counter() - begin
            if self.bound >= self.limits.cutoff(self.found.value):
                return

    def shake_bounded(self) -> None:
        """Decide the sites a few at a time, those first of which the prices are surest, with some chance."""
        random = np.random.default_rng(-self.rank)
        fixing = self.top.fixing.copy()
        part = Node(self.top.bound, 0, fixing, self.top.price, self.top.opened)
        while (free := np.flatnonzero(fixing < 0)).size:
            bound = self.climb(part, fixing, DIVE_ROUNDS)
            if bound >= self.found.value or self.limits.is_late():
                return
            part.price, part.opened = self.work.best_price.copy(), self.work.mean_opened.copy()
            likely = part.opened[free]
            chosen = likely + 0.3 * (random.random(free.size) - 0.5) > 0.5
            sure = np.argsort(-np.abs(likely - 0.5), kind="stable")[: max(1, free.size // 6)]
            fixing[free[sure]] = chosen[sure]
        sites = np.flatnonzero(fixing == 1)
        limit = self.found.value + 0.5 * NEAR * abs(self.found.value)
        if sites.tobytes() in self.tried:
            return
        self.tried.add(sites.tobytes())
        found = settle(self.facts, sites, np.maximum(0.0, -self.work.edge)[sites], limit)
        if math.isfinite(found.value):
            self.keep(found)
            self.polish(found, 0.02, 20)

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


def first_prices(facts: Facts, fixing: Fixing) -> Floats:
    """Each region's cheapest cost with its part of the fixed cost."""
    open_or_free = fixing != 0
    share = facts.fixed[open_or_free] / np.maximum(facts.capacity[open_or_free], 1e-300)
    return np.asarray((facts.cost[open_or_free] + share[:, None] * facts.demand).min(axis=0))


def first_sites(facts: Facts, fixing: Fixing) -> NDArray[np.int64]:
    """So many sites as are counted: the forced ones, then those that are cheapest on average."""
    order = np.lexsort((facts.fixed + facts.cost.mean(axis=1), fixing != 1))
    return np.sort(order[fixing[order] != 0][: facts.number])


def reduce(facts: Facts, node: Node, work: Work, cutoff: float) -> Rest:
    """The pairs of a node without those that cannot be in a better choice; for regions with one site each."""
    value = work.best_value
    _, opened = weigh_choices(value, node.fixing, facts.capacity, facts.total, facts.number)
    rest = np.where(node.fixing == 1, node.bound, np.maximum(float(node.price.sum()) + opened, node.bound))
    edge = work.edge[:, None] * facts.demand
    dear = rest[:, None] + np.maximum(facts.cost - node.price - edge, 0.0) >= cutoff
    dear[node.fixing == 0] = True
    site, region = np.nonzero(~dear)
    return Rest(facts, node.fixing, site, region, False)
