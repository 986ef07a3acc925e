"""What a store keeps of the exchange: what was sent and what came, by interchange and by message.

Each belongs to an account and has a name in it, which begin its fields. The bytes themselves are kept apart and sealed
(`operations.exchange_store`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Sent:
    """An interchange on its way: the row of the outbox, named by its transmission; it stays until the receipt comes.

    `state` is *open* until then, *accepted* or *refused* (the receiver refused all or some of it) afterwards, and
    *dead* where no transport will ever take it. `due_at` is when it is sent next, `attempts` how often it was,
    `taken_at` when a transport last took it over. `own` and `partner` are EDI addresses, `answer` what was last heard
    of it.
    """

    tenant: str
    sent: str
    own: str
    partner: str
    operator: str
    reference: str
    transport: str
    syntax: str
    state: str
    answer: str
    messages: int
    size_bytes: int
    attempts: int
    created_at: datetime
    due_at: datetime
    taken_at: datetime | None = None
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SentMessage:
    """A message that was sent; `state` is *open*, then what the receipt says: *accepted*, *refused* or *kept*."""

    tenant: str
    entry: str
    sent: str
    operator: str
    reference: str
    message: str
    document: str
    function: str
    state: str
    why: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Came:
    """An interchange that came, named by sender and control reference; `digest` tells whether it is the same again.

    `state` is *taken* or *refused*; `receipt` is *due* until it went out, then *sent*. Something refused because of who
    sent it is named by its transmission, so that nobody can take up another's references.
    """

    tenant: str
    came: str
    sender: str
    own: str
    operator: str
    reference: str
    transmission: str
    transport: str
    syntax: str
    digest: str
    state: str
    why: str
    stage: str
    receipt: str
    messages: int
    accepted: int
    refused: int
    times: int
    created_at: datetime
    prepared_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CameMessage:
    """A message that came: the inbox. `identity` is sender, type and document number, by which it is known again.

    `state`: *applied*; *duplicate* (it was there before); *superseded* (a later one about the same document was);
    *kept* (not applied yet); *tested* (its channel is for tests); *refused*, to look at, to mend and to replay.
    """

    tenant: str
    entry: str
    came: str
    operator: str
    sender: str
    reference: str
    message: str
    document: str
    function: str
    identity: str
    digest: str
    state: str
    why: str
    told_at: datetime
    created_at: datetime
    applied_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Counter:
    """The last control reference that was given to interchanges from an own address to a partner's."""

    tenant: str
    counter: str
    last: int


@dataclass(frozen=True, slots=True)
class KeptAdvanceData:
    """Advance data of an item as its origin told them last (ITMATT); the content is sealed under `advance ITEM`."""

    tenant: str
    item_id: str
    operator: str
    came: str
    destination: str
    mail_class: str
    weight_g: int
    posted_at: datetime
    told_at: datetime
    received_at: datetime


@dataclass(frozen=True, slots=True)
class KeptAwaited:
    """An item for which a message that came waits, because it tells events of it; `state` is *waiting* or *come*."""

    tenant: str
    awaited: str
    entry: str
    item_id: str
    operator: str
    state: str
    since: datetime


@dataclass(frozen=True, slots=True)
class ExchangeAlarm:
    """Something odd about what a partner sends: it is silent for too long, or sends far too much."""

    tenant: str
    alarm: str
    operator: str
    message: str
    kind: str
    what: str
    found_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Remembered:
    """What is remembered of something whose rows were pruned, so that it is known again; `mark` hides its name.

    Of an interchange `told` has its digest, when it came, and the references of messages that were refused; of a
    document a line for each message about it: function, state, digest, when it was told, and its place.
    """

    tenant: str
    mark: str
    told: str


@dataclass(frozen=True, slots=True)
class Erasure:
    """Bytes that are to be forgotten because a person asked, as soon as they are answered or applied."""

    tenant: str
    body: str
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class KeptOperator:
    """A participant, as `mail.partner.Operator` has it; `own` is yes or no."""

    tenant: str
    operator: str
    name: str
    countries: str
    time_zone: str
    own: str


@dataclass(frozen=True, slots=True)
class KeptOffice:
    """An office of a partner, named by it and its first day; days are texts such as 2026-11-29."""

    tenant: str
    row: str
    office: str
    operator: str
    valid_from: str
    valid_to: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class KeptAddress:
    """An EDI address of a partner, named by it and its first day."""

    tenant: str
    row: str
    address: str
    operator: str
    valid_from: str
    valid_to: str
    qualifier: str
    place: str


@dataclass(frozen=True, slots=True)
class KeptChannel:
    """What is exchanged with a partner, named by partner, direction, message and first day."""

    tenant: str
    row: str
    operator: str
    direction: str
    message: str
    valid_from: str
    valid_to: str
    address: str
    version: str
    syntax: str
    profile: str
    transport: str
    stage: str


KeptPartner = KeptOperator | KeptOffice | KeptAddress | KeptChannel
Kept = (
    Sent
    | SentMessage
    | Came
    | CameMessage
    | Counter
    | KeptAdvanceData
    | KeptAwaited
    | ExchangeAlarm
    | Remembered
    | Erasure
    | KeptPartner
)
