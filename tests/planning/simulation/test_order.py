"""Scans in the order of time, then of items; those of one item in theirs."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from entrepost.planning.simulation.order import order_scans
from entrepost.planning.simulation.tables import EVENT

second = 1_000_000
times = st.one_of(st.integers(0, 3 * second), st.integers(-(2**40), 2**50))
events_of = st.lists(st.tuples(times, st.integers(0, 5)), max_size=60)


def _events(rows: list[tuple[int, int]]) -> np.ndarray:  # type: ignore[type-arg]
    events = np.zeros(len(rows), dtype=EVENT)
    for number, (time, item) in enumerate(rows):
        events[number] = (time, time + number, item, number % 7, number % 20, number % 3)
    return events


@given(events_of)
def test_scans_stand_as_a_stable_sort_by_time_and_item_puts_them(rows: list[tuple[int, int]]) -> None:
    events = _events(rows)
    expected = events[np.lexsort((events["item"], events["time"]))]
    for name, column in order_scans(events)._asdict().items():
        assert column.tolist() == expected[name].tolist(), name


def test_many_scans_of_one_second_are_ordered_too() -> None:
    events = _events([(number * 7919 % 1000, number * 31 % 17) for number in range(1000)])
    scans = order_scans(events)
    pairs = list(zip(scans.time.tolist(), scans.item.tolist(), strict=True))
    assert pairs == sorted(pairs)
    assert sorted(scans.recorded.tolist()) == sorted(events["recorded"].tolist())


def test_no_scans_are_in_order() -> None:
    assert all(column.size == 0 for column in order_scans(_events([])))
