"""Findings about rows: an error rejects its row, a warning does not."""

from __future__ import annotations

import json

import polars as pl
import pytest

from entrepost.base.errors import MisuseError
from entrepost.operations.faults import Faults
from entrepost.tables.cell import CELL_MISSING
from entrepost.tables.text import fill


def rows() -> pl.DataFrame:
    return pl.DataFrame(
        {"#index": [0, 1, 2], "#row": [2, 3, 5], "sku": ["A", None, "C"]}, schema_overrides={"#index": pl.UInt32}
    )


def test_an_error_rejects_its_row_and_keeps_it_as_it_was() -> None:
    faults = Faults("orders.csv")
    faults.add(rows().filter(pl.col("sku") == "C"), CELL_MISSING, "city", fill("{} has no city", "sku"))
    faults.add(rows().head(1), CELL_MISSING, "city", "no city", level="warning")
    assert faults.rejected.to_list() == [2]
    found = faults.findings(rows().drop("#index"))
    assert found.select("row", "level", "message").rows() == [(2, "warning", "no city"), (5, "error", "C has no city")]
    assert json.loads(found["raw"][1]) == {"sku": "C"}


def test_a_row_that_is_settled_gets_no_further_findings() -> None:
    faults = Faults("orders.csv")
    faults.add(rows().head(1), CELL_MISSING, "city", "no city")
    faults.settle()
    faults.add(rows().head(2), CELL_MISSING, "sku", "no sku")
    assert faults.findings(rows().drop("#index")).select("row", "field").rows() == [(2, "city"), (3, "sku")]


def test_a_code_that_is_not_declared_is_misuse() -> None:
    with pytest.raises(MisuseError, match="not declared"):
        Faults("orders.csv").add(rows(), "made_up", "city", "no city")
