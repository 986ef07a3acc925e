"""A post in a process of its own, as its file says: it works, exchanges and answers until it is told to stop, or dies.

Over HTTPS it is a server besides, with the very route of the API. What was sent is sent again later, a share of it.
"""

from __future__ import annotations

import json
import logging
import random
import ssl
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any

from fastapi import FastAPI

from entrepost.api import exchange
from entrepost.api.errors import answer_errors
from entrepost.api.house import House
from entrepost.exchange.addresses import read_networks
from entrepost.exchange.brokers.settings import NatsSettings
from entrepost.exchange.folder import FolderTransport, Mailbox
from entrepost.exchange.https import HttpsTransport, Partner, Pauses
from entrepost.exchange.nats import NatsTransport
from entrepost.exchange.webhooks import HttpSender, WebhookSettings
from entrepost.operations.exchange import Means, run_once
from entrepost.operations.exchange_records import Came, Sent
from entrepost.operations.exchanging.applying import APPLIERS
from entrepost.operations.exchanging.outbox import OPEN, SendParams
from entrepost.operations.exchanging.partners import get_partners, put_partners
from entrepost.operations.exchanging.receipts import DUE
from entrepost.operations.exchanging.transport import Arrival, Transmission, Transport, Unsent
from entrepost.operations.partner_keys import find_outward
from entrepost.operations.store import Store
from entrepost.wiring import open_store
from tests.three_operators.applying import audited
from tests.three_operators.day import Day
from tests.three_operators.places import POSTS, Post, lanes_of, partners_of

IMPATIENT = SendParams(pauses_seconds=(1, 2, 4), answer_seconds=(5, 10), lease_seconds=3)
"""What a post waits for minutes and hours, it waits here for seconds."""
IDLE_SECONDS = 0.3


@dataclass
class Repeating:
    """A transport that sends a share of what it sent once more, when brokers have forgotten it."""

    inner: Transport
    share: float
    after_seconds: float
    chance: random.Random = field(default_factory=lambda: random.Random(5))
    later: list[tuple[float, Transmission]] = field(default_factory=list)

    def send(self, transmissions: Sequence[Transmission]) -> Sequence[Unsent]:
        unsent = self.inner.send(transmissions)
        missed, at = {each.transmission_id for each in unsent}, time.monotonic() + self.after_seconds
        self.later += [
            (at, each)
            for each in transmissions
            if each.transmission_id not in missed and self.chance.random() < self.share
        ]
        return unsent

    def fetch(self, limit: int = 100) -> Iterator[Arrival]:
        due = [each for at, each in self.later if at <= time.monotonic()]
        if due:
            self.later = [(at, each) for at, each in self.later if each not in due]
            self.inner.send(due)
        return self.inner.fetch(limit)

    def close(self) -> None:
        self.inner.close()


def main(file: str) -> None:
    """Work as a file says; beside it stands what the post tells of itself."""
    logging.disable(logging.CRITICAL)
    asked, folder = json.loads(Path(file).read_text(encoding="utf-8")), Path(file).parent
    store, post = open_store(str(folder / "post.db")), POSTS[asked["post"]]
    put_partners(store, "main", partners_of(post.country, asked["ways"]))
    day = Day(store, post, lanes_of(asked["items"], asked["together"]), get_partners(store, "main"))
    day.prepare(folder)
    appliers = audited(APPLIERS)
    if "server" in asked:
        serve(asked["server"], House(store, "sample", folder / "uploads", appliers=appliers))
    transports = {name: open_transport(name, asked, day) for name in set(asked["ways"].values())}
    means = Means("main", day.partners, transports, appliers, IMPATIENT)
    while not (folder / "stop").exists():
        is_busy = work(day, means, float((folder / "share").read_text(encoding="utf-8")))
        is_over = not is_busy and is_settled(day, transports.values())
        tell(folder, f"{'done' if is_over else 'works'} {day.count_closed()} {time.process_time():.2f}")
        if not is_busy:
            time.sleep(IDLE_SECONDS)
    for each in transports.values():
        each.close()
    store.close()


def work(day: Day, means: Means, share: float) -> bool:
    """One round, in which no more than a share of all dispatches are closed; whether there was anything to do."""
    is_busy = day.dispatch_next(share)
    is_busy |= not run_once(day.store, means).is_idle
    return day.answer_next() or is_busy


def is_settled(day: Day, transports: Any) -> bool:
    """Whether everything went and came, and nothing is open on either side, and nothing will be sent again."""
    books: Store = day.store
    if any(each.later for each in transports) or not day.is_done():
        return False
    is_open = books.exchange.list_with(Sent, "main", {"state": [OPEN]})
    return not is_open and not books.exchange.list_with(Came, "main", {"receipt": [DUE]})


def open_transport(name: str, asked: Mapping[str, Any], day: Day) -> Repeating:
    """The transport of that name, as the file has it."""
    if name == "nats":
        told = asked[name]
        settings = NatsSettings(
            **told | {"servers": tuple(told["servers"])} | {each: Path(told[each]) for each in FILES}
        )
        inner: Transport = NatsTransport(settings, day.post.address)
    elif name == "https":
        inner = open_https(asked[name], day)
    else:
        boxes = {each.address: Mailbox(*_folders(asked["mail"], each, day.post)) for each in POSTS.values()}
        inner = FolderTransport(day.post.address, boxes)
    return Repeating(inner, asked["again_share"], asked["again_seconds"])


def _folders(root: str, partner: Post, own: Post) -> tuple[Path, Path]:
    """Where a partner puts what is for us, and where we put what is for it: the same folders, as it sees them."""
    return Path(root) / f"{partner.country}-{own.country}", Path(root) / f"{own.country}-{partner.country}"


def open_https(told: Mapping[str, Any], day: Day) -> HttpsTransport:
    """Over TLS to the partners' servers on loopback, which is allowed here."""
    context = ssl.create_default_context(cafile=told["authority"])
    sender = HttpSender(WebhookSettings(networks=read_networks("127.0.0.0/8"), timeout_seconds=30, context=context))

    def find(own: str, partner: str) -> Partner | None:
        return Partner(told["urls"][partner], find_outward(day.store, "main", own, partner))

    return HttpsTransport(sender, day.store.clock, find, Pauses(0.2, 1.0))


def serve(told: Mapping[str, Any], house: House) -> None:
    """Answer partners over TLS by the route of the API, in a thread of this process."""
    import uvicorn

    app = FastAPI(openapi_url=None)
    app.state.house = house
    answer_errors(app)
    app.include_router(exchange.router)
    certificate = {"ssl_certfile": told["certificate"], "ssl_keyfile": told["key"]}
    config = uvicorn.Config(app, "127.0.0.1", told["port"], log_level="critical", lifespan="off", **certificate)
    server = uvicorn.Server(config)
    Thread(target=server.run, daemon=True).start()


def tell(folder: Path, word: str) -> None:
    """Say how far the post is."""
    (folder / "told.new").write_text(word, encoding="utf-8")
    (folder / "told.new").replace(folder / "told")


FILES = ("authority", "certificate", "key")


if __name__ == "__main__":
    main(sys.argv[1])
