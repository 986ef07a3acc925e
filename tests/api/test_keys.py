"""`/v1/keys`."""

from __future__ import annotations

from tests.api.world import World

WANTED = {"name": "till", "scopes": ["quotes:write"], "until": "2026-02-01T00:00:00+01:00"}


def test_a_key_is_made_shown_once_used_and_revoked(world: World) -> None:
    made = world.ask("POST", "/v1/keys", json=WANTED)
    assert made.status_code == 201
    key, secret = made.json()["key"], made.json()["secret"]
    assert made.json()["until"] == "2026-01-31T23:00:00Z"
    assert world.ask("GET", "/v1/keys", secret).status_code == 403
    seen = world.ask("GET", f"/v1/keys/{key}").json()
    assert "secret" not in seen
    assert seen["used_at"] is not None
    assert world.ask("DELETE", f"/v1/keys/{key}").json()["revoked_at"] is not None
    assert world.ask("GET", "/v1/keys", secret).status_code == 401


def test_a_key_asked_for_twice_is_one_and_its_secret_is_told_once(world: World) -> None:
    twice = [world.ask("POST", "/v1/keys", json=WANTED, headers={"Idempotency-Key": "key-1"}) for _ in range(2)]
    assert twice[0].json()["key"] == twice[1].json()["key"]
    assert twice[0].json()["secret"]
    assert twice[1].json()["secret"] == ""
    assert twice[1].headers["idempotency-replayed"] == "true"


def test_a_scope_that_is_none_is_told(world: World) -> None:
    answer = world.ask("POST", "/v1/keys", json=WANTED | {"scopes": ["everything"]})
    assert answer.status_code == 422
    assert "everything is no scope" in answer.json()["error"]["message"]
