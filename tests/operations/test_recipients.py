"""What the rows of an order tell of its recipient is gathered, whichever row has it."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from entrepost.operations.faults import INDEX
from entrepost.operations.recipients import beside, keep_recipients
from tests.operations.shop import two_items


def test_a_cell_may_stand_in_any_row_of_the_order(tmp_path: Path) -> None:
    store = two_items(tmp_path)
    lines = pl.concat([store.list_orders().head(1)] * 2).with_columns(
        recipient_name=pl.Series([None, "Anna"], dtype=pl.String), recipient_phone=pl.Series(["1", "2"])
    )
    assert keep_recipients(store, lines) == 1
    found = store.recipients.find(lines.head(1)).row(0, named=True)
    assert (found["name"], found["phone"], found["line1"]) == ("Anna", "1", None)


def test_without_a_name_nothing_is_kept(tmp_path: Path) -> None:
    store = two_items(tmp_path)
    lines = store.list_orders().with_columns(recipient_name=pl.lit(None, pl.String))
    assert (keep_recipients(store, lines), keep_recipients(store, lines.clear())) == (0, 0)


def test_rows_are_met_by_their_index() -> None:
    lines, wide = pl.DataFrame({INDEX: [1]}), pl.DataFrame({INDEX: [0, 1], "recipient_name": ["Bo", " Anna "]})
    assert beside(lines, wide).get_column("recipient_name").to_list() == ["Anna"]
    assert beside(lines, wide.drop("recipient_name")).height == 0
