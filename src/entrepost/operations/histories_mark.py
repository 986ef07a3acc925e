"""How far a file of events was read, so that one that has grown is read from there on.

A file has grown where it begins as it did: a digest of its first and its last bytes, up to the mark, says
so. A Parquet file is written anew when it grows; there the last rows before the mark are compared.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import polars as pl

from entrepost.base.errors import UnreadableInputError

PIECE_BYTES = 2**16
LAST_ROWS = 200
STORE = "store"


@dataclass(frozen=True, slots=True)
class Mark:
    """Up to `end` a source was read: bytes of a text file, rows of a Parquet or a mapped one; nothing of a store.

    `kind` says how it was read, a mapping's hash among it; `digest` how it began.
    """

    kind: str
    end: int = 0
    digest: str = ""
    bytes: int = 0


def mark_text(path: Path, kind: str, rows: int | None = None) -> Mark:
    """The mark at the end of the last whole line of a text file; or after so many rows of it."""
    with _opened(path) as file:
        size = _end_of_lines(file)
        return Mark(kind, size if rows is None else rows, _digest(file, size), size)


def text_has_grown(path: Path, mark: Mark) -> bool:
    """Whether a file begins with what was read up to a mark."""
    with _opened(path) as file:
        return file.seek(0, 2) >= mark.bytes and _digest(file, mark.bytes) == mark.digest


def mark_rows(path: Path, kind: str, rows: int) -> Mark:
    """The mark after so many rows of a Parquet file."""
    return Mark(kind, rows, _digest_rows(path, rows))


def rows_have_grown(path: Path, mark: Mark) -> bool:
    """Whether the rows before a mark are those that stood there."""
    return _digest_rows(path, mark.end) == mark.digest


def read_from(path: Path, mark: Mark, header: bool) -> bytes:
    """What stands in a text file after a mark, under the file's header where it has one."""
    with _opened(path) as file:
        head = file.readline() if header else b""
        file.seek(mark.end)
        return head + file.read()


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise UnreadableInputError(f"{path} cannot be read: {error.strerror}") from None


def _end_of_lines(file: BinaryIO) -> int:
    """Where the last whole line of a file ends."""
    at = file.seek(0, 2)
    while at > 0:
        begin = max(at - PIECE_BYTES, 0)
        file.seek(begin)
        found = file.read(at - begin).rfind(b"\n")
        if found >= 0:
            return begin + found + 1
        at = begin
    return 0


def _digest(file: BinaryIO, size: int) -> str:
    digest = hashlib.sha256(str(size).encode())
    file.seek(0)
    digest.update(file.read(min(PIECE_BYTES, size)))
    file.seek(max(size - PIECE_BYTES, 0))
    digest.update(file.read(min(PIECE_BYTES, size)))
    return digest.hexdigest()


def _digest_rows(path: Path, rows: int) -> str:
    last = pl.scan_parquet(path).slice(max(rows - LAST_ROWS, 0), min(rows, LAST_ROWS)).collect()
    plain = last.select(pl.exclude(pl.Binary, pl.Object).cast(pl.String, strict=False))
    return hashlib.sha256(f"{rows} {last.height} {last.schema}{plain.write_csv()}".encode()).hexdigest()
