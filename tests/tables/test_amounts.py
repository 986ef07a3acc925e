"""Columns of text become exact minor units and whole numbers."""

from __future__ import annotations

import polars as pl

from entrepost.base.schema import get_schema
from entrepost.tables.amounts import read_amounts, read_whole
from entrepost.tables.row_findings import RowFindings


def test_amounts_have_the_decimals_of_the_currency_of_their_row() -> None:
    prices = ["1.5", "15", "1.234", "1.5", "2.", None]
    currencies = ["EUR", "JPY", "KWD", "JPY", "XYZ", "EUR"]
    texts = pl.DataFrame({"#row": range(1, 7), "price": prices, "currency": currencies})
    findings = RowFindings("f")
    read = read_amounts(texts, "price", {"EUR": 2, "JPY": 0, "KWD": 3}, findings)
    assert read.to_list() == [150, 15, 1234, None, None, None]
    assert [(each.row, each.code) for each in findings.to_list()] == [(4, "amount_decimals")]


def test_whole_numbers_stay_within_their_bounds() -> None:
    texts = pl.DataFrame({"#row": [1, 2, 3, 4], "quantity": ["2", "2.0", "0", "two"]})
    findings = RowFindings("f")
    read = read_whole(texts, get_schema("content_lines").get_column("quantity"), findings)
    assert read.to_list() == [2, 2, None, None]
    assert [(each.row, each.code) for each in findings.to_list()] == [(3, "cell_out_of_range"), (4, "cell_malformed")]
