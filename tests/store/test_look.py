"""What pages look up, on both stores."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import polars as pl

from entrepost.mail.status import Status
from entrepost.operations.events import record_events
from entrepost.operations.look_store import ROW_KEY, FindingsWanted, Wanted
from entrepost.operations.store import Store
from entrepost.store.recipients import name_of
from tests.operations.shop import LAMP_NO, POSTED, event, two_items
from tests.store.test_recipients import anna, frame

ANY = 10**12


def numbers(store: Store, wanted: Wanted, before: int = ANY, limit: int = 9) -> list[int]:
    return store.look.list_block(0, wanted, before, limit)["item_no"].to_list()


def test_items_of_a_block_add_up_on_either_store(store: Store, tmp_path: Path) -> None:
    two_items(tmp_path, store)
    assert store.look.find_last() == 2
    assert store.look.list_marks(0, 0).height == 0
    record_events(store, pl.DataFrame([event("EMA", 1), event("EMI", 90)]))
    sums = store.look.sum_block(0)
    assert dict(sums.group_by("state").agg(pl.col("items").sum()).iter_rows()) == {0: 1, int(Status.DELIVERED): 1}
    ended = sums.filter(state=int(Status.DELIVERED)).row(0, named=True)
    assert (ended["wait_hours"] > 0, ended["due_day"]) == (True, None)
    before = store.look.list_marks(0, 0)
    record_events(store, pl.DataFrame([event("EMD", 50)]))
    assert store.look.list_marks(0, 0)["mark"][0] > before["mark"][0]
    assert store.look.sum_block(1).height == 0


def test_items_are_listed_by_what_is_wanted_the_last_first(store: Store, tmp_path: Path) -> None:
    two_items(tmp_path, store)
    record_events(store, pl.DataFrame([event("EMA", 1)]))
    assert numbers(store, Wanted("main")) == [2, 1]
    assert numbers(store, Wanted("main"), before=2) == [1]
    assert numbers(store, Wanted("main"), limit=1) == [2]
    assert numbers(store, Wanted("other")) == []
    accepted = numbers(store, Wanted("main", (int(Status.ACCEPTED),)))
    assert accepted == store.list_items().filter(item_id=LAMP_NO)["item_no"].to_list()
    assert numbers(store, Wanted("main", country="XX")) == []
    assert numbers(store, Wanted("main", due_before=POSTED + timedelta(days=365))) in ([], [2, 1])


def test_items_and_orders_are_found_by_how_they_begin(store: Store, tmp_path: Path) -> None:
    two_items(tmp_path, store)
    assert store.look.find_like("main", LAMP_NO[:6], 9).height == 2
    assert store.look.find_like("main", LAMP_NO, 9).height == 1
    assert store.look.find_like("other", LAMP_NO, 9).height == 0
    assert store.look.find_orders_like("main", "o", 9)["order_id"].to_list() == ["o1", "o2"]
    assert store.look.find_orders_like("other", "o", 9).height == 0


def test_a_recipient_is_found_by_name_until_it_is_forgotten(store: Store, tmp_path: Path) -> None:
    two_items(tmp_path, store)
    store.recipients.add(frame(anna("o1", name="Zoë  Meier"), anna("o2", name="Zoë Meier", email="zoe@example.org")))
    assert store.look.find_orders_of("main", "meier ZOE", 9)["order_id"].to_list() == ["o1", "o2"]
    assert store.look.find_orders_of("main", "Zoe@Example.org", 9)["order_id"].to_list() == ["o2"]
    assert store.look.find_orders_of("other", "Zoë Meier", 9).height == 0
    assert store.look.find_orders_of("main", " ", 9).height == 0
    store.recipients.pseudonymise(frame(anna("o1")))
    assert store.look.find_orders_of("main", "Zoë Meier", 9)["order_id"].to_list() == ["o2"]


def test_a_name_is_compared_without_accents_capitals_and_order() -> None:
    assert name_of("Pérez  Ana") == name_of("ana PEREZ")
    assert name_of(None) == name_of("  ") == ""


def test_findings_come_page_by_page_by_the_line_of_their_file(store: Store) -> None:
    rows = pl.DataFrame(
        {
            **{name: ["x", "y", "x"] for name in ("code", "field", "message", "fix")},
            "subject": ["orders.csv"] * 3,
            "row": [7, 2, 3],
            "level": ["error", "warning", "error"],
            "raw": [""] * 3,
        }
    )
    store.add_findings(rows, "main", "one")
    store.add_findings(rows.head(1), "other", "two")
    wanted = FindingsWanted("main", "one", limit=2)
    first = store.look.page_findings(wanted)
    assert (first["row"].to_list(), store.look.count_findings(wanted)) == ([2, 3], 3)
    rest = store.look.page_findings(replace(wanted, after=first.select(ROW_KEY).row(-1)))
    assert rest["row"].to_list() == [7]
    errors = FindingsWanted("main", level="error", code="x")
    assert store.look.page_findings(errors)["row"].to_list() == [7, 3], "as they were found"
    assert store.look.count_findings(FindingsWanted("other", "one")) == 0
