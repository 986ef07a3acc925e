"""What is worked out beside the server is what it would have worked out itself, and changes nothing in the store."""

from __future__ import annotations

import warnings
from datetime import timedelta
from pathlib import Path

import pytest

from entrepost.api.looking import Look, look_at_lanes, look_for_exceptions
from entrepost.base.errors import StoreError
from entrepost.network.feed import write_network
from entrepost.operations.exceptions_source import exceptions_of_store
from entrepost.operations.lane_board import board_lanes
from entrepost.wiring import open_reader
from tests.operations.shop import store_in
from tests.web.shop import fill
from tests.worlds import two_offices


def test_a_reader_beside_the_writer_sees_what_is_committed(tmp_path: Path) -> None:
    store = fill(store_in(tmp_path), tmp_path)
    write_network(two_offices(), tmp_path / "network")
    look = Look(str(tmp_path / "shop.db"), str(tmp_path / "network"), "main")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        lanes, exceptions = look_at_lanes(look), look_for_exceptions(look)
    now = lanes.as_of
    store.clock.instant = now  # type: ignore[attr-defined]
    assert lanes.lanes.equals(board_lanes(store, two_offices(), "main").lanes)
    assert exceptions.frame.equals(exceptions_of_store(store, two_offices(), now, tenant="main").frame)
    assert look_at_lanes(Look(look.place, look.source, "other")).orders == 0
    store.close()


def test_a_reader_cannot_write(tmp_path: Path) -> None:
    store = fill(store_in(tmp_path), tmp_path)
    reader = open_reader(tmp_path / "shop.db")
    with pytest.raises(StoreError, match="readonly"):
        reader.archive_events(reader.list_quiet(store.clock.now() + timedelta(days=9)))
    reader.close()
    store.close()
