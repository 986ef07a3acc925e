"""Which group of sites to divide a part of a large problem by: many are tried, each on the coarse copy."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from entrepost.planning.location.coarse import Copy
from entrepost.planning.location.groups import Gains, Groups, Node, Rule, narrow_part

TRIED = (6, 16)
"""Groups that are tried of a part: the most promising of those that were tried before, and of the others."""
LEAST = 1e-7
"""A gain counts as at least so much of the bound, so that the other side's still matters."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A group, the product of what both sides gain on the copy, and both sides as they stand there."""

    score: float
    number: int
    low: tuple[Node, Node]


def try_groups(copy: Copy, node: Node, groups: Groups, gains: Gains, room: float) -> list[Trial]:
    """The groups by which a part may be divided, the best first; what is gained beyond the room does not count."""
    low = copy.climb(replace(node.low or node, fixing=node.fixing))
    trials = []
    for number in gains.rank(node, groups, TRIED):
        sides = []
        for choice in (0, 1):
            part, away = narrow_part(node, groups, number, choice)
            side = copy.climb(follow(low, part, groups.size[number] > 1))
            gains.note(number, choice, min(max(side.bound - low.bound, 0.0), room) / away)
            sides.append(side)
        score = math.prod(score_gain(side.bound - low.bound, node.bound, room) for side in sides)
        trials.append(Trial(score, number, (sides[0], sides[1])))
    return sorted(trials, key=lambda trial: -trial.score)


def score_gain(gain: float, bound: float, room: float) -> float:
    """What a gain counts: not nothing, and not more than the room."""
    return min(max(gain, LEAST * abs(bound)), room)


def follow(low: Node, part: Node, is_ruled: bool) -> Node:
    """The part on the copy that is narrowed as the one of the whole was; its last rule is the new one."""
    charges = low.charges
    if is_ruled:
        new: Rule = part.rules[-1]
        like = np.array([(rule.group, rule.sign) == (new.group, new.sign) for rule in low.rules], dtype=bool)
        charges = np.append(charges[~like], charges[like].sum())
    return replace(low, fixing=part.fixing, rules=part.rules, charges=charges)
