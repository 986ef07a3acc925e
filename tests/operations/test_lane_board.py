"""Where the days of an account are lost."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from entrepost.base.errors import MissingRowError
from entrepost.operations import lane_board
from entrepost.operations.events import record_events
from entrepost.operations.intake import intake_orders
from entrepost.operations.lane_board import board_lanes
from entrepost.operations.order_desk import promise_orders
from entrepost.operations.store import Store
from entrepost.planning.simulate import simulate
from entrepost.planning.simulation.world import AS_ASSUMED
from entrepost.wiring import open_store
from tests.operations.shop import FixedClock
from tests.worlds import MONDAY, four_orders, two_offices


def promised(folder: Path, now: timedelta) -> Store:
    """The four orders of `two_offices`, promised and carried, seen at an instant after Monday."""
    store = open_store(folder / "lanes.db", FixedClock(MONDAY + now))
    four_orders().write_csv(folder / "orders.csv")
    intake_orders(store, folder / "orders.csv")
    promise_orders(store, two_offices())
    items = store.list_items().select("tenant", "seller", "order_id", "item", "item_id")
    events = simulate(two_offices(), store.list_orders(), store.list_promises(), 1, AS_ASSUMED, items)
    record_events(store, events.filter(events["time"] <= MONDAY + now))
    return store


def test_waits_by_step_add_up_to_the_wait_of_the_lane(tmp_path: Path) -> None:
    store = promised(tmp_path, timedelta(days=30))
    board = board_lanes(store, two_offices(), "main")
    lane = board.get_lane("CNSHAA-DE")
    assert lane["lane"] == "Shanghai to Germany"
    assert board.under_way == 0
    steps = board.steps.filter(board.steps["code"] == "CNSHAA-DE")
    assert steps["days"].sum() == pytest.approx(lane["wait_days"])
    assert lane["kept"] == 1.0
    assert board.weeks["orders"].sum() == lane["orders"] == board.orders


def test_orders_within_their_promise_do_not_count_yet(tmp_path: Path) -> None:
    board = board_lanes(promised(tmp_path, timedelta(days=1)), two_offices(), "main")
    assert (board.orders, board.lanes.height) == (0, 0)
    assert board.under_way > 0
    with pytest.raises(MissingRowError):
        board.get_lane("CNSHAA-DE")


def test_who_is_late_counts_with_what_was_waited_so_far(tmp_path: Path) -> None:
    store = open_store(tmp_path / "late.db", FixedClock(MONDAY + timedelta(days=12)))
    four_orders().head(1).write_csv(tmp_path / "orders.csv")
    intake_orders(store, tmp_path / "orders.csv")
    promise_orders(store, two_offices())
    board = board_lanes(store, two_offices(), "main")
    lane = board.get_lane("CNSHAA-DE")
    assert (lane["wait_days"], lane["open_share"], lane["kept"]) == (12.0, 1.0, 0.0)


def test_another_account_sees_nothing_of_it(tmp_path: Path) -> None:
    assert board_lanes(promised(tmp_path, timedelta(days=30)), two_offices(), "other").orders == 0


def test_of_very_many_orders_the_last_ones_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = promised(tmp_path, timedelta(days=30))
    whole = board_lanes(store, two_offices(), "main")
    monkeypatch.setattr(lane_board, "ORDERS_MOST", 2)
    board = board_lanes(store, two_offices(), "main")
    assert (board.orders, board.left_out, whole.left_out) == (2, whole.orders - 2, 0)
    assert board.steps.filter(board.steps["code"] == "CNSHAA-DE")["days"].sum() == pytest.approx(
        board.get_lane("CNSHAA-DE")["wait_days"]
    )
