"""The rows that an intake rejected, as they came in, with what is wrong: to be corrected and brought in anew."""

from __future__ import annotations

import json

import polars as pl

from entrepost.operations.store import Store

WHY = ("#row", "#code", "#field", "#message", "#fix")


def list_rejected(store: Store, intake: str) -> pl.DataFrame:
    """The rejected rows of an intake, one for each finding, with the columns of the file that it came from.

    Before them stand `#row`, `#code`, `#field`, `#message` and `#fix`; a row that could not even be read
    has its text in `#text`.
    """
    found = store.list_findings(intake).filter(pl.col("level") == "error").sort("row", maintain_order=True)
    rows = []
    for row, code, field, message, fix, raw in found.select(
        "row", "code", "field", "message", "fix", "raw"
    ).iter_rows():
        rows.append(dict(zip(WHY, (str(row), code, field, message, fix), strict=True)) | _cells(raw))
    names = list(dict.fromkeys([*WHY, *(name for row in rows for name in row)]))
    return pl.DataFrame(
        [{name: row.get(name) for name in names} for row in rows], schema=dict.fromkeys(names, pl.String())
    )


def _cells(raw: str) -> dict[str, str | None]:
    try:
        cells = json.loads(raw)
    except ValueError:
        cells = None
    if not isinstance(cells, dict):
        return {"#text": raw}
    return {name: cell if cell is None or isinstance(cell, str) else str(cell) for name, cell in cells.items()}
