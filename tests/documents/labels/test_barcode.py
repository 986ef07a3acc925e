"""The modules of codes."""

from __future__ import annotations

from entrepost.documents.labels.barcode import count_bars, list_bars, list_dark, list_squares


def test_dark_runs_of_a_row() -> None:
    assert list_dark(b"\0\0\xff\0\xff") == ((0, 2), (3, 1))
    assert list_dark(b"\xff\xff") == ()
    assert list_dark(b"\0") == ((0, 1),)


def test_an_item_number_takes_the_shortest_code_128() -> None:
    # Start, R, B, one digit, to C, four pairs, to B, C, N, check: 13 signs of 11 modules, and the stop of 13.
    assert count_bars("RB123456785CN") == 13 * 11 + 13
    first, last = list_bars("RB123456785CN")[0], list_bars("RB123456785CN")[-1]
    assert (first, sum(last)) == ((0, 2), 156)


def test_a_data_matrix_is_a_square_with_its_dark_edges() -> None:
    rows = list_squares("RB123456785CN/DE/10115/560")
    assert all(row[0][0] == 0 for row in rows)
    assert rows[-1] == ((0, len(rows)),)
