"""What is kept comes back as the nouns that messages tell."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from entrepost.mail.receptacle import Count
from entrepost.operations.dispatch_records import KeptDispatch
from entrepost.operations.dispatching.consigning import list_consigned
from entrepost.operations.dispatching.nouns import (
    find_inside,
    list_receptacles,
    read_counts,
    to_consignment,
    to_dispatch,
    write_counts,
)
from tests.operations.dispatching.test_consigning import dispatched, given
from tests.operations.shop import LAMP_NO, MUG_NO


@pytest.mark.parametrize("counts", [(), (Count("", 7),), (Count("P", 1), Count("E", 120))])
def test_counts_are_kept_as_words(counts: tuple[Count, ...]) -> None:
    assert read_counts(write_counts(counts)) == counts


def test_a_dispatch_comes_back_as_it_was_told(tmp_path: Path) -> None:
    store = dispatched(tmp_path)
    (kept,) = store.records.list_of(KeptDispatch, "main")
    bags = list_receptacles(store, "main", kept.dispatch)
    inside = find_inside(store, "main", [each.receptacle_id for each in bags])
    made = to_dispatch(kept, bags, inside)
    assert [each.item_ids for each in made.receptacles] == [(LAMP_NO,), (MUG_NO,)]
    assert (made.weight_g, made.closed_at) == (2_500, kept.closed_at)


def test_a_consignment_comes_back_as_it_was_told(tmp_path: Path) -> None:
    store = dispatched(tmp_path)
    (made,) = given(store).consignments
    told = made.messages[1].message.consignment
    again = to_consignment(made.consignment, *list_consigned(store, made.consignment), told.tendered)
    assert again == replace(told, tenant="main")
