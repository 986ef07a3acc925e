"""Connection scan: the Pareto front of arrival, cost and reliability from one place to all others.

Connections are taken once in order of departure; at each node a bag of labels that do not dominate
each other is kept. A label dominates another when it is no later, no dearer and no less reliable.
(Dibbelt, Pajor, Strasser and Wagner, "Connection Scan Algorithm", 2018, with bags of three criteria.)
"""

from __future__ import annotations

from dataclasses import dataclass

import numba as nb
import numpy as np
from numpy.typing import NDArray

from entrepost.base.errors import ExhaustedError

LABELS_PER_CONNECTION = 8
"""Room for labels; dominated ones stay in the list, so that parents can be followed."""


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
    times = (connections.cutoff, connections.leaves, connections.arrives, connections.handling)
    ends = (connections.origin, connections.destination)
    worth = (connections.cost, connections.risk)
    made = _scan((ends, times, worth), (source, ready, most_rides), labels, (bags, sizes))
    if made < 0:
        raise ExhaustedError(f"a front needs more than {most_labels} labels at a node; raise most_labels")
    return Front(node[:made], arrives[:made], cost[:made], risk[:made], parent[:made], connection[:made], bags, sizes)


@nb.njit(cache=True, nogil=True)
def _scan(table, question, labels, kept):  # type: ignore[no-untyped-def]
    ends, (cutoff, leaves, arrives, handling), worth = table
    source, ready, most_rides = question
    bags, sizes = kept
    node, arrived, paid, risked, parent, taken, rides = labels
    node[0], arrived[0], paid[0], risked[0] = source, ready - handling[source], 0.0, 0.0
    parent[0], taken[0], rides[0] = -1, -1, 0
    bags[source, 0] = 0
    sizes[source] = 1
    made = 1
    for k in range(np.searchsorted(leaves, ready), leaves.size):
        here, there = ends[0][k], ends[1][k]
        latest = cutoff[k] - handling[here]
        for position in range(sizes[here]):
            label = bags[here, position]
            if arrived[label] > latest or rides[label] >= most_rides:
                continue
            cost, risk = paid[label] + worth[0][k], risked[label] + worth[1][k]
            slot = _make_room(bags[there], sizes[there : there + 1], (arrives[k], cost, risk), (arrived, paid, risked))
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
def _make_room(bag, size, criteria, labels):  # type: ignore[no-untyped-def]
    """The slot for a new label in a node's bag: -1 when it is dominated, -2 when the bag is full."""
    time, cost, risk = criteria
    arrived, paid, risked = labels
    for position in range(size[0]):
        label = bag[position]
        if arrived[label] <= time and paid[label] <= cost and risked[label] <= risk:
            return -1
    kept = 0
    for position in range(size[0]):
        label = bag[position]
        if not (time <= arrived[label] and cost <= paid[label] and risk <= risked[label]):
            bag[kept] = label
            kept += 1
    if kept == bag.size:
        return -2
    size[0] = kept + 1
    return kept
