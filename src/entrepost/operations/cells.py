"""Cells of a shop's rows become values of a table's columns; what cannot is a finding of its row."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal, InvalidOperation

import polars as pl

from entrepost.base.errors import MisuseError
from entrepost.base.findings import finding_code
from entrepost.base.schema import Column, get_schema, parse_cell
from entrepost.base.units import to_grams, to_millimetres
from entrepost.operations.chunk import ROW
from entrepost.operations.faults import INDEX, Faults
from entrepost.operations.instants import FAULT_FORM, FAULT_ZONE, parse_instants
from entrepost.operations.mapping import Mapping
from entrepost.tables.cell import CELL_MALFORMED, CELL_MISSING, CELL_OUT_OF_RANGE, NUL
from entrepost.tables.frames import DTYPES, INSTANT
from entrepost.tables.text import fill

INSTANT_IMPOSSIBLE = finding_code("instant_impossible", "A date or time does not exist or cannot be read.")
INSTANT_WITHOUT_ZONE = finding_code(
    "instant_without_zone", "A date or time states no offset, and no zone is set for it."
)

OFFSET = "{}_offset_minutes"
"""Name of the column that keeps the offset of an instant's column."""

ZONE = "#zone"
"""Column of chosen rows, where there is one: the IANA zone of times that state no offset."""


def read_cells(chosen: pl.DataFrame, mapping: Mapping, faults: Faults) -> pl.DataFrame:
    """Give every column of the table its type; a cell with a fault is null, its row reported."""
    typed: list[pl.Expr] = [pl.col(INDEX, ROW)]
    for column in get_schema(mapping.table).columns:
        cells = chosen.select(INDEX, ROW, pl.col(column.name).alias("cell"))
        empty = cells.get_column("cell").null_count()
        if empty and column.required and not column.default:
            missing = cells.filter(pl.col("cell").is_null())
            faults.add(missing, CELL_MISSING, column.name, "the cell is empty", column.description)
        if empty == cells.height:
            typed.append(_filled(column, pl.lit(None, DTYPES[column.dtype])))
            if column.dtype == "instant":
                typed.append(pl.lit(None, pl.Int64).alias(OFFSET.format(column.name)))
        elif column.dtype == "instant":
            zones = chosen.get_column(ZONE) if ZONE in chosen.columns else None
            typed += [pl.lit(each) for each in _instants(cells, zones, column, mapping, faults)]
        elif column.dtype == "integer":
            typed.append(_filled(column, pl.lit(_integers(cells, column, mapping, faults))))
        else:
            typed.append(_filled(column, pl.lit(_words(cells, column, faults))))
    return chosen.select(typed)


def convert(values: pl.DataFrame, function: Callable[..., int | None]) -> pl.DataFrame:
    """Apply a function of one row of text to each distinct row.

    Returns the columns `value` (Int64) and `reason` (text where the function raised `ValueError`), in the
    order of `values`. A function of exact decimals is slow for a million rows and quick for the few thousand
    distinct ones of them.
    """
    distinct = values.unique()
    results: list[tuple[int | None, str | None]] = []
    for row in distinct.iter_rows():
        try:
            results.append((function(*row), None))
        except ValueError as error:
            results.append((None, str(error)))
    found = pl.DataFrame(results, schema={"value": pl.Int64, "reason": pl.String}, orient="row")
    table = pl.concat([distinct, found], how="horizontal")
    joined = values.join(table, on=values.columns, how="left", nulls_equal=True, maintain_order="left")
    return joined.select("value", "reason")


def parse_number(text: str, decimal: str = ".") -> Decimal:
    """An exact number; raises `ValueError` that says how to write it. Thousands separators are refused."""
    try:
        number = Decimal(text.replace(decimal, "."))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number) >= 10**15 or (decimal == "," and "." in text):
        raise ValueError(f"{text!r} is not a number; write it like 12{decimal}50, without separators of thousands")
    return number


def _integers(cells: pl.DataFrame, column: Column, mapping: Mapping, faults: Faults) -> pl.Series:
    unit = mapping.units.get(column.name, "")
    texts = cells.select(pl.col("cell").cast(pl.String))

    def whole(text: str | None) -> int | None:
        return None if text is None else _parse_whole(text, unit, column.unit, mapping.decimal)

    read = cells.hstack(convert(texts, whole))
    faults.add(
        read.filter(pl.col("reason").is_not_null()), CELL_MALFORMED, column.name, pl.col("reason"), column.description
    )
    outside = ~pl.col("value").is_between(column.least or 0, 2**53 if column.most is None else column.most)
    limits = f"{{}} is outside {column.least or 0:.0f} to {'any' if column.most is None else f'{column.most:.0f}'}"
    faults.add(read.filter(outside), CELL_OUT_OF_RANGE, column.name, fill(limits, "value"), column.description)
    return read.get_column("value").alias(column.name)


def _parse_whole(text: str, unit: str, ours: str, decimal: str) -> int:
    number = parse_number(text, decimal)
    if unit:
        return (to_grams if ours == "g" else to_millimetres)(number, unit)
    if number != int(number):
        raise ValueError(
            f"{text!r} is not a whole number; if it is in another unit, name that in the mapping under [units]"
        )
    return int(number)


def _instants(
    cells: pl.DataFrame, zones: pl.Series | None, column: Column, mapping: Mapping, faults: Faults
) -> list[pl.Series]:
    end_of_day = column.name == "wanted_by"
    zone = mapping.zone if zones is None else zones.fill_null(mapping.zone)
    parsed = parse_instants(cells.get_column("cell"), mapping.get_format(column.name), zone, end_of_day)
    if parsed.get_column("fault").null_count() < parsed.height:
        _report_instants(cells.hstack(parsed), column, faults)
    instants = parsed.get_column("instant").cast(INSTANT).alias(column.name)
    if mapping.shift_days:
        instants += timedelta(days=mapping.shift_days)
    return [instants, parsed.get_column("offset_minutes").alias(OFFSET.format(column.name))]


def _report_instants(read: pl.DataFrame, column: Column, faults: Faults) -> None:
    written = fill("{} is no date and time that exists", pl.col("cell").cast(pl.String))
    faults.add(
        read.filter(pl.col("fault") == FAULT_FORM),
        INSTANT_IMPOSSIBLE,
        column.name,
        written,
        "write it like 2026-01-31T18:05:00+08:00, or name its format in the mapping: [times] format",
    )
    zoneless = fill("{} states no offset from UTC", pl.col("cell").cast(pl.String))
    faults.add(
        read.filter(pl.col("fault") == FAULT_ZONE),
        INSTANT_WITHOUT_ZONE,
        column.name,
        zoneless,
        'add it, such as +08:00, or name the zone in the mapping: [times] zone = "Asia/Shanghai"',
    )


def _words(cells: pl.DataFrame, column: Column, faults: Faults) -> pl.Series:
    words = cells if cells.schema["cell"] == pl.String else cells.with_columns(pl.col("cell").cast(pl.String))
    nul = words.filter(pl.col("cell").str.contains(NUL, literal=True))
    faults.add(nul, CELL_MALFORMED, column.name, "it holds the character NUL", "remove it")
    if column.values:
        wrong = words.filter(~pl.col("cell").is_in(column.values))
        message = fill("{} is not one of " + ", ".join(column.values), "cell")
        faults.add(wrong, CELL_MALFORMED, column.name, message, f"map it in the mapping under [values.{column.name}]")
    return words.get_column("cell").alias(column.name)


def _filled(column: Column, value: pl.Expr) -> pl.Expr:
    if column.dtype not in ("text", "integer", "instant"):
        raise MisuseError(f"column {column.name} of type {column.dtype} cannot be taken in from a shop's file")
    value = value.fill_null(parse_cell(column.default, column)) if column.default else value
    return value.alias(column.name)
