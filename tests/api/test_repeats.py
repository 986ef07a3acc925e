"""Posts that are sent again, also by many at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from tests.api.world import World

WANTED = {"name": "repeats", "scopes": ["quotes:write"]}


def test_another_body_with_the_same_key_is_422(world: World) -> None:
    headers = {"Idempotency-Key": "repeats-1"}
    assert world.ask("POST", "/v1/keys", json=WANTED, headers=headers).status_code == 201
    answer = world.ask("POST", "/v1/keys", json=WANTED | {"name": "else"}, headers=headers)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "changed_request")


def test_many_posts_with_few_keys_at_once_have_one_effect_each(world: World, campaign_scale: float) -> None:
    keys, posts = round(1_000 * campaign_scale), 10

    def post(number: int) -> tuple[int, str]:
        headers = {"Idempotency-Key": f"many-{number % keys}"}
        answer = world.ask("POST", "/v1/keys", json=WANTED, headers=headers)
        return answer.status_code, answer.json()["key"]

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(post, range(keys * posts)))
    assert {status for status, _ in answers} == {201}
    assert len({key for _, key in answers}) == keys
