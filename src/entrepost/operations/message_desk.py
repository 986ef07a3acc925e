"""The desk at which messages are watched: how the exchange with each partner stands, one message, and its replay."""

from __future__ import annotations

import base64
import binascii
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import get_args

from entrepost.base.errors import IncomingMessageError, MissingRowError, MisuseError
from entrepost.mail.partner import Partners
from entrepost.messages.pieces import cut
from entrepost.messages.profiling.passage import Zones
from entrepost.messages.showing import OF_PEOPLE, Seen, codec_of, hide_people, show, to_text
from entrepost.operations.access import Caller
from entrepost.operations.audit import write_down
from entrepost.operations.exchange_records import Came, CameMessage, ExchangeAlarm, Sent, SentMessage
from entrepost.operations.exchanging.inbox import Appliers
from entrepost.operations.exchanging.judging import Desk
from entrepost.operations.exchanging.looking import Direction, Shown, count_messages, get_message, list_stuck, replay
from entrepost.operations.exchanging.outbox import DEAD
from entrepost.operations.exchanging.partners import get_partners
from entrepost.operations.exchanging.receipts import KEPT, REFUSED
from entrepost.operations.store import Store

READ, WRITE = "messages:read", "messages:write"
MENDED_MOST = 1_000_000
"""Characters of a message that somebody mends by hand (assumed: more is mended by a program)."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How the exchange with a partner stands; `kept` waits to be applied, `unanswered` waits for a receipt."""

    operator: str
    name: str
    came: int = 0
    kept: int = 0
    refused: int = 0
    sent: int = 0
    unanswered: int = 0
    refused_by_them: int = 0
    last_came_at: datetime | None = None
    last_sent_at: datetime | None = None
    oldest_unanswered_at: datetime | None = None
    oldest_kept_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Watched:
    """The exchange at a glance: alarms that hold, each partner, interchanges that are stuck, messages that wait."""

    alarms: tuple[ExchangeAlarm, ...]
    partners: tuple[Standing, ...]
    stuck: tuple[Sent, ...]
    waiting: tuple[CameMessage, ...]

    def total(self, name: str) -> int:
        """A count over all partners."""
        return sum(getattr(each, name) for each in self.partners)


@dataclass(frozen=True, slots=True)
class Opened:
    """A message that somebody looks at; `may_replay`: it was refused or kept, its bytes are there, and they may."""

    name: str
    direction: Direction
    row: CameMessage | SentMessage
    interchange: Came | Sent
    seen: Seen
    why: tuple[str, ...]
    raw: str = field(repr=False)
    may_replay: bool = False


def watch_messages(store: Store, tenant: str) -> Watched:
    """How the exchange of an account stands, with every partner that is or was."""
    partners = get_partners(store, tenant)
    counts: dict[str, Counter[str]] = {}
    for direction, operator, _, state, count in count_messages(store, tenant):
        counts.setdefault(operator, Counter())[f"{direction} {state}"] += count
    known = [each.operator for each in partners.operators if not each.own]
    stuck, waiting = list_stuck(store, tenant)
    open_ = store.exchange.list_with(Sent, tenant, {"state": ["open", DEAD]})
    standings = [
        _standing(store, tenant, partners, operator, (counts.get(operator, Counter()), open_, waiting))
        for operator in dict.fromkeys([*known, *sorted(counts)])
    ]
    alarms = [each for each in store.exchange.list_with(ExchangeAlarm, tenant, {}) if each.ended_at is None]
    return Watched(tuple(alarms), tuple(standings), tuple(stuck), tuple(waiting))


def open_message(store: Store, by: Caller, name: str, zones: Zones | None = None) -> Opened:
    """A message by its name; people's data are left out for whoever may not write messages.

    Raises
    ------
    MissingRowError
        Where the account has no such message.
    """
    direction, entry = parse_name(name)
    shown = get_message(store, by.tenant, direction, entry)
    partners = get_partners(store, by.tenant)
    seen = show(shown.content, {**(zones or {}), **partners.zones(store.clock.now().date())})
    may_see = by.may(WRITE)
    can = may_see and direction == "in" and bool(shown.content) and shown.row.state in (REFUSED, KEPT)
    return Opened(
        name,
        direction,
        shown.row,
        shown.interchange,
        seen if may_see else hide_people(seen),
        shown.faults if may_see else _hide_why(shown),
        to_text(shown.content) if may_see else "",
        can,
    )


def replay_message(store: Store, by: Caller, appliers: Appliers, name: str, mended: str = "") -> CameMessage:
    """Apply a message once more, as it came or as it was mended; how it stands then.

    Raises
    ------
    NotAllowedError
        When the caller may not write messages.
    MissingRowError
        Where the account has no such message.
    MisuseError
        Where it cannot be applied once more, or what was corrected is too long or is not one message.
    """
    by.demand(WRITE)
    direction, entry = parse_name(name)
    shown = get_message(store, by.tenant, direction, entry)
    if direction != "in":
        raise MisuseError("what we sent is sent again by the exchange itself; only what came in is applied once more")
    body = _encode(mended, codec_of(shown.content))
    desk = Desk(by.tenant, get_partners(store, by.tenant), store.clock.now())
    with store.transaction():
        (row,) = replay(store, desk, appliers, [entry], {entry: body} if body else None)
        what = "message corrected and replayed" if body else "message replayed"
        write_down(store, by.tenant, by.who, what, entry, row.state)
    return row


def name_message(direction: Direction, entry: str) -> str:
    """The name of a message in addresses."""
    return base64.urlsafe_b64encode(f"{direction} {entry}".encode()).decode().rstrip("=")


def parse_name(name: str) -> tuple[Direction, str]:
    """Which message a name is of; raises `MissingRowError` where it is none."""
    try:
        padded = name + "=" * (-len(name) % 4)
        direction, _, entry = base64.b64decode(padded, altchars=b"-_", validate=True).decode().partition(" ")
    except (binascii.Error, ValueError):
        direction, entry = "", ""
    if direction not in get_args(Direction) or not entry:
        raise MissingRowError(f"there is no message {name[:60]!r}; list them first")
    return ("in" if direction == "in" else "out"), entry


def _standing(
    store: Store,
    tenant: str,
    partners: Partners,
    operator: str,
    told: tuple[Counter[str], Sequence[Sent], Sequence[CameMessage]],
) -> Standing:
    counts, open_, waiting = told
    names = {each.operator: each.name for each in partners.operators}
    where = {"operator": [operator]}
    came = store.exchange.page(Came, tenant, where, None, 1)
    sent = store.exchange.page(Sent, tenant, where, None, 1)
    return Standing(
        operator,
        names.get(operator, ""),
        came=sum(count for state, count in counts.items() if state.startswith("in ")),
        kept=counts[f"in {KEPT}"],
        refused=counts[f"in {REFUSED}"],
        sent=sum(count for state, count in counts.items() if state.startswith("out ")),
        unanswered=counts["out open"],
        refused_by_them=counts[f"out {REFUSED}"],
        last_came_at=came[0].created_at if came else None,
        last_sent_at=sent[0].created_at if sent else None,
        oldest_unanswered_at=min((each.created_at for each in open_ if each.operator == operator), default=None),
        oldest_kept_at=min((each.created_at for each in waiting if each.operator == operator), default=None),
    )


def _encode(mended: str, codec: str) -> bytes:
    """What somebody corrected, as bytes; exactly one message. Nothing is nothing."""
    if not mended:
        return b""
    if len(mended) > MENDED_MOST:
        raise MisuseError(f"the message has {len(mended):,} characters; mend at most {MENDED_MOST:,} by hand")
    try:
        body = mended.replace("\r\n", "\n").encode(codec)
        count = len(cut(body).pieces)
    except UnicodeEncodeError as error:
        sign = mended[error.start]
        raise MisuseError(f"{sign!r} is not in the character set that the message names; write it otherwise") from None
    except IncomingMessageError as error:
        raise MisuseError(f"what was corrected is no message: {error}") from None
    if count != 1:
        raise MisuseError(f"what was corrected holds {count:,} messages; write exactly one, with its interchange")
    return body


def _hide_why(shown: Shown) -> tuple[str, ...]:
    """Why something was refused, where that cannot quote anybody."""
    if shown.row.message in OF_PEOPLE or not shown.row.message:
        return ("shown to clerks",) if shown.faults else ()
    return shown.faults
