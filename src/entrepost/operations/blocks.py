"""Blocks of lines as bytes: what is plain CSV is read whole, without a look at each line by itself."""

from __future__ import annotations

import codecs
import csv
import io
from typing import BinaryIO

import numpy as np
import polars as pl

PIECE_BYTES = 1 << 20
PLAIN = ("utf-8", "utf-8-sig")
"""Encodings of blocks that are read whole."""

NEWLINE, RETURN, QUOTE, NUL = b"\n", b"\r", b'"', b"\0"


class Pieces:
    """A file from which lines are taken one by one, or in blocks that can be given back."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._kept = file, io.BytesIO()

    def readline(self, limit: int) -> bytes:
        """The next line, or its beginning where it is longer."""
        given = self._kept.readline(limit)
        if given.endswith(NEWLINE) or len(given) == limit:
            return given
        return given + self._file.readline(limit - len(given))

    def take(self, lines: int, most: int) -> bytes:
        """So many whole lines, or at most so many bytes of them; the last line of a file may end without a newline."""
        parts: list[bytes] = []
        count = size = 0
        while size < most:
            piece = self._kept.read() or self._file.read(PIECE_BYTES)
            ends = np.flatnonzero(np.frombuffer(piece, np.uint8) == NEWLINE[0])
            if count + ends.size >= lines:
                return b"".join((*parts, self._cut(piece, int(ends[lines - count - 1]) + 1)))
            if not piece:
                return b"".join(parts)
            parts.append(piece)
            count, size = count + ends.size, size + len(piece)
        block = b"".join(parts)
        return self._cut(block, block.rfind(NEWLINE) + 1)

    def give_back(self, block: bytes) -> None:
        """Let a block be read anew."""
        self._kept = io.BytesIO(block + self._kept.read())

    def _cut(self, block: bytes, end: int) -> bytes:
        self._kept = io.BytesIO(block[end:])
        return block[:end]


def read_plain(block: bytes, header: list[str], separator: str) -> pl.DataFrame | None:
    """The rows of a block of CSV as text; None where any of them takes a closer look.

    That is where there are quotes, empty or very long lines, rows with more or fewer cells than the header, single
    returns, or bytes that are not text.
    """
    text = block.replace(b"\r\n", NEWLINE) if RETURN in block else block
    if not text or RETURN in text or QUOTE in text or NUL in text or text.startswith(codecs.BOM_UTF8):
        return None
    text = text if text.endswith(NEWLINE) else text + NEWLINE
    if not separator.isascii() or not _is_even(text, len(header), separator) or not _is_text(text):
        return None
    return pl.read_csv(
        io.BytesIO(text),
        has_header=False,
        new_columns=header,
        separator=separator,
        quote_char=None,
        infer_schema=False,
    )


def _is_even(text: bytes, width: int, separator: str) -> bool:
    """Whether every line has so many cells and is neither empty nor longer than a cell may be."""
    signs = np.frombuffer(text, np.uint8)
    ends = signs == NEWLINE[0]
    marks = np.flatnonzero(ends | (signs == ord(separator)))
    if marks.size % width:
        return False
    last = marks.reshape(-1, width)
    lengths = np.diff(last[:, -1], prepend=-1)
    within = int(lengths.min()) > 1 and int(lengths.max()) <= csv.field_size_limit()
    return within and int(ends.sum()) == last.shape[0] and bool(ends[last[:, -1]].all())


def _is_text(block: bytes) -> bool:
    try:
        block.decode()
    except UnicodeDecodeError:
        return False
    return True
