"""What is kept of receptacles names its series and serial."""

from __future__ import annotations

from pathlib import Path

from entrepost.operations.dispatch_records import Filling, KeptDispatch, KeptReceptacle
from tests.operations.dispatching.station import SERIES
from tests.operations.dispatching.test_consigning import dispatched


def test_a_bag_its_dispatch_and_its_filling_are_of_one_series(tmp_path: Path) -> None:
    store = dispatched(tmp_path)
    (dispatch,) = store.records.list_of(KeptDispatch, "main")
    assert [dispatch.series, *(each.series for each in store.records.list_of(Filling, "main"))] == [SERIES] * 3
    assert [each.serial for each in store.records.list_of(KeptReceptacle, "main")] == [1, 2]
