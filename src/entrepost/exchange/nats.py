"""The way over a cluster of brokers: NATS JetStream, one inbox for each operator, TLS on both sides.

A broker carries and is never the record: what it took stays in the sender's outbox until the recipient's receipt
comes, and what it hands over is acknowledged after the recipient's inbox has committed it. What it proves is who
wrote: an operator can write only under its own subject (see `brokers.cluster`).

References
----------
NATS documentation, 'JetStream' (message de-duplication, work queues, pull consumers).
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from entrepost.exchange.brokers.cluster import from_token, subject_of
from entrepost.exchange.brokers.line import CONSUMER, STREAM, Line
from entrepost.exchange.brokers.settings import NatsSettings
from entrepost.operations.exchanging.transport import INTERCHANGE, RECEIPT, Arrival, Transmission, Unsent

if TYPE_CHECKING:
    from nats.aio.client import Client
    from nats.aio.msg import Msg

LOG = logging.getLogger("entrepost.exchange")
KIND, NAME, DOUBLE, STATUS = "Entrepost-Kind", "Entrepost-Transmission", "Nats-Msg-Id", "Status"
HEAD_BYTES = 4_096
"""So much of what a broker takes at most is left to headers."""


class NatsTransport:
    """A `Transport` for the operator of one EDI address."""

    def __init__(self, settings: NatsSettings, address: str) -> None:
        self.settings, self.address = settings, address
        self._line = Line(settings, address)

    def send(self, transmissions: Sequence[Transmission]) -> Sequence[Unsent]:
        """Write each to its recipient's inbox, and hear from the brokers that they have it on disk."""
        return self._line.do(self._send(transmissions)) if transmissions else []

    def fetch(self, limit: int = 100) -> Iterator[Arrival]:
        """What waits in our inbox, the oldest first."""
        for message in self._line.do(self._pull(limit)):
            arrival = self._arrival(message)
            if arrival is not None:
                yield arrival

    def count_waiting(self) -> int:
        """How many lie in our inbox at the brokers."""
        return self._line.do(self._count())

    def close(self) -> None:
        """Leave the brokers, after they heard what was acknowledged."""
        self._line.close()

    async def _send(self, transmissions: Sequence[Transmission]) -> list[Unsent]:
        client, told = await self._line.open(), list[Unsent]()
        batches = list(_by_bytes(transmissions, self.settings.bytes_abreast))
        for number, together in enumerate(batches):
            answers = await asyncio.gather(*(self._write(client, each) for each in together))
            told += [each for each, _ in answers if each is not None]
            if all(is_silent for _, is_silent in answers):
                why = f"no broker acknowledges anything ({client.connected_url and client.connected_url.netloc})"
                await self._line.give_up(why)
                return told + [Unsent(each.transmission_id, why) for batch in batches[number + 1 :] for each in batch]
        return told

    async def _write(self, client: Client, each: Transmission) -> tuple[Unsent | None, bool]:
        """Why one was not taken over, or None; and whether the broker is silent."""
        from nats.errors import Error
        from nats.js.errors import APIError, NoStreamResponseError

        name, most = each.transmission_id, client.max_payload - HEAD_BYTES
        if each.sender != self.address:
            return Unsent(name, f"the brokers know us as {self.address}, not {each.sender}", is_final=True), False
        if len(each.body) > most:
            why = f"{len(each.body):,} bytes are more than brokers take ({most:,}); send them by HTTPS or folder"
            return Unsent(name, why, is_final=True), False
        streams = client.jetstream(timeout=self.settings.patience_seconds)
        head = {DOUBLE: _double(each), KIND: each.kind, NAME: name}
        try:
            await streams.publish(subject_of(each.sender, each.recipient), each.body, headers=head)
        except NoStreamResponseError:
            why = f"{each.recipient} has no inbox at the brokers, or takes nothing from {self.address}"
            return Unsent(name, why), False
        except APIError as error:
            return Unsent(name, f"the inbox of {each.recipient} does not take it: {error.description}"), False
        except (TimeoutError, Error, OSError) as error:
            return Unsent(name, f"no broker acknowledged it: {error or type(error).__name__}"), True
        return None, False

    async def _pull(self, limit: int) -> list[Msg]:
        """At most so many messages, as they are there at this moment."""
        from nats.errors import Error

        client = await self._line.open()
        found: list[Msg] = []
        try:
            where = client.new_inbox()
            heard = await client.subscribe(where)
            asked = {"batch": limit, "no_wait": True, "max_bytes": 4 * self.settings.bytes_abreast}
            await client.publish(f"$JS.API.CONSUMER.MSG.NEXT.{STREAM}.{CONSUMER}", json.dumps(asked).encode(), where)
            while len(found) < limit:
                message = await heard.next_msg(self.settings.patience_seconds)
                if STATUS in (message.headers or {}):
                    break
                found.append(message)
            await heard.unsubscribe()
        except (TimeoutError, Error, OSError) as error:
            gone = await self._line.give_up(f"the brokers hand nothing over: {error or type(error).__name__}")
            if not found:
                raise gone from None
        return found

    def _arrival(self, message: Msg) -> Arrival | None:
        """A message of a broker as what came in; one that no transport of ours wrote is taken away."""
        head, sender = message.headers or {}, from_token(message.subject.split(".")[1])
        kind, name = head.get(KIND, ""), head.get(NAME, "")

        def refuse(why: str) -> None:
            LOG.warning("refused what %s sent as %s: %s", sender, name, why)
            self._line.say(message.term())

        if kind not in (INTERCHANGE, RECEIPT) or not name:
            refuse("it says neither its name nor of what kind it is")
            return None
        carried = Transmission(name, sender, self.address, RECEIPT if kind == RECEIPT else INTERCHANGE, message.data)
        return Arrival(carried, sender, lambda: self._line.say(message.ack()), refuse)

    async def _count(self) -> int:
        client = await self._line.open()
        told = await client.jetstream(timeout=self.settings.patience_seconds).stream_info(STREAM)
        return int(told.state.messages)


def _by_bytes(transmissions: Sequence[Transmission], most: int) -> Iterator[list[Transmission]]:
    """Transmissions in their order, as many together as may be on their way at once."""
    together, size = list[Transmission](), 0
    for each in transmissions:
        needed = len(each.body) + HEAD_BYTES
        if together and size + needed > most:
            yield together
            together, size = [], 0
        together.append(each)
        size += needed
    if together:
        yield together


def _double(each: Transmission) -> str:
    """By what brokers know a double: nobody else can guess it, and so have a message of ours left out as one."""
    named = b"\0".join((each.sender.encode(), each.transmission_id.encode(), each.body))
    return hashlib.blake2b(named, digest_size=20).hexdigest()
