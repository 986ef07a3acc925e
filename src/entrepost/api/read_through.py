"""A store's file, read once when a server begins: the first requests then find it in memory and wait for no disk."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from entrepost.api.apart import Apart
from entrepost.base.errors import EntrepostError

MOST_BYTES = 4 << 30
"""So much of a file is read (assumed): the system would soon forget the first of a larger one."""

PART_BYTES = 4 << 20


def read_through_apart(file: Path, is_over: Callable[[], bool]) -> None:
    """Read a file in a process of its own: whoever closes SQLite's file gives back all locks of its process on it."""
    with suppress(EntrepostError, OSError):
        Apart(read_through, is_over, "reading the store").do(str(file))


def read_through(file: str) -> int:
    """Read a file from its beginning, and forget it again; how many bytes."""
    count, room = 0, bytearray(PART_BYTES)
    with open(file, "rb", buffering=0) as raw:
        while count < MOST_BYTES and (read := raw.readinto(room)):
            count += read
    return count
