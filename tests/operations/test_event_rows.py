"""Events that cannot be are kept aside; each sound one finds its item and its local time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from entrepost.operations.events import record_events
from entrepost.operations.rejected import list_rejected
from entrepost.operations.store import Store
from tests.operations.shop import LAMP_NO, NOW, POSTED, counts, event, lamp, take, two_items, write_csv


def frame(rows: list[dict[str, object]]) -> pl.DataFrame:
    instant = pl.Datetime("us", "UTC")
    return pl.DataFrame(rows, schema_overrides={"time": instant, "recorded_at": instant})


def status(store: Store, item_id: str = LAMP_NO) -> str:
    return store.list_items().filter(pl.col("item_id") == item_id).get_column("status")[0]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"code": "999"}, "event_code_unknown"),
        ({"item_id": "LX000000028CN"}, "event_item_unknown"),
        ({"time": NOW + timedelta(hours=25), "recorded_at": None}, "event_time_future"),
        ({"time": POSTED - timedelta(days=181)}, "event_time_early"),
        ({"code": None}, "cell_missing"),
    ],
)
def test_an_event_that_cannot_be_is_kept_aside_as_a_finding(
    tmp_path: Path, changed: dict[str, object], code: str
) -> None:
    store = two_items(tmp_path)
    outcome = record_events(store, frame([event("EMA") | changed, event("EMB", 1)]))
    assert counts(outcome) == (2, 1, 0, 1)
    assert outcome.findings == {code: 1}
    assert list_rejected(store, outcome.intake).height == 1
    assert status(store) == "in_transit"


def test_an_unknown_reason_is_a_warning_and_the_event_counts(tmp_path: Path) -> None:
    store = two_items(tmp_path)
    outcome = record_events(store, frame([event("EME", reason="whim")]))
    assert counts(outcome) == (1, 1, 0, 0)
    assert outcome.findings == {"event_reason_unknown": 1}


def test_a_time_in_utc_gets_the_offset_of_its_place(tmp_path: Path) -> None:
    store = two_items(tmp_path)
    record_events(store, frame([event("EMA"), event("EMD", 30, facility="DEFRAA")]), zones={"CNSHAA": "Asia/Shanghai"})
    assert store.list_events().get_column("offset_minutes").to_list() == [480, 0]


def test_an_event_belongs_to_the_last_item_that_had_its_number(tmp_path: Path) -> None:
    store = two_items(tmp_path)
    later = datetime(2028, 3, 1, tzinfo=UTC)
    take(store, write_csv(tmp_path, lamp(order_id="o3", placed_at=later.isoformat()), name="later.csv"))
    old = store.list_items().filter(pl.col("item_id") == LAMP_NO)
    new = old.with_columns(order_id=pl.lit("o3"), issued_at=pl.lit(later).cast(pl.Datetime("us", "UTC")))
    store.add_items(new.drop("item_no"))
    times = [POSTED, later + timedelta(hours=1)]
    record_events(store, frame([event("EMA", time=time, recorded_at=time) for time in times]))
    found = store.list_events().sort("time").get_column("order_id").to_list()
    assert found == ["o1", "o3"]
