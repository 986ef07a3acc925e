"""Parties with whom nobody may deal, as the lists name them, and the lists that a user added.

Every list is brought into one form, which is what is kept: who is listed under which number, all names (weak ones
marked as the list marks them), days of birth, addresses. The newest addition of a list stands for the whole list.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from entrepost.base.errors import MissingRowError, UnreadableInputError
from entrepost.base.findings import Finding, finding_code
from entrepost.reference.added import keep, list_added

MALFORMED = finding_code("sanctions_row_malformed", "A row of a list of denied parties cannot be read.")
ORPHAN = finding_code("sanctions_row_orphan", "An alias or address belongs to nobody on the list of denied parties.")

KINDS = ("sanctions-ofac", "sanctions-un")
COLUMNS = ("number", "field", "value", "weak")
NAMES = ("name", "aka", "fka", "nka", "script")
"""What a name is: the one listed, also known as, formerly, now, and the one in the original script."""


@dataclass(frozen=True, slots=True)
class ListedName:
    """One name of somebody listed; `weak` as the list says (too common or too vague to hit alone)."""

    name: str
    what: str = "name"
    weak: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """One entry of a list.

    `kind` is person, entity, vessel or aircraft; `births` are days like 1971-03-05, or as much of one as is known,
    or two with a stroke between for a span; an address is written in one line with its country last.
    """

    source: str
    number: str
    kind: str
    program: str
    names: tuple[ListedName, ...]
    births: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sanctions:
    """All entries of the lists that are known, and which lists these are."""

    entries: tuple[Listed, ...]
    sources: tuple[str, ...]


def known_sanctions() -> Sanctions:
    """The lists that were added, the newest addition of each; raises `MissingRowError` where there is none."""
    newest = tuple((kind, paths[-1]) for kind in KINDS if (paths := list_added(kind)))
    if not newest:
        fix = "entrepost reference add sanctions-ofac SDN.CSV ALT.CSV ADD.CSV, or sanctions-un FILE"
        raise MissingRowError(f"there is no list of denied parties: {fix}")
    return _read_kept(newest)


@lru_cache(maxsize=4)
def _read_kept(files: tuple[tuple[str, Path], ...]) -> Sanctions:
    entries = [entry for kind, path in files for entry in from_text(path.read_text(encoding="utf-8"), kind)]
    return Sanctions(tuple(entries), tuple(kind for kind, _ in files))


def keep_sanctions(kind: str, entries: Sequence[Listed]) -> int:
    """Keep a list from now on, in every process of this user; how many entries it has."""
    if entries:
        keep(kind, to_text(entries))
    return len(entries)


def to_text(entries: Iterable[Listed]) -> str:
    """Entries in the form in which they are kept: CSV with a row per fact."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for entry in entries:
        writer.writerow((entry.number, "kind", entry.kind, ""))
        writer.writerow((entry.number, "program", entry.program, ""))
        writer.writerows((entry.number, name.what, name.name, "weak" * name.weak) for name in entry.names)
        writer.writerows((entry.number, "birth", birth, "") for birth in entry.births)
        writer.writerows((entry.number, "address", address, "") for address in entry.addresses)
    return text.getvalue()


def from_text(text: str, source: str) -> Iterator[Listed]:
    """Entries from the form in which they are kept."""
    facts: dict[str, list[tuple[str, str, str]]] = {}
    for number, field, value, weak in list(csv.reader(io.StringIO(text, newline="")))[1:]:
        facts.setdefault(number, []).append((field, value, weak))
    for number, rows in facts.items():
        first = {field: value for field, value, _ in rows if field in ("kind", "program")}
        names = tuple(ListedName(value, field, bool(weak)) for field, value, weak in rows if field in NAMES)
        births, addresses = (tuple(value for field, value, _ in rows if field == what) for what in ("birth", "address"))
        yield Listed(source, number, first["kind"], first["program"], names, births, addresses)


def decode(path: Path) -> str:
    """The text of a published file, packed with gzip or not; a sign that is no text is shown as one."""
    import gzip
    import zlib

    try:
        raw = path.read_bytes()
        raw = gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableInputError(f"{path} cannot be read: {error}; download it again") from None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def malformed(subject: str, row: int, field: str, message: str, fix: str) -> Finding:
    """A finding about a row of a list."""
    return Finding(MALFORMED, field, message, subject, row, fix)
