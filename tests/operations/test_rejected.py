"""Rejected rows are given back to be corrected."""

from __future__ import annotations

import json
from pathlib import Path

from entrepost.operations.rejected import list_rejected
from tests.operations.shop import lamp, store_in, take, take_in, write

GOOD = lamp(order_id="good")


def test_rejected_rows_are_given_back_as_they_came(tmp_path: Path) -> None:
    store, outcome = take_in(tmp_path, lamp(country="Germany"), GOOD)
    rejected = list_rejected(store, outcome.intake)
    assert rejected.select("#row", "#code", "order_id", "country").rows() == [("2", "country_unknown", "o1", "Germany")]


def test_a_row_that_could_not_be_read_is_given_back_as_text(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    outcome = take(store, write(tmp_path / "o.jsonl", json.dumps(lamp()).encode() + b"\n{broken"))
    assert list_rejected(store, outcome.intake).select("#row", "#text").rows() == [("2", "{broken")]
