"""A place names a store, or is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from entrepost.base.errors import MisuseError
from entrepost.wiring import open_store
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
