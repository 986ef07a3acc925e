"""Lines become records, item after item, wherever they stood."""

from __future__ import annotations

from datetime import date

import numpy as np

from entrepost.customs.frame_records import convert_all, find_ratios, gather, item_records, line_records
from entrepost.customs.params import LandedCostParams
from entrepost.customs.terms_book import TermsBook
from entrepost.tables.content_lines import read_lines
from tests.customs.landed_cases import CASES, frame_of


def test_lines_of_an_item_are_put_together_and_summed() -> None:
    frame = frame_of(CASES[1])
    other = frame_of(CASES[0]).with_columns(currency="currency")
    mixed = frame[:1].vstack(other.select(frame.columns)).vstack(frame[1:])
    book = TermsBook(date(2026, 7, 2), LandedCostParams())
    cases, ratios = find_ratios(gather(read_lines(mixed).frame, book), book)
    lines = line_records(cases, ratios)
    items = item_records(cases, lines, ratios)
    assert cases.starts.tolist() == [0, 2, 3]
    assert items["value"].tolist() == [2000, 5000]
    assert lines["first"].tolist() == [1, 1, 1]
    assert items["registered"].tolist() == [1, 1]


def test_amounts_are_converted_half_up_and_too_large_ones_are_capped() -> None:
    amounts, groups = np.array([1, 3, 10**13]), np.array([0, 0, 0])
    assert convert_all(amounts, groups, [(1, 2)]).tolist() == [1, 2, 5 * 10**12]
    assert convert_all(amounts, groups, [(10**9, 1)]).tolist()[2] == 10**13 + 1
    assert convert_all(amounts, groups, [None]).tolist() == amounts.tolist()
