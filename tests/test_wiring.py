"""A place names a store, or is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from entrepost.base.errors import MisuseError
from entrepost.wiring import is_store, open_store
from tests.operations.shop import lamp, take_in


@pytest.mark.parametrize("place", ["mysql://host/db", "postgresql://host", ":memory:", "", "sqlite://"])
def test_a_place_that_keeps_nothing_or_is_not_known_is_misuse(place: str) -> None:
    with pytest.raises(MisuseError):
        open_store(place)


def test_a_url_and_a_path_are_the_same_store(tmp_path: Path) -> None:
    store, _ = take_in(tmp_path, lamp())
    store.close()
    again = open_store(f"sqlite:///{tmp_path}/shop.db")
    assert again.list_orders().height == 1
    assert again.list_sellers().rows() == [("main", "shop")]


def test_a_store_is_told_from_another_file(tmp_path: Path) -> None:
    store, _ = take_in(tmp_path, lamp())
    store.close()
    assert is_store(tmp_path / "shop.db")
    assert is_store("postgresql://host/database")
    (tmp_path / "events.csv").write_text("item_id,code,time\n")
    assert not is_store(tmp_path / "events.csv")
    assert not is_store(tmp_path / "nowhere.db")
