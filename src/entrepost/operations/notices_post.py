"""Send notices: one after the other, each marked before it is handed over, so that none goes out twice.

SMTP cannot promise *exactly once*: who is cut off between handing a message over and hearing that it was taken
cannot know. We choose *never twice*: a notice is `sending` in the store before a byte of it leaves, and what was
left so, or went unanswered, becomes `uncertain`, is shown, and is a person's to decide (`settle_notice`).
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal, Protocol

import polars as pl

from entrepost.base.clock import EPOCH, zone
from entrepost.base.errors import MissingRowError, MisuseError
from entrepost.base.findings import finding_code
from entrepost.experience.notice import News
from entrepost.experience.notice_words import Letter, Notice, write_letter
from entrepost.operations.faults import FINDINGS
from entrepost.operations.notices import DEAD, DROPPED, NUMBERS, QUEUED, SENDING, SENT, UNCERTAIN, is_ranged
from entrepost.operations.notices_silent import WHY, find_silent, lift_bounced, mark_bounced
from entrepost.operations.notices_stop import write_token
from entrepost.operations.store import Store
from entrepost.tables.frames import INSTANT
from entrepost.tables.items import ORDER

NOTICE_REFUSED = finding_code("notice_refused", "A mail server will never take a notice for this recipient.")
NOTICE_GIVEN_UP = finding_code("notice_given_up", "A notice could not be sent, as often as it was tried.")
NOTICE_UNCERTAIN = finding_code("notice_uncertain", "Nobody can know whether a notice was sent; it is not sent again.")
FIXES = {
    NOTICE_REFUSED: "correct the order's contact",
    NOTICE_GIVEN_UP: "see what the mail server answers, then: entrepost notices --settle NOTICE=again",
    NOTICE_UNCERTAIN: "look into the mail server's log, then: entrepost notices --settle NOTICE=sent, or NOTICE=again",
}
CHANGED = {"state": pl.String(), "due_at": INSTANT, "lease_until": INSTANT, "told_at": INSTANT, "answer": pl.String()}
POLICY = re.compile(r"5\.7\.\d")
"""A server that refuses for reasons of its own says nothing of the address (RFC 3463)."""

Taking = Literal["accepted", "deferred", "refused", "uncertain"]
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a letter; `said` names no person, `closed`: nothing else can be sent now either."""

    taking: Taking
    said: str
    closed: bool = False


class Post(Protocol):
    """Takes letters and hands them over."""

    def send(self, letter: Letter, address: str) -> Answer:
        """Hand a letter over; *deferred* and *refused* only where it surely was not taken."""

    def close(self) -> None:
        """Nothing more comes."""


@dataclass(frozen=True, slots=True)
class SendParams:
    """How long is waited, and how often it is tried. All defaults are *assumed*.

    Attributes
    ----------
    lease_minutes : int
        Who has not told what became of a notice after so long is taken for dead.
    attempts_max : int
        So often it is tried.
    pause_minutes : int
        The pause after the first attempt; each further one is three times as long.
    pause_minutes_max : int
        No pause is longer.
    secret : str
        Signs the token in each letter by which its recipient wants no more; empty: letters have none.
    """

    lease_minutes: int = 15
    attempts_max: int = 8
    pause_minutes: int = 5
    pause_minutes_max: int = 1440
    secret: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        if min(self.lease_minutes, self.attempts_max, self.pause_minutes, self.pause_minutes_max) < 1:
            raise MisuseError("the lease, the attempts and the pauses of sending must be at least 1")

    def pause(self, attempts: int) -> timedelta:
        """How long is waited after so many attempts."""
        return timedelta(minutes=min(self.pause_minutes * 3 ** min(attempts - 1, 20), self.pause_minutes_max))


@dataclass(frozen=True, slots=True)
class Posted:
    """What sending did: how many notices came into each state; `stopped`: why it ended before all were tried."""

    sent: int = 0
    deferred: int = 0
    dead: int = 0
    uncertain: int = 0
    dropped: int = 0
    stopped: str = ""


@dataclass(slots=True)
class _Run:
    store: Store
    params: SendParams
    counts: Counter[str] = field(default_factory=Counter)


def send_notices(store: Store, post: Post, params: SendParams | None = None) -> Posted:
    """Send every notice whose time has come, beside others who do the same.

    A failure that may pass is tried again later; a refusal that will not, or too many attempts, is the end,
    with a finding. The time is that of the store's clock.
    """
    run, stopped = _Run(store, params or SendParams()), ""
    while not stopped and (claimed := _claim(run)) is not None:
        row, contact = claimed
        letter = write_letter(_notice_of(row), contact["language"])
        token = write_token(run.params.secret, contact) if run.params.secret else ""
        answer = post.send(replace(letter, stop=token), contact["email"])
        _settle(run, row, answer, contact["email"])
        stopped = answer.said if answer.closed else ""
    return Posted(**run.counts, stopped=stopped)


def settle_notice(store: Store, notice: str, sent: bool) -> None:
    """A person's decision on a notice that is uncertain or dead: it was sent, or it is to be sent again.

    Raises
    ------
    MissingRowError
        When there is no such notice.
    MisuseError
        When it waits, is being sent, or was sent.
    """
    with store.transaction():
        found = store.find_notices(pl.DataFrame({"notice": [notice]}))
        if not found.height:
            raise MissingRowError(f"there is no notice {notice}; see entrepost notices --dry-run")
        row = found.row(0, named=True)
        if row["state"] not in (UNCERTAIN, DEAD):
            raise MisuseError(f"notice {notice} is {row['state']}; only what is uncertain or dead is to be decided")
        now = store.clock.now()
        told_at = (row["told_at"] or now) if sent else None
        _change(store, row, state=SENT if sent else QUEUED, due_at=now, told_at=told_at, answer="decided by a person")
        if not sent:
            lift_bounced(store, row)


def list_open(store: Store, tenant: str = "") -> pl.DataFrame:
    """Notices that a person has to look at: uncertain and dead ones."""
    return pl.concat([store.list_notices(tenant, state) for state in (UNCERTAIN, DEAD)])


def _claim(run: _Run) -> tuple[Row, Row] | None:
    """Take the next notice that is to be sent: marked before anything of it leaves. With whom it goes to."""
    while True:
        with run.store.transaction():
            due = run.store.find_due_notices(run.store.clock.now(), 1)
            if not due.height:
                return None
            claimed = _take(run, due)
        if claimed is not None:
            return claimed


def _take(run: _Run, due: pl.DataFrame) -> tuple[Row, Row] | None:
    """Mark a due notice as being sent; one that is not to be sent any more gets its last state, and None is given."""
    store, row, now = run.store, due.row(0, named=True), run.store.clock.now()
    if row["state"] == SENDING:
        _end(run, row, UNCERTAIN, "its sender has not been heard of", NOTICE_UNCERTAIN)
        return None
    contacts = store.find_contacts(orders=due.select(ORDER))
    why = _why_not(row, contacts, now) or _why_silent(store, contacts)
    if why:
        _end(run, row, DROPPED, why)
        return None
    taken = {**row, "attempts": row["attempts"] + 1, "told_at": now}
    store.set_notices(due.select("notice", attempts=pl.col("attempts") + 1))
    _change(store, row, state=SENDING, lease_until=now + timedelta(minutes=run.params.lease_minutes), told_at=now)
    return taken, contacts.row(0, named=True)


def _why_not(row: Row, contacts: pl.DataFrame, now: datetime) -> str:
    if not contacts.height:
        return "the contact was withdrawn"
    today = now.astimezone(zone(contacts.item(0, "zone"))).date()
    if is_ranged(row["kind"]) and _day(row["to_day"]) < today:
        return "the day that it tells is over"
    return ""


def _why_silent(store: Store, contacts: pl.DataFrame) -> str:
    silent = find_silent(store, contacts)
    return WHY[silent.item(0, "reason")] if silent.height else ""


def _settle(run: _Run, row: Row, answer: Answer, address: str) -> None:
    """Mark what became of a notice, unless somebody has taken it meanwhile."""
    store, attempts = run.store, row["attempts"]
    with store.transaction():
        now = store.clock.now()
        current = store.find_notices(pl.DataFrame({"notice": [row["notice"]]})).row(0, named=True)
        if current["attempts"] != attempts:
            return
        if answer.taking == "accepted":
            run.counts["sent"] += 1
            _change(store, row, state=SENT, told_at=row["told_at"], answer=answer.said)
        elif answer.taking == "uncertain":
            _end(run, row, UNCERTAIN, answer.said, NOTICE_UNCERTAIN)
        elif answer.taking == "refused":
            _end(run, row, DEAD, answer.said, NOTICE_REFUSED)
            if not POLICY.search(answer.said):
                mark_bounced(store, row, address)
        elif attempts >= run.params.attempts_max:
            _end(run, row, DEAD, answer.said, NOTICE_GIVEN_UP)
        else:
            run.counts["deferred"] += 1
            _change(store, row, state=QUEUED, due_at=now + run.params.pause(attempts), answer=answer.said)


def _end(run: _Run, row: Row, state: str, answer: str, code: str = "") -> None:
    run.counts[state] += 1
    _change(run.store, row, state=state, told_at=row["told_at"] if state == UNCERTAIN else None, answer=answer)
    if code:
        texts = {
            "code": code,
            "field": row["kind"],
            "message": f"{row['kind']}: {answer}",
            "subject": f"{row['item_id']} {row['notice']}",
            "row": row["attempts"],
            "fix": FIXES[code],
            "level": "error",
            "raw": "",
        }
        run.store.add_findings(pl.DataFrame([texts], schema=FINDINGS), row["tenant"], "")


def _change(store: Store, row: Row, **changed: Any) -> None:
    """Write a notice's state anew; a time that is not given is none, but for that it was due."""
    cells = dict.fromkeys(CHANGED) | {"due_at": row["due_at"], "answer": row["answer"]} | changed
    frame = pl.DataFrame([cells], schema=CHANGED).select(pl.lit(row["notice"]).alias("notice"), pl.all())
    store.set_notices(frame)


def _notice_of(row: Row) -> Notice:
    names = ("notice", "seller", "order_id", "item_id", "probability")
    known = {name: row[name] for name in names}
    known |= {name: None if row[name] is None else _day(row[name]) for name in ("from_day", "to_day")}
    return Notice(news=News(NUMBERS[row["kind"]]), **known)


def _day(number: int) -> date:
    return (EPOCH + timedelta(days=number)).astimezone(UTC).date()
