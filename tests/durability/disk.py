"""A disk that forgets: what was written and not yet synchronised is lost, kept or torn at a power cut."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

DROP, KEEP, TEAR = "drop", "keep", "tear"
MOODS = {
    "forgets": (1.0, 0.0, 0.0),
    "had time": (0.0, 1.0, 0.0),
    "reorders": (0.5, 0.5, 0.0),
    "tears": (0.4, 0.4, 0.2),
    "shreds": (0.1, 0.1, 0.8),
}
"""What may happen to a sector that waits to be written: the shares of dropped, kept and torn."""


@dataclass(frozen=True, slots=True)
class Change:
    """Bytes written at an offset, or (without bytes) the file cut to that length."""

    offset: int
    data: bytes | None


@dataclass(slots=True)
class Inode:
    """A file: what is certainly on the disk, and the changes that only the machine's memory has."""

    durable: bytes = b""
    pending: list[Change] = field(default_factory=list)

    def live(self) -> bytes:
        """What a program that reads the file sees."""
        content = bytearray(self.durable)
        for change in self.pending:
            _apply(content, change)
        return bytes(content)

    def sync(self) -> None:
        """All that was written is on the disk."""
        self.durable, self.pending = self.live(), []


@dataclass(slots=True)
class Disk:
    """Files by name; `listed` is the directory as it is on the disk, `names` as programs see it.

    `sector` is what the disk writes at a time. With `neighbours` a torn sector loses the bytes beside the
    written ones as well, which SQLite calls a disk without 'powersafe overwrite'.
    """

    sector: int = 512
    neighbours: bool = False
    names: dict[str, Inode] = field(default_factory=dict)
    listed: dict[str, Inode] = field(default_factory=dict)

    def create(self, name: str) -> None:
        """A new file; its name waits for the directory to be synchronised."""
        if name not in self.names:
            self.names[name] = Inode()

    def delete(self, name: str) -> None:
        """Take a name away; that waits as well."""
        self.names.pop(name, None)

    def change(self, name: str, offset: int, data: bytes | None) -> None:
        """Write bytes, or cut the file."""
        self.names[name].pending.append(Change(offset, data))

    def sync_names(self) -> None:
        """The directory on the disk is that which programs see."""
        self.listed = dict(self.names)

    def cut(self, chance: Random) -> Disk:
        """The disk after a power cut: one of the states that it may be found in, all of it on the disk now."""
        mood = chance.choice(list(MOODS))
        found = Disk(self.sector, self.neighbours)
        for name in sorted({*self.names, *self.listed}):
            before, after = self.listed.get(name), self.names.get(name)
            inode = before if before is after or _lost(mood, chance) else after
            if inode is not None:
                found.names[name] = Inode(self._survived(inode, mood, chance))
        found.sync_names()
        return found

    def kill(self) -> Disk:
        """The disk after the program was killed: the machine goes on and has forgotten nothing."""
        twins = {id(inode): Inode(inode.durable, list(inode.pending)) for inode in self._inodes()}
        names, listed = ({name: twins[id(inode)] for name, inode in each.items()} for each in (self.names, self.listed))
        return Disk(self.sector, self.neighbours, names, listed)

    def _inodes(self) -> list[Inode]:
        return [*self.names.values(), *self.listed.values()]

    def _survived(self, inode: Inode, mood: str, chance: Random) -> bytes:
        content = bytearray(inode.durable)
        for change in inode.pending:
            for part in self._sectors(change):
                fate = chance.choices((DROP, KEEP, TEAR), MOODS[mood])[0]
                if fate == TEAR and part.data is not None:
                    _apply(content, self._garbage(part, len(content), chance), chance)
                elif fate == KEEP:
                    _apply(content, part, chance)
        return bytes(content)

    def _sectors(self, change: Change) -> list[Change]:
        """The parts of a write, each within one sector."""
        if change.data is None:
            return [change]
        parts, start, end = [], change.offset, change.offset + len(change.data)
        while start < end:
            stop = min(end, (start // self.sector + 1) * self.sector)
            parts.append(Change(start, change.data[start - change.offset : stop - change.offset]))
            start = stop
        return parts

    def _garbage(self, part: Change, length: int, chance: Random) -> Change:
        assert part.data is not None
        start, end = part.offset, part.offset + len(part.data)
        if self.neighbours:
            start -= start % self.sector
            end = max(end, min(length, start + self.sector))
        return Change(start, chance.randbytes(end - start))


def _lost(mood: str, chance: Random) -> bool:
    """Whether a change of the directory that waits is lost."""
    return chance.random() < MOODS[mood][0]


def _apply(content: bytearray, change: Change, chance: Random | None = None) -> None:
    """Change a file's content; a hole is zeros, or after a power cut whatever stood on the disk."""
    if change.data is None:
        del content[change.offset :]
        return
    hole = change.offset - len(content)
    if hole > 0:
        content += chance.randbytes(hole) if chance and chance.random() < 0.5 else bytes(hole)
    content[change.offset : change.offset + len(change.data)] = change.data
