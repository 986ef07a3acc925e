"""`/v1/webhooks`: a secret is shown once, and what became of every message is told."""

from __future__ import annotations

from typing import Any

import pytest

from entrepost.operations.webhooks_send import deliver_due
from tests.api.world import World
from tests.operations.hooks import STEADY, URL, Runner


def add(world: World, **headers: str) -> Any:
    return world.ask("POST", "/v1/webhooks", json={"url": URL, "kinds": ["endpoint.tested"]}, headers=headers)


def test_a_secret_is_shown_once(world: World) -> None:
    once = {"Idempotency-Key": "endpoint-1"}
    made, again = add(world, **once), add(world, **once)
    assert (made.status_code, made.json()["secret"][:6], again.json()["secret"]) == (201, "whsec_", "")
    assert made.json()["endpoint"] == again.json()["endpoint"]
    path = f"/v1/webhooks/{made.json()['endpoint']}"
    assert "secret" not in world.ask("GET", path).json()
    turned = world.ask("POST", f"{path}/secret").json()
    assert turned["secret"] not in ("", made.json()["secret"])
    assert turned["former_until"] == "2026-01-11T08:30:00Z"
    assert made.json()["secret"] not in world.ask("GET", "/v1/webhooks").text
    world.ask("DELETE", path)


def test_a_try_is_delivered_and_the_log_tells_its_attempts(world: World) -> None:
    name = add(world).json()["endpoint"]
    tried = world.ask("POST", f"/v1/webhooks/{name}/test")
    assert (tried.status_code, tried.json()["queued"]) == (202, 1)
    deliver_due(world.store, Runner(), STEADY)
    found = world.ask("GET", f"/v1/webhooks/{name}/deliveries", params={"state": "delivered"}).json()
    (delivery,) = found["data"]
    assert (delivery["message"], delivery["attempts"][0]["code"]) == (tried.json()["message"], 204)
    again = world.ask("POST", f"/v1/webhooks/{name}/replay", json={"message": delivery["message"]})
    assert again.json() == {"queued": 1, "message": delivery["message"]}
    first = world.ask("GET", f"/v1/webhooks/{name}/deliveries", params={"limit": 1}).json()
    rest = world.ask("GET", f"/v1/webhooks/{name}/deliveries", params={"cursor": first["next_cursor"]}).json()
    assert [first["data"][0]["state"], rest["data"][0]["state"], rest["next_cursor"]] == ["queued", "delivered", ""]
    world.ask("DELETE", f"/v1/webhooks/{name}")


def test_it_is_changed_switched_off_and_removed(world: World) -> None:
    path = f"/v1/webhooks/{add(world).json()['endpoint']}"
    changed = world.ask("PATCH", path, json={"url": "https://other.example.org/", "is_on": False}).json()
    assert (changed["url"], changed["kinds"], changed["state"]) == (
        *("https://other.example.org/", ["endpoint.tested"]),
        "off",
    )
    assert world.ask("POST", f"{path}/test").status_code == 422
    assert world.ask("PATCH", path, json={"is_on": True}).json()["state"] == "on"
    assert world.ask("DELETE", path).status_code == 204
    assert world.ask("GET", path).status_code == 404


def test_what_is_no_url_or_kind_is_refused_and_says_what_it_should_be(world: World) -> None:
    for wrong, word in (({"url": "javascript:x"}, "is written as"), ({"url": URL, "kinds": ["x"]}, "no kind")):
        answer = world.ask("POST", "/v1/webhooks", json=wrong)
        assert (answer.status_code, word in answer.json()["error"]["message"]) == (422, True)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://127.0.0.1/", "only https"),
        ("https://127.0.0.1/", "127.0.0.1 is refused: it is loopback"),
        ("https://[::ffff:10.0.0.1]/in", "IPv4-mapped"),
        ("https://localhost/in", "none of the public internet"),
        ("https://2130706433/", "a number in disguise"),
        ("https://hooks.example.org:25/", "port 25 belongs to another service"),
    ],
)
def test_an_address_that_is_never_sent_to_is_refused_when_it_is_given(world: World, url: str, says: str) -> None:
    name = add(world).json()["endpoint"]
    for answer in (
        world.ask("POST", "/v1/webhooks", json={"url": url}),
        world.ask("PATCH", f"/v1/webhooks/{name}", json={"url": url}),
    ):
        assert answer.status_code == 422
        assert says in answer.json()["error"]["message"]
    assert world.ask("GET", f"/v1/webhooks/{name}").json()["url"] == URL
    world.ask("DELETE", f"/v1/webhooks/{name}")
