"""Advance data make items at the destination, a dispatch makes what they left out; nobody makes another's."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

from entrepost.mail.declaration import Content, Declaration
from entrepost.messages.predes import Predes
from entrepost.operations.exchange_records import KeptAdvanceData
from entrepost.operations.exchanging.advised import find_advance_data
from entrepost.operations.reconciling import reconcile_store
from entrepost.operations.store import ITEM, Store
from entrepost.operations.track import track
from entrepost.tables.items import items_of
from tests.messages.advance import BUYER, LAMP
from tests.operations.dispatching.others import announced
from tests.operations.exchanging.inbound import advise, edifact, events, stands, take, tell
from tests.operations.shop import LAMP_NO, MUG_NO, NOW, lamp, store_in, two_items, write_csv
from tests.operations.shop import take as intake

HEAVIER = replace(LAMP, weight_g=450, recipient=replace(BUYER, name="Max Mustermann", city="Mainz", postcode="55116"))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return store_in(tmp_path)


def recipient(store: Store, item_id: str = LAMP_NO) -> tuple[str | None, str | None]:
    posting = store.list_items("main").filter(pl.col("item_id") == item_id)
    found = store.recipients.find(posting).row(0, named=True)
    return found["name"], found["city"]


def test_advance_data_make_the_item(store: Store) -> None:
    assert take(store, advise(LAMP))[0].state == "applied"
    item = stands(store)
    told = ("operator", "announced", "origin", "country", "weight_g", "pieces", "value_minor", "currency", "status")
    assert [item[name] for name in told] == ["CNA", "ITMATT", "CNA", "DE", 400, 1, 3000, "CNY", "pending"]
    assert (item["seller"], item["service"], item["issued_at"]) == ("", "", LAMP.posted_at)
    assert recipient(store) == ("Erika Mustermann", "Frankfurt")
    assert find_advance_data(store, "main", LAMP_NO) == LAMP


def test_no_order_is_invented(store: Store) -> None:
    take(store, advise(LAMP))
    assert store.list_orders("main").height == 0
    assert store.list_orders("main", unpromised=True, limit=1).height == 0
    found = track(store, LAMP_NO)
    assert (found.operator, found.announced, found.promise, found.placed_at) == ("CNA", "ITMATT", None, LAMP.posted_at)


def test_the_same_again_changes_nothing_and_a_correction_changes_the_item(store: Store) -> None:
    take(store, advise(LAMP))
    take(store, advise(LAMP, reference="2", minutes=1))
    take(store, events(tell("EMC", 20)))
    assert take(store, advise(HEAVIER, reference="3", minutes=9))[0].state == "applied"
    assert store.list_items("main").height == 1
    assert (stands(store)["weight_g"], stands(store)["events"]) == (450, 1)
    assert recipient(store) == ("Max Mustermann", "Mainz")
    take(store, advise(LAMP, reference="4", minutes=5))
    assert stands(store)["weight_g"] == 450


def test_what_is_taken_back_leaves_the_item_without_advance_data(store: Store) -> None:
    take(store, advise(LAMP))
    (row,) = take(store, advise(LAMP, reference="2", minutes=5, function="cancel"))
    assert (row.state, stands(store)["announced"]) == ("applied", "withdrawn")
    assert store.exchange.list_with(KeptAdvanceData, "main", {}) == []
    assert find_advance_data(store, "main", LAMP_NO) is None
    take(store, advise(HEAVIER, reference="3", minutes=9))
    assert (stands(store)["announced"], stands(store)["weight_g"]) == ("ITMATT", 450)


def test_a_dispatch_makes_the_items_that_nobody_announced(store: Store) -> None:
    take(store, advise(LAMP))
    (row,) = take(store, edifact(announced(), reference="2"))
    assert row.state == "applied"
    lamp, mug = stands(store), stands(store, MUG_NO)
    assert [lamp["announced"], lamp["origin"], lamp["weight_g"]] == ["ITMATT", "CNSHAA", 400]
    assert [mug["announced"], mug["origin"], mug["weight_g"], mug["country"]] == ["PREDES", "CNSHAA", 0, "DE"]
    take(store, advise(replace(HEAVIER, item_id=MUG_NO), reference="3"))
    mug = stands(store, MUG_NO)
    assert [mug["announced"], mug["origin"], mug["weight_g"]] == ["ITMATT", "CNSHAA", 450]


def test_reconciliation_still_misses_advance_data_and_arrivals(store: Store) -> None:
    """The mug was made by its dispatch alone; both left, and nobody told that they came."""
    take(store, advise(LAMP))
    take(store, edifact(announced(), reference="2"))
    told = events(tell("EMC", 20), tell("EMC", 20, MUG_NO), tell("EMC", 20, "LX000000028CN"))
    assert take(store, told)[0].state == "kept"
    found = (
        reconcile_store(store, "main", now=announced().dispatch.closed_at + timedelta(days=9))
        .select("code", "subject")
        .rows()
    )
    assert [subject for code, subject in found if code == "item_without_advance_data"] == [MUG_NO]
    assert sorted(subject for code, subject in found if code == "item_not_arrived") == [LAMP_NO, MUG_NO]


def test_a_dispatch_may_come_before_advance_data_in_one_transaction_or_another(store: Store) -> None:
    take(store, edifact(announced()))
    take(store, advise(LAMP, reference="2"))
    assert (stands(store)["origin"], stands(store)["weight_g"]) == ("CNSHAA", 400)
    assert store.list_items("main").height == 2


def test_an_item_that_goes_elsewhere_is_not_made(store: Store) -> None:
    french = replace(LAMP, destination_operator="FRA", recipient=replace(BUYER, country="FR"))
    (row,) = take(store, advise(french))
    assert (row.state, "exchange_item_elsewhere" in row.why) == ("applied", True)
    assert store.list_items("main").height == 0


def test_our_own_items_are_left_as_they_are(tmp_path: Path) -> None:
    store = two_items(tmp_path)
    before = store.list_items("main")
    take(store, advise(HEAVIER))
    take(store, edifact(announced(), reference="2"))
    assert store.list_items("main").equals(before)


def test_another_operator_of_the_same_country_changes_nothing(store: Store) -> None:
    take(store, advise(LAMP))
    kept = store.exchange.list_with(KeptAdvanceData, "main", {})
    (row,) = take(store, advise(HEAVIER, sender="HK101"), sender="HK101")
    assert (row.state, "exchange_item_announced" in row.why) == ("refused", True)
    cancelled = advise(LAMP, sender="HK101", reference="2", minutes=9, function="cancel")
    take(store, cancelled, sender="HK101")
    assert store.exchange.list_with(KeptAdvanceData, "main", {}) == kept
    assert (stands(store)["operator"], stands(store)["announced"], stands(store)["weight_g"]) == ("CNA", "ITMATT", 400)
    assert recipient(store) == ("Erika Mustermann", "Frankfurt")


def dispatch_of(*item_ids: str) -> Predes:
    """The dispatch of Shanghai, with these items in its first bag and the mug in its second."""
    told = announced()
    bags = told.dispatch.receptacles
    return replace(told, dispatch=replace(told.dispatch, receptacles=(replace(bags[0], item_ids=item_ids), bags[1])))


def inside(store: Store) -> list[str]:
    """The items in the bags of that dispatch."""
    bags = [each.receptacle_id for each in announced().dispatch.receptacles]
    held = store.find_containments(pl.DataFrame({"tenant": ["main"] * 2, "subject": bags}))
    return held.filter(pl.col("container").is_in(bags)).get_column("subject").sort().to_list()


def test_a_dispatch_holds_no_items_of_others(store: Store) -> None:
    take(store, advise(replace(LAMP, item_id=MUG_NO), sender="HK101"), sender="HK101")
    (row,) = take(store, edifact(dispatch_of(LAMP_NO, "LX000000005FR")))
    assert row.state == "applied"
    assert ("exchange_item_other" in row.why, "exchange_item_announced" in row.why) == (True, True)
    assert inside(store) == [LAMP_NO]
    assert stands(store, MUG_NO)["operator"] == "HKX"
    assert store.list_items("main").height == 2, "nobody made the French one"


def test_what_comes_back_is_in_its_dispatch_and_stays_ours(store: Store, tmp_path: Path) -> None:
    """An item of ours that went to China comes back in a dispatch from there."""
    ours = "LX000000005DE"
    intake(store, write_csv(tmp_path, lamp(origin="DEFRAA", country="CN")))
    items = items_of(store.list_orders("main")).with_columns(issued_at="placed_at", service=pl.lit("PACKET"))
    store.add_items(items.with_columns(item_id=pl.lit(ours)).select(ITEM))
    before = stands(store, ours)
    take(store, edifact(dispatch_of(ours)))
    assert inside(store) == [ours, MUG_NO]
    assert stands(store, ours) == before


def test_a_number_that_is_given_again_after_years_is_another_item(store: Store) -> None:
    take(store, advise(replace(LAMP, posted_at=LAMP.posted_at - timedelta(days=800))))
    take(store, advise(HEAVIER, reference="2", minutes=9))
    both = store.list_items("main").sort("issued_at")
    assert both.select("weight_g", "item").rows() == [(400, 1), (450, 1)]
    assert both.get_column("order_id").n_unique() == 2


def test_a_posting_in_the_future_is_dated_now(store: Store) -> None:
    take(store, advise(replace(LAMP, posted_at=NOW + timedelta(days=4_000))))
    assert stands(store)["issued_at"] == NOW


def test_money_of_no_currency_and_endless_sums_are_kept_as_far_as_they_go(store: Store) -> None:
    odd = replace(LAMP, declaration=Declaration("sale", "ZZZ", (Content("lamp", 1, 1, 5),)))
    huge = tuple(Content("lamp", 10**18, 1, 10**18) for _ in range(20))
    much = replace(LAMP, item_id=MUG_NO, declaration=Declaration("sale", "CNY", huge))
    assert [row.state for row in take(store, advise(odd, much))] == ["applied", "applied"]
    assert (stands(store)["currency"], stands(store)["value_minor"]) == (None, 0)
    assert (stands(store, MUG_NO)["value_minor"], stands(store, MUG_NO)["pieces"]) == (10**18, 10**18)


@pytest.mark.parametrize("year", ["0001", "9999"])
def test_a_year_in_which_no_mail_is_sent_is_refused(store: Store, year: str) -> None:
    body = advise(LAMP).replace(b'"posted_at":"2026', f'"posted_at":"{year}'.encode())
    (row,) = take(store, body)
    assert (row.state, "exchange_unkeepable" in row.why) == ("refused", True)
    assert store.list_items("main").height == 0
