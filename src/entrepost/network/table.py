"""One CSV table of a network folder: read into nouns with findings instead of stopping, and written."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from entrepost.base.findings import Finding, finding_code
from entrepost.base.schema import Column, Schema, get_schema, parse_cell

FILE_MISSING = finding_code("network_file_missing", "A network folder lacks a file that every network needs.")
FILE_UNREADABLE = finding_code("network_file_unreadable", "A file of a network folder cannot be read as text.")
FILE_EMPTY = finding_code("network_file_empty", "A file of a network folder has not even a header.")
COLUMN_MISSING = finding_code("network_column_missing", "A file of a network folder lacks a required column.")
COLUMN_UNKNOWN = finding_code("network_column_unknown", "A file of a network folder has a column that nothing reads.")
COLUMN_DOUBLED = finding_code("network_column_doubled", "A file of a network folder names a column twice.")
CELL_MISSING = finding_code("network_cell_missing", "A cell that must be filled is empty.")
CELL_MALFORMED = finding_code("network_cell_malformed", "A cell does not have the form of its column.")
CELL_OUT_OF_RANGE = finding_code("network_cell_out_of_range", "A figure lies outside what its column allows.")
ROW_LONG = finding_code("network_row_long", "A row has more cells than the header has columns.")
ROW_DOUBLED = finding_code("network_row_doubled", "Two rows of a file have the same key.")
ROW_REFUSED = finding_code("network_row_refused", "A row's hours_min, hours_p50 and hours_p90 do not ascend.")

INTEGER_MOST = 2**63 - 1
"""The greatest whole number that a column of a frame can hold."""

Rows = tuple[tuple[Any, ...], tuple[int, ...]]
"""Nouns of a table, and for each the line of the file on which its row begins."""


def read_table(path: Path, noun: type, findings: list[Finding]) -> Rows:
    """The rows of a table that can be built, each with its line; what cannot goes into `findings`."""
    schema = get_schema(path.stem)
    lines = _read_lines(path, findings)
    if not lines or not _check_header(lines[0][1], schema, path.name, findings):
        return (), ()
    header = [cell.strip() for cell in lines[0][1]]
    found: dict[tuple[Any, ...], tuple[Any, int]] = {}
    for number, cells in lines[1:]:
        if any(cell.strip() for cell in cells[len(header) :]):
            message = f"{len(cells)} cells under {len(header)} columns"
            fix = "put text that has a comma between double quotes"
            findings.append(Finding(ROW_LONG, "", message, path.name, number, fix))
        values = parse_row(dict(zip(header, cells, strict=False)), schema, (path.name, number), findings)
        if values is None:
            continue
        key = tuple(values[column] for column in schema.key)
        if key in found:
            message = f"{', '.join(map(str, key))} stands already on line {found[key][1]}"
            findings.append(
                Finding(ROW_DOUBLED, schema.key[0], message, path.name, number, "remove one of the two rows")
            )
            continue
        found[key] = (noun(**values), number)
    return tuple(row for row, _ in found.values()), tuple(number for _, number in found.values())


def write_table(path: Path, rows: Iterable[Any]) -> None:
    """Write nouns as a table whose columns stand in the order of the schema."""
    schema = get_schema(path.stem)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(schema.names)
        for row in rows:
            writer.writerow([format_cell(getattr(row, column.name), column) for column in schema.columns])


def format_cell(value: Any, column: Column) -> str:
    """The text of a value that `parse_cell` reads back."""
    if value is None:
        return ""
    if column.dtype == "yesno":
        return "yes" if value else "no"
    if column.dtype == "decimal":
        return repr(float(value)).removesuffix(".0")
    return str(value).replace("\r\n", "\n").replace("\r", "\n")


def parse_row(
    texts: Mapping[str, str], schema: Schema, place: tuple[str, int], findings: list[Finding]
) -> dict[str, Any] | None:
    """The values of a row by column, empty cells as their defaults; None where anything is wrong with it."""
    before = len(findings)
    values: dict[str, Any] = {}
    for column in schema.columns:
        text = texts.get(column.name, "").strip() or column.default
        if text:
            values[column.name] = parse_value(text, column, place, findings)
            continue
        values[column.name] = "" if column.dtype == "text" else None
        if column.required:
            findings.append(Finding(CELL_MISSING, column.name, "the cell is empty", *place, column.description))
    if len(findings) == before:
        _check_hours(values, place, findings)
    return values if len(findings) == before else None


def parse_value(text: str, column: Column, place: tuple[str, int], findings: list[Finding]) -> Any:
    """The value of a non-empty cell, its form and bounds checked against the column."""
    try:
        value = parse_cell(text, column)
    except ValueError:
        value = math.nan
    numeric = column.dtype in ("integer", "decimal")
    malformed = (isinstance(value, float) and not math.isfinite(value)) or (numeric and "_" in text)
    if malformed or (column.values and text not in column.values):
        wanted = f"one of {', '.join(column.values)}" if column.values else column.dtype
        findings.append(Finding(CELL_MALFORMED, column.name, f"{text!r} is not {wanted}", *place, column.description))
        return None
    if numeric and isinstance(value, int | float):
        least, most = column.least, column.most
        if most is None and isinstance(value, int):
            most = INTEGER_MOST
        if (least is not None and value < least) or (most is not None and value > most):
            message = f"{text} is outside {_bounds(least, most)}"
            findings.append(Finding(CELL_OUT_OF_RANGE, column.name, message, *place, column.description))
    return value


def _read_lines(path: Path, findings: list[Finding]) -> list[tuple[int, list[str]]]:
    """Every row that has a filled cell, with the line on which it begins."""
    lines: list[tuple[int, list[str]]] = []
    try:
        reader = csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""), strict=True)
        begins = 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                lines.append((begins, cells))
            begins = reader.line_num + 1
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        message = f"byte 0x{error.object[error.start]:02x} is not UTF-8"
        fix = "save the file as UTF-8 (in a spreadsheet: 'CSV UTF-8')"
        findings.append(Finding(FILE_UNREADABLE, "", message, path.name, line, fix))
        return []
    except csv.Error as error:
        fix = 'close every quote; write a quote within quotes twice, as in "a ""b"" c"'
        findings.append(Finding(FILE_UNREADABLE, "", str(error), path.name, begins, fix))
        return []
    if not lines:
        findings.append(Finding(FILE_EMPTY, "", "the file is empty", path.name, 0, "write its header, or remove it"))
    return lines


def _check_header(cells: list[str], schema: Schema, name: str, findings: list[Finding]) -> bool:
    header = [cell.strip() for cell in cells]
    before = len(findings)
    for column in schema.columns:
        if header.count(column.name) > 1:
            message = f"column {column.name} stands {header.count(column.name)} times"
            findings.append(Finding(COLUMN_DOUBLED, column.name, message, name, 1, "keep one"))
        if column.required and column.name not in header:
            message = f"column {column.name} is not there; the header reads {','.join(header)[:80]!r}"
            findings.append(Finding(COLUMN_MISSING, column.name, message, name, 1, f"add it: {column.description}"))
    sound = len(findings) == before
    for unknown in sorted(set(header) - set(schema.names) - {""}):
        fix = f"leave it out, or call it one of {', '.join(schema.names)}"
        findings.append(Finding(COLUMN_UNKNOWN, unknown, f"column {unknown!r} is not read", name, 1, fix, "warning"))
    return sound


def _check_hours(values: dict[str, Any], place: tuple[str, int], findings: list[Finding]) -> None:
    if "hours_p50" in values and not values["hours_min"] <= values["hours_p50"] <= values["hours_p90"]:
        shown = f"{values['hours_min']:g}, {values['hours_p50']:g}, {values['hours_p90']:g}"
        fix = "write them so that hours_min <= hours_p50 <= hours_p90"
        findings.append(Finding(ROW_REFUSED, "hours_p50", f"hours {shown} do not ascend", *place, fix))


def _bounds(least: float | None, most: float | None) -> str:
    if most is None:
        return f"what is allowed: at least {least:g}"
    return f"{least:g} to {most:g}" if least is not None else f"what is allowed: at most {most:g}"
