"""Three operators exchange mail while brokers and posts die: nothing is lost, nothing applied twice, books agree."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
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
from tests.three_operators.places import PAIRS, POSTS, Lane, lanes_of
from tests.three_operators.posts import Nursery, Posts

__all__ = ["progress_line"]
pytestmark = [pytest.mark.campaign, pytest.mark.server, pytest.mark.xdist_group("brokers")]

ITEMS, LEADER_KILLS, POST_KILLS, CUT_OFF_SECONDS = 100_000, 20, 5, 60
FEW_ITEMS, FEW_TOGETHER = 600, 50
"""So many take the other ways where the campaign is not run in full."""

TOGETHER = 500
AGAIN_SHARE, FEW_AGAIN_SHARE = 0.1, 0.4
"""So much is sent again when the brokers have forgotten it; of few messages more of them, so that some surely are."""
WINDOW_SECONDS = 2.0
PATIENCE_SECONDS = 7_200
Blow = Callable[[], None]


@pytest.fixture(scope="module")
def nursery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    made = Nursery(tmp_path_factory.mktemp("nursery") / "log")
    yield made
    made.close()


def test_over_a_cluster_of_brokers_that_die(
    nursery: Nursery,
    require_server: Callable[[str], Path],
    tmp_path: Path,
    campaign_scale: float,
    progress_line: ProgressLine,
) -> None:
    is_full, items = campaign_scale == 1.0, round(ITEMS * campaign_scale)
    lanes = lanes_of(items, TOGETHER)
    addresses = tuple(each.address for each in POSTS.values())
    with Brokers(require_server("nats-server"), tmp_path, addresses, nodes=3) as brokers:
        asked = {}
        for post in POSTS.values():
            settings = brokers.settings(post.address, double_seconds=WINDOW_SECONDS, again_seconds=3.0)
            told = {name: getattr(settings, name) for name in settings.__slots__}
            told |= {name: str(told[name]) for name in ("authority", "certificate", "key")}
            asked[post.country] = ask(lanes, dict.fromkeys(POSTS, "nats"), post.country) | {"nats": told}
        with Posts(nursery, tmp_path, asked) as posts:
            blows = [lambda: kill_leader(brokers)] * (LEADER_KILLS if is_full else 1)
            blows += [lambda: cut_off(brokers, CUT_OFF_SECONDS if is_full else 1)]
            blows += crashes(posts, POST_KILLS if is_full else 1)
            endure(posts, blows, lanes, progress_line)
            judge(tmp_path, lanes)


def test_over_folders_and_https_by_turns(
    nursery: Nursery, tmp_path: Path, campaign_scale: float, progress_line: ProgressLine
) -> None:
    """China and America exchange by folders, both of them and the Netherlands over HTTPS."""
    is_full = campaign_scale == 1.0
    lanes = lanes_of(ITEMS, TOGETHER) if is_full else lanes_of(FEW_ITEMS, FEW_TOGETHER)
    servers, asked = make_servers(tmp_path), {}
    for country, server in servers.items():
        ways = {each: "folder" if "NL" not in (each, country) else "https" for each in POSTS}
        urls = {POSTS[each].address: told["url"] for each, told in servers.items()}
        https = {"authority": server["authority"], "urls": urls}
        told = ask(lanes, ways, country) | {"server": server, "https": https, "folder": str(tmp_path / "mail")}
        asked[country] = told
    with Posts(nursery, tmp_path, asked) as posts:
        endure(posts, crashes(posts, POST_KILLS if is_full else 1), lanes, progress_line)
        judge(tmp_path, lanes)


def make_servers(folder: Path) -> dict[str, dict[str, Any]]:
    """Certificates and keys of partners for three servers on loopback, in their stores."""
    authority, stores = Authority(folder / "certificates"), dict[str, Store]()
    for country in POSTS:
        (folder / country).mkdir()
        stores[country] = open_store(folder / country / "post.db")
    for one, other in PAIRS:
        ends = (POSTS[one].address, POSTS[other].address)
        _, text = make_partner_key(stores[one], HOLDER, *ends)
        take_partner_key(stores[other], HOLDER, *reversed(ends), text)
    for store in stores.values():
        store.close()
    certificate, key = authority.issue("server", addresses=("127.0.0.1",))
    files = {"authority": str(authority.certificate), "certificate": str(certificate), "key": str(key)}
    ports = {country: free_port() for country in POSTS}
    return {
        country: files | {"port": port, "url": f"https://127.0.0.1:{port}{PATH}"} for country, port in ports.items()
    }


def ask(lanes: list[Lane], ways: dict[str, str], country: str) -> dict[str, Any]:
    """What a post is asked to do."""
    others, items = {each: way for each, way in ways.items() if each != country}, sum(each.items for each in lanes)
    told = {"post": country, "items": items, "together": lanes[0].together, "ways": others}
    again = (AGAIN_SHARE, 2 * WINDOW_SECONDS) if items == ITEMS else (FEW_AGAIN_SHARE, WINDOW_SECONDS + 0.5)
    return told | dict(zip(("again_share", "again_seconds"), again, strict=True))


def crashes(posts: Posts, count: int) -> list[Blow]:
    return [lambda country=country: posts.crash(country) for country in POSTS for _ in range(count)]  # type: ignore[misc]


def kill_leader(brokers: Brokers) -> None:
    """Kill the broker that leads an inbox, and begin it again when another one leads."""
    inbox = random.choice(list(POSTS.values())).address
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
    deadline = time.monotonic() + 60
    while not (name := brokers.find_leader(inbox)):
        assert time.monotonic() < deadline, "the brokers choose no leader"
        time.sleep(0.1)
    return name


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
