"""JSON lines in chunks: one flat object in each line; numbers keep the digits that were written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import polars as pl

from entrepost.base.errors import UnreadableInputError
from entrepost.operations.chunk import COLUMNS_MAX, ROW, ROW_UNREADABLE, Broken, Chunk, broken_bytes, tidy_text
from entrepost.operations.lines import CHUNK_CHARS_MAX, Lines, check_blank

Record = tuple[int, dict[str, str | None]]


def read_json_lines(lines: Lines, name: str, skip: int, size: int) -> Iterator[Chunk]:
    """Read the objects from number `skip` on, `size` at a time; a key that a row lacks is null."""
    rows: list[Record] = []
    broken: list[Broken] = []
    position, full_at = 0, lines.length + CHUNK_CHARS_MAX
    for record in _records(lines, name):
        position += 1
        if position <= skip:
            continue
        if isinstance(record, Broken):
            broken.append(record)
        else:
            rows.append(record)
        if len(rows) + len(broken) == size or lines.length > full_at:
            yield Chunk(_frame(rows, name), tuple(broken), position)
            rows, broken, full_at = [], [], lines.length + CHUNK_CHARS_MAX
    if rows or broken or position <= skip:
        yield Chunk(_frame(rows, name), tuple(broken), position)


def _records(lines: Lines, name: str) -> Iterator[Record | Broken]:
    blank = 0
    while True:
        row = lines.begin()
        text = next(lines, None)
        if text is None:
            return
        if row == 1 and text.lstrip().startswith("["):
            raise UnreadableInputError(f"{name} is one JSON array; write one object in each line instead")
        blank = 0 if text.strip() else check_blank(blank + 1, name)
        if blank:
            continue
        offset = lines.bad_offset(row, row)
        if offset is not None:
            yield broken_bytes(row, offset, text.strip())
            continue
        try:
            cells = _flat(json.loads(text, parse_float=str, parse_int=str))
            if "\\u" in text:
                _demand_whole(cells)
            yield row, cells
        except (ValueError, RecursionError) as error:
            fix = "write one flat object with text, numbers, true, false or null"
            yield Broken(ROW_UNREADABLE, row, f"not a flat JSON object: {error}", fix, text.strip())


def _flat(value: Any) -> dict[str, str | None]:
    if not isinstance(value, dict):
        raise ValueError("the line holds no object")
    return {key: _text(key, cell) for key, cell in value.items()}


def _text(key: str, cell: Any) -> str | None:
    if cell is None or isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    raise ValueError(f"{key} holds {type(cell).__name__}")


def _demand_whole(cells: dict[str, str | None]) -> None:
    """Half of a sign, such as `\\ud800` alone, is no text that anything could hold."""
    for key, cell in cells.items():
        try:
            f"{key}{cell}".encode()
        except UnicodeEncodeError:
            raise ValueError(f"{key!a} holds half of a sign") from None


def _frame(rows: list[Record], file: str) -> pl.DataFrame:
    names = list(dict.fromkeys(name for _, cells in rows for name in cells if name != ROW))
    if len(names) > COLUMNS_MAX:
        raise UnreadableInputError(f"{file} has {len(names):,} different keys; a table has at most {COLUMNS_MAX}")
    columns = [pl.Series(name, [cells.get(name) for _, cells in rows], dtype=pl.String) for name in names]
    return tidy_text(pl.DataFrame([*columns, pl.Series(ROW, [row for row, _ in rows], dtype=pl.Int64)]))
