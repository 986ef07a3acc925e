"""The inbox: what came is kept and applied in one transaction, once, and answered only after it is durable.

An interchange is known by its sender and control reference, a message by its place in it, and its content by sender,
type, document and function. What was there before changes nothing and is answered again. Many interchanges are one
transaction; where something in it cannot be done each is tried alone, so that one loses no other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from entrepost.base.errors import EntrepostError, StoreError
from entrepost.base.findings import finding_code
from entrepost.mail.partner import Channel, Operator
from entrepost.messages.pieces import Piece, cut
from entrepost.operations.exchange_records import Came, CameMessage, KeptAwaited
from entrepost.operations.exchange_store import Books
from entrepost.operations.exchanging import remembering
from entrepost.operations.exchanging.judging import (
    NAMELESS,
    REPLAYED,
    Desk,
    Opened,
    judge_again,
    open_arrival,
    to_why,
)
from entrepost.operations.exchanging.receipts import (
    APPLIED,
    DUE,
    KEPT,
    REFUSED,
    TESTED,
)
from entrepost.operations.exchanging.sorting import PENDING, place_of, sort_out
from entrepost.operations.exchanging.transport import BYTES_MOST, Arrival
from entrepost.operations.exchanging.waiting import COME, WAIT_FOR, is_awaiting

GONE = finding_code("exchange_bytes_gone", "The bytes of a message that was kept were forgotten before it was applied.")
TEST = "test"


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message that is to be applied: its row, its bytes, and who sent it by which channel."""

    row: CameMessage
    piece: Piece = field(repr=False)
    operator: Operator
    channel: Channel | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a message: *applied*, *refused* or *kept*, and what is to be said about it."""

    state: str = APPLIED
    why: str = ""


Applier = Callable[[Any, Desk, Sequence[Incoming]], Sequence[Verdict]]
"""Applies messages of one type in the transaction of their inbox rows, in their order; a verdict for each."""

Appliers = Mapping[str, Applier]


def take_in(books: Books, desk: Desk, appliers: Appliers, transport: str, arrivals: Sequence[Arrival]) -> Counter[str]:
    """Take in interchanges that arrived; how many messages are how, and how many interchanges came again."""
    done: Counter[str] = Counter()
    waiting = [open_arrival(arrival, transport, desk) for arrival in arrivals]
    while waiting:
        # What came twice is looked at again when the first one is in.
        first = {each.came.came: each for each in reversed(waiting)}
        chosen = [each for each in waiting if first[each.came.came] is each]
        waiting = [each for each in waiting if first[each.came.came] is not each]
        done += _take_opened(books, desk, appliers, chosen)
    return done


def apply_kept(books: Books, desk: Desk, appliers: Appliers, most: int = 1_000) -> Counter[str]:
    """Apply what was kept, as far as it can be by now; how many messages are how."""
    if not _list_kept(books, desk, appliers):
        return Counter()
    with books.transaction():
        books.exchange.hold(f"exchange inbox of {desk.tenant}")
        kept = _list_kept(books, desk, appliers)[:most]
        found = _bring_back(books, desk, kept)
        rows = [*_sort_and_apply(books, desk, appliers, found), *_give_up(kept, found)]
        done = [row for row in rows if row.state != KEPT]
        stood = {row.entry: row.why for row in kept}
        books.exchange.put(done + [row for row in rows if row.state == KEPT and row.why != stood[row.entry]])
        _answer_again(books, desk, done)
    return Counter(row.state for row in done)


def apply_again(
    books: Books, desk: Desk, appliers: Appliers, entries: Sequence[str], mended: Mapping[str, bytes] | None = None
) -> list[CameMessage]:
    """Judge and apply messages anew that were refused or kept, perhaps mended; how they stand then.

    A mended message keeps its place: `mended` has its bytes, an interchange or document of it alone.
    """
    with books.transaction():
        books.exchange.hold(f"exchange inbox of {desk.tenant}")
        books.exchange.put_bodies(desk.tenant, {mended_body(entry): body for entry, body in (mended or {}).items()})
        rows = books.exchange.find(CameMessage, desk.tenant, entries).values()
        found = _bring_back(books, desk, [row for row in rows if row.state in (REFUSED, KEPT)])
        done = _sort_and_apply(books, desk, appliers, found)
        books.exchange.put(done)
        _answer_again(books, desk, done)
    return done


def body_of(came: Came | CameMessage) -> str:
    """Under what name the bytes of an interchange that came are kept."""
    return f"in {came.came}"


def once_more(came: Came) -> Came:
    """An interchange that is to be answered once more."""
    return replace(came, receipt=DUE if came.operator else "", times=came.times + 1)


def mended_body(entry: str) -> str:
    """Under what name the bytes of a mended message are kept."""
    return f"mended {entry}"


def _take_opened(books: Books, desk: Desk, appliers: Appliers, opened: Sequence[Opened]) -> Counter[str]:
    try:
        kept = _keep(books, desk, appliers, opened)
    except StoreError:
        raise
    except EntrepostError as error:
        if len(opened) > 1:
            alone = [_take_opened(books, desk, appliers, [each]) for each in opened]
            return sum(alone, Counter())
        kept = _keep(books, desk, _refusing(error), opened)
    for each, row in zip(opened, kept, strict=True):
        _answer_transport(each.arrival, row)
    return Counter(message.state for each in kept for message in each.messages) + Counter(
        again=sum(each.is_again for each in kept), interchanges=len(kept)
    )


@dataclass(frozen=True, slots=True)
class _Kept:
    came: Came
    messages: tuple[CameMessage, ...] = ()
    is_again: bool = False


def _answer_transport(arrival: Arrival, kept: _Kept) -> None:
    if kept.came.state == REFUSED:
        arrival.refuse(kept.came.why)
    else:
        arrival.done()


def _keep(books: Books, desk: Desk, appliers: Appliers, opened: Sequence[Opened]) -> list[_Kept]:
    """One transaction: the rows of what is new with all that it changes; what came again is only counted."""
    with books.transaction():
        books.exchange.hold(f"exchange inbox of {desk.tenant}")
        known = books.exchange.find(Came, desk.tenant, [each.came.came for each in opened])
        names = [each.came.came for each in opened if each.came.came not in known]
        pruned = remembering.recall_interchanges(books, desk.tenant, names)
        opened = [remembering.settle_again(each, pruned) for each in opened]
        known |= remembering.to_rows(opened, pruned)
        seen = {each.came.came: _recognise(known.get(each.came.came), each) for each in opened}
        fresh = [_once_more(each, known.get(each.came.came)) for each in opened if seen[each.came.came] is None]
        messages = _sort_and_apply(books, desk, appliers, [each for one in fresh for each in _list_incoming(one)])
        by_came: dict[str, list[CameMessage]] = {each.came.came: [] for each in fresh}
        for row in messages:
            by_came[row.came].append(row)
        new = {each.came.came: _Kept(_count(each.came, by_came[each.came.came]), tuple(by_came[each.came.came]))
               for each in fresh}  # fmt: skip
        kept = [_Kept(row, is_again=True) if row else new[name] for name, row in seen.items()]
        books.exchange.put([each.came for each in kept])
        books.exchange.put(messages)
        bodies = {body_of(each.came): each.arrival.transmission.body for each in fresh}
        books.exchange.put_bodies(desk.tenant, {name: body for name, body in bodies.items() if len(body) <= BYTES_MOST})
    return kept


def _list_incoming(opened: Opened) -> list[Incoming]:
    operator = opened.operator
    return [Incoming(row, piece, operator, channel) for row, piece, channel in opened.pieces if operator]


def _recognise(seen: Came | None, opened: Opened) -> Came | None:
    """The row of something that was there before; None where it is new, or comes again mended after a refusal."""
    if seen is None:
        return None
    if seen.digest == opened.came.digest:
        return replace(once_more(seen), transmission=opened.came.transmission, transport=opened.came.transport)
    if seen.state == REFUSED:
        return None
    what = f"{REPLAYED}: reference {seen.reference} was used on {seen.created_at:%Y-%m-%d %H:%M} for something else"
    name = f"{opened.came.sender} {NAMELESS}{opened.came.transmission}"
    return replace(opened.came, came=name, reference="", syntax="json", state=REFUSED, why=to_why([what]), messages=0)


def _once_more(opened: Opened, seen: Came | None) -> Opened:
    return replace(opened, came=replace(opened.came, times=seen.times + 1)) if seen else opened


def _sort_and_apply(books: Books, desk: Desk, appliers: Appliers, waiting: Sequence[Incoming]) -> list[CameMessage]:
    """How messages stand after those that are new have been applied, type by type."""
    identities = [each.row.identity for each in waiting if each.row.identity and not each.row.state]
    entries = {each.row.entry for each in waiting}
    about: dict[str, list[CameMessage]] = {}
    asked = sorted({*identities})
    told = books.exchange.list_with(CameMessage, desk.tenant, {"identity": asked})
    others = [row for row in told if row.entry not in entries]
    for row in (*remembering.recall_documents(books, desk.tenant, asked), *others):
        about.setdefault(row.identity, []).append(row)
    rows: dict[str, CameMessage] = {}
    for each in sorted(waiting, key=lambda each: place_of(each.row)):
        row = each.row
        if row.state == PENDING and row.identity:
            state, why = sort_out(row, about.get(row.identity, ()))
            row = replace(row, state=state, why=why)
            about.setdefault(row.identity, []).append(row)
        if row.state in (PENDING, KEPT) and each.channel and each.channel.stage == TEST:
            row = replace(row, state=TESTED)
        rows[row.entry] = row
    todo = [replace(each, row=rows[each.row.entry]) for each in waiting if rows[each.row.entry].state == PENDING]
    for row in _apply(books, desk, appliers, sorted(todo, key=lambda each: place_of(each.row))):
        rows[row.entry] = row
    return list(rows.values())


def _apply(books: Books, desk: Desk, appliers: Appliers, todo: Sequence[Incoming]) -> Iterable[CameMessage]:
    there = {each.row.message: None for each in todo}
    for message in [*(each for each in appliers if each in there), *(each for each in there if each not in appliers)]:
        mine = [each for each in todo if each.row.message == message]
        applier = appliers.get(message)
        unapplied = Verdict(KEPT, f"nothing applies {message} yet")
        verdicts = applier(books, desk, mine) if applier else [unapplied] * len(mine)
        for each, verdict in zip(mine, verdicts, strict=True):
            at: datetime | None = desk.now if verdict.state == APPLIED else None
            yield replace(each.row, state=verdict.state, why=verdict.why, applied_at=at)


def _count(came: Came, messages: Sequence[CameMessage]) -> Came:
    refused = sum(row.state == REFUSED for row in messages)
    return replace(came, accepted=len(messages) - refused, refused=refused)


def _list_kept(books: Books, desk: Desk, appliers: Appliers) -> list[CameMessage]:
    """What was kept and may be applied by now: of what waits for items those that came, or waited for long enough."""
    rows = books.exchange.list_with(CameMessage, desk.tenant, {"state": [KEPT]})
    woken = books.exchange.list_with(KeptAwaited, desk.tenant, {"state": [COME]}) if rows else []
    come = {each.entry for each in woken}
    over = desk.now - WAIT_FOR
    return [
        row
        for row in rows
        if row.message in appliers and (not is_awaiting(row) or row.entry in come or row.created_at <= over)
    ]


def _give_up(kept: Sequence[CameMessage], found: Sequence[Incoming]) -> list[CameMessage]:
    """What was kept and cannot be applied any more, because its bytes are gone."""
    there = {each.row.entry for each in found}
    why = to_why([f"{GONE}: its bytes were forgotten before it could be applied; send it again"])
    return [replace(row, state=REFUSED, why=why) for row in kept if row.entry not in there]


def _bring_back(books: Books, desk: Desk, rows: Sequence[CameMessage]) -> list[Incoming]:
    """Messages that were kept or refused, with their bytes, judged anew; those whose bytes are gone are left out."""
    came = books.exchange.find(Came, desk.tenant, [*dict.fromkeys(row.came for row in rows)])
    bodies = books.exchange.find_bodies(desk.tenant, [*dict.fromkeys(map(body_of, rows))])
    mended = books.exchange.find_bodies(desk.tenant, [mended_body(row.entry) for row in rows])
    pieces: dict[tuple[str, str], Piece] = {}
    for name, body in bodies.items():
        pieces |= {(name, piece.reference): piece for piece in cut(body, desk.profiles).pieces}
    found = []
    for row in rows:
        piece = pieces.get((body_of(row), row.reference))
        if mended_body(row.entry) in mended:
            piece = cut(mended[mended_body(row.entry)], desk.profiles).pieces[0]
        if piece is not None and row.came in came:
            found.append(Incoming(*judge_again(row, piece, came[row.came], desk)))
    return found


def _answer_again(books: Books, desk: Desk, done: Sequence[CameMessage]) -> None:
    """What stands differently now is told to who sent it."""
    changed = books.exchange.find(Came, desk.tenant, [*dict.fromkeys(row.came for row in done)])
    rows = []
    for came in changed.values():
        messages = books.exchange.list_with(CameMessage, desk.tenant, {"came": [came.came]})
        rows.append(_count(once_more(came), messages))
    books.exchange.put(rows)


def _refusing(error: EntrepostError) -> Appliers:
    """Appliers that refuse everything, because something in it could not be done."""
    return _Refusing(to_why([str(error)]))


class _Refusing(dict[str, Applier]):
    def __init__(self, why: str) -> None:
        super().__init__()
        self._why = why

    def get(self, message: str, default: Any = None) -> Any:
        """For whatever type."""
        return lambda _books, _desk, mine: [Verdict(REFUSED, self._why)] * len(mine)
