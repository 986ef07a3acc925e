"""What a file from somebody else may become when it is unpacked: a few kilobytes can be told to be terabytes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from entrepost.base.errors import MisuseError, UnreadableInputError
from entrepost.operations.source import PIECE_BYTES, is_parquet, unpacked

GIGABYTE = 1 << 30


@dataclass(frozen=True, slots=True)
class Bounds:
    """How large an unpacked file may be. All are *assumed*, far above what sound files of orders and events are.

    Attributes
    ----------
    bytes_max : int
        So much text, or so much in memory of a Parquet file, in all.
    ratio_max : int
        A gzipped file becomes at most so many times as large, as soon as it is above `lenient_bytes`; tables of
        events become 10 to 40 times as large, and nothing more than 1,032 times (deflate).
    lenient_bytes : int
        Up to so much text nothing is said.
    slice_bytes, memory_bytes : int
        So much may 100,000 rows of a Parquet file take, and the process that tries it.
    """

    bytes_max: int = 16 * GIGABYTE
    ratio_max: int = 250
    lenient_bytes: int = 64 << 20
    slice_bytes: int = GIGABYTE
    memory_bytes: int = 4 * GIGABYTE

    def __post_init__(self) -> None:
        if min(asdict(self).values()) <= 0:
            raise MisuseError("the bounds of files must be above 0")


def check_bounds(path: Path, bounds: Bounds) -> None:
    """See to it that a file stays within its bounds, before a row of it is looked at.

    A Parquet file is read by a process of its own, whose memory is bounded: whatever it does is done to that one.

    Raises
    ------
    UnreadableInputError
        When it does not.
    """
    if is_parquet(path):
        _try_parquet(path, bounds)
    else:
        _measure(path, bounds)


def _measure(path: Path, bounds: Bounds) -> None:
    """Unpack a text file piece by piece, and keep nothing of it."""
    packed, size = path.stat().st_size, 0
    try:
        for piece in _pieces(path):
            size += len(piece)
            if size > bounds.bytes_max or (size > bounds.lenient_bytes and size > bounds.ratio_max * packed):
                raise UnreadableInputError(
                    f"{path.name} becomes more than {bounds.bytes_max:,} bytes, or {bounds.ratio_max} times as "
                    "large, when it is unpacked; send it in parts, or as it is"
                )
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableInputError(f"{path.name} cannot be unpacked: {error}") from None


def _pieces(path: Path) -> Iterator[bytes]:
    """What is in a gzipped file; nothing of any other."""
    with path.open("rb") as plain:
        file = unpacked(plain)
        while file is not plain and (piece := file.read(PIECE_BYTES)):
            yield piece


def _try_parquet(path: Path, bounds: Bounds) -> None:
    command = [sys.executable, "-m", "entrepost.operations.parquet_trial", str(path), json.dumps(asdict(bounds))]
    environment = os.environ | {"POLARS_MAX_THREADS": "1"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if done.returncode != 0:
        said = done.stdout.strip() or "it takes more memory or time than it may, or is damaged"
        raise UnreadableInputError(f"{path.name} cannot be read as Parquet: {said}; send it in parts, or as CSV")
