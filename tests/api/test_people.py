"""`/v1/people` and `/v1/audit`."""

from __future__ import annotations

from entrepost.operations.people import accept
from tests.api.world import World
from tests.operations.office import CHEAP, PASSWORD


def test_somebody_is_invited_comes_gets_another_role_and_goes(world: World) -> None:
    made = world.ask("POST", "/v1/people", json={"email": "Cy@example.org", "role": "clerk"})
    assert (made.status_code, made.json()["email"]) == (201, "cy@example.org")
    accept(world.store, made.json()["token"], "Cy", PASSWORD, CHEAP)
    path = "/v1/people/cy@example.org"
    assert world.ask("GET", path).json()["role"] == "clerk"
    assert world.ask("PATCH", path, json={"role": "planner"}).json()["role"] == "planner"
    assert world.ask("DELETE", path).json()["ended_at"] is not None
    assert "cy@example.org" in [each["email"] for each in world.ask("GET", "/v1/people").json()["data"]]
    actions = {each["action"] for each in world.ask("GET", "/v1/audit").json()["data"]}
    assert {"invited", "invitation accepted", "role planner", "ended"} <= actions


def test_no_answer_tells_a_password_and_a_token_is_told_once(world: World) -> None:
    body, headers = {"email": "di@example.org", "role": "viewer"}, {"Idempotency-Key": "invite-di"}
    first, again = (world.ask("POST", "/v1/people", json=body, headers=headers) for _ in range(2))
    assert first.json()["token"]
    assert again.json()["token"] == ""
    assert "argon2" not in world.ask("GET", "/v1/people").text
