"""A store's file is read when a server begins, as far as is of use, and what cannot be read stops nobody."""

from __future__ import annotations

from pathlib import Path

import pytest

from entrepost.api import ahead, read_through
from entrepost.api.ahead import Ahead
from entrepost.api.house import House
from entrepost.network.feed import write_network
from entrepost.wiring import open_store
from tests.api.world import PARAMS
from tests.worlds import one_warehouse


def test_a_file_is_read_whole(tmp_path: Path) -> None:
    file = tmp_path / "shop.db"
    file.write_bytes(b"x" * 10_000_001)
    assert read_through.read_through(str(file)) == 10_000_001


def test_of_a_very_large_one_the_beginning_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_through, "PART_BYTES", 10)
    monkeypatch.setattr(read_through, "MOST_BYTES", 25)
    file = tmp_path / "shop.db"
    file.write_bytes(b"x" * 100)
    assert read_through.read_through(str(file)) == 30


def test_one_that_is_not_there_disturbs_nobody(tmp_path: Path) -> None:
    read_through.read_through_apart(tmp_path / "nothing.db", lambda: False)


def test_a_server_on_a_file_has_it_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Path] = []
    monkeypatch.setattr(ahead, "read_through_apart", lambda file, _: asked.append(file))
    write_network(one_warehouse(), tmp_path / "network")
    place = tmp_path / "shop.db"
    house = House(open_store(place), str(tmp_path / "network"), tmp_path / "uploads", PARAMS, place=str(place))
    thread = Ahead(house)
    thread.start()
    assert house.warm.wait(600)
    thread.stop()
    house.store.close()
    assert asked == [place]
