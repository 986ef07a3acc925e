"""A machine whose power can be cut: SQLite works on real files, and a `Disk` knows which bytes are safe."""

from __future__ import annotations

import itertools
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import apsw

from tests.durability.disk import Disk

NEW_NAMES = apsw.SQLITE_OPEN_WAL | apsw.SQLITE_OPEN_MAIN_JOURNAL | apsw.SQLITE_OPEN_SUPER_JOURNAL
"""Files that SQLite on Unix opens so that the directory is synchronised together with their first content."""

SHARED = "-shm"
"""The log's index, which SQLite builds anew after a crash, and never synchronises."""


class Machine:
    """Files of one folder as SQLite writes them; after `fuse` changes the power is cut.

    What the disk then holds is kept in `after`; the program may go on for a while and changes nothing of
    it. With `at_checkpoint` the fuse begins to burn when the log is first written back to the database.
    """

    def __init__(self, folder: Path, disk: Disk) -> None:
        self.folder = folder
        self.disk = disk
        self.after: Disk | None = None
        self.changes = 0
        self.seen: Counter[str] = Counter()
        self._fuse = -1
        self._waits = False
        self._chance = Random(0)
        self._kills = False
        self.vfs = _Vfs(self)

    def arm(self, fuse: int, chance: Random, kills: bool = False, at_checkpoint: bool = False) -> None:
        """Let the power go (or the program be killed) after some more changes."""
        self._fuse, self._chance, self._kills, self._waits = fuse, chance, kills, at_checkpoint

    @property
    def is_off(self) -> bool:
        """Whether it has happened."""
        return self.after is not None

    def start_again(self) -> None:
        """Put the files back as they were found after the cut; every connection must be closed by now."""
        assert self.after is not None
        for path in self.folder.iterdir():
            path.unlink()
        for name, inode in self.after.names.items():
            (self.folder / name).write_bytes(inode.live())
        database = next((name for name in sorted(self.after.names) if "-" not in name), "")
        if database and self._chance.random() < 0.5:
            (self.folder / (database + SHARED)).write_bytes(self._chance.randbytes(32_768))
        self.disk, self.after, self._fuse = self.after, None, -1

    def tick(self, what: str, checkpoint: bool = False) -> None:
        """A change was begun."""
        self.changes += 1
        self.seen[what] += 1
        if self._waits and not checkpoint:
            return
        self._waits = False
        if self._fuse == 0 and self.after is None:
            self.after = self.disk.kill() if self._kills else self.disk.cut(self._chance)
            self.seen["kill" if self._kills else f"cut in {what}"] += 1
        self._fuse -= 1


class _Vfs(apsw.VFS):
    counter = itertools.count()

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.name = f"forgetful{next(self.counter)}"
        super().__init__(self.name, "")

    def xOpen(self, name: Any, flags: list[int]) -> Any:
        return _File(self.machine, name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:
        machine, name = self.machine, Path(filename).name
        super().xDelete(filename, syncdir)
        if not machine.is_off:
            machine.disk.delete(name)
            machine.tick(f"delete {_kind(name)}")
        if syncdir and not machine.is_off:
            machine.disk.sync_names()


class _File(apsw.VFSFile):
    def __init__(self, machine: Machine, name: Any, flags: list[int]) -> None:
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        if path is None:
            raise AssertionError("a temporary file, which temp_store = MEMORY should have prevented")
        self.machine, self.name = machine, Path(path).name
        existed = Path(path).exists()
        super().__init__("", name, flags)
        self._names_follow = bool(flags[0] & NEW_NAMES) and bool(flags[0] & apsw.SQLITE_OPEN_CREATE)
        if not existed and Path(path).exists() and not machine.is_off:
            machine.disk.create(self.name)
            machine.tick(f"create {_kind(self.name)}")

    def xWrite(self, data: bytes, offset: int) -> None:
        super().xWrite(data, offset)
        self._change(offset, bytes(data), "write")

    def xTruncate(self, newsize: int) -> None:
        super().xTruncate(newsize)
        self._change(newsize, None, "truncate")

    def xSync(self, flags: int) -> None:
        """The real file is not synchronised: what is safe is the disk's matter, and that is quicker."""
        machine = self.machine
        if machine.is_off:
            return
        machine.tick(f"sync {_kind(self.name)}")
        if not machine.is_off and self.name in machine.disk.names:
            machine.disk.names[self.name].sync()
            if self._names_follow:
                machine.disk.sync_names()
                self._names_follow = False

    def _change(self, offset: int, data: bytes | None, what: str) -> None:
        machine = self.machine
        if machine.is_off:
            return
        machine.disk.change(self.name, offset, data)
        logged = f"{self.name}-wal" in machine.disk.names
        machine.tick(f"{what} {_kind(self.name)}", checkpoint="-" not in self.name and logged)


def _kind(name: str) -> str:
    return name.rpartition("-")[2] if "-" in name else "database"
