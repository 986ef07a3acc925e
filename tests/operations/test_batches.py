"""Files that are taken in beside everything else."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from entrepost.base.errors import MisuseError, NotAllowedError
from entrepost.operations.access import ROLES, Caller
from entrepost.operations.batches import (
    StoppedError,
    Surroundings,
    begin_batch,
    claim_batch,
    get_batch,
    list_batches,
    run_batch,
)
from entrepost.operations.store import Store
from tests.operations.office import HOLDER, wait
from tests.operations.shop import lamp, store_in, write_csv

LEASE, AROUND = timedelta(seconds=30), Surroundings()


def waiting(folder: Path, rows: int = 3) -> tuple[Store, str]:
    store = store_in(folder)
    path = write_csv(folder, *(lamp(order_id=f"o{number}") for number in range(rows)))
    return store, begin_batch(store, HOLDER, "orders", path, "orders.csv").batch


def test_a_batch_is_claimed_once_taken_in_and_its_file_goes(tmp_path: Path) -> None:
    store, name = waiting(tmp_path)
    claimed = claim_batch(store, LEASE)
    assert claimed is not None
    assert claimed.batch == name
    assert claim_batch(store, LEASE) is None
    done = run_batch(store, claimed, tmp_path, AROUND)
    assert (done.state, done.accepted, done.position) == ("done", 3, 3)
    assert not (tmp_path / "orders.csv").exists()
    assert claim_batch(store, LEASE) is None


def test_a_batch_whose_lease_is_over_is_claimed_again(tmp_path: Path) -> None:
    store, name = waiting(tmp_path)
    claim_batch(store, LEASE)
    wait(store, seconds=30)
    again = claim_batch(store, LEASE)
    assert again is not None
    assert again.batch == name


def test_a_batch_that_is_stopped_goes_on_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("entrepost.operations.intake.CHUNK_ROWS", 2)
    store, name = waiting(tmp_path, rows=6)
    claimed = claim_batch(store, timedelta(0))
    assert claimed is not None

    def stop() -> None:
        raise StoppedError

    with pytest.raises(StoppedError):
        run_batch(store, claimed, tmp_path, AROUND, stop)
    under_way = get_batch(store, "main", name)
    assert under_way.state == "running"
    assert 0 < under_way.position < 6
    again = claim_batch(store, LEASE)
    assert again is not None
    assert run_batch(store, again, tmp_path, AROUND).accepted == 6


def test_a_file_that_is_gone_fails(tmp_path: Path) -> None:
    store, _ = waiting(tmp_path)
    claimed = claim_batch(store, LEASE)
    assert claimed is not None
    (tmp_path / "orders.csv").unlink()
    failed = run_batch(store, claimed, tmp_path, AROUND)
    assert failed.state == "failed"
    assert str(tmp_path) not in failed.message


def test_a_kind_that_is_none_and_a_caller_who_may_not_are_refused(tmp_path: Path) -> None:
    store, _ = waiting(tmp_path)
    path = write_csv(tmp_path, lamp(), name="more.csv")
    with pytest.raises(MisuseError):
        begin_batch(store, HOLDER, "plans", path, "")
    with pytest.raises(NotAllowedError):
        begin_batch(store, Caller("main", "bo", ROLES["viewer"]), "orders", path, "")
    assert len(list_batches(store, "main")) == 1
    assert list_batches(store, "other") == []
