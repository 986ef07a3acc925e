"""Nested JSON as rows: a tracking feed as a carrier's API answers it, one document or one in each line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, BinaryIO

import polars as pl

from entrepost.base.errors import UnreadableInputError
from entrepost.operations.chunk import ROW, ROW_UNREADABLE, Broken, Chunk, broken_bytes, tidy_text
from entrepost.operations.feed_paths import Cells, Digits, Feed, Misplaced
from entrepost.operations.lines import Lines, check_blank

DOCUMENT_BYTES_MAX = 64 << 20
"""One document is read whole (assumed: what a carrier answers at once is far less)."""

RAW_MAX = 2_000
FIX = "correct the path in the mapping, or ask the carrier what it sends"
Record = tuple[int, Cells] | Broken


def read_feed_lines(lines: Lines, name: str, feed: Feed, skip: int, size: int) -> Iterator[Chunk]:
    """The rows of JSON lines, each a document; a row is numbered by its line."""
    yield from _chunks(_of_lines(lines, name, feed), feed, skip, size)


def read_feed_document(file: BinaryIO, name: str, feed: Feed, skip: int, size: int) -> Iterator[Chunk]:
    """The rows of one document; a row is numbered by the element of the outermost array in which it stands."""
    data = file.read(DOCUMENT_BYTES_MAX + 1)
    if len(data) > DOCUMENT_BYTES_MAX:
        raise UnreadableInputError(
            f"{name} is longer than {DOCUMENT_BYTES_MAX:,} bytes; write one document in each line, and name it .jsonl"
        )
    try:
        document = _parsed(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise UnreadableInputError(f"{name} is no JSON document in UTF-8: {error}") from None
    yield from _chunks(_of_document(document, feed), feed, skip, size)


def _of_lines(lines: Lines, name: str, feed: Feed) -> Iterator[Record]:
    blank = 0
    while True:
        row = lines.begin()
        text = next(lines, None)
        if text is None:
            return
        blank = 0 if text.strip() else check_blank(blank + 1, name)
        if blank:
            continue
        offset = lines.bad_offset(row, row)
        if offset is not None:
            yield broken_bytes(row, offset, text.strip()[:RAW_MAX])
            continue
        try:
            document = _parsed(text)
        except (ValueError, RecursionError) as error:
            yield Broken(ROW_UNREADABLE, row, f"not JSON: {error}", "write one document in each line", text[:RAW_MAX])
            continue
        for _, found in feed.rows(document):
            yield _record(row, found)


def _of_document(document: Any, feed: Feed) -> Iterator[Record]:
    for number, found in feed.rows(document):
        yield _record(number, found)


def _record(row: int, found: Cells | Misplaced) -> Record:
    if isinstance(found, Misplaced):
        raw = json.dumps(found.raw, ensure_ascii=False)[:RAW_MAX]
        return Broken(ROW_UNREADABLE, row, found.message, FIX, raw)
    return row, found


def _parsed(text: str) -> Any:
    """Numbers keep the digits that were written; half of a sign, which nothing could hold, is an error."""
    document = json.loads(text, parse_float=Digits, parse_int=Digits)
    if "\\u" in text:
        try:
            json.dumps(document, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            raise ValueError("it holds half of a sign") from None
    return document


def _chunks(records: Iterator[Record], feed: Feed, skip: int, size: int) -> Iterator[Chunk]:
    rows: list[tuple[int, Cells]] = []
    broken: list[Broken] = []
    position = 0
    for record in records:
        position += 1
        if position <= skip:
            continue
        if isinstance(record, Broken):
            broken.append(record)
        else:
            rows.append(record)
        if len(rows) + len(broken) == size:
            yield Chunk(_frame(rows, feed), tuple(broken), position)
            rows, broken = [], []
    if rows or broken or position <= skip:
        yield Chunk(_frame(rows, feed), tuple(broken), position)


def _frame(rows: list[tuple[int, Cells]], feed: Feed) -> pl.DataFrame:
    columns = [pl.Series(cell, [cells[cell] for _, cells in rows], dtype=pl.String) for cell in feed.cells]
    return tidy_text(pl.DataFrame([*columns, pl.Series(ROW, [row for row, _ in rows], dtype=pl.Int64)]))
