"""What nobody expected ends no thread."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from entrepost.api.house import House, HouseParams
from entrepost.api.steady import attempt
from entrepost.api.worker import Worker
from entrepost.base.errors import StoreError
from entrepost.network.feed import write_network
from entrepost.operations.batches import begin_batch, get_batch
from tests.operations.office import HOLDER
from tests.operations.shop import lamp, store_in, write_csv
from tests.worlds import one_warehouse


def test_a_surprise_is_nothing_and_a_store_that_is_away_is_told() -> None:
    def panic() -> None:
        raise pl.exceptions.PanicException("index out of bounds")

    def away() -> None:
        raise StoreError("the disk is full")

    assert attempt("sum", lambda: 1 + 1) == 2
    assert attempt("sum", lambda: 1 // 0) is None
    assert attempt("panic", panic) is None
    with pytest.raises(StoreError):
        attempt("store", away, StoreError)


def test_a_file_that_surprises_fails_and_the_next_one_is_taken_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_network(one_warehouse(), tmp_path / "network")
    store = store_in(tmp_path)
    names = [
        begin_batch(store, HOLDER, "orders", write_csv(tmp_path, lamp(order_id=each), name=f"{each}.csv"), "").batch
        for each in ("odd", "sound")
    ]
    worker = Worker(House(store, str(tmp_path / "network"), tmp_path, HouseParams(lease_seconds=0)))
    with monkeypatch.context() as broken:
        broken.setattr(store, "add_lines", lambda *_: 1 // 0)
        assert worker._next()
    assert worker._next()
    odd, sound = sorted((get_batch(store, "main", name) for name in names), key=lambda each: each.accepted)
    assert (odd.state, odd.accepted, "not the file's fault" in odd.message) == ("failed", 0, True)
    assert (sound.state, sound.accepted) == ("done", 1)
