"""What is kept of announced items: the same in a file and on a server, for each account its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import polars as pl
import pytest

from entrepost.operations.acting import acting_for
from entrepost.operations.exchange_records import KeptAwaited
from entrepost.operations.exchanging.making_items import Announced, make_items
from entrepost.operations.inbound_store import PREDES
from entrepost.operations.store import Store
from tests.messages.advance import BUYER, LAMP
from tests.operations.exchanging.inbound import advise, events, go_on, stands, take, tell
from tests.operations.shop import LAMP_NO, MUG_NO, NOW, POSTED, FixedClock

TOLD = Announced(LAMP_NO, POSTED, "CNA", "DE", 400, 1, 3000, "CNY", BUYER)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.server)])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """A store with nothing in it."""
    from entrepost.wiring import open_store

    place = request.getfixturevalue("tmp_path") / "shop.db"
    if request.param == "postgres":
        place = request.getfixturevalue("database")
    made = open_store(place, FixedClock())
    yield made
    made.close()


def test_messages_make_change_and_move_an_item(store: Store) -> None:
    assert take(store, events(tell("EMC", 20)))[0].state == "kept"
    take(store, advise(LAMP))
    assert go_on(store) == {"applied": 1}
    take(store, advise(replace(LAMP, weight_g=450, recipient=replace(BUYER, city="Mainz")), reference="2", minutes=9))
    item = stands(store)
    assert (item["weight_g"], item["events"], item["operator"], item["announced"]) == (450, 1, "CNA", "ITMATT")
    assert store.recipients.find(store.list_items("main")).get_column("city").to_list() == ["Mainz"]
    assert store.list_orders("main").height == 0
    assert store.page_items("main").get_column("operator").to_list() == ["CNA"]


def test_only_the_last_issue_is_found_and_only_that_of_the_account(store: Store) -> None:
    with store.transaction():
        make_items(store, "main", "CNA", [replace(TOLD, posted_at=POSTED - timedelta(days=800))])
        make_items(store, "main", "CNA", [TOLD, replace(TOLD, item_id=MUG_NO, by=PREDES)])
    with acting_for("other"), store.transaction():
        assert store.inbound.find("other", [LAMP_NO]).height == 0
        make_items(store, "other", "HKX", [TOLD])
    found = store.inbound.find("main", [LAMP_NO, MUG_NO]).sort("item_id")
    assert found.get_column("issued_at").to_list() == [POSTED, POSTED]
    assert found.get_column("announced").to_list() == ["ITMATT", "PREDES"]
    with acting_for("other"):
        assert store.inbound.find("other", [LAMP_NO]).get_column("operator").to_list() == ["HKX"]


def test_what_ended_goes_on(store: Store) -> None:
    held = pl.DataFrame({"tenant": "main", "subject": [LAMP_NO], "container": ["BAG"], "since": [POSTED]})
    held = held.with_columns(pl.col("since").cast(pl.Datetime("us", "UTC")))
    store.add_containments(held.with_columns(until=pl.lit(NOW).cast(pl.Datetime("us", "UTC"))))
    names = pl.DataFrame({"tenant": ["main"], "subject": ["BAG"]})
    assert store.find_containments(names).get_column("until").to_list() == [NOW]
    store.inbound.contain_again(store.find_containments(names))
    assert store.find_containments(names).get_column("until").to_list() == [None]


def test_how_many_have_a_value_is_counted_by_account(store: Store) -> None:
    row = KeptAwaited("main", "e LAMP", "e", "LAMP", "CNA", "waiting", NOW)
    store.exchange.put([row, replace(row, awaited="e MUG", item_id="MUG", operator="HKX")])
    assert store.exchange.count(KeptAwaited, "main", "operator", "CNA") == 1
    assert store.exchange.count(KeptAwaited, "main", "state", "waiting") == 2
    assert store.exchange.count(KeptAwaited, "main", "state", "come") == 0
