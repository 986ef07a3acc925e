"""The way over HTTPS: everything is posted to the partner's server, signed, and answered when it is committed there.

What comes to us arrives at our own server (`api.exchange`); here nothing is fetched. A partner that does not answer
is left alone for a while, and holds up nobody else.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from entrepost.base.clock import Clock
from entrepost.base.errors import MisuseError
from entrepost.exchange.addresses import read_networks
from entrepost.exchange.signature import sign
from entrepost.exchange.webhooks import HttpSender, WebhookSettings
from entrepost.operations.exchanging.transport import BYTES_MOST, Arrival, Transmission, Unsent
from entrepost.operations.partner_key_store import PartnerKey
from entrepost.operations.webhooks_send import Reply

PATIENCE_SECONDS = 120
"""So long may the receiver take to apply what it was sent (assumed)."""
FINAL = (413, 415, 422)
"""Answers after which the same will never be taken."""
ABREAST = 8


@dataclass(frozen=True, slots=True)
class Partner:
    """Where a partner's server is, and by what is signed what goes to it."""

    url: str
    key: PartnerKey | None


@dataclass(frozen=True, slots=True)
class Pauses:
    """For how long a partner that does not answer is left alone: twice as long each time (assumed)."""

    first_seconds: float = 1
    most_seconds: float = 300

    def after(self, failures: int) -> float:
        """The pause after so many failures in a row."""
        return min(self.first_seconds * float(2 ** min(failures - 1, 30)), self.most_seconds)


@dataclass(slots=True)
class _Rest:
    failures: int = 0
    until: float = 0.0
    why: str = ""


def read_https_settings(environment: Mapping[str, str]) -> WebhookSettings:
    """What may be reached, from environment variables.

    Raises
    ------
    MisuseError
        When one makes no sense.
    """
    http = environment.get("ENTREPOST_EXCHANGE_HTTP") or "no"
    if http not in ("yes", "no"):
        raise MisuseError(f"ENTREPOST_EXCHANGE_HTTP is {http!r}; give yes or no")
    try:
        networks = read_networks(environment.get("ENTREPOST_EXCHANGE_NETWORKS") or "")
    except ValueError as error:
        raise MisuseError(f"ENTREPOST_EXCHANGE_NETWORKS: {error}; write networks as 10.1.0.0/16") from None
    return WebhookSettings(http=http == "yes", networks=networks, timeout_seconds=PATIENCE_SECONDS)


@dataclass
class HttpsTransport:
    """A `Transport` to the servers of partners; `find_partner` tells by EDI addresses (ours, theirs) where one is."""

    sender: HttpSender
    clock: Clock
    find_partner: Callable[[str, str], Partner | None]
    pauses: Pauses = field(default_factory=Pauses)
    _rests: dict[str, _Rest] = field(default_factory=dict, repr=False)

    def send(self, transmissions: Sequence[Transmission]) -> Sequence[Unsent]:
        """Post each to its recipient's server; to each in their order, to several at once."""
        by_recipient: dict[tuple[str, str], list[Transmission]] = {}
        for each in transmissions:
            by_recipient.setdefault((each.sender, each.recipient), []).append(each)
        if not by_recipient:
            return []
        with ThreadPoolExecutor(min(ABREAST, len(by_recipient)), "https") as pool:
            told = pool.map(self._send_to, by_recipient, by_recipient.values())
            return [unsent for answers in told for unsent in answers]

    def fetch(self, limit: int = 100) -> Iterator[Arrival]:
        """Nothing: what comes by HTTPS comes to our server."""
        return iter(())

    def close(self) -> None:
        """Nothing is held open."""

    def _send_to(self, ends: tuple[str, str], transmissions: Sequence[Transmission]) -> list[Unsent]:
        recipient, told = ends[1], list[Unsent]()
        rest, partner = self._rests.setdefault(recipient, _Rest()), self.find_partner(*ends)
        for each in transmissions:
            name = each.transmission_id
            if len(each.body) > BYTES_MOST:
                told.append(Unsent(name, f"{len(each.body):,} bytes are more than {BYTES_MOST:,}", is_final=True))
            elif partner is None or partner.key is None:
                told.append(Unsent(name, f"{recipient} has no {'key' if partner else 'address'} for HTTPS yet"))
            elif (left := rest.until - time.monotonic()) > 0:
                told.append(Unsent(name, f"{rest.why}; {recipient} is asked again in {left:.1f} s"))
            elif (answer := self._post(partner.url, partner.key, each, rest)) is not None:
                told.append(answer)
        return told

    def _post(self, url: str, key: PartnerKey, each: Transmission, rest: _Rest) -> Unsent | None:
        headers = {"content-type": "application/octet-stream", "user-agent": "entrepost-exchange"}
        reply = self.sender.send(url, headers | sign(key, each, self.clock.now()), each.body)
        if reply.is_taken:
            rest.failures = 0
            return None
        if reply.code in FINAL:
            return Unsent(each.transmission_id, f"{each.recipient} answers {reply.said}", is_final=True)
        self._let_rest(rest, reply, each.recipient)
        return Unsent(each.transmission_id, rest.why)

    def _let_rest(self, rest: _Rest, reply: Reply, recipient: str) -> None:
        rest.failures += 1
        rest.why = f"{recipient} answers {reply.said}" if reply.code else f"{recipient}: {reply.said}"
        rest.until = time.monotonic() + max(self.pauses.after(rest.failures), min(reply.wait_seconds, 3600))
