"""What happens is queued in its own transaction, once, for whoever wants it; and no message names a person."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from entrepost.operations.events import record_event_file, record_events
from entrepost.operations.exceptions import AFFECTED, SCHEMA
from entrepost.operations.store import Store
from entrepost.operations.webhooks import (
    BATCH_FINISHED,
    EXCEPTION_FOUND,
    KINDS,
    STATUS_CHANGED,
    announce_exceptions,
)
from entrepost.operations.webhooks_endpoints import add_endpoint, switch_endpoint
from tests.operations.hooks import URL, tell
from tests.operations.post import ANNA, with_contacts
from tests.operations.shop import LAMP_NO, MUG_NO, POSTED, csv_text, event, two_items, write


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Two items, and an endpoint that wants all."""
    store = two_items(tmp_path)
    add_endpoint(store, "main", URL)
    return store


def told(store: Store, kind: str = "") -> list[dict[str, object]]:
    """What was queued, in its order."""
    rows = store.webhooks.list_deliveries("main", limit=0).reverse()
    names = rows.filter(pl.col("kind") == kind) if kind else rows
    bodies = dict(store.webhooks.find_messages(names).select("message", "body").iter_rows())
    return [json.loads(bodies[name]) for name in names.get_column("message")]


def record(store: Store, *events: dict[str, object]) -> None:
    record_events(store, pl.DataFrame(list(events)))


def test_a_status_that_changes_is_told_with_the_one_before(store: Store) -> None:
    record(store, event("EMA", 1))
    (message,) = told(store)
    assert (message["type"], message["timestamp"]) == (STATUS_CHANGED, "2026-01-10T08:30:00Z")
    data = message["data"]
    assert isinstance(data, dict)
    assert {name: data[name] for name in ("item_id", "order_id", "status", "previous")} == {
        "item_id": LAMP_NO,
        "order_id": "o1",
        "status": "accepted",
        "previous": {"status": "pending", "kind": ""},
    }


def test_events_that_change_nothing_are_not_told(store: Store) -> None:
    record(store, event("EMA", 1))
    record(store, event("EMA", 1), event("EMA", 2))
    assert len(told(store)) == 1


def test_a_late_event_that_changes_the_status_is_told_and_one_that_does_not_is_not(store: Store) -> None:
    record(store, event("EMC", 30))
    record(store, event("EMB", 10))
    assert [each["data"]["status"] for each in told(store)] == ["in_transit"]  # type: ignore[index]
    record(store, event("EME", 20, MUG_NO))
    record(store, event("EMI", 40), event("EMD", 19, MUG_NO), event("EMI", 21, MUG_NO))
    assert [each["data"]["status"] for each in told(store)][-2:] == ["delivered"] * 2  # type: ignore[index]


def test_who_is_told_and_who_is_not(store: Store) -> None:
    other = add_endpoint(store, "main", URL, [BATCH_FINISHED])
    add_endpoint(store, "other", URL)
    off = add_endpoint(store, "main", URL)
    switch_endpoint(store, "main", off.endpoint, on=False)
    record(store, event("EMA", 1))
    rows = store.webhooks.list_deliveries("main", limit=0)
    assert rows.height == 1
    assert other.endpoint not in rows.get_column("endpoint")
    assert store.webhooks.list_deliveries("other").height == 0


def test_without_endpoints_nothing_is_kept(tmp_path: Path) -> None:
    store = two_items(tmp_path)
    record(store, event("EMA", 1))
    add_endpoint(store, "main", URL)
    assert told(store) == []


def test_what_is_undone_was_never_told(store: Store) -> None:
    def broken() -> None:
        with store.transaction():
            record(store, event("EMA", 1))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        broken()
    assert told(store) == []
    record(store, event("EMA", 1))
    assert len(told(store)) == 1


def test_a_file_is_told_when_it_is_done_and_a_frame_is_not(store: Store, tmp_path: Path) -> None:
    row = {"item_id": LAMP_NO, "code": "EMA", "time": "2026-01-05T12:00:00+08:00", "facility": "CNSHAA"}
    file = write(tmp_path / "events.csv", csv_text(row).encode())
    record_event_file(store, file)
    record(store, event("EMB", 3))
    (batch,) = told(store, BATCH_FINISHED)
    data = batch["data"]
    assert isinstance(data, dict)
    assert (data["file"], data["kind"], data["read"], data["accepted"]) == ("events.csv", "events", 1, 1)


def test_an_exception_is_told_once_to_those_whose_items_are_behind_it(store: Store) -> None:
    row = dict.fromkeys(SCHEMA) | {"number": 1, "kind": "item_silent", "subject": LAMP_NO, "place": "CNSHAA"}
    row |= {"since": POSTED, "chance": 0.001, "items": 1, "item_days_saved": 2.0, "action": "ask CNSHAA"}
    frame = pl.DataFrame([row], schema=SCHEMA)
    behind = {"number": 1, "tenant": "main", "seller": "shop", "item_id": LAMP_NO, "since": POSTED, "chance": 0.001}
    items = pl.DataFrame([behind, behind | {"tenant": "other"}], schema=AFFECTED)
    assert announce_exceptions(store, frame, items) == 1
    assert announce_exceptions(store, frame.with_columns(chance=pl.lit(0.0005)), items) == 0
    (message,) = told(store, EXCEPTION_FOUND)
    data = message["data"]
    assert isinstance(data, dict)
    assert (data["subject"], data["items"], data["affected"][0]["item_id"]) == (LAMP_NO, 1, LAMP_NO)


def test_the_same_news_is_told_once_whoever_tells_it(store: Store) -> None:
    assert tell(store, "a", "b") == 2
    assert tell(store, "a", "b", "c") == 1


def test_no_message_names_a_person(store: Store) -> None:
    with_contacts(store)
    record(store, event("EMA", 1), event("EMI", 90))
    assert ANNA not in json.dumps(told(store))


def test_every_kind_is_told_in_words() -> None:
    assert all(text.endswith(".") for text in KINDS.values())
