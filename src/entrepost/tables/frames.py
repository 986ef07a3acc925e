"""Frames that have the columns, in order and of the type, that a table's schema states."""

from __future__ import annotations

from functools import cache

import polars as pl

from entrepost.base.errors import UnreadableInputError
from entrepost.base.schema import Column, get_schema, parse_cell

INSTANT = pl.Datetime("us", "UTC")
"""Every instant in a frame: microseconds, UTC."""

DTYPES: dict[str, pl.DataType] = {
    "text": pl.String(),
    "integer": pl.Int64(),
    "decimal": pl.Float64(),
    "yesno": pl.Boolean(),
    "date": pl.Date(),
    "instant": INSTANT,
}


def conform(frame: pl.DataFrame, table: str) -> pl.DataFrame:
    """Give a frame exactly the columns of a table: order, types, and defaults where cells are missing.

    Text becomes what the schema says: `yes` and `no`, ISO dates, instants with their offset. Columns that
    the schema does not know are left out. Rows are kept as they are; whether a cell makes sense is asked
    elsewhere.

    Raises
    ------
    UnreadableInputError
        When a required column is absent, or a column cannot be turned into its type as a whole.
    """
    schema = get_schema(table)
    absent = [column.name for column in schema.columns if column.required and column.name not in frame.columns]
    if absent:
        found = ", ".join(frame.columns)
        raise UnreadableInputError(f"{table}: required columns are missing: {', '.join(absent)}; found {found}")
    return frame.select([_conformed(frame, table, column) for column in schema.columns])


@cache
def dtypes(table: str) -> dict[str, pl.DataType]:
    """The Polars type of each column of a table, in order."""
    return {column.name: DTYPES[column.dtype] for column in get_schema(table).columns}


def empty(table: str) -> pl.DataFrame:
    """A frame of that table without rows."""
    return pl.DataFrame(schema=dtypes(table))


def _conformed(frame: pl.DataFrame, table: str, column: Column) -> pl.Expr:
    default = parse_cell(column.default, column) if column.default else None
    if column.name not in frame.columns:
        return pl.lit(default, DTYPES[column.dtype]).alias(column.name)
    values = frame.get_column(column.name)
    _check_kind(values, table, column)
    try:
        values = values.to_frame().select(_converted(column, values.dtype).alias(column.name)).to_series()
    except pl.exceptions.PolarsError as error:
        reason = str(error).splitlines()[0]
        place = f"{table}: column {column.name}"
        raise UnreadableInputError(f"{place} cannot be read as {column.dtype}: {reason}") from None
    return pl.lit(values if default is None else values.fill_null(default))


def _check_kind(values: pl.Series, table: str, column: Column) -> None:
    """Refuse what a cast would silently bend: instants without a zone, fractions of whole numbers."""
    place = f"{table}: column {column.name}"
    zoneless = isinstance(values.dtype, pl.Datetime) and values.dtype.time_zone is None
    if column.dtype == "instant" and (zoneless or values.dtype == pl.Date):
        raise UnreadableInputError(f"{place} has no zone; set one, such as .dt.replace_time_zone('UTC')")
    if column.dtype == "integer" and values.dtype.is_float() and (values != values.round()).any():
        raise UnreadableInputError(f"{place} holds fractions; give whole {column.unit or 'numbers'}")


def _converted(column: Column, given: pl.DataType) -> pl.Expr:
    value = pl.col(column.name)
    if given != pl.String or column.dtype == "text":
        return value.cast(DTYPES[column.dtype])
    value = value.str.strip_chars().replace("", None)
    if column.dtype == "yesno":
        return value.replace_strict({"yes": True, "no": False}, return_dtype=pl.Boolean)
    if column.dtype == "date":
        return value.str.to_date("%Y-%m-%d")
    if column.dtype == "instant":
        return value.str.to_datetime("%+", time_unit="us", time_zone="UTC")
    return value.cast(DTYPES[column.dtype])
