"""Two operators who write to each other: CNA in China keeps the table, DEA in Germany is its partner."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial

from entrepost.mail.partner import EVERY, Address, Channel, Office, Operator, Partners
from entrepost.messages import plain_lines
from entrepost.operations.exchange_store import Books
from entrepost.operations.exchanging.inbox import Incoming, Verdict
from entrepost.operations.exchanging.judging import Desk
from entrepost.operations.exchanging.outbox import Entry, Route, queue
from entrepost.operations.exchanging.transport import INTERCHANGE, Arrival, Kind, Transmission, Unsent
from tests.operations.shop import NOW

FIRST = date(2026, 1, 1)
CNA = Operator("CNA", "China", "CN HK", "Asia/Shanghai", True)
DEA = Operator("DEA", "Germany", "DE", "Europe/Berlin")
PARTNERS = Partners(
    (CNA, DEA),
    (Office("CNSHAA", "CNA", FIRST), Office("DEFRAA", "DEA", FIRST)),
    (Address("CN101", "CNA", FIRST), Address("DE101", "DEA", FIRST)),
    (
        Channel("DEA", "in", "EMSEVT", FIRST, version="3.0"),
        Channel("DEA", "in", "ITMATT", FIRST, syntax="json"),
        Channel("DEA", "in", "NOTE", FIRST, syntax="json"),
        Channel("DEA", "out", EVERY, FIRST),
    ),
)
DESK = Desk("main", PARTNERS, NOW)
ROUTE = Route("CN101", "DE101", "DEA", "folder", "json")
"""The way from CNA to DEA."""


@dataclass(slots=True)
class Box:
    """A `Transport` in memory: what was sent, what waits, what was done or refused with it."""

    waiting: list[Arrival] = field(default_factory=list)
    gone: list[Transmission] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    wrong: list[Unsent] = field(default_factory=list)

    def send(self, transmissions: Sequence[Transmission]) -> Sequence[Unsent]:
        self.gone += transmissions
        return self.wrong

    def fetch(self, limit: int = 100) -> Iterator[Arrival]:
        waiting, self.waiting = self.waiting[:limit], self.waiting[limit:]
        yield from waiting

    def close(self) -> None:
        """Nothing is held."""

    def arrive(self, body: bytes, name: str = "t1", kind: Kind = INTERCHANGE, proved: str = "DE101") -> Arrival:
        """Something from DEA, or from whom it is said to be."""
        given = Transmission(name, "DE101", "CN101", kind, body)
        arrival = Arrival(given, proved, partial(self.done.append, name), partial(self.refused.__setitem__, name))
        self.waiting.append(arrival)
        return arrival


def notes(*told: tuple[str, str], reference: str = "1", sender: str = "DE101", minutes: int = 0) -> bytes:
    """An interchange of notes from DEA, each a document and what it says; `function:document` may be said."""
    head = plain_lines.Head(sender, "CN101", reference, NOW + timedelta(minutes=minutes), len(told))
    return plain_lines.write(head, [_note(document, text) for document, text in told])


def _note(document: str, text: str) -> dict[str, str]:
    function, _, number = document.rpartition(":")
    return {"message": "NOTE", "document": number, "function": function or "original", "text": text}


def post(books: Books, *documents: str) -> str:
    """Let CNA queue an interchange of notes; its name."""
    said = [_note(each, "hello") for each in documents]
    head = partial(plain_lines.Head, "CN101", "DE101")
    write = lambda reference, now: plain_lines.write(head(reference, now, len(said)), said)  # noqa: E731
    return queue(books, "main", ROUTE, [Entry("NOTE", each) for each in documents], write).sent


@dataclass(slots=True)
class Reader:
    """Applies notes by remembering what they say; one that says `no` is refused."""

    said: list[str] = field(default_factory=list)

    def __call__(self, books: Books, desk: Desk, mine: Sequence[Incoming]) -> list[Verdict]:
        texts = [plain_lines.read(each.piece.content)[1][0].said["text"] for each in mine]
        self.said += [f"{each.row.document} {text}" for each, text in zip(mine, texts, strict=True) if text != "no"]
        return [Verdict("refused", "it says no") if text == "no" else Verdict() for text in texts]
