"""People's data are sealed, forgotten when an order is long over, given when asked for, and erased when asked."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

from entrepost.base.errors import MissingRowError, MisuseError
from entrepost.operations.audit import list_entries
from entrepost.operations.events import record_events
from entrepost.operations.intake import intake_orders
from entrepost.operations.privacy import (
    Forgotten,
    Person,
    PrivacyParams,
    erase_person,
    export_person,
    forget_old,
    turn_keys,
)
from entrepost.operations.recipients import keep_recipients
from entrepost.operations.store import Store
from entrepost.operations.webhooks_endpoints import add_endpoint
from tests.operations.hooks import URL
from tests.operations.post import ANNA, BO, with_contacts
from tests.operations.shop import LAMP_NO, MUG_NO, POSTED, event, lamp, two_items, write_csv

NAMES = ("Anna Schmidt", "Bo Wang")
DELIVERED = [event("EMA", 1), event("EMI", 90)]


def with_recipients(store: Store) -> Store:
    """Anna awaits the lamp, Bo the mug."""
    known = store.list_orders().sort("order_id")
    cells = {"recipient_name": NAMES, "recipient_line1": ("Main 1", "West 2"), "recipient_email": (ANNA, BO)}
    assert keep_recipients(store, known.with_columns(pl.Series(name, cell) for name, cell in cells.items())) == 2
    return store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Two orders of two people, a rejected row that names Anna, and an endpoint that is told of all."""
    store = with_recipients(with_contacts(two_items(tmp_path)))
    add_endpoint(store, "main", URL)
    bad = lamp(order_id="o9", weight_g="heavy") | {"recipient_name": NAMES[0], "recipient_email": ANNA}
    assert intake_orders(store, write_csv(tmp_path, bad, name="bad.csv")).rejected == 1
    return store


def orders(store: Store) -> pl.DataFrame:
    return store.list_orders().select("tenant", "seller", "order_id", "postcode", "city").unique().sort("order_id")


def names(store: Store) -> list[str | None]:
    return store.recipients.find(orders(store)).get_column("name").to_list()


def content(folder: Path) -> bytes:
    """All bytes of the store's files."""
    return b"".join(file.read_bytes() for file in folder.glob("shop.db*"))


def test_no_name_or_address_lies_in_the_file_as_it_is(store: Store, tmp_path: Path) -> None:
    record_events(store, pl.DataFrame(DELIVERED))
    store.close()
    found = content(tmp_path)
    assert b"CNSHAA" in found
    assert [word for word in (*NAMES, ANNA, BO, "Main 1") if word.encode() in found] == []


def test_recipients_come_with_the_orders_of_a_file(tmp_path: Path) -> None:
    row = {"recipient_name": " Anna Schmidt ", "recipient_line1": "Main 1", "recipient_phone": "+49 69 1"}
    store = two_items(tmp_path)
    outcome = intake_orders(store, write_csv(tmp_path, lamp(order_id="o5") | row, name="more.csv"))
    assert (outcome.accepted, outcome.findings) == (1, {})
    found = store.recipients.find(orders(store)).row(0, named=True)
    assert (found["name"], found["line1"], found["phone"]) == ("Anna Schmidt", "Main 1", "+49 69 1")
    assert (found["city"], found["postcode"], found["country"]) == ("Frankfurt", "60311", "DE")


def test_an_order_is_pseudonymised_90_days_after_its_last_event_and_no_other(store: Store, tmp_path: Path) -> None:
    record_events(store, pl.DataFrame([*DELIVERED, event("EMA", 1, MUG_NO)]))
    over = POSTED + timedelta(hours=90)
    assert forget_old(store, now=over + timedelta(days=89)).orders == 0
    assert forget_old(store, now=over + timedelta(days=90, hours=1)) == Forgotten(1, 0)
    assert forget_old(store, now=over + timedelta(days=90, hours=1)).orders == 0
    assert names(store) == [None, "Bo Wang"]
    assert orders(store).select("postcode", "city").rows() == [("603", None), ("60311", "Frankfurt")]
    assert store.find_contacts().get_column("email").to_list() == [BO]
    assert store.list_items().height == 2


def test_what_never_came_to_an_end_is_forgotten_after_a_year(store: Store) -> None:
    record_events(store, pl.DataFrame([event("EMA", 1)]))
    assert forget_old(store, now=POSTED + timedelta(days=364)).orders == 0
    assert forget_old(store, now=POSTED + timedelta(days=366)).orders == 2


def test_a_pseudonym_outlives_what_it_stands_for_and_joins_a_persons_orders(store: Store, tmp_path: Path) -> None:
    more = lamp(order_id="o5") | {"recipient_name": "A. Schmidt", "recipient_email": ANNA.upper()}
    intake_orders(store, write_csv(tmp_path, more, name="more.csv"))
    before = store.recipients.list_persons("main")
    forget_old(store, PrivacyParams(0, 0))
    assert store.recipients.list_persons("main").equals(before)
    persons = dict(before.select("order_id", "person").iter_rows())
    assert persons["o1"] == persons["o5"] != persons["o2"]
    assert ANNA not in json.dumps(persons)


def test_rejected_rows_of_files_are_forgotten_too(store: Store) -> None:
    assert NAMES[0] in store.list_findings().item(0, "raw")
    assert forget_old(store, now=store.clock.now() + timedelta(days=91)).rows == 1
    assert store.list_findings().item(0, "raw") == ""
    assert store.list_findings().item(0, "code") != ""


def test_a_person_gets_all_and_nothing_of_others(store: Store) -> None:
    record_events(store, pl.DataFrame([*DELIVERED, event("EMA", 1, MUG_NO)]))
    by_address, by_order = (export_person(store, "main", who) for who in (Person(email=ANNA), Person(("shop", "o1"))))
    assert by_address == by_order
    counts = {name: len(rows) for name, rows in by_address.items()}
    assert counts == {
        "orders": 1,
        "recipients": 1,
        "contacts": 1,
        "promises": 0,
        "items": 1,
        "events": 2,
        "notices": 0,
        "rejected_rows": 1,
        "messages": 0,
    }
    text = json.dumps(by_address, default=str)
    assert all(word in text for word in (NAMES[0], ANNA, LAMP_NO, "Main 1"))
    assert not any(word in text for word in (NAMES[1], BO, MUG_NO))


def test_an_erased_person_is_nowhere_any_more_and_the_audit_names_nobody(store: Store, tmp_path: Path) -> None:
    assert erase_person(store, "main", Person(email=f" {ANNA.title()} "), asked_by="clerk 7") == 1
    assert names(store) == [None, "Bo Wang"]
    assert orders(store).row(0) == ("main", "shop", "o1", None, None)
    assert store.list_findings().item(0, "raw") == ""
    assert "o1" not in store.recipients.list_persons("main")["order_id"]
    (entry,) = list_entries(store, "main")
    assert (entry.who, entry.action, entry.subject, entry.detail) == ("clerk 7", "erase", "contact", "1 orders")
    again = with_recipients(store)
    assert names(again) == [None, "Bo Wang"]
    with pytest.raises(MissingRowError, match="nothing is kept"):
        export_person(store, "main", Person(email=ANNA))


def test_a_turned_key_seals_everything_anew(store: Store) -> None:
    assert turn_keys(store, "main") == 2 + 2 + 1
    assert turn_keys(store, "other") == 0
    assert names(store) == list(NAMES)
    assert store.find_contacts().get_column("email").to_list() == [ANNA, BO]
    assert NAMES[0] in store.list_findings().item(0, "raw")


def test_another_account_finds_nobody(store: Store) -> None:
    for who in (Person(email=ANNA), Person(("shop", "o1"))):
        with pytest.raises(MissingRowError):
            erase_person(store, "other", who)


def test_a_person_is_named_in_one_way_and_days_are_not_below_0() -> None:
    for wrong in ({}, {"order": ("shop", "o1"), "email": ANNA}):
        with pytest.raises(MisuseError, match="one of them"):
            Person(**wrong)  # type: ignore[arg-type]
    with pytest.raises(MisuseError, match="below 0"):
        PrivacyParams(-1)
