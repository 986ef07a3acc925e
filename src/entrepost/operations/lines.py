"""Lines of a text file, decoded one by one: wrong bytes spoil their own line only."""

from __future__ import annotations

import codecs
import io
from collections import deque
from collections.abc import Iterator
from typing import BinaryIO

from entrepost.base.errors import UnreadableInputError

RECORD_LINES_MAX = 200
"""A record of more lines has a quote that is not closed."""


class Lines:
    """The lines of a file; those of the record being read are kept, so that they can be read anew.

    `bad` tells the byte offset of the first wrong byte of each line that is not text.
    """

    def __init__(self, file: BinaryIO, encoding: str, name: str) -> None:
        self.number = 0
        self.record: list[str] = []
        self.bad: dict[int, int] = {}
        self._again: deque[str] = deque()
        self._source = _decoded(file, encoding, name, self.bad)

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if len(self.record) >= RECORD_LINES_MAX:
            raise RecordTooLongError
        line = self._again.popleft() if self._again else next(self._source)
        self.number += 1
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

    def bad_offset(self, first: int, last: int) -> int | None:
        """Where the first wrong byte of these lines stands in the file, or None."""
        if not self.bad:
            return None
        return next((self.bad[number] for number in range(first, last + 1) if number in self.bad), None)


class RecordTooLongError(Exception):
    """A quote was opened and not closed for `RECORD_LINES_MAX` lines."""


def _decoded(file: BinaryIO, encoding: str, name: str, bad: dict[int, int]) -> Iterator[str]:
    head = file.peek(4096) if hasattr(file, "peek") else b""
    if not head:
        raise UnreadableInputError(f"{name} is empty; it needs at least a header")
    codec = _codec(encoding, name)
    wide = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\x00" in head
    if codec in ("utf-8", "utf-8-sig", "ascii") and wide:
        raise UnreadableInputError(
            f"{name} looks like UTF-16 (it holds bytes FF FE or zeros at the beginning); "
            'save it as UTF-8, or say so in the mapping: [file] encoding = "utf-16"'
        )
    if codec.startswith(("utf-16", "utf-32")):
        return _decoded_whole(file, codec, name)
    return _decoded_by_line(file, codec, bad)


def _decoded_by_line(file: BinaryIO, codec: str, bad: dict[int, int]) -> Iterator[str]:
    offset = 0
    for number, raw in enumerate(file, start=1):
        if number == 1 and raw.startswith(codecs.BOM_UTF8):
            raw, offset = raw[3:], 3  # noqa: PLW2901
        try:
            yield raw.decode(codec)
        except UnicodeDecodeError as error:
            bad[number] = offset + error.start
            yield raw.decode(codec, "replace")
        offset += len(raw)


def _decoded_whole(file: BinaryIO, codec: str, name: str) -> Iterator[str]:
    try:
        yield from io.TextIOWrapper(file, encoding=codec, newline="")
    except UnicodeError as error:
        raise UnreadableInputError(f"{name} is not {codec}: {error}; correct [file] encoding in the mapping") from None


def _codec(encoding: str, name: str) -> str:
    try:
        return codecs.lookup(encoding).name
    except LookupError:
        raise UnreadableInputError(
            f"{name}: {encoding!r} is no encoding; use utf-8, latin-1, cp1252, gb18030, utf-16 ..."
        ) from None
