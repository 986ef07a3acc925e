"""Senders killed again and again in the middle of their work, two at once, against a real mail server."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from entrepost.operations.contacts import add_contacts
from entrepost.operations.notices import RANGE, plan_notices
from entrepost.operations.notices_post import send_notices
from entrepost.operations.store import Store
from entrepost.wiring import open_store
from tests.exchange.mailbox import Mailbox, Server, serve
from tests.operations.post import Pigeon, contacts
from tests.operations.shop import FixedClock, lamp, take, write_csv
from tests.servers import Postgres

pytestmark = pytest.mark.campaign

NOTICES, KILLS, PAUSE_SECONDS = 120, 60, 0.01
SEND = """
import sys
from entrepost.exchange.smtp import SmtpPost, SmtpSettings
from entrepost.operations.notices_post import send_notices
from entrepost.wiring import open_store
store = open_store(sys.argv[1])
post = SmtpPost(SmtpSettings("127.0.0.1", "news@post.example", int(sys.argv[2]), "none"))
print("open", flush=True)
sys.stdin.readline()
print(send_notices(store, post), flush=True)
"""


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.server)])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return str(tmp_path / "shop.db")
    server: Postgres = request.getfixturevalue("postgres")
    return server.create_database("killed_senders")


@pytest.fixture
def mailbox() -> Mailbox:
    made = Mailbox()
    made.pause_seconds = PAUSE_SECONDS
    return made


@pytest.fixture
def server(mailbox: Mailbox) -> Iterator[Server]:
    started = serve(mailbox)
    yield started
    started.stop()


def queue(place: str, folder: Path) -> list[str]:
    """Queue a notice for each of many orders; what they are called."""
    store, now = open_store(place), datetime.now(UTC)
    take(store, write_csv(folder, *(lamp(order_id=f"o{number}") for number in range(NOTICES))))
    told = [(f"o{number}", f"a{number}@example.org", "en", "UTC") for number in range(NOTICES)]
    items = store.list_orders().select(
        *("tenant", "seller", "order_id", "origin", "country", "weight_g", "currency"),
        item=pl.lit(1, pl.Int64),
        pieces="quantity",
        value_minor="unit_value_minor",
        issued_at="placed_at",
        service=pl.lit("PACKET"),
        item_id=pl.Series([f"LX{number:08}0CN" for number in range(NOTICES)]),
    )
    store.add_items(items)
    add_contacts(store, contacts(*told))
    cells = [("main", name, now + timedelta(days=2), now + timedelta(days=5), 0.9) for name in items["item_id"]]
    plan_notices(store, pl.DataFrame(cells, schema=RANGE, orient="row"))
    names = store.list_notices().get_column("notice").to_list()
    store.close()
    return [str(name) for name in names]


def begin(place: str, port: int) -> subprocess.Popen[str]:
    pipe = subprocess.PIPE
    command = [sys.executable, "-W", "ignore", "-c", SEND, place, str(port)]
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True)


def release(child: subprocess.Popen[str]) -> None:
    assert child.stdout is not None
    assert child.stdin is not None
    assert child.stdout.readline() == "open\n", child.communicate()[1]
    child.stdin.write("begin\n")
    child.stdin.flush()


def kill_two_at_work(place: str, port: int, mailbox: Mailbox, goal: int, wait: float) -> None:
    """Kill two senders shortly after so many letters have come."""
    children = [begin(place, port) for _ in range(2)]
    for child in children:
        release(child)
    deadline = time.monotonic() + 20
    while len(mailbox.letters) < goal and time.monotonic() < deadline:
        time.sleep(0.001)
    time.sleep(wait)
    for child in children:
        child.kill()
        _, complaint = child.communicate()
        assert child.returncode == -signal.SIGKILL, f"it stopped by itself with {child.returncode}: {complaint}"


def numbers_of(store: Store, state: str) -> set[str]:
    return set(store.list_notices(state=state).get_column("notice"))


@pytest.mark.filterwarnings("ignore:SQLite .* can lose commits")
def test_killed_again_and_again_nobody_gets_a_notice_twice_and_nothing_sent_is_lost_from_the_record(
    place: str, server: Server, mailbox: Mailbox, tmp_path: Path, campaign_scale: float
) -> None:
    names, chance, kills = queue(place, tmp_path), random.Random(11), round(KILLS * campaign_scale)
    for number in range(kills):
        goal = 5 + number * NOTICES // (kills + 1)
        kill_two_at_work(place, server.port, mailbox, goal, chance.uniform(0, 4 * PAUSE_SECONDS))
    last = begin(place, server.port)
    release(last)
    said, complaint = last.communicate(timeout=60)
    assert last.returncode == 0, complaint
    assert "sent=" in said
    later = open_store(place, FixedClock(datetime.now(UTC) + timedelta(hours=1)))
    pigeon = Pigeon()
    send_notices(later, pigeon)
    came = [str(each["Message-ID"]).strip("<>").partition("@")[0] for each in mailbox.read()]
    sent, uncertain = numbers_of(later, "sent"), numbers_of(later, "uncertain")
    assert mailbox.twice() == {}
    assert pigeon.tried == 0
    assert sent <= set(came) <= sent | uncertain
    assert sent | uncertain == set(names)
    assert 1 <= len(uncertain) <= 2 * kills
    assert later.list_findings().height == len(uncertain)
    later.close()
