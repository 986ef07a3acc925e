"""Events that go on from where their items stand are recorded as all others are, only sooner."""

from __future__ import annotations

import itertools
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from entrepost.operations import events as recording
from entrepost.operations.ahead import Ahead
from entrepost.operations.events import fold_items, record_events
from entrepost.operations.faults import Faults
from entrepost.operations.store import Store
from entrepost.wiring import open_store
from tests.operations.shop import LAMP_NO, MUG_NO, POSTED, event, store_in, two_items
from tests.operations.test_events import frame, status
from tests.servers import Postgres

Fact = tuple[str, str, int, bool, bool]
"""An event of an item (code, minute), from which side it comes, and whether to look ahead."""

COUNT = itertools.count()
TOLD = st.tuples(
    st.sampled_from((LAMP_NO, MUG_NO)),
    st.sampled_from(("EMA", "EMB", "EMH", "EMI")),
    st.integers(0, 9),
    st.booleans(),
    st.booleans(),
)


def rows(*told: dict[str, object]) -> pl.DataFrame:
    """Events as `Ahead.record` takes them."""
    read = frame(list(told)).with_row_index("#index").with_columns(pl.col("#index").cast(pl.Int64).alias("#row"))
    empty = pl.lit(None, pl.String)
    return read.with_columns(tenant=pl.lit("main"), subject=empty, reason=empty, offset_minutes=pl.lit(0, pl.Int64))


def record(store: Store, ahead: Ahead, *told: dict[str, object]) -> tuple[int, list[str]]:
    """How many went on, and the codes of the others."""
    with store.transaction():
        kept, others = ahead.record(rows(*told))
    return kept, others.get_column("code").to_list()


def require_whole(store: Store) -> None:
    """The trail leads to every event, and the status is what all of them add up to."""
    items = store.list_items()
    events = store.find_events(items.filter(pl.col("last_event_at").is_not_null()))
    assert events.height == store.list_events().height
    expected = fold_items(events).sort("item_no").select("item_no", "status", "since", "events", "wait_ended_at")
    assert items.filter(pl.col("events") > 0).select(expected.columns).equals(expected)


def test_what_goes_on_is_kept_and_what_does_not_is_left(tmp_path: Path) -> None:
    store = two_items(tmp_path)
    ahead = Ahead(store)
    assert record(store, ahead, event("EMA"), event("EMA"), event("EMB", 1)) == (2, [])
    assert record(store, ahead, event("EMC", 2), event("EMA", 3, MUG_NO), event("EXA", 0.5)) == (1, ["EMC", "EXA"])
    assert record(store, ahead, event("EMA", item_id="XX000000000CN")) == (0, ["EMA"])
    assert record(store, ahead, event("EMA", -24 * 181, MUG_NO)) == (0, ["EMA"])
    require_whole(store)


def test_an_item_in_the_archive_or_issued_again_does_not_go_on(tmp_path: Path) -> None:
    store = two_items(tmp_path)
    ahead = Ahead(store)
    record(store, ahead, event("EMA"), event("EMA", 1, MUG_NO))
    store.archive_events(store.list_quiet(POSTED + timedelta(minutes=30)))
    items = store.list_items().filter(pl.col("item_id") == MUG_NO)
    again = items.with_columns(item=pl.lit(2, pl.Int64), issued_at=pl.col("issued_at") + pl.duration(days=400))
    store.add_items(again.drop("item_no"))
    assert record(store, ahead, event("EMB", 2), event("EMB", 3, MUG_NO)) == (0, ["EMB", "EMB"])


def test_another_connection_changes_an_item_in_between(tmp_path: Path) -> None:
    store, other = two_items(tmp_path), store_in(tmp_path)
    ahead = Ahead(store)
    record(store, ahead, event("EMA"))
    record_events(other, frame([event("EMI", 5)]))
    assert record(store, ahead, event("EMF", 4)) == (0, ["EMF"])
    assert record(store, ahead, event("EMH", 6)) == (1, [])
    assert status(store) == "delivered"
    require_whole(store)


def test_what_was_undone_can_be_recorded_again(tmp_path: Path) -> None:
    store = two_items(tmp_path)
    ahead = Ahead(store)
    with suppress(ZeroDivisionError), store.transaction():
        assert ahead.record(rows(event("EMA"), event("EMB", 1)))[0] / 0
    assert record(store, ahead, event("EMA"), event("EMB", 1)) == (2, [])
    require_whole(store)


def test_an_open_store_remembers_items_for_the_next_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = two_items(tmp_path)
    record_events(store, frame([event("EMA"), event("EMA", 0, MUG_NO)]))
    monkeypatch.setattr(store, "ask_items", None)
    assert record_events(store, frame([event("EMB", 1), event("EMB", 1, MUG_NO)])).accepted == 2
    require_whole(store)


def test_what_was_changed_in_the_same_transaction_is_not_remembered(tmp_path: Path) -> None:
    store = two_items(tmp_path)
    record_events(store, frame([event("EMA"), event("EMA", 0, MUG_NO)]))
    with store.transaction():
        store.archive_events(store.list_quiet(POSTED + timedelta(hours=1)))
        assert record_events(store, frame([event("EMB", 2)])).findings == {"event_item_archived": 1}


def test_what_was_made_ready_is_thrown_away_once_somebody_else_took_a_turn(tmp_path: Path) -> None:
    store, other = two_items(tmp_path), store_in(tmp_path)
    with Ahead(store) as ahead:
        first, second = rows(event("EMA"), event("EMA", 0, MUG_NO)), rows(event("EMB", 1), event("EMB", 1, MUG_NO))
        with store.transaction():
            assert ahead.record(first, second)[0] == 2
        record_events(other, frame([event("EMI", 5)]))
        with store.transaction():
            kept, others = ahead.record(second)
        assert (kept, others.get_column("item_id").to_list()) == (1, [LAMP_NO])
    require_whole(store)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(TOLD, max_size=14), st.integers(1, 5))
def test_in_any_order_in_any_parts_and_from_two_sides_all_events_add_up(
    tmp_path_factory: pytest.TempPathFactory, told: list[Fact], part: int
) -> None:
    folder = tmp_path_factory.mktemp("shop")
    require_that_all_add_up(two_items(folder), store_in(folder), told, part)


@pytest.mark.server
@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(TOLD, min_size=6, max_size=30), st.integers(1, 5))
def test_in_postgresql_they_do_as_well(
    tmp_path_factory: pytest.TempPathFactory, postgres: Postgres, told: list[Fact], part: int
) -> None:
    url = postgres.create_database(f"ahead{next(COUNT)}")
    store, other = open_store(url), open_store(url)
    require_that_all_add_up(two_items(tmp_path_factory.mktemp("shop"), store), other, told, part)
    store.close()
    other.close()


def require_that_all_add_up(store: Store, other: Store, told: list[Fact], part: int) -> None:
    """Record facts part by part from the side that each part names, looking ahead where it says so."""
    sides = {False: (store, Ahead(store)), True: (other, Ahead(other))}
    facts, parts = set(), [told[start : start + part] for start in range(0, len(told), part)]
    frames = [rows(*(event(code, minute / 60, item) for item, code, minute, *_ in batch)) for batch in parts]
    for place, batch in enumerate(parts):
        facts |= {each[:3] for each in batch}
        side, ahead = sides[batch[0][3]]
        with side.transaction():
            following = frames[place + 1] if batch[0][4] and place + 1 < len(frames) else None
            late = ahead.record(frames[place], following if batch[-1][4] else None)[1]
            if late.height:
                recording._keep_late(side, recording.find_item_of(late, side.find_items(late), Faults("test")))
            if following is not None:
                ahead.look_ahead(following, frames[place])
    assert store.list_events().height == len(facts)
    require_whole(store)
