"""The way over folders, as SFTP servers show them: a file for each transmission, never seen before it is whole.

Each partner has a folder with `in`, where it puts what is for us, and `out`, where it takes what is for it. A file is
written under a hidden name, made durable and then renamed. What the inbox has committed goes to `in/done`, what it
refuses to `in/refused` with the reason beside it; what was in work when the process was killed is still in `in`, and
comes again.
"""

from __future__ import annotations

import os
import re
import stat
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from entrepost.base.errors import TransportError
from entrepost.operations.exchanging.transport import (
    BYTES_MOST,
    INTERCHANGE,
    RECEIPT,
    Arrival,
    Kind,
    Transmission,
    Unsent,
)

SUFFIXES: dict[Kind, str] = {INTERCHANGE: ".interchange", RECEIPT: ".receipt"}
DONE, REFUSED = "done", "refused"
UNFINISHED = (".tmp", ".part", ".filepart", ".partial", ".writing")
"""Behind the names of files that other programs have not finished."""
SETTLE_SECONDS = 10.0
"""A file of others, who may not rename, is read when nobody wrote to it for so long (assumed)."""
HEAD_BYTES = 1_000
_STRANGE = re.compile(r"[^A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class Mailbox:
    """The folders of a partner: where it puts what is for us, and where it takes what is for it."""

    incoming: Path
    outgoing: Path

    @classmethod
    def of(cls, root: Path, address: str, place: str = "") -> Mailbox:
        """The folders by the column `place` of an address: a folder with `in` and `out`, or both, with a blank between.

        Without it the folder has the name of the address; what is relative lies under `root`.
        """
        names = place.split()
        if len(names) == 2:
            return cls(root / names[0], root / names[1])
        folder = root / (names[0] if names else _STRANGE.sub("-", address))
        return cls(folder / "in", folder / "out")


@dataclass
class FolderTransport:
    """A `Transport` over folders, by the EDI address of each partner; `own` is our address."""

    own: str
    mailboxes: Mapping[str, Mailbox]
    settle_seconds: float = SETTLE_SECONDS
    now: Callable[[], float] = field(default=time.time, repr=False)

    def send(self, transmissions: Sequence[Transmission]) -> Sequence[Unsent]:
        """Put files; one that could not be put loses no other."""
        return [each for each in map(self._put, transmissions) if each is not None]

    def fetch(self, limit: int = 100) -> Iterator[Arrival]:
        """The files that lie there whole, the oldest first."""
        found: list[tuple[float, str, Path]] = []
        for address, mailbox in self.mailboxes.items():
            found += [(at, address, path) for at, path in self._list(mailbox.incoming)]
        for _, address, path in sorted(found)[:limit]:
            arrival = self._read(address, path)
            if arrival is not None:
                yield arrival

    def close(self) -> None:
        """Nothing is held open."""

    def _put(self, given: Transmission) -> Unsent | None:
        mailbox = self.mailboxes.get(given.recipient)
        if mailbox is None:
            return Unsent(given.transmission_id, f"no folder is known for {given.recipient}")
        try:
            mailbox.outgoing.mkdir(parents=True, exist_ok=True)
            write_whole(mailbox.outgoing / f"{given.transmission_id}{SUFFIXES[given.kind]}", given.body)
        except OSError as error:
            return Unsent(given.transmission_id, f"{mailbox.outgoing}: {error.strerror}")
        return None

    def _list(self, folder: Path) -> list[tuple[float, Path]]:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            entries = list(os.scandir(folder))
        except OSError as error:
            raise TransportError(f"the folder {folder} cannot be read: {error.strerror}") from None
        found = []
        for entry in entries:
            if entry.name.startswith(".") or entry.name.lower().endswith(UNFINISHED):
                continue
            try:
                told = entry.stat(follow_symlinks=False)
            except OSError:
                continue
            is_ours = entry.name.endswith(tuple(SUFFIXES.values()))
            settled = is_ours or told.st_mtime <= self.now() - self.settle_seconds
            if stat.S_ISREG(told.st_mode) and settled:
                found.append((told.st_mtime, Path(entry.path)))
        return found

    def _read(self, address: str, path: Path) -> Arrival | None:
        """A file; None where it is gone by now. A link to elsewhere is not followed."""
        try:
            handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
        except OSError:
            return None
        with os.fdopen(handle, "rb") as file:
            body = file.read(BYTES_MOST + 1)
        name = _STRANGE.sub("-", path.stem)[:80]
        given = Transmission(name, address, self.own, _kind_of(path, body), body)
        return Arrival(given, address, partial(_move, path, DONE), partial(_refuse, path))


def write_whole(path: Path, body: bytes) -> None:
    """Write a file so that it is there whole, or not at all, whenever somebody looks or the power fails."""
    hidden = path.with_name(f".{path.name}.writing")
    with hidden.open("wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    hidden.replace(path)
    _sync(path.parent)


def _kind_of(path: Path, body: bytes) -> Kind:
    """What a file is by its name; of other programs by what it says at its beginning."""
    if path.suffix in SUFFIXES.values():
        return RECEIPT if path.suffix == SUFFIXES[RECEIPT] else INTERCHANGE
    head = body[:HEAD_BYTES]
    return RECEIPT if b"+CONTRL:" in head or b'{"receipt"' in head else INTERCHANGE


def _move(path: Path, where: str) -> None:
    """Put a file aside; one that is gone was put aside before."""
    folder = path.parent / where
    folder.mkdir(exist_ok=True)
    try:
        path.replace(folder / path.name)
    except FileNotFoundError:
        return
    _sync(folder)


def _refuse(path: Path, why: str) -> None:
    folder = path.parent / REFUSED
    folder.mkdir(exist_ok=True)
    write_whole(folder / f"{path.name}.why", why.encode())
    _move(path, REFUSED)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
