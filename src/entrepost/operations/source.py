"""Files of rows, read in chunks: CSV, Parquet and JSON lines, plain or gzipped, by one interface."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO, cast

from entrepost.base.errors import UnreadableInputError
from entrepost.operations.chunk import ROW, Chunk
from entrepost.operations.csv_source import read_csv
from entrepost.operations.feed_paths import Feed
from entrepost.operations.feed_source import read_feed_document, read_feed_lines
from entrepost.operations.json_source import read_json_lines
from entrepost.operations.lines import Lines
from entrepost.operations.parquet_source import read_parquet

PACKED = b"\x1f\x8b"
PIECE_BYTES = 1 << 20
KINDS = {".csv": "csv", ".tsv": "csv", ".txt": "csv", ".parquet": "parquet", ".jsonl": "json", ".ndjson": "json"}
DOCUMENT = ".json"
"""How a file with one JSON document ends; only a feed is read from it."""


@dataclass(frozen=True, slots=True)
class Form:
    """How a text file is written; an empty separator is found out from the header.

    `feed` says which rows nested JSON has.
    """

    encoding: str = "utf-8"
    separator: str = ""
    feed: Feed | None = None


def read_chunks(path: Path, form: Form, skip: int = 0, size: int = 20_000) -> Iterator[Chunk]:
    """Read a file from its row number `skip` on, `size` rows at a time.

    Raises
    ------
    UnreadableInputError
        When the file as a whole cannot be read: missing, empty, of another encoding or kind.
    """
    kind = _kind(path) if form.feed is None else _kind_of_feed(path)
    try:
        if kind == "parquet":
            yield from read_parquet(path, skip, size)
        else:
            yield from _read_text(path, kind, form, skip, size)
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableInputError(f"{path} cannot be read: {error}") from None


def read_columns(path: Path, form: Form) -> list[str]:
    """The columns that a file has; of JSON lines those of its first rows."""
    chunk = next(read_chunks(path, form, size=100), None)
    return [] if chunk is None else [name for name in chunk.frame.columns if name != ROW]


def is_open_ended(path: Path) -> bool:
    """Whether later rows of a file may have further columns."""
    return not _is_document(path) and _kind(path) == "json"


def check_whole(path: Path) -> None:
    """Read a gzipped file to its end: whether bytes are missing or wrong is known only there.

    Raises
    ------
    UnreadableInputError
        When it is cut off or damaged, before a row of it was taken for sound.
    """
    try:
        with path.open("rb") as plain:
            file = unpacked(plain)
            while file is not plain and file.read(PIECE_BYTES):
                pass
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise UnreadableInputError(
            f"{path} is cut off or damaged: {error}. Nothing of it was brought in; fetch it again"
        ) from None
    except OSError as error:
        raise UnreadableInputError(f"{path} cannot be read: {error.strerror or error}") from None


def read_bytes(path: Path) -> bytes:
    """All of a file; raises `UnreadableInputError` where it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise UnreadableInputError(f"{path} cannot be read: {error.strerror}") from None


def content_hash(paths: Sequence[Path], *texts: str) -> str:
    """SHA-256 over files and texts: the same content is the same intake wherever it lies."""
    digest = hashlib.sha256()
    for path in paths:
        try:
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
        except OSError as error:
            raise UnreadableInputError(f"{path} cannot be read: {error.strerror}") from None
    for text in texts:
        digest.update(hashlib.sha256(text.encode()).digest())
    return digest.hexdigest()


def is_parquet(path: Path) -> bool:
    """Whether a file is one of Parquet, by its ending."""
    return not _is_document(path) and _kind(path) == "parquet"


def unpacked(plain: BufferedReader) -> BinaryIO:
    """The file itself, or what is in it where it is gzipped, whatever its name says."""
    return cast(BinaryIO, gzip.GzipFile(fileobj=plain)) if plain.peek(2)[:2] == PACKED else plain


def _kind(path: Path) -> str:
    if _is_document(path):
        raise UnreadableInputError(f"{path} is one JSON document; a mapping says where its rows stand: [feed] each")
    suffix = _suffix(path)
    if suffix not in KINDS:
        raise UnreadableInputError(
            f"{path}: the kind of file is told by its ending; use one of {', '.join(KINDS)}, or these with .gz"
        )
    return KINDS[suffix]


def _kind_of_feed(path: Path) -> str:
    if _is_document(path):
        return "document"
    if _kind(path) != "json":
        raise UnreadableInputError(f"{path}: its mapping is one of JSON ([feed]); use .json, .jsonl or .ndjson")
    return "json"


def _is_document(path: Path) -> bool:
    return _suffix(path) == DOCUMENT


def _suffix(path: Path) -> str:
    return (path.with_suffix("").suffix if path.suffix == ".gz" else path.suffix).lower()


def _read_text(path: Path, kind: str, form: Form, skip: int, size: int) -> Iterator[Chunk]:
    with path.open("rb") as plain:
        before = _fingerprint(path)
        for chunk in _text_chunks(plain, path.name, kind, form, (skip, size)):
            if _fingerprint(path) != before:
                raise UnreadableInputError(
                    f"{path} was changed while it was read, before row {chunk.position}; bring it in when it is whole"
                )
            yield chunk


def _text_chunks(plain: BufferedReader, name: str, kind: str, form: Form, part: tuple[int, int]) -> Iterator[Chunk]:
    """Chunks of a text file, from a row on and of so many rows (`part`)."""
    if form.feed is not None and kind == "document":
        return read_feed_document(unpacked(plain), name, form.feed, *part)
    lines = Lines(unpacked(plain), form.encoding, name)
    if form.feed is not None:
        return read_feed_lines(lines, name, form.feed, *part)
    if kind == "csv":
        return read_csv(lines, name, form.separator, *part)
    return read_json_lines(lines, name, *part)


def _fingerprint(path: Path) -> tuple[int, int]:
    """Size and time of the last change of a file."""
    found = path.stat()
    return found.st_size, found.st_mtime_ns
