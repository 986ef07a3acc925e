"""Traces of a person in what was exchanged: bytes in which their items or addresses stand, and reasons that quote them.

Rows of the exchange name no person, but bytes are searched whole: an interchange that was refused has no rows, an event
names who signed, and a partner may have written about an item in a message of any type.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from entrepost.base.findings import CODES
from entrepost.operations.exchange_records import Came, CameMessage, Sent, SentMessage
from entrepost.operations.exchange_store import Books

ADVANCE = "advance "
"""Before the identifier of an item: the name of its advance data's bytes."""
BODIES_AT_ONCE = 200
TELLING = 6
"""A name of fewer characters may stand in any reason by chance (assumed)."""
ERASED = "erased on request"
_CODE = re.compile(r"\b[a-z0-9]+(?:_[a-z0-9]+)+\b")
KINDS: tuple[type[Came | CameMessage | Sent | SentMessage], ...] = (Came, CameMessage, Sent, SentMessage)


@dataclass(frozen=True, slots=True)
class Wanted:
    """By what a person is looked for: identifiers of items, e-mail addresses, and names."""

    item_ids: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Traces:
    """What was found: the items, names of bytes, and of each kind of row the names of those whose reason quotes."""

    item_ids: tuple[str, ...] = ()
    bodies: tuple[str, ...] = ()
    reasons: tuple[tuple[type[Came | CameMessage | Sent | SentMessage], tuple[str, ...]], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.bodies or any(names for _, names in self.reasons))


def find_traces(books: Books, tenant: str, wanted: Wanted) -> Traces:
    """Look through all bytes that are kept; made to run outside of any transaction, as it takes a while.

    Items whose advance data have one of the addresses are looked for, too.
    """
    found = {*wanted.item_ids}
    if wanted.emails:
        has_email = holds(wanted.emails)
        for name, body in _bodies(books, tenant, ADVANCE):
            if has_email(body):
                found.add(name.removeprefix(ADVANCE))
    item_ids = tuple(sorted(found))
    has_any = holds((*item_ids, *wanted.emails))
    bodies = tuple(name for name, body in _bodies(books, tenant) if has_any(body))
    quoted = [word.casefold() for word in (*item_ids, *wanted.emails, *wanted.names) if len(word) >= TELLING]
    reasons = []
    for kind in KINDS:
        told = books.exchange.list_reasons(kind, tenant) if quoted else []
        reasons.append((kind, tuple(name for name, why in told if any(word in why.casefold() for word in quoted))))
    return Traces(item_ids, bodies, tuple(reasons))


def holds(words: Sequence[str]) -> Callable[[bytes], bool]:
    """Says of bytes whether any of these words stands in them, however large letters are; released signs count."""
    plain = sorted({word.encode().lower() for word in words if word})
    if not plain:
        return lambda _body: False
    pattern = re.compile(b"|".join(map(re.escape, plain)))

    def has(body: bytes) -> bool:
        lower = body.lower()
        return bool(pattern.search(lower) or (b"?" in lower and pattern.search(lower.replace(b"?", b""))))

    return has


def to_erased(why: str) -> str:
    """A reason without what it quotes: the codes of findings stay."""
    lines = []
    for line in why.split("\n"):
        code = next((word for word in _CODE.findall(line) if word in CODES), "")
        lines.append(f"{code}: {ERASED}" if code else ERASED)
    return "\n".join(dict.fromkeys(lines))


def _bodies(books: Books, tenant: str, prefix: str = "") -> Iterator[tuple[str, bytes]]:
    """All bytes whose names begin so, some at a time."""
    after = prefix
    while names := books.exchange.list_bodies(tenant, after, BODIES_AT_ONCE):
        after = names[-1]
        mine = [name for name in names if name.startswith(prefix)]
        yield from books.exchange.find_bodies(tenant, mine).items()
        if len(mine) < len(names):
            return
