"""The worlds of a trial: two by two, the second with the step times of the first mirrored.

Most of what differs between worlds is by how much each step at each place takes longer than assumed. A world and its
mirror image take longer and shorter by as much, so their mean hardly varies (antithetic variates); all else is drawn
anew in each.

References
----------
Law: Simulation Modeling and Analysis, 5th edition, 2015, section 11.3.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from entrepost.planning.simulation.world import World


def list_worlds(world: World, first_seed: int, numbers: Sequence[int]) -> list[tuple[int, World]]:
    """The seed and the world of each of these replications, which are counted from 0."""
    return [(first_seed + number, _mirrored(world, first_seed, number)) for number in numbers]


def _mirrored(world: World, first_seed: int, number: int) -> World:
    return replace(world, mirror_of=first_seed + number - 1) if number % 2 else world
