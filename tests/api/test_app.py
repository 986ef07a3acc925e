"""The app as a whole: its description, and what is common to all answers."""

from __future__ import annotations

from tests.api.world import World


def test_the_description_is_complete(world: World) -> None:
    document = world.client.get("/v1/openapi.json").json()
    for path, methods in document["paths"].items():
        for method, told in methods.items():
            assert told["summary"], (method, path)
            assert told["description"], (method, path)
            assert told["tags"], (method, path)
            assert any(status.startswith("2") for status in told["responses"]), (method, path)


def test_what_is_not_there_is_told_in_the_one_shape(world: World) -> None:
    for method, path, status, code in (
        ("GET", "/nowhere", 404, "not_found"),
        ("PUT", "/v1/keys", 405, "method_not_allowed"),
    ):
        answer = world.ask(method, path)
        assert answer.status_code == status
        assert answer.json()["error"]["code"] == code


def test_answers_are_kept_by_nobody_and_guessed_by_no_browser(world: World) -> None:
    headers = world.ask("GET", "/v1/keys").headers
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
