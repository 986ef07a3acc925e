"""What all items add up to."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from entrepost.mail.status import Status
from entrepost.operations import tally as counting
from entrepost.operations.events import record_events
from entrepost.operations.look_store import Wanted
from entrepost.operations.store import Store
from entrepost.operations.tally import Counter, Tally, day_number, list_wanted, week_number, week_of
from tests.operations.shop import LAMP_NO, MUG_NO, event, two_items


def states(tally: Tally | None) -> dict[int, int]:
    assert tally is not None
    return dict(tally.of("main").group_by("state").agg(pl.col("items").sum()).iter_rows())


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return two_items(tmp_path)


def test_a_count_follows_the_events_and_adds_up_anew_only_what_changed(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "FRESH_SECONDS", 0.0)
    monkeypatch.setattr(counting, "SHARE", 0)
    counter = Counter(store)
    assert states(counter.look(10)) == {0: 2}
    record_events(store, pl.DataFrame([event("EMA", 1)]))
    assert states(counter.look(10)) == {0: 1, int(Status.ACCEPTED): 1}
    assert counter._changed(2) == []
    assert counter.count().of("other").height == 0


def test_nobody_waits_for_a_count_that_goes_on(store: Store) -> None:
    counter = Counter(store)
    assert counter.look(0) is None
    assert states(counter.look(10)) == {0: 2}


def test_an_empty_store_adds_up_to_nothing(tmp_path: Path) -> None:
    from tests.operations.shop import store_in

    counted = Counter(store_in(tmp_path)).count()
    assert counted.of("main").is_empty()


@pytest.mark.parametrize("is_counted", [False, True])
def test_items_are_listed_page_by_page_the_last_first(store: Store, is_counted: bool) -> None:
    record_events(store, pl.DataFrame([event("EMA", 1)]))
    tally = Counter(store).count() if is_counted else None
    first, place = list_wanted(store, Wanted("main"), tally, limit=1)
    rest, end = list_wanted(store, Wanted("main"), tally, before=place, limit=1)
    assert (first["item_id"].to_list(), rest["item_id"].to_list(), end) == ([MUG_NO], [LAMP_NO], 0)
    held, _ = list_wanted(store, Wanted("main", (int(Status.ACCEPTED),)), tally)
    assert held["item_id"].to_list() == [LAMP_NO]
    assert list_wanted(store, Wanted("other"), tally)[0].is_empty()


def test_blocks_beyond_the_bound_are_looked_through_on_the_next_page(store: Store) -> None:
    items, place = list_wanted(store, Wanted("main", country="XX"), None, before=counting.BLOCK * 3, blocks_max=2)
    assert (items.height, place) == (0, counting.BLOCK)


def test_weeks_begin_on_mondays() -> None:
    monday = date(2026, 1, 5)
    assert week_of(week_number(monday)) == week_of(week_number(date(2026, 1, 11))) == monday
    assert day_number(date(1970, 1, 2)) == 1
