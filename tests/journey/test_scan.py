import heapq
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepost.base.errors import ExhaustedError
from entrepost.journey.scan import NO_RUN, Connections, scan

Label = tuple[int, float, float]


def random_timetable(seed: int, nodes: int = 7, size: int = 60) -> Connections:
    dice = np.random.default_rng(seed)
    leaves = np.sort(dice.integers(0, 200, size))
    origin = dice.integers(0, nodes, size)
    return Connections(
        origin=origin.astype(np.int32),
        destination=((origin + dice.integers(1, nodes, size)) % nodes).astype(np.int32),
        cutoff=(leaves - dice.integers(0, 5, size)).astype(np.int64),
        leaves=leaves.astype(np.int64),
        arrives=(leaves + dice.integers(1, 40, size)).astype(np.int64),
        cost=dice.integers(1, 9, size).astype(np.float64),
        risk=dice.integers(0, 4, size).astype(np.float64),
        handling=dice.integers(0, 6, nodes).astype(np.int64),
    )


def search(table: Connections, source: int, ready: int, nodes: int) -> list[set[Label]]:
    """Plain label setting over all paths of at most four rides: the fronts by definition."""
    heap: list[tuple[int, float, float, int, int]] = [(ready - int(table.handling[source]), 0.0, 0.0, source, 0)]
    reached: list[set[Label]] = [set() for _ in range(nodes)]
    seen: set[tuple[int, float, float, int, int]] = set()
    while heap:
        label = heapq.heappop(heap)
        if label in seen:
            continue
        seen.add(label)
        time, cost, risk, node, rides = label
        reached[node].add((time, cost, risk))
        for k in range(table.leaves.size):
            boards = table.origin[k] == node and time + table.handling[node] <= table.cutoff[k]
            if boards and rides < 4 and table.leaves[k] >= ready:
                there = (int(table.arrives[k]), cost + table.cost[k], risk + table.risk[k])
                heapq.heappush(heap, (*there, int(table.destination[k]), rides + 1))
    return [{label for label in labels if not any(_dominates(other, label) for other in labels)} for labels in reached]


def _dominates(left: Label, right: Label) -> bool:
    return left != right and all(a <= b for a, b in zip(left, right, strict=True))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000))
def test_the_fronts_equal_those_of_a_search_over_all_paths(seed: int) -> None:
    table = random_timetable(seed)
    front = scan(table, source=0, ready=3, most_rides=99)
    expected = search(table, source=0, ready=3, nodes=7)
    for node in range(7):
        labels = front.kept(node)
        found = {(int(front.arrives[k]), float(front.cost[k]), float(front.risk[k])) for k in labels}
        better = [label for label in expected[node] if label not in found]
        assert not better, "a path of at most four rides is missing from the front"
        assert len(found) == len(labels)
        assert not any(_dominates(a, b) for a in found for b in found)


def test_a_path_leads_back_to_the_start_and_adds_up() -> None:
    table = random_timetable(5)
    front = scan(table, source=0, ready=0)
    node = next(node for node in range(1, 7) if front.kept(node).size)
    label = int(front.kept(node)[0])
    cost, walked = 0.0, label
    while front.parent[walked] >= 0:
        cost += table.cost[front.connection[walked]]
        walked = int(front.parent[walked])
    assert front.path(label)[0] == 0
    assert front.path(label)[-1] == node
    assert math.isclose(cost, front.cost[label])


def test_a_run_names_the_cutoff_of_the_run_before_it_that_is_as_good() -> None:
    every_day = np.array([10, 34, 58, 60], np.int64)
    table = Connections(
        origin=np.zeros(4, np.int32),
        destination=np.ones(4, np.int32),
        cutoff=every_day - 2,
        leaves=every_day,
        arrives=np.array([20, 44, 40, 70], np.int64),
        cost=np.array([5.0, 5.0, 5.0, 4.0]),
        risk=np.zeros(4),
        handling=np.zeros(2, np.int64),
    )
    assert table.cutoff_before.tolist() == [NO_RUN, 8, NO_RUN, NO_RUN], "the third overtakes, the fourth is cheaper"


def test_a_bag_that_is_too_small_is_said_and_not_cut() -> None:
    table = random_timetable(1, size=400)
    with pytest.raises(ExhaustedError, match="raise most_labels"):
        scan(table, source=0, ready=0, most_labels=1)
