"""Climbs of parts: each step goes where the last few subgradients together promise most, within a short reach.

A part differs little from the one that it comes from, so few steps must do. Averaged subgradients lose the
first ones to steps that are too long; a proximal bundle [1]_ takes only steps that pay and learns from the others.

References
----------
.. [1] C. Lemaréchal, An extension of Davidon methods to nondifferentiable problems,
   Mathematical Programming Study 3 (1975).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numba as nb
import numpy as np

from entrepost.planning.location.dual import Facts, Floats, Pace, Pairs, Work, weigh

PLANES = 10
"""Subgradients that are kept."""
PAYS, GROWS = 0.1, 0.5
"""A step counts when it brings so much of what was promised; from there on the reach doubles."""
SMALLEST, DOUBT = 1e-8, 1e-5
"""A climb is over when so much of the bound, or less, is promised; when planes of another part do, it begins anew."""
CLOSE = 0.05
"""A pair is nearly used whose cost is by less than so much of the price above that at which it is."""
LISTED = 25
"""Rounds after which the pairs that are nearly used are listed anew."""
EXCHANGES = 100
"""Exchanges of weights at most when a direction is looked for."""


class Bundle(NamedTuple):
    """Subgradients in the measure of the scale, their choices of sites, how far they lie above the centre, weights.

    `product` is of their regions' part; `free` is 0 for rules whose multiplier is 0 and would become less.
    """

    plane: Floats
    choice: Floats
    product: Floats
    above: Floats
    weight: Floats
    root: Floats
    centre: Floats
    direction: Floats
    free: Floats


@nb.njit(cache=True)
def make_bundle(work: Work) -> Bundle:
    """An empty bundle around the prices and multipliers of the moment."""
    regions, rules = work.price.size, work.rules.price.size
    root, centre = np.empty(regions + rules), np.empty(regions + rules)
    root[:regions], root[regions:] = np.sqrt(work.scale), np.sqrt(work.rules.scale)
    centre[:regions], centre[regions:] = work.price, work.rules.price
    plane, choice = np.zeros((PLANES, root.size)), np.zeros((PLANES, work.opened.size))
    product = np.zeros((PLANES, PLANES))
    above, weight = np.zeros(PLANES), np.zeros(PLANES)
    return Bundle(plane, choice, product, above, weight, root, centre, np.zeros(root.size), np.ones(rules))


@nb.njit(cache=True, fastmath={"reassoc", "contract"})
def climb(facts: Facts, pairs: Pairs, fixing: Any, work: Work, pace: Pace) -> Any:
    """Improve the prices as `dual.ascend` does, with the same results; `pace.step` is the
    reach: so much of the mean price is the first step along a unit of the direction.

    A warm climb begins with the mean subgradients that it finds beside the one at hand. They are of a part that
    holds this one, and once they promise next to nothing they are given up: that part may have been at its best.
    """
    best = weigh(facts, pairs, fixing, work)
    if best == np.inf:
        return best, pace.step, 0
    bundle, kept, rounds = make_bundle(work), 0, 0
    keep_best(work)
    step = max(pace.step * np.abs(work.price).mean(), 1e-300)
    if pace.warm:
        add_plane(bundle, (kept, kept + 1), work.mean_slope, work.rules.mean_slope, work.mean_above[0])
        bundle.choice[kept] = work.mean_opened
        kept += 1
    add_plane(bundle, (kept, kept + 1), work.slope, work.rules.slope, 0.0)
    bundle.choice[kept], bundle.weight[kept] = work.opened, 1.0
    kept, least = kept + 1, DOUBT if pace.warm else SMALLEST
    for rounds in range(1, pace.rounds):
        promised = aim(bundle, step, kept)
        if best >= pace.cutoff or (promised <= least * abs(best) and least == SMALLEST):
            break
        if promised <= least * abs(best):
            kept, least = begin_anew(facts, pairs, fixing, work, bundle), SMALLEST
            continue
        go(bundle, work, pairs.guard, step)
        bound = weigh(facts, pairs, fixing, work)
        if bound == np.inf:
            return bound, step, rounds
        at = make_room(bundle, kept)
        kept = max(kept, at + 1)
        above = bound - best - along(bundle, work)
        add_plane(bundle, (at, kept), work.slope, work.rules.slope, max(0.0, above))
        bundle.choice[at] = work.opened
        gain = bound - best
        if gain > PAYS * promised:
            recentre(bundle, work, kept, gain)
            best = bound
            keep_best(work)
            step *= 2.0 if gain > GROWS * promised else 1.0
        elif gain < -promised:
            step *= 0.7
    work.mean_opened[:] = bundle.weight[:kept] @ bundle.choice[:kept]
    work.mean_above[0] = (bundle.weight[:kept] * bundle.above[:kept]).sum()
    work.mean_slope[:] = bundle.direction[: work.price.size] / bundle.root[: work.price.size]
    return best, step, rounds


@nb.njit(cache=True)
def begin_anew(facts: Facts, pairs: Pairs, fixing: Any, work: Work, bundle: Bundle) -> int:
    """Leave nothing in the bundle but the subgradient at its centre."""
    regions = work.price.size
    work.price[:], work.rules.price[:] = bundle.centre[:regions], bundle.centre[regions:]
    weigh(facts, pairs, fixing, work)
    add_plane(bundle, (0, 1), work.slope, work.rules.slope, 0.0)
    bundle.choice[0], bundle.weight[:] = work.opened, 0.0
    bundle.weight[0] = 1.0
    return 1


@nb.njit(cache=True)
def climb_near(facts: Facts, pairs: Pairs, fixing: Any, work: Work, pace: Pace) -> Any:
    """A climb on the pairs that are nearly used, listed anew after some rounds; the bound is taken from all pairs.

    Where pairs that were left out take back what was gained, it goes on with all of them from where it was.
    """
    best, walked = weigh(facts, pairs, fixing, work), 0
    if best < np.inf:
        keep_best(work)
    while walked < pace.rounds - 1 and best < pace.cutoff:
        here, rules = work.price.copy(), work.rules.price.copy()
        opened, slope, above = work.mean_opened.copy(), work.mean_slope.copy(), work.mean_above[0]
        some = shorten(pace, walked, LISTED)
        bound = climb(facts, list_near(facts, pairs, fixing, work), fixing, work, some)[0]
        walked += LISTED
        if bound < np.inf:
            work.price[:], work.rules.price[:] = work.best_price, work.rules.best_price
            bound = weigh(facts, pairs, fixing, work)
        if bound < best:
            work.price[:], work.rules.price[:] = here, rules
            work.mean_opened[:], work.mean_slope[:], work.mean_above[0] = opened, slope, above
            return climb(facts, pairs, fixing, work, shorten(pace, walked, pace.rounds))
        keep_best(work)
        best = bound
    return best, pace.step, walked


@nb.njit(cache=True)
def shorten(pace: Pace, walked: int, most: int) -> Pace:
    """The pace for the rounds that are left, or for the most of them; warm once something was walked."""
    rounds = min(most, max(1, pace.rounds - walked))
    warm = pace.warm or walked > 0
    return Pace(rounds, pace.cutoff, pace.target, pace.step, pace.patience, pace.least_step, warm)


@nb.njit(cache=True)
def list_near(facts: Facts, pairs: Pairs, fixing: Any, work: Work) -> Any:
    """The pairs that sites use, or nearly, at the prices and marginal ratios of the moment: for steps, not bounds."""
    start = np.zeros(pairs.start.size, np.int64)
    region, listed, kept = np.empty(pairs.cost.size, np.int32), np.empty(pairs.cost.size), 0
    for i in range(start.size - 1):
        first, edge = pairs.start[i], min(0.0, work.edge[i])
        for q in range(first, pairs.start[i + 1] if fixing[i] != 0 else first):
            j = pairs.region[q]
            if pairs.cost[q] - work.price[j] - edge * facts.demand[j] < CLOSE * abs(work.price[j]):
                region[kept], listed[kept] = j, pairs.cost[q]
                kept += 1
        start[i + 1] = kept
    return Pairs(start, region[:kept], listed[:kept], pairs.guard)


@nb.njit(cache=True)
def keep_best(work: Work) -> None:
    """The prices of the moment are the best so far."""
    work.best_price[:] = work.price
    work.rules.best_price[:] = work.rules.price
    work.best_value[:] = work.value


@nb.njit(cache=True)
def add_plane(bundle: Bundle, place: Any, slope: Any, rule_slope: Any, above: float) -> None:
    """Put a subgradient into the bundle, at a place and of so many."""
    at, kept = place
    plane = bundle.root.copy()
    plane[: slope.size] *= slope
    plane[slope.size :] *= rule_slope
    bundle.above[at], bundle.weight[at] = above, 0.0
    place_plane(bundle, at, kept, plane)


@nb.njit(cache=True, fastmath={"reassoc", "contract"})
def place_plane(bundle: Bundle, at: int, kept: int, plane: Any) -> None:
    """Put a plane at a place, and its products with the others."""
    bundle.plane[at] = plane
    for a in range(kept):
        product = 0.0
        for q in range(bundle.root.size - bundle.free.size):
            product += bundle.plane[a, q] * plane[q]
        bundle.product[a, at] = bundle.product[at, a] = product


@nb.njit(cache=True, fastmath={"reassoc", "contract"})
def aim(bundle: Bundle, step: float, kept: int) -> float:
    """Set the direction; what a step along it promises. Multipliers of rules that are 0 become no less."""
    direction, regions = bundle.direction, bundle.root.size - bundle.free.size
    bundle.free[:] = 1.0
    for _ in range(bundle.free.size + 1):
        share_weights(bundle, step, kept)
        direction[:], blocked, promised = 0.0, False, 0.0
        for a in range(kept):
            if bundle.weight[a] > 0.0:
                direction += bundle.weight[a] * bundle.plane[a]
                promised += bundle.weight[a] * bundle.above[a]
        for r in range(bundle.free.size):
            if bundle.centre[regions + r] <= 0.0 and direction[regions + r] < 0.0:
                direction[regions + r] = 0.0
                blocked = blocked or bundle.free[r] > 0.0
                bundle.free[r] = 0.0
        if not blocked:
            break
    return float(promised + step * (direction**2).sum())


@nb.njit(cache=True)
def share_weights(bundle: Bundle, step: float, kept: int) -> None:
    """The weights whose mean subgradient is best to go along: two exchange weight as long as it pays."""
    regions, weight, slope = bundle.root.size - bundle.free.size, bundle.weight, bundle.above[:kept].copy()
    rules = bundle.plane[:kept, regions:] * bundle.free
    product = bundle.product[:kept, :kept] + rules @ rules.T
    for a in range(kept):
        for b in range(kept):
            slope[a] += step * product[a, b] * weight[b]
    for _ in range(EXCHANGES):
        into, out = int(np.argmin(slope)), -1
        for a in range(kept):
            if weight[a] > 0.0 and (out < 0 or slope[a] > slope[out]):
                out = a
        if slope[out] - slope[into] <= 1e-9 * abs(slope[out]):
            break
        curve = step * (product[into, into] + product[out, out] - 2.0 * product[into, out])
        moved = min(weight[out], (slope[out] - slope[into]) / max(curve, 1e-300))
        weight[into] += moved
        weight[out] -= moved
        for a in range(kept):
            slope[a] += moved * step * (product[a, into] - product[a, out])


@nb.njit(cache=True)
def go(bundle: Bundle, work: Work, guard: Any, step: float) -> None:
    """Prices and multipliers a step from the centre; prices stay below the guard."""
    regions, rules = work.price.size, work.rules.price
    for q in range(regions):
        work.price[q] = min(bundle.centre[q] + step * bundle.root[q] * bundle.direction[q], guard[q])
    for r in range(rules.size):
        q = regions + r
        rules[r] = max(0.0, bundle.centre[q] + step * bundle.root[q] * bundle.direction[q])


@nb.njit(cache=True)
def make_room(bundle: Bundle, kept: int) -> int:
    """A free place; when all have weight, the mean of all takes the place of the heaviest one."""
    if kept < PLANES:
        return kept
    at, weight = int(np.argmin(bundle.weight)), bundle.weight.copy()
    if weight[at] > 0.0:
        mean, above = int(np.argmax(weight)), (weight * bundle.above).sum()
        plane, bundle.choice[mean] = np.zeros(bundle.root.size), weight @ bundle.choice
        for a in range(kept):
            plane += weight[a] * bundle.plane[a]
        place_plane(bundle, mean, kept, plane)
        bundle.above[mean], bundle.weight[:] = above, 0.0
        bundle.weight[mean] = 1.0
    return at


@nb.njit(cache=True, fastmath={"reassoc", "contract"})
def along(bundle: Bundle, work: Work) -> float:
    """What the subgradient at hand says of the way from the centre to here."""
    regions, rules, said = work.price.size, work.rules, 0.0
    for q in range(regions):
        said += work.slope[q] * (work.price[q] - bundle.centre[q])
    for r in range(rules.price.size):
        said += rules.slope[r] * (rules.price[r] - bundle.centre[regions + r])
    return said


@nb.njit(cache=True, fastmath={"reassoc", "contract"})
def recentre(bundle: Bundle, work: Work, kept: int, gain: float) -> None:
    """The centre is here now, higher by the gain: how far the planes lie above it."""
    regions = work.price.size
    for q in range(regions):
        bundle.centre[q] = (work.price[q] - bundle.centre[q]) / bundle.root[q]
    for r in range(work.rules.price.size):
        bundle.centre[regions + r] = (work.rules.price[r] - bundle.centre[regions + r]) / bundle.root[regions + r]
    for a in range(kept):
        said = 0.0
        for q in range(bundle.root.size):
            said += bundle.plane[a, q] * bundle.centre[q]
        bundle.above[a] = max(0.0, bundle.above[a] + said - gain)
    bundle.centre[:regions] = work.price
    bundle.centre[regions:] = work.rules.price
