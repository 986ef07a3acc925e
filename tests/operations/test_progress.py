"""A bookmark goes on where an intake stopped, and begins again where it was finished."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import polars as pl

from entrepost.operations.faults import FINDINGS
from entrepost.operations.progress import Counts, advance, begin, finish, follow
from entrepost.wiring import open_store
from tests.operations.shop import NOW, FixedClock, store_in

NONE = pl.DataFrame(schema=FINDINGS)


def test_a_stopped_intake_goes_on_and_a_finished_one_begins_again(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    mark = begin(store, "hash", "orders", Path("o.csv"), "main", 28)
    assert mark.position == 0
    with store.transaction():
        advance(store, mark, 10, Counts(accepted=7, duplicates=1, rejected=2, orders=5), NONE)
    resumed = begin(store, "hash", "orders", Path("o.csv"), "main", 28)
    assert (resumed.position, resumed.read, resumed.orders) == (10, 10, 5)
    outcome = finish(store, resumed, resumed.position)
    assert (outcome.read, outcome.accepted, outcome.resumed_at, outcome.shift_days) == (10, 7, 10, 28)
    assert begin(store, "hash", "orders", Path("o.csv"), "main", 28).position == 0


def test_a_bookmark_that_another_process_moved_is_followed(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    mine = begin(store, "hash", "events", Path("e.csv"), "main", 0)
    theirs = begin(store, "hash", "events", Path("e.csv"), "main", 0)
    with store.transaction():
        moved = advance(store, theirs, 10, Counts(10, 0, 0), NONE)
        assert follow(store, mine) == moved
    told = finish(store, moved, 0)
    assert finish(store, mine, 0) == told
    assert (told.read, told.accepted) == (10, 10)


def test_a_run_that_was_finished_before_is_not_followed(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    first = begin(store, "hash", "events", Path("e.csv"), "main", 0)
    with store.transaction():
        finish(store, advance(store, first, 10, Counts(10, 0, 0), NONE), 0)
    again = begin(store, "hash", "events", Path("e.csv"), "main", 0)
    assert again.started_at > first.started_at
    with store.transaction():
        assert follow(store, again) == again


def test_a_run_that_another_process_began_and_finished_meanwhile_is_followed(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    mine = begin(store, "hash", "events", Path("e.csv"), "main", 0)
    later = open_store(tmp_path / "shop.db", FixedClock(NOW + timedelta(seconds=1)))
    theirs = begin(later, "hash", "events", Path("e.csv"), "main", 0)
    with later.transaction():
        told = finish(later, advance(later, theirs, 10, Counts(10, 0, 0), NONE), 0)
    with store.transaction():
        assert finish(store, follow(store, mine), 0) == told
    later.close()
