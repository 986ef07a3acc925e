"""Items of a store are forecast beside what was promised for them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from entrepost.base.errors import MissingRowError
from entrepost.operations.eta import forecast_file, forecast_store, only_item
from entrepost.wiring import open_store
from tests.cli.conftest import *  # noqa: F403  (the finished shop)
from tests.journey.under_way_scenes import at, history
from tests.worlds import one_warehouse, two_offices


def test_a_store_says_what_was_promised_and_what_was_heard(carried: Path) -> None:
    store = open_store(carried / "entrepost.db")
    found = forecast_store(store, one_warehouse(), datetime(2026, 1, 9, 12, tzinfo=UTC))
    store.close()
    assert found.items.height
    assert found.items.get_column("promise_probability").null_count() == 0
    assert set(found.items.get_column("basis")) == {"exact"}


def test_one_item_of_a_file_is_found_however_it_is_written(tmp_path: Path) -> None:
    history(("EMA", 24), item="LX000000015CN").write_parquet(tmp_path / "events.parquet")
    found = forecast_file(tmp_path / "events.parquet", two_offices(), at(25))
    assert only_item(found, " lx000 000 015cn ").items.height == 1
    with pytest.raises(MissingRowError, match="no item LX1 is under way"):
        only_item(found, "LX1")
