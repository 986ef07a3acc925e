"""Routes: the Pareto fronts of arrival, cost and risk from one node to all, against label setting in Python.

``python -m benchmarks.routes [--json]``
"""

from __future__ import annotations

import heapq
import sys
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate, pairwise
from statistics import median

import numpy as np

from benchmarks import timetable
from benchmarks.comparison import Comparison, Goal, Say, Side, load_peer, require_equal, time_runs
from benchmarks.report import main
from entrepost.journey.scan import Connections, Front, scan

SEED = 1
READY = 17
MOST_LABELS = 512
NO_LIMIT = 1_000_000
"""Of rides: label setting counts none, so the scan must not either."""

Label = tuple[int, int, int]
"""When a node is reached, at which cost and at which risk."""


Run = tuple[int, int, int, int]
"""Where a run goes, when it arrives, what it costs, its risk."""

Peer = Callable[[int, int], Iterable[Run]]
"""The runs worth trying from a node by what is ready there at an hour."""


def compare(tiny: bool, say: Say) -> Comparison:
    """Check that the fronts are equal, then time both sides on the same questions."""
    nodes, lines, sources, often = (30, 150, 2, 2) if tiny else (400, 3000, 4, 10)
    table = timetable.build(nodes, lines, SEED)
    asked = np.random.default_rng(SEED + 1).choice(nodes, sources, replace=False).tolist()
    say(f"{nodes} nodes, {table.leaves.size} departures, one node to all, three criteria")
    peers, graph = (list_runs(table), group_lines(table)), TimeExpanded(table)
    handling = table.handling.tolist()
    sizes = [check(table, peers, graph, source) for source in asked]
    say(f"equal: the same fronts, label for label, at all nodes from {len(sizes)} sources; networkx the same arrivals")
    say("timed, ours: journey.scan.scan, arrays in, labels with their parents out; rides without limit")
    say("timed, peer: label setting with a heap in Python over each node's departures; fronts without parents")
    say("timed, third: the same with runs grouped to lines beforehand, so that a label asks each line once")
    ours = time_runs(lambda: [ask(table, each) for each in asked * often], 5)
    plain, grouped = (
        time_runs(lambda peer=peer: [search(peer, handling, each) for each in asked], 3)  # type: ignore[misc]
        for peer in peers
    )
    arrivals = time_runs(lambda: graph.earliest(asked[0]), 3)
    ours_side = Side("Entrepost, connection scan", "scans", len(asked) * often, ours)
    peer_side = Side("label setting in Python", "searches", len(asked), plain)
    lines_side = Side("label setting in Python, over lines", "searches", len(asked), grouped)
    found = {
        "labels kept at a node": sum(sizes) / len(sizes) / nodes,
        "ours, ms": 1000 / ours_side.speed,
        "peer, ms": 1000 / peer_side.speed,
        "peer over lines, ms": 1000 / lines_side.speed,
        "ratio to the peer over lines": ours_side.speed / lines_side.speed,
        "networkx, arrival only, ms": 1000 * median(arrivals),
    }
    goal = Goal("ratio", ours_side.speed / peer_side.speed, 100, 800)
    return Comparison("routes, one to all, 3 criteria", "questions", SEED, ours_side, peer_side, (goal,), found)


def ask(table: Connections, source: int) -> Front:
    """Our side: one scan."""
    return scan(table, source, READY, MOST_LABELS, NO_LIMIT)


def check(table: Connections, peers: tuple[Peer, Peer], graph: TimeExpanded, source: int) -> int:
    """Require equal fronts and arrivals for one source; how many labels the fronts have."""
    front = ask(table, source)
    expected, over_lines = (search(peer, table.handling.tolist(), source) for peer in peers)
    require_equal(expected == over_lines, f"both peers, from node {source}")
    earliest = graph.earliest(source)
    for node, labels in enumerate(expected):
        kept = front.kept(node)
        found = zip(front.arrives[kept].tolist(), front.cost[kept].tolist(), front.risk[kept].tolist(), strict=True)
        require_equal(sorted(found) == labels, f"the front of node {node} from node {source}")
        if node != source:
            first = min((label[0] for label in labels), default=None)
            require_equal(first == earliest.get(node), f"the earliest arrival at node {node} from node {source}")
    return sum(len(labels) for labels in expected)


def search(reached_from: Peer, handling: list[int], source: int) -> list[list[Label]]:
    """Label setting: labels leave the heap in the order of arrival, so what is settled there dominates for good.

    Of a node's settled labels only cost and risk matter to a later one, and of these only the stair of
    those that are not both dearer and riskier than another: `costs` ascending, `risks` descending.
    """
    fronts: list[list[Label]] = [[] for _ in handling]
    stairs: list[tuple[list[int], list[int]]] = [([], []) for _ in handling]
    heap = [(READY - handling[source], 0, 0, source)]
    while heap:
        arrives, cost, risk, node = heapq.heappop(heap)
        costs, risks = stairs[node]
        place = bisect_right(costs, cost)
        if place and risks[place - 1] <= risk:
            continue
        fronts[node].append((arrives, cost, risk))
        _step_in(costs, risks, cost, risk)
        for there, arrival, more_cost, more_risk in reached_from(node, arrives + handling[node]):
            paid, risked = cost + more_cost, risk + more_risk
            costs, risks = stairs[there]
            place = bisect_right(costs, paid)
            if not (place and risks[place - 1] <= risked):
                heapq.heappush(heap, (arrival, paid, risked, there))
    return fronts


def _step_in(costs: list[int], risks: list[int], cost: int, risk: int) -> None:
    """Put a label into the stair, and take out those that it makes needless."""
    first = last = bisect_left(costs, cost)
    while last < len(costs) and risks[last] >= risk:
        last += 1
    costs[first:last], risks[first:last] = [cost], [risk]


def list_runs(table: Connections) -> Peer:
    """For each node its departures by their cutoffs: what is ready takes any that it can still catch."""
    runs: list[list[tuple[int, Run]]] = [[] for _ in range(table.handling.size)]
    for origin, cutoff, run in _rows(table):
        runs[origin].append((cutoff, run))
    for each in runs:
        each.sort()
    cutoffs = [[cutoff for cutoff, _ in each] for each in runs]
    alone = [[run for _, run in each] for each in runs]
    return lambda node, ready: alone[node][bisect_left(cutoffs[node], ready) :]


def group_lines(table: Connections) -> Peer:
    """For each node its lines, runs to one node at one cost and risk: of those the earliest there is the best."""
    lines: dict[tuple[int, int, int, int], list[tuple[int, int]]] = {}
    for origin, cutoff, (there, arrives, cost, risk) in _rows(table):
        lines.setdefault((origin, there, cost, risk), []).append((cutoff, arrives))
    by_node: list[list[tuple[list[int], list[Run]]]] = [[] for _ in range(table.handling.size)]
    for (origin, there, cost, risk), pairs in lines.items():
        cutoffs, arrivals = (list(each) for each in zip(*sorted(pairs), strict=True))
        earliest = list(accumulate(reversed(arrivals), min))[::-1]
        by_node[origin].append((cutoffs, [(there, arrives, cost, risk) for arrives in earliest]))

    def reached_from(node: int, ready: int) -> Iterator[Run]:
        for cutoffs, runs in by_node[node]:
            place = bisect_left(cutoffs, ready)
            if place < len(cutoffs):
                yield runs[place]

    return reached_from


def _rows(table: Connections) -> Iterator[tuple[int, int, Run]]:
    columns = (table.origin, table.cutoff, table.destination, table.arrives, table.cost, table.risk)
    for origin, cutoff, there, arrives, cost, risk in zip(*(each.tolist() for each in columns), strict=True):
        yield origin, cutoff, (there, arrives, int(cost), int(risk))


class TimeExpanded:
    """The timetable as a graph of networkx: a vertex for each node and cutoff; edges wait or ride."""

    def __init__(self, table: Connections) -> None:
        networkx = load_peer("networkx")
        self._search = networkx.single_source_dijkstra_path_length
        self._table = table
        self._hours = [sorted(set(table.cutoff[table.origin == node].tolist())) for node in range(table.handling.size)]
        self.graph = networkx.DiGraph()
        for node, hours in enumerate(self._hours):
            waits = pairwise(hours)
            self.graph.add_weighted_edges_from(((node, a), (node, b), b - a) for a, b in waits)
        columns = (table.origin, table.destination, table.cutoff, table.arrives)
        for origin, destination, cutoff, arrives in zip(*(each.tolist() for each in columns), strict=True):
            self._ride((origin, cutoff), destination, arrives)

    def _ride(self, boards: tuple[int, int], destination: int, arrives: int) -> None:
        there = ("at", destination, arrives)
        self.graph.add_edge(boards, there, weight=arrives - boards[1])
        ready = arrives + int(self._table.handling[destination])
        hours = self._hours[destination]
        place = bisect_left(hours, ready)
        if place < len(hours):
            self.graph.add_edge(there, (destination, hours[place]), weight=hours[place] - arrives)

    def earliest(self, source: int) -> dict[int, int]:
        """The earliest arrival at each node that can be reached."""
        hours = self._hours[source]
        place = bisect_left(hours, READY)
        if place == len(hours):
            return {}
        found: dict[int, int] = {}
        for vertex, hours_on in self._search(self.graph, (source, hours[place])).items():
            if vertex[0] == "at":
                found[vertex[1]] = min(found.get(vertex[1], NO_LIMIT), hours[place] + hours_on)
        return found


if __name__ == "__main__":
    sys.exit(main(compare))
