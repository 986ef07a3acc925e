"""What is told when something is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from entrepost.api import errors
from entrepost.base import errors as ours
from entrepost.base.errors import EntrepostError, StoreError
from tests.api.world import World, world_at
from tests.operations.shop import lamp


def test_every_error_of_ours_has_a_number() -> None:
    kinds = [each for each in vars(ours).values() if isinstance(each, type) and issubclass(each, EntrepostError)]
    assert len(kinds) > 10
    assert all(any(issubclass(kind, known) for known, _, _ in errors.STATUSES) for kind in kinds)


def test_fields_are_told_by_their_path(world: World) -> None:
    answer = world.ask("POST", "/v1/keys", json={"name": "", "scopes": ["orders:read", 7]})
    assert answer.status_code == 422
    assert [each["field"] for each in answer.json()["error"]["errors"]] == ["name", "scopes[1]"]


def test_a_body_that_is_no_json_is_400(world: World) -> None:
    answer = world.ask("POST", "/v1/keys", content=b"{", headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "unreadable")


def test_a_store_that_is_away_is_503_and_says_when_to_ask_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object, **__: object) -> None:
        raise StoreError("the disk is full")

    monkeypatch.setattr(world.store.records, "list_of", away)
    answer = world.client.get("/health/ready")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")


def test_what_nobody_expected_is_500_and_tells_only_the_number_of_the_request(tmp_path: Path) -> None:
    with world_at(str(tmp_path / "shop.db"), tmp_path) as world:

        @world.client.app.get("/broken")  # type: ignore[attr-defined]
        def broken() -> None:
            raise RuntimeError("secret")

        answer = world.client.get("/broken", headers={"x-request-id": "12345678"})
        assert answer.status_code == 500
        assert "secret" not in answer.text
        assert "12345678" in answer.json()["error"]["message"]


def test_half_of_a_sign_is_the_senders_mistake(world: World) -> None:
    headers, order = {"content-type": "application/json"}, {"orders": [lamp(sku="\ud800")], "every": True}
    for path, sent, status in (("/v1/quotes", order, 400), ("/v1/plans", {"forced": ["\udfff"]}, 422)):
        answer = world.ask("POST", path, content=json.dumps(sent).encode(), headers=headers)
        assert (path, answer.status_code) == (path, status)


def test_an_error_quotes_no_more_than_a_little_of_what_was_sent(world: World) -> None:
    answer = world.ask("POST", "/v1/people", json={"email": "bo@example.org", "role": "x" * 70_000})
    assert (answer.status_code, len(answer.text) < 1_000) == (422, True)
    many = world.ask("POST", "/v1/orders", json={"orders": [{"sku": []}] * 2_000})
    assert (many.status_code, len(many.json()["error"]["errors"])) == (422, errors.ERRORS_MAX)
