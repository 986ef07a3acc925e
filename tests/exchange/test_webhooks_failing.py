"""A receiver that fails most of the time, and workers that are killed: every message arrives all the same."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from entrepost.exchange.addresses import read_networks
from entrepost.exchange.webhooks import HttpSender, WebhookSettings
from entrepost.operations.store import Store
from entrepost.operations.webhooks_endpoints import add_endpoint
from entrepost.operations.webhooks_send import DeliverParams
from entrepost.wiring import open_store
from tests.exchange.receiver import LOCAL, Receiver, serve
from tests.operations.hooks import deliver_all, tell
from tests.operations.shop import NOW, FixedClock
from tests.servers import Postgres

pytestmark = pytest.mark.campaign

MESSAGES, FAILING, SUBJECTS, KILLS, IN_BETWEEN = 10_000, 0.6, 2_500, 20, 400
DELIVER = """
import sys
from entrepost.exchange.addresses import read_networks
from entrepost.exchange.webhooks import HttpSender, WebhookSettings
from entrepost.operations.webhooks_send import DeliverParams, deliver_due
from entrepost.wiring import open_store
store = open_store(sys.argv[1])
print("open", flush=True)
sys.stdin.readline()
sender = HttpSender(WebhookSettings(http=True, networks=read_networks("127.0.0.0/8")))
print(deliver_due(store, sender, DeliverParams()), flush=True)
"""


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.server)])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return str(tmp_path / "shop.db")
    server: Postgres = request.getfixturevalue("postgres")
    return server.create_database("failing_receiver" if "failing" in request.node.name else "killed_workers")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    started = serve(Receiver())
    yield started
    started.close()


def queue(store: Store, url: str, messages: int, subjects: int) -> None:
    add_endpoint(store, "main", url)
    tell(store, *(f"item {number % subjects}" for number in range(messages)))


def test_a_receiver_failing_most_of_the_time_gets_every_message_in_the_order_of_its_subject(
    place: str, receiver: Receiver, campaign_scale: float
) -> None:
    chance = random.Random(7)
    receiver.answer = lambda headers: 500 if chance.random() < FAILING else 204
    store = open_store(place, FixedClock())
    messages, subjects = round(MESSAGES * campaign_scale), round(SUBJECTS * campaign_scale)
    queue(store, receiver.url, messages, subjects)
    sender = HttpSender(WebhookSettings(http=True, networks=read_networks(LOCAL)))
    done = deliver_all(store, sender, DeliverParams(threads=8), step_seconds=600)
    assert (done.delivered, done.dead, len(set(receiver.names()))) == (messages, 0, messages)
    assert max(Counter(receiver.names()).values()) == 1
    assert len(receiver.asked) == done.delivered + done.deferred
    assert messages * 2 < len(receiver.asked) < messages * 3
    numbers = [int(body.partition(b'"number":')[2].rstrip(b"}")) for _, body in receiver.taken]
    for subject in range(subjects):
        theirs = [number for number in numbers if number % subjects == subject]
        assert theirs == sorted(theirs)
    assert store.clock.now() - NOW < timedelta(days=30)
    store.close()


@pytest.mark.filterwarnings("ignore:SQLite .* can lose commits")
def test_workers_killed_in_the_middle_lose_no_message(place: str, receiver: Receiver, campaign_scale: float) -> None:
    kills, chance = max(round(KILLS * campaign_scale), 2), random.Random(3)
    store, messages = open_store(place), IN_BETWEEN * kills
    queue(store, receiver.url, messages, messages)
    store.close()
    for number in range(kills):
        kill_two_at_work(place, receiver, IN_BETWEEN * number + 40, chance.uniform(0, 0.05))
    later = open_store(place, FixedClock(datetime.now(UTC) + timedelta(minutes=10)))
    sender = HttpSender(WebhookSettings(http=True, networks=read_networks(LOCAL)))
    deliver_all(later, sender)
    times = Counter(receiver.names())
    assert later.webhooks.count_deliveries().rows()[0][2:] == ("delivered", messages)
    assert len(times) == messages
    assert sum(times.values()) - messages <= 2 * kills * 16
    later.close()


def kill_two_at_work(place: str, receiver: Receiver, goal: int, wait: float) -> None:
    """Kill two workers shortly after so many messages have come."""
    pipe = subprocess.PIPE
    command = [sys.executable, "-W", "ignore", "-c", DELIVER, place]
    children = [subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True) for _ in range(2)]
    for child in children:
        assert child.stdout is not None
        assert child.stdin is not None
        assert child.stdout.readline() == "open\n", child.communicate()[1]
        child.stdin.write("begin\n")
        child.stdin.flush()
    deadline = time.monotonic() + 20
    while len(receiver.taken) < goal and time.monotonic() < deadline:
        time.sleep(0.001)
    time.sleep(wait)
    for child in children:
        child.kill()
        _, complaint = child.communicate()
        assert child.returncode == -signal.SIGKILL, f"it stopped by itself with {child.returncode}: {complaint}"
