"""What is inside what is kept once, and found from any container down to its items, on both stores."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import polars as pl

from entrepost.operations.store import Store
from entrepost.tables.containment import EVER
from entrepost.tables.frames import INSTANT
from tests.operations.shop import LAMP_NO, POSTED, two_items
from tests.operations.test_containment import FLIGHT, MUG_NO, ONE_FLIGHT, about, hold, recorded, statuses

SCHEMA = {"tenant": pl.String, "subject": pl.String, "container": pl.String, "since": INSTANT, "until": INSTANT}


def rows(*pairs: str, since: datetime = POSTED, until: datetime | None = None) -> pl.DataFrame:
    """Subject and container, with a colon between them."""
    cells = [("main", *pair.split(":"), since, until) for pair in pairs]
    return pl.DataFrame(cells, schema=SCHEMA, orient="row")


def found(store: Store, *subjects: str, tenant: str = "main") -> list[str]:
    names = pl.DataFrame({"tenant": [tenant] * len(subjects), "subject": list(subjects)})
    return [
        f"{subject}:{container}"
        for subject, container in store.find_containments(names).select("subject", "container").rows()
    ]


def test_what_is_inside_is_found_however_deep_and_nothing_else(store: Store) -> None:
    store.add_containments(rows("LAMP:BAG-1", "MUG:BAG-1", "BOOK:BAG-2", "BAG-1:DISPATCH", "BAG-2:OTHER"))
    assert found(store, "DISPATCH") == ["LAMP:BAG-1", "MUG:BAG-1", "BAG-1:DISPATCH"]
    assert found(store, "LAMP") == ["LAMP:BAG-1"]
    assert found(store, "OTHER", "MUG") == ["MUG:BAG-1", "BOOK:BAG-2", "BAG-2:OTHER"]
    assert found(store, "NOWHERE") == found(store, "DISPATCH", tenant="other") == []


def test_what_is_there_stays_and_gets_the_end_that_is_told(store: Store) -> None:
    end = POSTED + timedelta(hours=4)
    store.add_containments(rows("MUG:BAG", since=EVER))
    for told in (None, end, None):
        store.add_containments(rows("MUG:BAG", since=EVER, until=told))
    kept = store.find_containments(pl.DataFrame({"tenant": ["main"], "subject": ["BAG"]}))
    assert kept.rows() == [("main", "MUG", "BAG", EVER, end)]


def test_mail_may_get_into_the_same_container_again(store: Store) -> None:
    store.add_containments(rows("MUG:BAG", until=POSTED + timedelta(hours=1)))
    store.add_containments(rows("MUG:BAG", since=POSTED + timedelta(hours=2)))
    assert found(store, "BAG") == ["MUG:BAG", "MUG:BAG"]


def test_many_items_of_a_dispatch_are_found_at_once(store: Store) -> None:
    store.add_containments(rows(*(f"ITEM-{number}:BAG-{number % 20}" for number in range(2_000))))
    store.add_containments(rows(*(f"BAG-{number}:DISPATCH" for number in range(20))))
    assert len(found(store, "DISPATCH")) == 2_020


def test_an_event_of_a_consignment_moves_its_items_on_either_store(store: Store, tmp_path: Path) -> None:
    two_items(tmp_path, store)
    hold(store, tmp_path, *ONE_FLIGHT)
    assert recorded(store, about(FLIGHT)).accepted == 2
    assert statuses(store) == ("in_transit", "in_transit")
    assert set(store.list_events().get_column("item_id")) == {LAMP_NO, MUG_NO}
