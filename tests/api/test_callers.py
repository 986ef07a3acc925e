"""Keys and sessions at the door, and who asks too often."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from entrepost.api.callers import CSRF_HEADER, SESSION_COOKIE
from entrepost.api.limits import RateParams
from entrepost.operations.sign_in import find_session, sign_in
from tests.api.world import PARAMS, World, world_at
from tests.operations.office import ANNA, PASSWORD, SIGN_IN


def test_a_browser_reads_by_its_session_and_changes_with_the_token_of_its_page(world: World) -> None:
    text = sign_in(world.store, "main", ANNA, PASSWORD, SIGN_IN)
    found = find_session(world.store, text, SIGN_IN)
    assert found is not None
    cookie, wanted = {"Cookie": f"{SESSION_COOKIE}={text}"}, {"name": "by browser", "scopes": ["items:read"]}
    assert world.client.get("/v1/keys", headers=cookie).status_code == 200
    for token, status in (("", 403), ("wrong", 403), (found.session.csrf, 201)):
        headers = cookie | {CSRF_HEADER: token}
        assert world.client.post("/v1/keys", headers=headers, json=wanted).status_code == status
    assert world.client.get("/v1/keys", headers={"Cookie": f"{SESSION_COOKIE}=x"}).status_code == 401


def test_a_key_that_is_none_is_refused_beside_a_session_that_holds(world: World) -> None:
    text = sign_in(world.store, "main", ANNA, PASSWORD, SIGN_IN)
    headers = {"Cookie": f"{SESSION_COOKIE}={text}", "Authorization": "Bearer wrong"}
    assert world.client.get("/v1/keys", headers=headers).status_code == 401


def test_who_asks_too_often_is_told_when_there_is_room_again(tmp_path: Path) -> None:
    slow = replace(PARAMS, rates=RateParams(per_second=0.1, burst=2), failures=RateParams(per_second=0.1, burst=3))
    with world_at(str(tmp_path / "shop.db"), tmp_path, slow) as world:
        answers = [world.ask("GET", "/v1/keys") for _ in range(3)]
        assert [each.status_code for each in answers] == [200, 200, 429]
        assert 1 <= int(answers[2].headers["retry-after"]) <= 10
        assert world.ask("GET", "/v1/keys", "other").status_code == 200, "each key has its own"
        guesses = [world.ask("GET", "/v1/keys", f"guess {number}").status_code for number in range(5)]
        assert guesses == [401, 401, 401, 429, 429]
