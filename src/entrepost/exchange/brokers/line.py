"""The line to whichever broker answers: opened when it is needed, left when it is of no use, with growing pauses."""

from __future__ import annotations

import asyncio
import logging
import math
import random
import ssl
import time
from collections.abc import Coroutine
from concurrent.futures import Future
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any, TypeVar

from entrepost.base.errors import MisuseError, TransportError
from entrepost.exchange.brokers.cluster import TOP, to_token
from entrepost.exchange.brokers.settings import NatsSettings

if TYPE_CHECKING:
    from nats.aio.client import Client

T = TypeVar("T")
LOG = logging.getLogger("entrepost.exchange")
STREAM, CONSUMER = "INBOX", "inbox"
GOODBYE_SECONDS = 0.5
ON_THE_WAY_MOST = 10_000
"""So many are handed over at most before the first of them is acknowledged (assumed)."""


class Line:
    """The line of one operator, in a thread of its own; one thread at a time may use it."""

    def __init__(self, settings: NatsSettings, address: str) -> None:
        self.settings, self.address = settings, address
        self._client: Client | None = None
        self._failures, self._rests_until, self._said = 0, 0.0, ""
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="brokers", daemon=True)
        self._thread.start()

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        """Do something with a broker, and wait for it."""
        if not self._thread.is_alive():
            work.close()
            raise MisuseError("the way over the brokers was closed; open it anew")
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def say(self, word: Coroutine[Any, Any, None]) -> None:
        """Tell a broker something and do not wait; where it does not hear it, the message comes again."""
        if self._thread.is_alive():
            asyncio.run_coroutine_threadsafe(word, self._loop).add_done_callback(_note)
        else:
            word.close()

    def close(self) -> None:
        """Leave the brokers, after they heard what was said."""
        if self._thread.is_alive():
            self.do(self.leave())
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()

    async def open(self) -> Client:
        """The line as it is, or a new one to whichever broker answers first.

        Raises
        ------
        TransportError
            When none does, or none did a moment ago.
        """
        if self._client is not None and self._client.is_connected:
            return self._client
        if (left := self._rests_until - time.monotonic()) > 0:
            raise TransportError(f"{self._said}; the brokers are asked again in {left:.1f} s")
        await self.leave()
        self._client = await self._enter()
        self._failures = 0
        return self._client

    async def give_up(self, said: str) -> TransportError:
        """Leave a broker that is of no use, and all of them alone for a while; what to tell."""
        await self.leave()
        pause = self.settings.pause_seconds * 2 ** min(self._failures, 20)
        self._failures, self._said = self._failures + 1, said
        self._rests_until = time.monotonic() + min(pause, self.settings.pause_seconds_most)
        return TransportError(said)

    async def leave(self) -> None:
        """Say good-bye, where there is somebody to say it to."""
        client, self._client = self._client, None
        if client is not None:
            await _part(client)

    async def _enter(self) -> Client:
        from nats.errors import Error

        said = ""
        for server in random.sample(self.settings.servers, len(self.settings.servers)):
            client = None
            try:
                client = await self._connect(server)
                await self._make_inbox(client)
            except (TimeoutError, Error, OSError) as error:
                said = f"{server}: {error or type(error).__name__}"
                if client is not None:
                    await _part(client)
            else:
                return client
        raise await self.give_up(f"no broker is to be had ({said})")

    async def _connect(self, server: str) -> Client:
        """A connection to one broker; what is wrong is raised at once, where the library would try on and on."""
        from nats.aio.client import Client

        client, entered = Client(), asyncio.Event()

        async def heed(error: Exception) -> None:
            if not entered.is_set():
                raise error
            LOG.info("a broker says: %s", error or type(error).__name__)

        await client.connect(
            [server],
            name=self.address,
            tls=self._context(),
            error_cb=heed,
            allow_reconnect=False,
            connect_timeout=math.ceil(self.settings.patience_seconds),
            ping_interval=10,
            max_outstanding_pings=2,
        )
        entered.set()
        return client

    def _context(self) -> ssl.SSLContext:
        """By what we prove who we are, read anew so that certificates may be renewed."""
        wanted = self.settings
        try:
            context = ssl.create_default_context(cafile=wanted.authority)
            context.load_cert_chain(wanted.certificate, wanted.key)
            subject = _read_subject(wanted.certificate)
        except (OSError, ValueError) as error:
            raise TransportError(f"the certificates for the brokers cannot be read: {error}") from None
        if subject != self.address:
            raise TransportError(f"the certificate {wanted.certificate.name} is for {subject}, not {self.address}")
        return context

    async def _make_inbox(self, client: Client) -> None:
        """See to it that our inbox is there; where it is, nothing changes."""
        from nats.js.api import AckPolicy, ConsumerConfig, DiscardPolicy, RetentionPolicy, StreamConfig
        from nats.js.errors import BadRequestError

        wanted, streams = self.settings, client.jetstream(timeout=self.settings.patience_seconds)
        inbox = StreamConfig(
            name=STREAM,
            subjects=[f"{TOP}.*.{to_token(self.address)}"],
            retention=RetentionPolicy.WORK_QUEUE,
            discard=DiscardPolicy.NEW,
            max_bytes=wanted.inbox_bytes_most,
            num_replicas=wanted.copies,
            duplicate_window=wanted.double_seconds,
        )
        try:
            await streams.add_stream(inbox)
        except BadRequestError:  # it is there, and was wanted otherwise
            await streams.update_stream(inbox)
        reading = ConsumerConfig(
            durable_name=CONSUMER,
            ack_policy=AckPolicy.EXPLICIT,
            ack_wait=wanted.again_seconds,
            max_ack_pending=ON_THE_WAY_MOST,
        )
        await streams.add_consumer(STREAM, reading)


def _read_subject(certificate: Path) -> str:
    """The common name of whom a certificate is for."""
    from cryptography import x509

    found = x509.load_pem_x509_certificate(certificate.read_bytes())
    return ", ".join(str(each.value) for each in found.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME))


async def _part(client: Client) -> None:
    """Close a connection; one that broke is not waited for."""
    from nats.errors import Error

    try:
        if client.is_connected:
            await client.flush(timeout=1)
        await asyncio.wait_for(client.close(), GOODBYE_SECONDS)
    except (TimeoutError, Error, OSError) as error:
        LOG.info("left a broker without a word: %s", error or type(error).__name__)


def _note(said: Future[None]) -> None:
    if said.exception() is not None:
        LOG.info("a broker did not hear an acknowledgement: %s", said.exception())
