"""One item: its status, its events by local time, and whether its promise was kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from entrepost.base.errors import MissingRowError
from entrepost.operations.events import record_events
from entrepost.operations.intake import intake_orders
from entrepost.operations.order_desk import promise_orders
from entrepost.operations.store import Store
from entrepost.operations.track import track
from tests.journey.histories import uncertain_offices
from tests.operations.shop import FixedClock, store_in
from tests.worlds import four_orders, two_offices


def four_orders_in(folder: Path, country: str = "DE") -> Store:
    store = store_in(folder)
    four_orders().with_columns(country=pl.lit(country)).write_parquet(folder / "orders.parquet")
    outcome = intake_orders(store, folder / "orders.parquet", origins=("CNSHAA",))
    assert (outcome.accepted, outcome.orders, outcome.findings) == (5, 4, {})
    return store


def test_a_tracked_item_shows_its_promise_and_whether_it_was_kept(tmp_path: Path) -> None:
    store = four_orders_in(tmp_path)
    promise_orders(store, two_offices())
    first = store.list_items().filter(pl.col("order_id") == "o1").get_column("item_id")[0]
    before = track(store, first)
    assert (before.status, before.events) == ("pending", ())
    assert before.promise is not None
    assert before.promise.to == datetime(2026, 1, 8, 10, tzinfo=UTC)
    assert before.promise.from_ == datetime(2026, 1, 8, 10, tzinfo=UTC)
    assert before.promise.kept is False
    attempted = datetime(2026, 1, 8, 9, 20, tzinfo=UTC)
    rows = {"item_id": [first], "code": ["EMI"], "time": [attempted], "facility": ["DEFRAA"]}
    record_events(store, pl.DataFrame(rows), zones={"DEFRAA": "Europe/Berlin"})
    after = track(store, f" {first[:2]} {first[2:].lower()}")
    assert (after.status, after.wait_ended_at) == ("delivered", attempted)
    assert after.promise is not None
    assert after.promise.kept is True
    assert after.events[0].time.isoformat() == "2026-01-08T10:20:00+01:00"


def test_a_promise_is_told_in_the_recipients_zone_and_an_old_one_without_its_beginning(tmp_path: Path) -> None:
    store = four_orders_in(tmp_path)
    network = uncertain_offices()
    east = replace(network, regions=tuple(replace(row, time_zone="Asia/Tokyo") for row in network.regions))
    promise_orders(store, east)
    first = store.list_items().filter(pl.col("order_id") == "o1")
    given = store.list_promises(orders=first).row(0, named=True)
    told = track(store, first.get_column("item_id")[0]).promise
    assert told is not None
    assert told.from_ is not None
    assert told.to is not None
    assert told.time_zone == "Asia/Tokyo"
    assert told.to == given["arrive_by_p90"]
    assert told.to - told.from_ == timedelta(hours=given["wait_hours_p90"] - given["wait_hours_p10"])
    assert told.from_.utcoffset() == timedelta(hours=9)

    before = pl.DataFrame([given]).drop("wait_hours_p10", "time_zone").with_columns(service=pl.lit("OLD"))
    store.add_promises(before)
    store.add_items(
        first.with_columns(item=pl.lit(9, pl.Int64), item_id=pl.lit("LX000000999CN"), service=pl.lit("OLD")).drop(
            "item_no"
        )
    )
    old = track(store, "LX000000999CN").promise
    assert old is not None
    assert (old.service, old.from_, old.time_zone) == ("OLD", None, "UTC")


def test_while_the_day_is_not_over_nobody_knows_whether_a_promise_is_kept(tmp_path: Path) -> None:
    store = four_orders_in(tmp_path)
    clock = store.clock
    assert isinstance(clock, FixedClock)
    clock.instant = datetime(2026, 1, 5, tzinfo=UTC) + timedelta(hours=1)
    promise_orders(store, two_offices())
    promised = track(store, store.list_items().get_column("item_id")[0]).promise
    assert promised is not None
    assert promised.kept is None


def test_an_unknown_number_is_missing(tmp_path: Path) -> None:
    with pytest.raises(MissingRowError, match="LX000000005CN"):
        track(four_orders_in(tmp_path), "LX 000 000 005 CN")
