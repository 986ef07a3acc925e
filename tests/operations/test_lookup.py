"""Items by what somebody remembers of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from entrepost.operations.lookup import look_up
from tests.operations.shop import LAMP_NO, MUG_NO, lamp, take, two_items, write_csv
from tests.store.test_recipients import anna, frame


def test_an_item_is_found_by_number_order_and_recipient(tmp_path: Path) -> None:
    store = two_items(tmp_path)
    store.recipients.add(frame(anna("o1", name="Ana Pérez", email="ana@example.org")))
    spaced = f" {LAMP_NO[:2]} {LAMP_NO[2:5]} {LAMP_NO[5:]}".lower()
    for text in (LAMP_NO, spaced, "o1", "perez ANA", "ANA@example.org"):
        assert look_up(store, "main", text).items["item_id"].to_list() == [LAMP_NO], text
    both = look_up(store, "main", LAMP_NO[:4])
    assert (sorted(both.items["item_id"]), both.is_all) == (sorted([LAMP_NO, MUG_NO]), True)
    few = look_up(store, "main", "o", limit=1)
    assert (few.items.height, few.is_all) == (1, False)
    assert look_up(store, "other", LAMP_NO).items.is_empty()


def test_an_order_without_an_item_is_found_too(tmp_path: Path) -> None:
    store = two_items(tmp_path)
    take(store, write_csv(tmp_path, lamp(order_id="o3"), name="more.csv"))
    found = look_up(store, "main", "o3")
    assert (found.items.height, found.orders["order_id"].to_list()) == (0, ["o3"])


@pytest.mark.parametrize("text", ["", "  ", "\0", "%", "_", "o1' OR 1=1", "x" * 500])
def test_what_is_nothing_finds_nothing(tmp_path: Path, text: str) -> None:
    found = look_up(two_items(tmp_path), "main", text)
    assert (found.items.height, found.orders.height) == (0, 0)
