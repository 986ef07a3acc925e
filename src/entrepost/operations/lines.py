"""Lines of a text file, decoded one by one: wrong bytes spoil their own line only."""

from __future__ import annotations

import codecs
import io
from collections import deque
from collections.abc import Callable, Iterator
from typing import BinaryIO, TypeVar

import polars as pl

from entrepost.base.errors import UnreadableInputError
from entrepost.operations.blocks import PLAIN, Pieces, read_plain

LINE_BYTES_MAX = 1 << 20
"""A line that is longer is no row of a table, and would be read into memory whole."""
RECORD_LINES_MAX = 200
"""A record of more lines has a quote that is not closed."""

BLANK_LINES_MAX = 1 << 20
"""As many rows as a spreadsheet has; whoever sends more empty lines one after another sends no table."""

T = TypeVar("T", bytes, str)
CHUNK_CHARS_MAX = 64 << 20
"""A chunk has no more text, however many rows it should have."""


class Lines:
    """The lines of a file; those of the record being read are kept, so that they can be read anew.

    `bad` tells the byte offset of the first wrong byte of each line that is not text.
    """

    def __init__(self, file: BinaryIO, encoding: str, name: str) -> None:
        self.number = 0
        self.length = 0
        self.record: list[str] = []
        self.bad: dict[int, int] = {}
        self._again: deque[str] = deque()
        self._pieces, self._codec = Pieces(file), _codec(encoding, name)
        self._offset = 0
        self._source = self._decoded(file, name)

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if len(self.record) >= RECORD_LINES_MAX:
            raise RecordTooLongError
        line = self._again.popleft() if self._again else next(self._source)
        self.number += 1
        self.length += len(line)
        self.record.append(line)
        return line

    def begin(self) -> int:
        """Begin a record; the number of its first line."""
        self.record.clear()
        return self.number + 1

    def retry(self) -> str:
        """Give up the record's first line, which is returned, and read the others anew."""
        if not self.record:
            return ""
        first, *others = self.record
        self._again.extendleft(reversed(others))
        self.number -= len(others)
        return first

    def find_plain(self, rows: int, header: list[str], separator: str) -> pl.DataFrame | None:
        """The next lines as rows of plain CSV, at most so many; None where they are to be read one by one."""
        if self._again or self._codec not in PLAIN:
            return None
        block = self._pieces.take(rows, CHUNK_CHARS_MAX)
        frame = read_plain(block, header, separator)
        if frame is None:
            self._pieces.give_back(block)
            return None
        self.number += frame.height
        self.length += len(block)
        self._offset += len(block)
        return frame

    def bad_offset(self, first: int, last: int) -> int | None:
        """Where the first wrong byte of these lines stands in the file, or None."""
        if not self.bad:
            return None
        return next((self.bad[number] for number in range(first, last + 1) if number in self.bad), None)

    def _decoded(self, file: BinaryIO, name: str) -> Iterator[str]:
        head = file.peek(4096) if hasattr(file, "peek") else b""
        if not head:
            raise UnreadableInputError(f"{name} is empty; it needs at least a header")
        wide = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\x00" in head
        if self._codec in (*PLAIN, "ascii") and wide:
            raise UnreadableInputError(
                f"{name} looks like UTF-16 (it holds bytes FF FE or zeros at the beginning); "
                'save it as UTF-8, or say so in the mapping: [file] encoding = "utf-16"'
            )
        if self._codec.startswith(("utf-16", "utf-32")):
            return _decoded_whole(file, self._codec, name)
        return self._decoded_by_line(name)

    def _decoded_by_line(self, name: str) -> Iterator[str]:
        for raw in _bounded(self._pieces.readline, name):
            if self.number == 0 and raw.startswith(codecs.BOM_UTF8):
                raw, self._offset = raw[3:], 3  # noqa: PLW2901
            try:
                yield raw.decode(self._codec)
            except UnicodeDecodeError as error:
                self.bad[self.number + 1] = self._offset + error.start
                yield raw.decode(self._codec, "replace")
            self._offset += len(raw)


def check_blank(count: int, name: str) -> int:
    """So many empty lines stand one after another; raises `UnreadableInputError` where that is no table any more."""
    if count > BLANK_LINES_MAX:
        raise UnreadableInputError(f"{name} has more than {BLANK_LINES_MAX:,} empty lines one after another")
    return count


class RecordTooLongError(Exception):
    """A quote was opened and not closed for `RECORD_LINES_MAX` lines."""


def _decoded_whole(file: BinaryIO, codec: str, name: str) -> Iterator[str]:
    try:
        yield from _bounded(io.TextIOWrapper(file, encoding=codec, newline="").readline, name)
    except UnicodeError as error:
        raise UnreadableInputError(f"{name} is not {codec}: {error}; correct [file] encoding in the mapping") from None


def _bounded(read: Callable[[int], T], name: str) -> Iterator[T]:
    """The lines that are read, none of which may be longer than any row is."""
    number = 0
    while line := read(LINE_BYTES_MAX + 1):
        number += 1
        if len(line) > LINE_BYTES_MAX:
            raise UnreadableInputError(f"{name}: line {number} is longer than {LINE_BYTES_MAX:,} bytes; no row is")
        yield line


def _codec(encoding: str, name: str) -> str:
    try:
        return codecs.lookup(encoding).name
    except LookupError:
        raise UnreadableInputError(
            f"{name}: {encoding!r} is no encoding; use utf-8, latin-1, cp1252, gb18030, utf-16 ..."
        ) from None
