"""What is made ready ahead: a server that is warm answers single requests as frames do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.api.world import PARAMS, World, world_at
from tests.operations.shop import LAMP_NO, NOW, lamp


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
    assert warm.client.get("/health/ready").json() == {"status": "ok"}


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
