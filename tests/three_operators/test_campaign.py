"""Three operators exchange mail while brokers and posts die: nothing is lost, nothing applied twice, books agree."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from entrepost.api.exchange import PATH
from entrepost.operations.partner_keys import make_partner_key, take_partner_key
from entrepost.operations.store import Store
from entrepost.wiring import open_store
from tests.brokers import Brokers
from tests.certificates import Authority
from tests.durability.conftest import ProgressLine, progress_line
from tests.durability.served import free_port
from tests.operations.office import HOLDER
from tests.three_operators.books import compare, count_again, waits
from tests.three_operators.places import PAIRS, POSTS, Lane, Post, lanes_of
from tests.three_operators.posts import Nursery, Posts

__all__ = ["progress_line"]
pytestmark = [pytest.mark.campaign, pytest.mark.server]

ITEMS, LEADER_KILLS, POST_KILLS, CUT_OFF_SECONDS = 100_000, 20, 5, 60
TOGETHER = 500
AGAIN_SHARE, FEW_AGAIN_SHARE = 0.1, 0.4
"""So much is sent again when the brokers have forgotten it; of few messages more of them, so that some surely are."""
WINDOW_SECONDS = 2.0
PATIENCE_SECONDS, LOOKS_MOST = 7_200, 500
Blow = Callable[[], None]
PAIRED = ("CNNL", "CNUS", "NLUS")
IN_FULL = {
    "brokers": dict.fromkeys(PAIRED, "nats"),
    "folders and servers": {"CNUS": "folder", "CNNL": "https", "NLUS": "https"},
}
AT_ONCE = {"all ways": {"CNUS": "nats", "NLUS": "https", "CNNL": "folder"}}
RUNS = IN_FULL if os.environ.get("ENTREPOST_CAMPAIGN") == "full" else AT_ONCE
"""By which way each pair exchanges: in full one run for each kind, otherwise one run for all."""


@pytest.fixture(scope="module")
def nursery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    made = Nursery(tmp_path_factory.mktemp("nursery") / "log")
    yield made
    made.close()


@pytest.mark.parametrize("ways", RUNS, ids=list(RUNS))
def test_nothing_is_lost_and_nothing_applied_twice(
    ways: str,
    nursery: Nursery,
    require_server: Callable[[str], Path],
    tmp_path: Path,
    campaign_scale: float,
    progress_line: ProgressLine,
) -> None:
    is_full, between = campaign_scale == 1.0, RUNS[ways]
    lanes = lanes_of(round(ITEMS * campaign_scale), TOGETHER)
    with ExitStack() as stack:
        asked = {each: ask(lanes, between, each) | {"mail": str(tmp_path / "mail")} for each in POSTS}
        blows: list[Blow] = []
        if "nats" in between.values():
            addresses = tuple(each.address for each in POSTS.values())
            brokers = stack.enter_context(Brokers(require_server("nats-server"), tmp_path, addresses, nodes=3))
            blows += [lambda: kill_leader(brokers)] * (LEADER_KILLS if is_full else 1)
            blows += [lambda: cut_off(brokers, CUT_OFF_SECONDS if is_full else 1)]
            for post in POSTS.values():
                asked[post.country]["nats"] = reach(brokers, post)
        if "https" in between.values():
            for country, told in make_servers(tmp_path).items():
                asked[country] |= told
        posts = stack.enter_context(Posts(nursery, tmp_path, asked))
        blows += crashes(posts, POST_KILLS if is_full else 1)
        endure(posts, blows, lanes, progress_line)
        judge(tmp_path, lanes)


def reach(brokers: Brokers, post: Post) -> dict[str, Any]:
    """How a post reaches the brokers, as its file has it."""
    settings = brokers.settings(post.address, double_seconds=WINDOW_SECONDS, again_seconds=3.0)
    told = {name: getattr(settings, name) for name in settings.__slots__}
    return told | {name: str(told[name]) for name in ("authority", "certificate", "key")}


def make_servers(folder: Path) -> dict[str, dict[str, Any]]:
    """Certificates and keys of partners for three servers on loopback, in their stores."""
    authority, stores = Authority(folder / "servers"), dict[str, Store]()
    for country in POSTS:
        (folder / country).mkdir(exist_ok=True)
        stores[country] = open_store(folder / country / "post.db")
    for one, other in PAIRS:
        ends = (POSTS[one].address, POSTS[other].address)
        _, text = make_partner_key(stores[one], HOLDER, *ends)
        take_partner_key(stores[other], HOLDER, *reversed(ends), text)
    for store in stores.values():
        store.close()
    certificate, key = authority.issue("server", addresses=("127.0.0.1",))
    ports = {country: free_port() for country in POSTS}
    urls = {POSTS[country].address: f"https://127.0.0.1:{port}{PATH}" for country, port in ports.items()}
    https = {"authority": str(authority.certificate), "urls": urls}
    files = {"certificate": str(certificate), "key": str(key)}
    return {country: {"https": https, "server": files | {"port": port}} for country, port in ports.items()}


def ask(lanes: list[Lane], between: dict[str, str], country: str) -> dict[str, Any]:
    """What a post is asked to do."""
    others = {each: between["".join(sorted((each, country)))] for each in POSTS if each != country}
    items = sum(each.items for each in lanes)
    told = {"post": country, "items": items, "together": TOGETHER, "ways": others}
    again = AGAIN_SHARE if items == ITEMS else FEW_AGAIN_SHARE
    return told | {"again_share": again, "again_seconds": 2 * WINDOW_SECONDS}


def crashes(posts: Posts, count: int) -> list[Blow]:
    return [lambda country=country: posts.crash(country) for country in POSTS for _ in range(count)]  # type: ignore[misc]


def kill_leader(brokers: Brokers) -> None:
    """Kill the broker that leads an inbox, and begin it again when another one leads."""
    inbox = random.choice(("CN101", "US101"))
    name = wait_for_leader(brokers, inbox)
    brokers.kill(name)
    wait_for_leader(brokers, inbox)
    brokers.start(name)


def cut_off(brokers: Brokers, seconds: float) -> None:
    """Nobody hears of the broker that leads an inbox for a while, and it of nobody."""
    name = wait_for_leader(brokers, "US101")
    brokers.pause(name)
    time.sleep(seconds)
    brokers.resume(name)


def wait_for_leader(brokers: Brokers, inbox: str) -> str:
    for _ in range(LOOKS_MOST):  # not by the clock: the machine may stand still
        if name := brokers.find_leader(inbox):
            return name
        time.sleep(0.2)
    raise AssertionError("the brokers choose no leader")


def endure(posts: Posts, blows: list[Blow], lanes: list[Lane], progress_line: ProgressLine) -> None:
    """Let the posts work to the end, with the blows evenly spread over their work."""
    deadline, total = time.monotonic() + PATIENCE_SECONDS, sum(each.dispatches for each in lanes)
    random.Random(9).shuffle(blows)
    for number, blow in enumerate(blows, 1):
        share = number / (len(blows) + 1)
        posts.allow(share)
        while sum(closed for _, closed in posts.told()) < share * total:
            assert time.monotonic() < deadline, posts.told()
            time.sleep(0.05)
        blow()
        progress_line("blows", number, len(blows))
    posts.allow(1.0)
    quiet = 0
    while quiet < 3:
        assert time.monotonic() < deadline, posts.told()
        quiet = quiet + 1 if {word for word, _ in posts.told()} == {"done"} else 0
        time.sleep(0.2)
    posts.stop()


def judge(folder: Path, lanes: list[Lane]) -> None:
    """Lay the books side by side."""
    assert compare(folder, lanes) == []
    assert count_again(folder) > 0
    told = waits(folder, lanes)
    assert [each.at_origin for each in told] == [each.at_destination for each in told]
    assert all(each.at_origin.days >= 1 for each in told)
    print(f"{count_again(folder):,} interchanges came again; waits {[str(each.at_origin) for each in told]}")
