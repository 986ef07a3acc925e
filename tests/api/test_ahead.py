"""What is made ready ahead: a server that is warm answers single requests as frames do."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from entrepost.api import ahead
from entrepost.api.ahead import Ahead
from entrepost.api.house import House
from entrepost.network.feed import write_network
from entrepost.operations.quoting import Asked
from entrepost.service.policy import Balanced
from entrepost.wiring import open_store
from tests.api.world import PARAMS, World, world_at
from tests.operations.shop import LAMP_NO, NOW, FixedClock, lamp
from tests.worlds import one_warehouse


@pytest.fixture(scope="module")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A server that is warm."""
    folder = tmp_path_factory.mktemp("warm")
    with world_at(str(folder / "shop.db"), folder, replace(PARAMS, is_warmed=True)) as made:
        first = made.client.get("/health/ready")
        assert first.status_code == 200 or first.json()["error"]["code"] == "not_ready"
        assert made.client.app.state.house.warm.wait(600)  # type: ignore[attr-defined]
        yield made


def test_it_is_ready_when_it_is_warm(warm: World) -> None:
    assert warm.client.get("/health/ready").json()["status"] == "ok"


def test_single_quotes_are_those_of_a_server_that_is_not(warm: World, world: World) -> None:
    for asked in ({}, {"every": True}, {"policy": "fastest"}):
        body = {"orders": [lamp(placed_at=NOW.isoformat())], **asked}
        told = warm.ask("POST", "/v1/quotes", json=body)
        assert told.status_code == 200
        assert told.json() == world.ask("POST", "/v1/quotes", json=body).json()


def test_what_is_wrong_is_told_as_before(warm: World) -> None:
    told = warm.ask("POST", "/v1/quotes", json={"orders": [lamp(weight_g="x")]}).json()
    assert [each["field"] for each in told["rows"]] == ["weight_g"]
    assert warm.ask("POST", "/v1/quotes", json={"orders": [lamp()], "policy": "x"}).status_code == 422


def test_a_tracked_item_tells_when_it_is_expected(warm: World) -> None:
    told = warm.ask("GET", f"/v1/tracking/{LAMP_NO}").json()
    assert told["expected"] is not None
    assert told["expected"]["from_"] <= told["expected"]["likely"] <= told["expected"]["to"]


def test_a_server_that_begins_near_the_end_of_an_hour_is_ready_for_the_next_one_too(tmp_path: Path) -> None:
    with _made_ready(tmp_path, FixedClock(NOW + timedelta(minutes=25))) as house:
        assert _is_answered(house, NOW)
        assert _is_answered(house, NOW + timedelta(hours=1))
        assert not _is_answered(house, NOW + timedelta(hours=2))


def test_an_hour_that_came_at_once_is_made_ready_while_requests_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ahead, "LOOK_SECONDS", 0.02)
    clock = FixedClock(NOW)
    with _made_ready(tmp_path, clock) as house:
        assert not _is_answered(house, NOW + timedelta(hours=1))
        clock.instant = NOW + timedelta(hours=9)
        assert _in_time(lambda: _is_answered(house, NOW + timedelta(hours=9)))
        clock.instant = NOW + timedelta(hours=9, minutes=25)
        assert _in_time(lambda: _is_answered(house, NOW + timedelta(hours=10)))


@contextmanager
def _made_ready(folder: Path, clock: FixedClock) -> Iterator[House]:
    write_network(one_warehouse(), folder / "network")
    house = House(open_store(folder / "shop.db", clock), str(folder / "network"), folder / "uploads", PARAMS)
    thread = Ahead(house)
    thread.start()
    assert house.warm.wait(600)
    yield house
    thread.stop()
    house.store.close()


def _is_answered(house: House, placed: datetime) -> bool:
    return house.quoting.find([lamp(placed_at=placed.isoformat())], "main", Asked(Balanced(), False)) is not None


def _in_time(is_so: Callable[[], bool]) -> bool:
    latest = time.monotonic() + 120
    while not is_so() and time.monotonic() < latest:
        time.sleep(0.02)
    return is_so()
