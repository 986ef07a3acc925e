"""The columns of the file that are of the item, read beside its content lines."""

from __future__ import annotations

import polars as pl

from entrepost.base.findings import Finding, finding_code
from entrepost.base.schema import Column, get_schema
from entrepost.tables.frames import DTYPES

ABSENT = finding_code("declaration_column_absent", "A column that destinations want is not in the file: not checked.")
UNREADABLE = finding_code("declaration_cell_unreadable", "A cell of an item cannot be read; it counts as empty.")
TABLE = "declared_items"
SHOWN = 20
"""So many unreadable cells of a column are told one by one."""


def read_items(frame: pl.DataFrame, subject: str) -> tuple[pl.DataFrame, list[Finding]]:
    """A row for each item of a file, in the order of first lines, with the columns of the table `declared_items`.

    A cell that cannot be read is a finding and counts as empty; so does a column that is not there.
    """
    columns = get_schema(TABLE).columns
    row = pl.col("#row") if "#row" in frame.columns else pl.int_range(1, pl.len() + 1).alias("#row")
    cells = [_text(column.name, column.name in frame.columns) for column in columns]
    texts = frame.select(row.cast(pl.Int64), *cells).filter(pl.col("item_id").is_not_null())
    firsts = texts.unique("item_id", keep="first", maintain_order=True)
    typed = firsts.select("#row", *(_typed(column) for column in columns))
    findings = [each for column in columns for each in _unreadable(firsts, typed, column, subject)]
    return typed, findings


def _text(name: str, is_there: bool) -> pl.Expr:
    value = pl.col(name) if is_there else pl.lit(None, pl.String)
    return value.cast(pl.String).str.strip_chars().replace("", None).alias(name)


def _typed(column: Column) -> pl.Expr:
    value = pl.col(column.name)
    if column.dtype == "instant":
        return value.str.to_datetime("%+", time_unit="us", time_zone="UTC", strict=False)
    if column.dtype == "integer":
        number = value.cast(DTYPES["integer"], strict=False)
        return pl.when(number.is_between(column.least, column.most)).then(number).alias(column.name)
    if column.values:
        word = value.str.to_lowercase() if column.name == "mode" else value.str.to_uppercase()
        return pl.when(word.is_in(column.values)).then(word).alias(column.name)
    return value.str.to_uppercase() if column.name == "sender_country" else value


def _unreadable(texts: pl.DataFrame, typed: pl.DataFrame, column: Column, subject: str) -> list[Finding]:
    lost = texts.get_column(column.name).is_not_null() & typed.get_column(column.name).is_null()
    bad = texts.filter(lost).select("#row", column.name)
    fix = f"one of {', '.join(column.values)}" if column.values else column.description
    return [
        Finding(UNREADABLE, column.name, f"{str(cell)[:40]!r} cannot be read", subject, row, fix, "warning")
        for row, cell in bad.head(SHOWN).iter_rows()
    ]
