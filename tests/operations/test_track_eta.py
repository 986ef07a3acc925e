"""A tracked item is expected in a range of its recipient's zone, and where that is a guess it is said in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl

from entrepost.journey.eta import eta
from entrepost.journey.under_way.params import Scanning
from entrepost.journey.under_way.single import Forecaster
from entrepost.network.network import Network
from entrepost.operations.events import record_events
from entrepost.operations.histories import list_histories
from entrepost.operations.order_desk import promise_orders
from entrepost.operations.store import Store
from entrepost.operations.track import track
from entrepost.operations.track_eta import FALLEN_BACK, expect
from tests.journey.histories import uncertain_offices
from tests.operations.shop import FixedClock
from tests.operations.test_track import four_orders_in
from tests.worlds import two_offices

TUESDAY = datetime(2026, 1, 6, 12, tzinfo=UTC)


def accepted(folder: Path, network: Network) -> tuple[Store, str]:
    """The item of the first order, promised by a network and accepted on Tuesday morning."""
    store = four_orders_in(folder)
    clock = store.clock
    assert isinstance(clock, FixedClock)
    clock.instant = TUESDAY
    promise_orders(store, network)
    item = str(store.list_items().filter(pl.col("order_id") == "o1").get_column("item_id")[0])
    scan = {"item_id": [item], "code": ["EMB"], "time": [TUESDAY - timedelta(hours=6)], "facility": ["CNSHAA"]}
    record_events(store, pl.DataFrame(scan), zones={"CNSHAA": "Asia/Shanghai"})
    return store, item


def test_the_range_is_that_of_the_exact_filter_in_the_recipients_zone(tmp_path: Path) -> None:
    network = uncertain_offices()
    east = replace(network, regions=tuple(replace(row, time_zone="Asia/Tokyo") for row in network.regions))
    store, item = accepted(tmp_path, east)
    found = expect(Forecaster(east), track(store, item), store.clock.now())
    assert found is not None
    histories = list_histories(store).filter(pl.col("item_id") == item)
    (row,) = eta(east, histories, TUESDAY, Scanning()).to_dicts()
    assert (found.from_, found.likely, found.to) == (row["arrive_p10"], row["arrive_p50"], row["arrive_p90"])
    assert found.to.utcoffset() == timedelta(hours=9)
    assert (found.time_zone, found.basis, found.words) == ("Asia/Tokyo", "exact", "")
    assert 0 < (found.promise_probability or 0) <= 1
    assert (found.step, found.facility) == (row["step"], row["facility"])


def test_an_item_later_than_all_is_expected_still_and_told_to_be_a_guess(tmp_path: Path) -> None:
    store, item = accepted(tmp_path, two_offices())
    late = TUESDAY + timedelta(days=300)
    found = expect(Forecaster(two_offices()), track(store, item), late)
    assert found is not None
    assert found.basis != "exact"
    assert found.words == FALLEN_BACK[found.basis] != ""
    assert late < found.from_ <= found.likely <= found.to


def test_an_item_whose_wait_has_ended_is_expected_no_more_but_was_before(tmp_path: Path) -> None:
    store, item = accepted(tmp_path, two_offices())
    attempted = TUESDAY + timedelta(days=2)
    assert isinstance(store.clock, FixedClock)
    store.clock.instant = attempted
    scan = {"item_id": [item], "code": ["EMI"], "time": [attempted], "facility": ["DEFRAA"]}
    record_events(store, pl.DataFrame(scan), zones={"DEFRAA": "Europe/Berlin"})
    assert expect(Forecaster(two_offices()), track(store, item), attempted) is None
    before = expect(Forecaster(two_offices()), track(store, item), TUESDAY)
    assert before is not None
    assert before.from_ > TUESDAY


def test_an_item_that_was_cancelled_is_not_expected(tmp_path: Path) -> None:
    store, item = accepted(tmp_path, two_offices())
    assert expect(Forecaster(two_offices()), replace(track(store, item), status="ended"), TUESDAY) is None
