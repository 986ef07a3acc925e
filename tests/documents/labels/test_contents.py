"""The table of contents: rows as high as their longest cell, as many as find room."""

from __future__ import annotations

from entrepost.documents.labels.contents import Column, count_rows, height_of_row, list_rows
from entrepost.documents.labels.typeset import height_of
from tests.documents.labels.made_up import papers

COLUMNS = (Column("what", 200), Column("value", 100, True))


def test_rows_say_what_was_declared() -> None:
    assert list_rows(papers().declaration)[0] == (
        "Cotton T-shirts for men, knitted",
        "5",
        "0.400",
        "25.00",
        "610910",
        "CN",
    )


def test_a_row_is_as_high_as_its_longest_cell() -> None:
    assert height_of_row(("short", "1"), COLUMNS, 20) == height_of(20) + 6
    assert height_of_row(("words that need a second line", "1"), COLUMNS, 20) == 2 * height_of(20) + 6


def test_rows_that_find_room_are_counted() -> None:
    rows = [("short", "1")] * 5
    height = height_of_row(rows[0], COLUMNS, 20)
    assert count_rows(rows, COLUMNS, 3 * height, 20) == 3
    assert count_rows(rows, COLUMNS, 99 * height, 20) == 5
