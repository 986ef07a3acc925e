"""A receptacle takes what belongs into it and may be loaded, and says why it does not take the rest."""

from __future__ import annotations

from pathlib import Path

import pytest

from entrepost.base.errors import MissingRowError, MisuseError
from entrepost.operations.dispatch_records import Content
from entrepost.operations.dispatching.filling import Opening, Put, drop_receptacle, open_receptacle, put_items, take_out
from tests.operations.dispatching.station import CLERK, NETWORK, assess, bag, close, more_items, put, station
from tests.operations.shop import LAMP_NO, MUG_NO


def codes(outcome: Put) -> list[str]:
    return [each.code for each in outcome.findings]


def test_an_item_is_put_in_once_however_often_it_is_scanned(tmp_path: Path) -> None:
    store = station(tmp_path)
    bag(store)
    assert put(store, LAMP_NO).added == 1
    assert (put(store, LAMP_NO.lower(), f" {LAMP_NO}").again, put(store, MUG_NO).added) == (1, 1)
    assert {each.item_id for each in store.records.list_of(Content, "main")} == {LAMP_NO, MUG_NO}


def test_what_is_in_another_bag_is_not_put_into_a_second_one(tmp_path: Path) -> None:
    store = station(tmp_path)
    bag(store, "bag 1")
    bag(store, "bag 2")
    put(store, LAMP_NO, tag="bag 1")
    told = put(store, LAMP_NO, MUG_NO, tag="bag 2")
    assert (told.added, codes(told)) == (1, ["content_elsewhere"])
    assert take_out(store, CLERK, "bag 1", [LAMP_NO]).again == 1
    assert put(store, LAMP_NO, tag="bag 2").added == 1


def test_what_left_in_a_closed_bag_is_not_put_in_again(tmp_path: Path) -> None:
    store = station(tmp_path)
    bag(store)
    put(store, LAMP_NO)
    close(store)
    bag(store, "bag 2")
    assert codes(put(store, LAMP_NO, tag="bag 2")) == ["content_elsewhere"]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"destination": "FRCDGA"}, "content_destination_differs"),
        ({"mail_subclass": "CN"}, "content_class_differs"),
        ({"holds": "registered"}, "content_flag_differs"),
    ],
)
def test_an_item_does_not_go_where_it_does_not_belong(tmp_path: Path, changed: dict[str, str], code: str) -> None:
    store = station(tmp_path)
    bag(store, **changed)
    told = put(store, LAMP_NO)
    assert (told.added, codes(told)) == (0, [code])


def test_in_open_transit_items_may_go_on_to_another_country(tmp_path: Path) -> None:
    store = station(tmp_path)
    bag(store, destination="FRCDGA", mail_subclass="UA")
    assert put(store, LAMP_NO).added == 1


def test_an_unknown_item_loses_no_other(tmp_path: Path) -> None:
    store = station(tmp_path)
    bag(store)
    told = put(store, "RX000000007CN", LAMP_NO)
    assert (told.added, codes(told)) == (1, ["content_item_unknown"])


def test_what_the_authorities_have_not_answered_stays_out_unless_silence_counts(tmp_path: Path) -> None:
    store = station(tmp_path, assessed=False)
    bag(store)
    assert codes(put(store, LAMP_NO)) == ["gate_data_not_lodged"]
    assess(store, LAMP_NO, answer="REG")
    assert codes(put(store, LAMP_NO)) == ["gate_not_assessed"]
    assert put_items(store, CLERK, "bag 1", [LAMP_NO], timeout_minutes=30).added == 1
    assess(store, MUG_NO, answer="DNL")
    assert codes(put_items(store, CLERK, "bag 1", [MUG_NO], timeout_minutes=30)) == ["gate_do_not_load"]


def test_by_sea_nobody_waits_for_an_answer(tmp_path: Path) -> None:
    store = station(tmp_path, assessed=False)
    bag(store, mail_category="C")
    assert put(store, LAMP_NO).added == 1


def test_opening_again_answers_the_same_and_another_bag_needs_another_tag(tmp_path: Path) -> None:
    store = station(tmp_path)
    assert bag(store) == bag(store)
    with pytest.raises(MisuseError, match="take another tag"):
        bag(store, destination="FRCDGA")
    assert open_receptacle(store, NETWORK, CLERK, Opening("CNSHAA", "DEFRAA", "A", "UN")).tag.startswith("T")


@pytest.mark.parametrize("changed", [{"origin": "CNXXXA"}, {"mail_category": "E"}, {"mail_subclass": "XN"}])
def test_a_bag_of_no_series_is_not_opened(tmp_path: Path, changed: dict[str, str]) -> None:
    store = station(tmp_path)
    with pytest.raises(MisuseError):
        bag(store, **changed)


def test_a_dropped_bag_frees_its_items_and_a_closed_one_takes_none(tmp_path: Path) -> None:
    store = station(tmp_path)
    bag(store)
    put(store, LAMP_NO)
    assert drop_receptacle(store, CLERK, "bag 1") == 1
    with pytest.raises(MissingRowError, match="open it first"):
        put(store, LAMP_NO)
    bag(store)
    put(store, LAMP_NO)
    close(store)
    with pytest.raises(MissingRowError, match="was closed"):
        put(store, MUG_NO)
    with pytest.raises(MissingRowError, match="was closed"):
        take_out(store, CLERK, "bag 1", [LAMP_NO])


def test_a_thousand_items_are_put_in_at_once(tmp_path: Path) -> None:
    store = station(tmp_path)
    numbers = more_items(store, tmp_path, 1000)
    bag(store)
    assert put(store, *numbers).added == 1000
    assert put(store, *numbers).again == 1000
