"""What a transport is: it moves bytes from one operator to another, and knows nothing of what they say.

Who is who, receipts, order, once-only and what a message says are the business of the use cases beside this module.
A transport is asked for two things: to have bytes safely before `send` returns, and to hand over what came until
the inbox has committed it. It may deliver twice, late and in any order; it may lose what it took, because a row
of the outbox lives until the *receiver's* receipt comes. `wiring` chooses the transport; `exchange` has them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

Kind = Literal["interchange", "receipt"]
"""What a transmission carries: messages, or the receiver's answer to them."""

INTERCHANGE: Kind = "interchange"
RECEIPT: Kind = "receipt"

BYTES_MOST = 50_000_000
"""An interchange may be so large, as `messages.edifact` reads it; transports refuse more before they keep it."""


@dataclass(frozen=True, slots=True)
class Transmission:
    """Bytes with their addresses: what a transport carries.

    `transmission_id` is unique for the sender for ever (letters, digits, `-` and `_`, at most 80), and the same when
    the same is sent again, so that a transport can leave out doubles by it. `sender` and `recipient` are EDI addresses
    of the table of partners (`mail.partner`).
    """

    transmission_id: str
    sender: str
    recipient: str
    kind: Kind
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Unsent:
    """What a transport did not take over, and why; `is_final`: it never will, so that trying again is in vain."""

    transmission_id: str
    why: str
    is_final: bool = False


@dataclass(frozen=True, slots=True)
class Arrival:
    """Something that came in.

    `proved_sender` is the EDI address of whom the transport knows to have sent it: by account, key or folder; the
    inbox refuses what claims to be another's, and all where it is empty. Either `done` or `refuse` is called once,
    *after* the inbox has committed; what gets neither comes again, and so does what a crash cut off between the two.
    """

    transmission: Transmission
    proved_sender: str
    done: Callable[[], None] = field(repr=False)
    refuse: Callable[[str], None] = field(repr=False)


class Transport(Protocol):
    """A way between operators. Everything may raise `TransportError` where the way as a whole is not to be had."""

    def send(self, transmissions: Sequence[Transmission]) -> Sequence[Unsent]:
        """Take these over; what is not among those that come back is kept safely, or was delivered, when this returns.

        They are sent in the order in which they are given; what is sent again has the same `transmission_id`.
        """

    def fetch(self, limit: int = 100) -> Iterator[Arrival]:
        """What waits for us, at most so many, the oldest first; it ends when nothing waits and does not wait itself."""

    def close(self) -> None:
        """Give the way back; what was neither done nor refused comes again."""
