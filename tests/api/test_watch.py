"""What is around every request."""

from __future__ import annotations

import json
import logging

import pytest

from tests.api.world import PARAMS, World


def test_a_request_keeps_its_number_or_is_given_one(world: World) -> None:
    assert (
        world.client.get("/health/live", headers={"x-request-id": "mine-1234"}).headers["x-request-id"] == "mine-1234"
    )
    for odd in ("x", "a b c d e f g h", "<script>alert(1)</script>"):
        assert len(world.client.get("/health/live", headers={"x-request-id": odd}).headers["x-request-id"]) == 16


@pytest.mark.parametrize("counted", [True, False])
def test_a_body_that_is_too_large_is_413(world: World, counted: bool) -> None:
    size = PARAMS.body_bytes_max + 1
    content = b"x" * size if counted else iter([b"x" * (size // 2)] * 3)
    answer = world.ask("POST", "/v1/keys", content=content)
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large")


def test_the_log_names_the_route_and_no_item_or_person(world: World, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "entrepost.api"):
        world.ask("GET", f"/v1/people/{world.names['email']}")
    told = json.loads(caplog.records[-1].message)
    assert (told["tenant"], told["route"], told["status"]) == ("main", "/v1/people/{email}", 200)
    assert world.names["email"] not in caplog.text
