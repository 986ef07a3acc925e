"""CSV in chunks: a broken row is reported and the reading goes on with the line after it."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import polars as pl

from entrepost.base.errors import UnreadableInputError
from entrepost.operations.chunk import COLUMNS_MAX, ROW, ROW_UNREADABLE, Broken, Chunk, broken_bytes, tidy_text
from entrepost.operations.lines import CHUNK_CHARS_MAX, Lines, RecordTooLongError, check_blank

SEPARATORS = ",;\t|"
Record = tuple[int, list[str]]


def read_csv(lines: Lines, name: str, separator: str, skip: int, size: int) -> Iterator[Chunk]:
    """Read the rows below the header from row number `skip` on, `size` at a time."""
    header, separator = _read_header(lines, name, separator)
    records = _records(lines, name, separator, len(header))
    position = yielded = 0
    while True:
        wanted = skip - position if position < skip else size
        before = lines.number
        plain = lines.find_plain(min(wanted, size), header, separator)
        chunk = _one_by_one(lines, header, records, min(wanted, size)) if plain is None else _whole(plain, before)
        if not chunk.position:
            break
        position += chunk.position
        if position > skip:
            yield replace(chunk, position=position)
            yielded += 1
    if not yielded:
        yield Chunk(_frame(header, []), (), position)


def _one_by_one(lines: Lines, header: list[str], records: Iterator[Record | Broken], size: int) -> Chunk:
    """The next records; `position` counts them."""
    rows: list[Record] = []
    broken: list[Broken] = []
    full_at = lines.length + CHUNK_CHARS_MAX
    while len(rows) + len(broken) < size and lines.length <= full_at:
        record = next(records, None)
        if record is None:
            break
        if isinstance(record, Broken):
            broken.append(record)
        else:
            rows.append(record)
    return Chunk(_frame(header, rows), tuple(broken), len(rows) + len(broken))


def _whole(plain: pl.DataFrame, before: int) -> Chunk:
    """Rows that were read at once, each a line."""
    numbers = pl.int_range(before + 1, before + 1 + pl.len(), dtype=pl.Int64).alias(ROW)
    return Chunk(tidy_text(plain).with_columns(numbers), (), plain.height)


def _read_header(lines: Lines, name: str, separator: str) -> tuple[list[str], str]:
    lines.begin()
    first = next(lines, "")
    offset = lines.bad_offset(1, 1)
    if offset is not None:
        raise UnreadableInputError(
            f"{name}: the header holds bytes that are not text (offset {offset}); save the file as UTF-8, "
            'or name its encoding in the mapping: [file] encoding = "latin-1"'
        )
    separator = separator or max(SEPARATORS, key=first.count)
    try:
        header = [cell.strip() for cell in next(csv.reader([first], delimiter=separator, strict=True), [])]
    except csv.Error as error:
        raise UnreadableInputError(f"{name}: the header cannot be read: {error}") from None
    if not any(header):
        raise UnreadableInputError(f"{name} has no header: its first line is empty")
    if len(header) > COLUMNS_MAX:
        raise UnreadableInputError(f"{name} has {len(header):,} columns; a table has at most {COLUMNS_MAX}")
    doubled = [column for column, count in Counter(header).items() if count > 1 and column]
    if doubled:
        raise UnreadableInputError(f"{name}: the header names {', '.join(doubled)} twice; keep one column of each name")
    return [column or f"#{place}" for place, column in enumerate(header, start=1)], separator


def _records(lines: Lines, name: str, separator: str, width: int) -> Iterator[Record | Broken]:
    reader, blank = csv.reader(lines, delimiter=separator, strict=True), 0
    while True:
        row = lines.begin()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (csv.Error, RecordTooLongError) as error:
            reason = str(error) or "a quote is opened and never closed"
            yield Broken(
                ROW_UNREADABLE, row, reason, "quote a cell only as a whole, and double quotes in it", lines.retry()
            )
            continue
        blank = 0 if cells else check_blank(blank + 1, name)
        if not cells:
            continue
        offset = lines.bad_offset(row, lines.number)
        if offset is not None:
            yield broken_bytes(row, offset, separator.join(cells))
        elif len(cells) != width:
            yield _ragged(row, cells, width, separator)
        else:
            yield row, cells


def _ragged(row: int, cells: list[str], width: int, separator: str) -> Broken:
    message = f"the row has {len(cells)} cells and the header {width}"
    return Broken(ROW_UNREADABLE, row, message, f"put cells that hold {separator!r} in quotes", separator.join(cells))


def _frame(header: list[str], rows: list[Record]) -> pl.DataFrame:
    columns = zip(*(cells for _, cells in rows), strict=True) if rows else ([] for _ in header)
    frame = pl.DataFrame([pl.Series(name, cells, dtype=pl.String) for name, cells in zip(header, columns, strict=True)])
    return tidy_text(frame).with_columns(pl.Series(ROW, [row for row, _ in rows], dtype=pl.Int64))
