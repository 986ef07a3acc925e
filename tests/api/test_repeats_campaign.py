"""Keys of idempotency, each sent by ten at once to two servers on one store: as many effects as keys."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from entrepost.operations.keys import list_keys
from tests.api.world import World, world_at
from tests.servers import Postgres

pytestmark = pytest.mark.campaign
KEYS, AT_ONCE = 1_000, 10


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.server)])
def servers(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[list[World]]:
    """One server on a SQLite file, or two on a database."""
    if request.param == "sqlite":
        with world_at(str(tmp_path / "shop.db"), tmp_path) as only:
            yield [only]
        return
    server: Postgres = request.getfixturevalue("postgres")
    place = server.create_owned("repeats")
    (tmp_path / "second").mkdir()
    with world_at(place, tmp_path) as one, world_at(place, tmp_path / "second", fill=False) as two:
        two.keys = one.keys
        yield [one, two]


def test_as_many_effects_as_keys_however_many_send_them(servers: list[World], campaign_scale: float) -> None:
    count, store = round(KEYS * campaign_scale), servers[0].store
    before = len(list_keys(store, "main"))

    def post(number: int, world: World) -> tuple[int, int, str, bool]:
        body, once = {"name": f"n{number}", "scopes": ["orders:read"]}, {"Idempotency-Key": f"key {number}"}
        answer = world.ask("POST", "/v1/keys", json=body, headers=once)
        told = answer.json()
        return number, answer.status_code, told["key"], bool(told["secret"])

    with ThreadPoolExecutor(AT_ONCE) as pool:
        turns = [*itertools.islice(itertools.cycle(servers), AT_ONCE)]
        sent = [(number, world) for number in range(count) for world in turns]
        answers = list(pool.map(lambda each: post(*each), sent))
    assert {status for _, status, _, _ in answers} == {201}
    assert len({(number, key) for number, _, key, _ in answers}) == count
    assert Counter(number for number, _, _, secret in answers if secret) == dict.fromkeys(range(count), 1)
    assert len(list_keys(store, "main")) == before + count
