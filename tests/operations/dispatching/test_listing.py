"""What is kept is listed by name, ours and others' apart."""

from __future__ import annotations

from pathlib import Path

import pytest

from entrepost.base.errors import MissingRowError, MisuseError
from entrepost.operations.dispatching.listing import (
    get_consignment,
    get_dispatch,
    list_consignments,
    list_contents,
    list_dispatches,
    list_fillings,
)
from tests.operations.dispatching.others import announced, told
from tests.operations.dispatching.station import bag, put, station
from tests.operations.dispatching.test_consigning import DISPATCH, dispatched, given
from tests.operations.shop import LAMP_NO


def test_what_left_and_what_was_announced_are_listed_apart(tmp_path: Path) -> None:
    store = dispatched(tmp_path)
    given(store)
    told(store, announced(7))
    ours, theirs = (list_dispatches(store, "main", each) for each in ("out", "in"))
    assert ([each.dispatch_id for each in ours], [each.dispatch_id[-4:] for each in theirs]) == ([DISPATCH], ["0007"])
    assert get_dispatch(store, "main", DISPATCH) == ours[0]
    assert get_dispatch(store, "main", DISPATCH[:-1] + "7", "in") == theirs[0]
    assert [each.consignment_id for each in list_consignments(store, "main")] == ["CNA000000001"]
    assert get_consignment(store, "main", " CNA000000001").receptacles == 2
    assert list_consignments(store, "main", "in") == list_dispatches(store, "other") == []


def test_what_is_not_there_is_not_found(tmp_path: Path) -> None:
    store = station(tmp_path)
    with pytest.raises(MissingRowError):
        get_dispatch(store, "main", DISPATCH)
    with pytest.raises(MissingRowError):
        get_consignment(store, "main", "CNA1")
    with pytest.raises(MisuseError, match="direction"):
        list_dispatches(store, "main", "up")


def test_a_bag_is_listed_with_how_many_items_wait_in_it(tmp_path: Path) -> None:
    store = station(tmp_path)
    bag(store, "bag 1")
    bag(store, "bag 2")
    put(store, LAMP_NO, tag="bag 2")
    assert [(each.tag, items) for each, items in list_fillings(store, "main")] == [("bag 1", 0), ("bag 2", 1)]
    assert (list_contents(store, "main", "bag 2"), list_contents(store, "main", "bag 1")) == ([LAMP_NO], [])
