from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from entrepost.base.errors import MisuseError
from entrepost.operations.carry import carry, measure_store, summarise_intakes
from entrepost.operations.events import record_events
from entrepost.operations.intake import intake_orders
from entrepost.operations.order_desk import promise_orders
from entrepost.operations.store import Store
from entrepost.wiring import open_store
from tests.worlds import four_orders, two_offices


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    opened = open_store(tmp_path / "carry.db")
    yield opened
    opened.close()


def test_items_travel_under_their_own_identifiers_and_their_wait_is_measured(store: Store, tmp_path: Path) -> None:
    four_orders().write_csv(tmp_path / "orders.csv")
    intake_orders(store, tmp_path / "orders.csv")
    promise_orders(store, two_offices())
    events = carry(store, two_offices(), seed=1, world="as_assumed")
    assert set(events["item_id"]) == set(store.list_items()["item_id"])
    record_events(store, events)
    waits = measure_store(store, two_offices()).waits
    assert dict(waits.select("order_id", pl.col("wait_hours").round().cast(pl.Int64)).iter_rows())["o1"] in (81, 82)


def test_what_was_brought_in_is_counted_over_all_files(store: Store, tmp_path: Path) -> None:
    four_orders().write_csv(tmp_path / "good.csv")
    four_orders().with_columns(order_id=pl.lit("x") + pl.col("order_id"), country=pl.lit("XX")).write_csv(
        tmp_path / "bad.csv"
    )
    for name in ("good.csv", "bad.csv"):
        intake_orders(store, tmp_path / name)
    summary = summarise_intakes(store)
    assert summary is not None
    assert (summary.rows, summary.accepted, summary.files) == (10, 5, ("good.csv", "bad.csv"))
    assert summary.findings.height == 1
    assert summary.findings["meaning"].null_count() == 0


def test_an_empty_store_cannot_be_carried(store: Store) -> None:
    with pytest.raises(MisuseError, match="entrepost quote"):
        carry(store, two_offices(), seed=1)
    assert summarise_intakes(store) is None
    assert measure_store(store, two_offices()).waits.is_empty()
