"""A copy of a store in a SQLite file, made while others write, checked, and put in place only when it is sound."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from entrepost.base.errors import MisuseError, StoreError
from entrepost.store.migrate import is_known


@dataclass(frozen=True, slots=True)
class Copied:
    """A copy that was checked: its size, the version of its tables, and the rows of each table."""

    file: str
    bytes: int
    version: str
    rows: dict[str, int]


def back_up_sqlite(source: Path, out: Path) -> Copied:
    """Copy a store's file, whole as it is at one instant, by SQLite's own way of copying.

    Raises
    ------
    MisuseError
        When there is something at the copy's place, or no store to be copied.
    StoreError
        When the copy is not sound.
    """
    _see_store(source)
    with unfinished(out) as part:
        with closing(sqlite3.connect(source)) as store, closing(sqlite3.connect(part)) as copy:
            store.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
        found = _checked(part, out.name)
    return found


def restore_sqlite(copy: Path, target: Path) -> Copied:
    """Put a copy where no store is yet; who opens it brings it to the present version.

    Raises
    ------
    MisuseError
        When there is a store at that place already.
    StoreError
        When the copy is not sound, or of a newer version.
    """
    for beside in (target, *(target.with_name(f"{target.name}{end}") for end in ("-wal", "-shm"))):
        if beside.exists():
            raise MisuseError(f"{beside} is there already; move it away, or give another place. Nothing was changed")
    _see_store(copy)
    _checked(copy, copy.name)
    with unfinished(target) as part:
        with closing(sqlite3.connect(copy)) as source, closing(sqlite3.connect(part)) as made:
            source.backup(made)
        found = _checked(part, target.name)
    return found


@contextmanager
def unfinished(out: Path) -> Iterator[Path]:
    """A file beside, for its owner alone, which gets its name when it is whole and on the disk; never over another."""
    if out.exists():
        raise MisuseError(f"{out} is there already; give another name. Nothing was changed")
    if not out.parent.is_dir():
        raise MisuseError(f"the folder {out.parent} is not there; create it, or give another place")
    part = out.with_name(f"{out.name}.{os.getpid()}.part")
    try:
        part.touch(mode=0o600)
        yield part
        with part.open("rb") as file:
            os.fsync(file.fileno())
        os.link(part, out)
    except FileExistsError:
        raise MisuseError(f"{out} is there already; give another name. Nothing was changed") from None
    finally:
        part.unlink(missing_ok=True)
    folder = os.open(out.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def check_version(version: str | None, name: str) -> str:
    """The version of a copy; raises `StoreError` where this program does not know it."""
    if version is None or not is_known(version):
        raise StoreError(f"{name} is no copy that this version of Entrepost knows; a newer one wrote it: update first")
    return version


def _checked(file: Path, name: str) -> Copied:
    """Read every page of a copy, and count its rows."""
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as copy:
            said = [row[0] for row in copy.execute("PRAGMA integrity_check")]
            broken = copy.execute("PRAGMA foreign_key_check").fetchone()
            tables = [row[0] for row in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1")]
            own = [table for table in tables if not table.startswith(("sqlite_", "alembic_"))]
            found = copy.execute("SELECT version_num FROM alembic_version").fetchone()
            rows = {table: copy.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0] for table in own}
    except sqlite3.DatabaseError as error:
        raise StoreError(f"{name} is not sound: {error}") from None
    if said != ["ok"] or broken:
        raise StoreError(f"{name} is not sound: {said[0]}" if said != ["ok"] else f"{name} lacks rows that others name")
    return Copied(name, file.stat().st_size, check_version(found[0] if found else None, name), rows)


def _see_store(path: Path) -> None:
    if not path.is_file():
        raise MisuseError(f"{path} is no file; give that of a store")
