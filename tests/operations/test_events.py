"""Events come back: late, repeated, in any order, and some that nobody knows."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

from entrepost.mail.status import fold
from entrepost.operations import events as recording
from entrepost.operations.events import record_event_file, record_events
from entrepost.operations.mapping import load_mapping
from entrepost.operations.store import Store
from entrepost.operations.track import track
from tests.operations.shop import LAMP_NO, MUG_NO, NOW, POSTED, counts, event, two_items, write

JOURNEY = ("EMA", "EMB", "EMC", "EMD", "EDB", "EMF", "EMG", "EMI")


def journey(item_id: str = LAMP_NO) -> list[dict[str, object]]:
    return [event(code, 6 * number, item_id) for number, code in enumerate(JOURNEY)]


def frame(rows: list[dict[str, object]]) -> pl.DataFrame:
    instant = pl.Datetime("us", "UTC")
    return pl.DataFrame(rows, schema_overrides={"time": instant, "recorded_at": instant})


def status(store: Store, item_id: str = LAMP_NO) -> str:
    return store.list_items().filter(pl.col("item_id") == item_id).get_column("status")[0]


def test_the_status_stands_beside_the_item_when_its_event_is_recorded(tmp_path: Path) -> None:
    store = two_items(tmp_path)
    assert status(store) == "pending"
    seen = []
    for row in journey():
        record_events(store, frame([row]))
        seen.append(status(store))
    assert seen == [
        *("accepted", "in_transit", "in_transit", "in_transit", "at_customs", "in_transit", "in_transit", "delivered")
    ]
    assert status(store, MUG_NO) == "pending"


@pytest.mark.parametrize("order", [slice(None), slice(None, None, -1)])
def test_events_in_any_order_and_in_any_parts_add_up_to_the_same(tmp_path: Path, order: slice) -> None:
    store = two_items(tmp_path)
    rows = [*journey(), *journey(MUG_NO)][order]
    for start in range(0, len(rows), 3):
        record_events(store, frame(rows[start : start + 3]))
    kept = store.list_items().select("status", "events", "wait_ended_at", "last_event_at").unique().rows()
    delivered = POSTED + timedelta(hours=42)
    assert kept == [("delivered", 8, delivered, delivered)]


def test_a_late_event_refolds_its_item(tmp_path: Path) -> None:
    store = two_items(tmp_path)
    record_events(store, frame([event("EMI", 48)]))
    record_events(store, frame([event("EMH", 24)]))
    row = store.list_items().filter(pl.col("item_id") == LAMP_NO).row(0, named=True)
    assert row["status"] == "delivered"
    assert row["wait_ended_at"] == POSTED + timedelta(hours=24)


def test_the_stored_status_is_the_fold_of_the_stored_events(tmp_path: Path) -> None:
    store = two_items(tmp_path)
    record_events(store, frame([*journey(), event("EMH", 41.5, reason="")]))
    state = fold(reversed(track(store, LAMP_NO).events))
    row = store.list_items().filter(pl.col("item_id") == LAMP_NO).row(0, named=True)
    assert (row["status"], row["since"], row["wait_ended_at"], row["events"]) == (
        *(state.status.shown, state.since, state.wait_ended_at, state.events),
    )


def test_the_same_fact_told_again_is_a_duplicate(tmp_path: Path) -> None:
    store = two_items(tmp_path)
    first = record_events(store, frame([event("EMA"), event("EMA", 0.01)]))
    again = record_events(store, frame([event("EMA", recorded_at=NOW), event("EMA", facility="CNBJSA")]))
    assert (counts(first), counts(again)) == ((2, 1, 1, 0), (2, 1, 1, 0))
    assert store.list_events().height == 2


def test_an_unknown_code_is_never_shown_as_in_transit(tmp_path: Path) -> None:
    store = two_items(tmp_path)
    record_events(store, frame([event("EMA"), event("999", 1)]))
    assert status(store) == "accepted"


def test_a_local_time_keeps_its_offset(tmp_path: Path) -> None:
    store = two_items(tmp_path)
    text = f"item_id,code,time,facility\n{LAMP_NO},EMA,2026-01-05T10:53:47+09:00,CNSHAA\n"
    outcome = record_event_file(store, write(tmp_path / "events.csv", text.encode()))
    assert counts(outcome) == (1, 1, 0, 0)
    kept = track(store, "lx 000 000 005 cn").events[0]
    assert kept.time.isoformat() == "2026-01-05T10:53:47+09:00"
    assert kept.recorded_at == NOW


def test_a_carriers_own_codes_are_mapped(tmp_path: Path) -> None:
    store = two_items(tmp_path)
    text = f"number,status,at\n{LAMP_NO},DLV,05/01/2026 18:00\n{LAMP_NO},???,05/01/2026 19:00\n"
    mapping = """
    [columns]
    item_id = "number"
    code = "status"
    time = "at"
    [times]
    zone = "Europe/Berlin"
    format = "%d/%m/%Y %H:%M"
    [values.code]
    DLV = "EMI"
    """
    file = load_mapping(write(tmp_path / "carrier.toml", mapping.encode()), "events")
    outcome = record_event_file(store, write(tmp_path / "carrier.csv", text.encode()), file)
    assert counts(outcome) == (2, 1, 0, 1)
    assert status(store) == "delivered"


def test_many_chunks_give_what_one_gives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "CHUNK_ROWS", 3)
    store = two_items(tmp_path)
    rows = [*journey(), event("999"), *journey(MUG_NO)]
    outcome = record_events(store, frame(rows))
    assert counts(outcome) == (17, 16, 0, 1)
    assert store.list_items().get_column("status").to_list() == ["delivered", "delivered"]
    assert store.list_findings().get_column("row").to_list() == [9]
