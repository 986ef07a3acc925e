"""Findings about rows come in the order of the rows; errors reject theirs, warnings do not."""

from __future__ import annotations

import polars as pl

from entrepost.tables.cell import CELL_MALFORMED, CELL_MISSING
from entrepost.tables.row_findings import RowFindings


def test_findings_are_in_the_order_of_rows_and_errors_reject() -> None:
    rows = pl.DataFrame({"#row": [2, 3], "word": ["a", "b"]})
    findings = RowFindings("f.csv")
    findings.add(rows.tail(1), CELL_MISSING, "x", "empty", "fill it")
    findings.add(rows.head(1), CELL_MALFORMED, "y", pl.col("word"), "mend it", "warning")
    findings.add(rows.clear(), CELL_MISSING, "z", "empty", "fill it")
    assert [(each.row, each.field, each.message) for each in findings.to_list()] == [(2, "y", "a"), (3, "x", "empty")]
    assert findings.rejected.to_list() == [3]
