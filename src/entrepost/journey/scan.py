"""Connection scan: the Pareto front of arrival, cost and reliability from one place to all others.

Connections are taken once in order of departure; at each node a bag of labels that do not dominate
each other is kept. A label dominates another when it is no later, no dearer and no less reliable.
(Dibbelt, Pajor, Strasser and Wagner, "Connection Scan Algorithm", 2018, with bags of three criteria.)
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numba as nb
import numpy as np
from numpy.typing import NDArray

from entrepost.base.errors import ExhaustedError

LABELS_PER_CONNECTION = 8
"""Room for labels; dominated ones stay in the list, so that parents can be followed."""

NO_RUN = -(1 << 60)
"""A cutoff before all others."""


@dataclass(frozen=True)
class Connections:
    """Dated departures on a network of numbered nodes, sorted by `leaves`.

    Shapes: one entry a connection; `handling` one a node. `cutoff`, `leaves`, `arrives` and
    `handling` are in one unit of time, `cost` in one of money; `risk` adds up along a path (minus the
    logarithm of the probability of catching the connection).
    """

    origin: NDArray[np.int32]
    destination: NDArray[np.int32]
    cutoff: NDArray[np.int64]
    leaves: NDArray[np.int64]
    arrives: NDArray[np.int64]
    cost: NDArray[np.float64]
    risk: NDArray[np.float64]
    handling: NDArray[np.int64]

    @cached_property
    def cutoff_before(self) -> NDArray[np.int64]:
        """For each connection the cutoff of the run before it that is as good in all but time.

        It joins the same nodes at the same cost and risk, and leaves and arrives no later: who could
        catch it need not take this one. `NO_RUN` where there is none.
        """
        alike = (self.origin, self.destination, self.cost, self.risk)
        order = np.lexsort((np.arange(self.leaves.size), self.cutoff, *alike))
        now, before = order[1:], order[:-1]
        holds = (before < now) & (self.arrives[before] <= self.arrives[now])
        for column in alike:
            holds &= column[before] == column[now]
        found = np.full(self.leaves.size, NO_RUN)
        found[now[holds]] = self.cutoff[before[holds]]
        return found


@dataclass(frozen=True)
class Front:
    """All labels that were made; `kept` holds the numbers of a node's non-dominated ones.

    `parent` is the label that a label continues (-1 at the start), `connection` the one it took.
    """

    node: NDArray[np.int32]
    arrives: NDArray[np.int64]
    cost: NDArray[np.float64]
    risk: NDArray[np.float64]
    parent: NDArray[np.int32]
    connection: NDArray[np.int32]
    bags: NDArray[np.int32]
    sizes: NDArray[np.int32]

    def kept(self, node: int) -> NDArray[np.int32]:
        """The labels of a node's Pareto front, in no particular order."""
        found: NDArray[np.int32] = self.bags[node, : self.sizes[node]]
        return found

    def path(self, label: int) -> tuple[int, ...]:
        """The nodes from the start to a label's node."""
        nodes: list[int] = []
        while label >= 0:
            nodes.append(int(self.node[label]))
            label = int(self.parent[label])
        return tuple(reversed(nodes))


def scan(connections: Connections, source: int, ready: int, most_labels: int = 64, most_rides: int = 4) -> Front:
    """The Pareto fronts of all nodes for what is ready at `source` at `ready`.

    Raises
    ------
    ExhaustedError
        When a node would need more than `most_labels` labels: ask with a larger number.
    """
    capacity = LABELS_PER_CONNECTION * connections.leaves.size + 1
    node, parent, connection, rides = (np.empty(capacity, np.int32) for _ in range(4))
    arrives = np.empty(capacity, np.int64)
    cost, risk = np.empty(capacity), np.empty(capacity)
    labels = (node, arrives, cost, risk, parent, connection, rides)
    nodes = connections.handling.size
    bags = np.empty((nodes, most_labels), np.int32)
    sizes = np.zeros(nodes, np.int32)
    held = np.empty((nodes, 3, most_labels))
    cutoffs = (connections.cutoff_before, connections.cutoff)
    times = (cutoffs, connections.leaves, connections.arrives, connections.handling)
    ends = (connections.origin, connections.destination)
    worth = (connections.cost, connections.risk)
    made = _scan((ends, times, worth), (source, ready, most_rides), labels, (bags, sizes, held))
    if made < 0:
        raise ExhaustedError(f"a front needs more than {most_labels} labels at a node; raise most_labels")
    return Front(node[:made], arrives[:made], cost[:made], risk[:made], parent[:made], connection[:made], bags, sizes)


@nb.njit(cache=True, nogil=True)
def _scan(table, question, labels, kept):  # type: ignore[no-untyped-def]
    """Labels by number, and beside the numbers in a node's bag their criteria, so that these lie together."""
    ends, ((cutoff_before, cutoff), leaves, arrives, handling), worth = table
    source, ready, most_rides = question
    bags, sizes, held = kept
    node, arrived, paid, risked, parent, taken, rides = labels
    node[0], arrived[0], paid[0], risked[0] = source, ready - handling[source], 0.0, 0.0
    parent[0], taken[0], rides[0] = -1, -1, 0
    bags[source, 0] = 0
    held[source, 0, 0], held[source, 1, 0], held[source, 2, 0] = arrived[0], 0.0, 0.0
    sizes[source] = 1
    made = 1
    for k in range(np.searchsorted(leaves, ready), leaves.size):
        here, there = ends[0][k], ends[1][k]
        too_early, latest = cutoff_before[k] - handling[here], cutoff[k] - handling[here]
        for position in range(sizes[here]):
            if not too_early < held[here, 0, position] <= latest:
                continue
            label = bags[here, position]
            if rides[label] >= most_rides:
                continue
            cost, risk = paid[label] + worth[0][k], risked[label] + worth[1][k]
            slot = _make_room(kept, there, arrives[k], cost, risk)
            if slot == -1:
                continue
            if slot == -2 or made == node.size:
                return -1
            node[made], arrived[made], paid[made], risked[made] = there, arrives[k], cost, risk
            parent[made], taken[made], rides[made] = label, k, rides[label] + 1
            bags[there, slot] = made
            made += 1
    return made


@nb.njit(cache=True, nogil=True)
def _make_room(kept, node, time, cost, risk):  # type: ignore[no-untyped-def]
    """The slot for a new label in a node's bag: -1 when it is dominated, -2 when the bag is full."""
    bags, sizes, held = kept
    for slot in range(sizes[node]):
        if held[node, 1, slot] <= cost and held[node, 2, slot] <= risk and held[node, 0, slot] <= time:
            return -1
    free = 0
    for slot in range(sizes[node]):
        if time <= held[node, 0, slot] and cost <= held[node, 1, slot] and risk <= held[node, 2, slot]:
            continue
        if free != slot:
            bags[node, free] = bags[node, slot]
            for criterion in range(3):
                held[node, criterion, free] = held[node, criterion, slot]
        free += 1
    if free == bags.shape[1]:
        return -2
    held[node, 0, free], held[node, 1, free], held[node, 2, free] = time, cost, risk
    sizes[node] = free + 1
    return free
