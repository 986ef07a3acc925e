"""Events that go on from where their items stand are recorded as all others are, only sooner."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from entrepost.operations import events as recording
from entrepost.operations.ahead import record_ahead
from entrepost.operations.events import fold_items, record_events
from entrepost.operations.faults import Faults
from entrepost.operations.known import KnownItems
from entrepost.operations.store import Store
from tests.operations.shop import LAMP_NO, MUG_NO, POSTED, event, store_in, two_items
from tests.operations.test_events import frame, status

TOLD = st.tuples(
    st.sampled_from((LAMP_NO, MUG_NO)), st.sampled_from(("EMA", "EMB", "EMH", "EMI")), st.integers(0, 9), st.booleans()
)


def rows(*told: dict[str, object]) -> pl.DataFrame:
    """Events as `record_ahead` takes them."""
    read = frame(list(told)).with_row_index("#index").with_columns(pl.col("#index").cast(pl.Int64).alias("#row"))
    empty = pl.lit(None, pl.String)
    return read.with_columns(tenant=pl.lit("main"), subject=empty, reason=empty, offset_minutes=pl.lit(0, pl.Int64))


def record(store: Store, known: dict[str, KnownItems], *told: dict[str, object]) -> tuple[int, list[str]]:
    """How many went on, and the codes of the others."""
    with store.transaction():
        kept, others = record_ahead(store, known, rows(*told))
    return kept, others.get_column("code").to_list()


def require_whole(store: Store) -> None:
    """The trail leads to every event, and the status is what all of them add up to."""
    items = store.list_items()
    events = store.find_events(items.filter(pl.col("last_event_at").is_not_null()))
    assert events.height == store.list_events().height
    expected = fold_items(events).sort("item_no").select("item_no", "status", "since", "events", "wait_ended_at")
    assert items.filter(pl.col("events") > 0).select(expected.columns).equals(expected)


def test_what_goes_on_is_kept_and_what_does_not_is_left(tmp_path: Path) -> None:
    store, known = two_items(tmp_path), dict[str, KnownItems]()
    assert record(store, known, event("EMA"), event("EMA"), event("EMB", 1)) == (2, [])
    assert record(store, known, event("EMC", 2), event("EMA", 3, MUG_NO), event("EXA", 0.5)) == (1, ["EMC", "EXA"])
    assert record(store, known, event("EMA", item_id="XX000000000CN")) == (0, ["EMA"])
    assert record(store, known, event("EMA", -24 * 181, MUG_NO)) == (0, ["EMA"])
    require_whole(store)


def test_an_item_in_the_archive_or_issued_again_does_not_go_on(tmp_path: Path) -> None:
    store, known = two_items(tmp_path), dict[str, KnownItems]()
    record(store, known, event("EMA"), event("EMA", 1, MUG_NO))
    store.archive_events(store.list_quiet(POSTED + timedelta(minutes=30)))
    items = store.list_items().filter(pl.col("item_id") == MUG_NO)
    again = items.with_columns(item=pl.lit(2, pl.Int64), issued_at=pl.col("issued_at") + pl.duration(days=400))
    store.add_items(again.drop("item_no"))
    assert record(store, known, event("EMB", 2), event("EMB", 3, MUG_NO)) == (0, ["EMB", "EMB"])


def test_another_connection_changes_an_item_in_between(tmp_path: Path) -> None:
    store, other, known = two_items(tmp_path), store_in(tmp_path), dict[str, KnownItems]()
    record(store, known, event("EMA"))
    record_events(other, frame([event("EMI", 5)]))
    assert record(store, known, event("EMF", 4)) == (0, ["EMF"])
    assert record(store, known, event("EMH", 6)) == (1, [])
    assert status(store) == "delivered"
    require_whole(store)


def test_what_was_undone_can_be_recorded_again(tmp_path: Path) -> None:
    store, known = two_items(tmp_path), dict[str, KnownItems]()
    with suppress(ZeroDivisionError), store.transaction():
        assert record_ahead(store, known, rows(event("EMA"), event("EMB", 1)))[0] / 0
    assert record(store, known, event("EMA"), event("EMB", 1)) == (2, [])
    require_whole(store)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(TOLD, max_size=14), st.integers(1, 5))
def test_in_any_order_in_any_parts_and_from_two_sides_all_events_add_up(
    tmp_path_factory: pytest.TempPathFactory, told: list[tuple[str, str, int, bool]], part: int
) -> None:
    folder = tmp_path_factory.mktemp("shop")
    store, other = two_items(folder), store_in(folder)
    known: dict[Store, dict[str, KnownItems]] = {store: {}, other: {}}
    facts = set()
    for start in range(0, len(told), part):
        batch = told[start : start + part]
        facts |= {each[:3] for each in batch}
        side = other if batch[0][3] else store
        events = rows(*(event(code, minute / 60, item) for item, code, minute, _ in batch))
        with side.transaction():
            late = record_ahead(side, known[side], events)[1]
            if late.height:
                recording._keep_late(side, recording.find_item_of(late, side.find_items(late), Faults("test")))
    assert store.list_events().height == len(facts)
    require_whole(store)
