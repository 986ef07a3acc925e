from __future__ import annotations

import polars as pl
import pytest

from entrepost.base.errors import MisuseError
from entrepost.documents.table import Column, Table

FRAME = pl.DataFrame({"lane": ["A to B", None], "orders": [1234, 5], "kept": [0.877, None]})


def test_figures_are_written_as_people_read_them() -> None:
    table = Table(FRAME, (Column("lane", "Lane"), Column("orders", "Orders", "count"), Column("kept", "Kept", "share")))
    assert table.list_rows() == [["A to B", "1,234", "87.7 %"], ["–", "5", "–"]]


def test_a_column_that_is_not_there_is_refused() -> None:
    with pytest.raises(MisuseError, match="waits"):
        Table(FRAME, (Column("waits", "Waits"),))


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(MisuseError, match="no format 'roman'"):
        Column("orders", "Orders", "roman")


def test_text_stands_left_and_figures_right() -> None:
    assert [Column("a", "A").is_number, Column("a", "A", "days").is_number] == [False, True]
