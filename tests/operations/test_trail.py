"""Each event knows the one before it, and so an item's events are found from the last one back."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import numpy as np
import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from entrepost.operations.events import record_events
from entrepost.operations.store import Store
from entrepost.operations.trail import link, step_back
from entrepost.tables.frames import INSTANT
from entrepost.tables.status_numbers import NEVER
from tests.operations.shop import LAMP_NO, MUG_NO, event, store_in, two_items
from tests.operations.test_events import frame

MINUTE_US = 60_000_000
CODES = ("EMA", "EMB", "EMC")


def steps(*rows: tuple[int, float]) -> pl.DataFrame:
    return pl.DataFrame(
        [(item, int(minute * MINUTE_US)) for item, minute in rows], schema=["item_no", "time"], orient="row"
    ).with_columns(pl.col("time").cast(INSTANT))


def minutes(events: pl.DataFrame) -> list[int | None]:
    return [None if each is None else each // MINUTE_US for each in events.get_column("previous").dt.epoch("us")]


def test_an_event_knows_the_minute_of_the_one_before_it_and_the_first_knows_none() -> None:
    assert minutes(link(steps((1, 7.5), (2, 3), (1, 2.2), (1, 9)))) == [2, None, None, 7]


def test_events_of_one_minute_know_the_same_one_before_them() -> None:
    assert minutes(link(steps((1, 2), (1, 5.1), (1, 5.9)))) == [None, 2, 2]


def test_what_an_item_had_already_comes_before_its_new_events() -> None:
    minute, ends = np.array([6, 8, 8, 3]), np.array([3, 4])
    stepped = step_back(minute, ends, np.array([4 * MINUTE_US + 30, NEVER]))
    assert stepped.tolist() == [4 * MINUTE_US + 30, 6 * MINUTE_US, 6 * MINUTE_US, NEVER]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.lists(
            st.tuples(st.sampled_from((LAMP_NO, MUG_NO)), st.sampled_from(CODES), st.integers(0, 12)),
            min_size=1,
            max_size=6,
        ),
        max_size=6,
    )
)
def test_all_events_are_on_the_trail_however_late_and_often_they_come(
    tmp_path: Path, parts: list[list[tuple[str, str, int]]]
) -> None:
    store = store_in(tmp_path)
    if not store.list_items().height:
        two_items(tmp_path, store)
    with suppress(UndoError), store.transaction():
        for part in parts:
            record_events(store, frame([event(code, hours, item) for item, code, hours in part]))
        check_trails(store)
        raise UndoError
    store.close()


class UndoError(Exception):
    """The next example begins with items that have no events."""


def check_trails(store: Store) -> None:
    items = store.list_items()
    found = store.find_events(items).join(items.select("item_no", "item_id"), on="item_no")
    listed = store.list_events()
    columns = ("item_id", "time", "code", "facility")
    assert found.select(columns).sort(columns).equals(listed.select(columns).sort(columns))
    assert listed.select(columns).n_unique() == listed.height
    for _, events in found.group_by("item_no"):
        assert events.equals(link(events.drop("previous")).select(events.columns))
