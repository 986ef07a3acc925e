"""Nobody sees what is another account's, tried with every operation that the server describes."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Any

import pytest

from entrepost.api.declarations import LINE as DECLARED
from entrepost.api.feeds import MAPPING, SENT
from entrepost.api.handbook import operations_of
from entrepost.api.networks import LABEL
from tests.api.test_quotes import LINE
from tests.api.world import BAG, CANARY, OPENING, SENDER, SERIES, World, world_at
from tests.operations.shop import LAMP_NO, csv_text, lamp
from tests.servers import Postgres

OF_ALL = {"/v1/networks/current/{table}"}
"""What all accounts of a server share."""

INSIDE = ("privacy/exports", "privacy/erasures", "scenarios", "dispatches", "consignments")
NAMED_INSIDE = {("POST", f"/v1/{path}") for path in INSIDE}
"""Whose body names what is looked for, so that no path has it."""

OPEN = {"/health/live", "/health/exchange", "/health/ready", "/metrics"}
"""What anybody may ask."""

SIGNED = {"/v1/exchange/transmissions"}
"""What partners sign and send no key for; `test_exchange` tries others' signatures."""

BODIES: dict[tuple[str, str], Any] = {
    ("POST", "/v1/orders"): {"orders": [lamp(order_id="mine")]},
    ("POST", "/v1/events"): {"events": [{"item_id": LAMP_NO, "code": "EMD", "time": "2026-01-08T00:00:00Z"}]},
    ("POST", "/v1/quotes"): {"orders": [lamp(order_id="mine")]},
    ("POST", "/v1/landed-costs"): {"lines": [LINE | {"unit_value": "10.00", "currency": "EUR"}]},
    ("POST", "/v1/labels"): {"labels": [LABEL]},
    ("POST", "/v1/batches"): csv_text(lamp(order_id="mine")),
    ("PATCH", "/v1/exceptions/{exception}"): {"state": "closed", "reason": "solved", "note": "mine"},
    ("POST", "/v1/exceptions/{exception}/notes"): {"text": "mine"},
    ("POST", "/v1/plans"): {"seconds": 1, "points": 0, "rules": 0},
    ("POST", "/v1/plans/orders"): {"orders": [lamp(order_id="mine")]},
    ("POST", "/v1/scenarios"): {"plan": "p1"},
    ("POST", "/v1/declarations"): {"lines": [DECLARED]},
    ("POST", "/v1/receptacles"): OPENING | {"mail_subclass": "UN"},
    ("POST", "/v1/receptacles/{tag}/items"): {"item_ids": [LAMP_NO]},
    ("POST", "/v1/receptacles/closings"): {"receptacles": [{"tag": "mine", "weight_g": 1_000}]},
    ("POST", "/v1/receptacles/lodgings"): {"item_ids": [LAMP_NO]},
    ("POST", "/v1/receptacles/arrivals"): {"receptacles": [{"receptacle_id": BAG}]},
    ("POST", "/v1/dispatches"): {"dispatch": SERIES},
    ("POST", "/v1/dispatches/{dispatch}/correction"): {"receptacles": [{"receptacle_id": BAG, "weight_g": 2_000}]},
    ("POST", "/v1/consignments"): {"dispatch": f"{SERIES}60001"},
    ("POST", "/v1/consignments/waybills"): {"airline": "781", "carrier": "MU", "first": 1, "last": 9},
    ("POST", "/v1/senders"): SENDER | {"seller": "mine"},
    ("POST", "/v1/feeds"): {"feed": "mine", "mapping": MAPPING},
    ("POST", "/v1/feeds/{feed}/events"): SENT,
    ("POST", "/v1/messages/{message}/replay"): {"mended": ""},
    ("POST", "/v1/keys"): {"name": "shop", "scopes": ["orders:read"]},
    ("POST", "/v1/people"): {"email": "bo@example.org", "role": "viewer"},
    ("PATCH", "/v1/people/{email}"): {"role": "viewer"},
    ("POST", "/v1/webhooks"): {"url": "https://hooks.example.org/in"},
    ("PATCH", "/v1/webhooks/{endpoint}"): {"kinds": ["batch.finished"]},
    ("POST", "/v1/webhooks/{endpoint}/replay"): {"since": "2026-01-01T00:00:00Z"},
    ("POST", "/v1/privacy/exports"): {"order": {"seller": "shop", "order_id": "c0"}},
    ("POST", "/v1/privacy/erasures"): {"order": {"seller": "shop", "order_id": "c0"}},
    ("PUT", "/v1/promising"): {"policy": "balanced", "at_once": False},
    ("PUT", "/v1/privacy/retention"): {"keep_days": 90, "open_days": 365},
}
"""A sound body for every operation that takes one; a new one without its case fails."""

WRONG = ("", "nonsense", "epk.bWFpbg.0.0", "revoked", "expired")
Operation = tuple[str, str, dict[str, Any]]


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.server)])
def either(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A server on either database."""
    folder = tmp_path_factory.mktemp("isolation")
    place = str(folder / "shop.db")
    if request.param == "postgres":
        server: Postgres = request.getfixturevalue("postgres")
        place = server.create_owned(request.module.__name__.rpartition(".")[2])
    with world_at(place, folder) as made:
        yield made


def operations(world: World) -> list[Operation]:
    return [each for each in operations_of(world.client.get("/v1/openapi.json").json()) if each[1] not in OPEN | SIGNED]


def paths(world: World, path: str) -> list[str]:
    """The path with what `main` has; a parameter without a case fails."""
    return [re.sub(r"{(\w+)}", lambda found: world.names[found[1]], path)]


def ask(world: World, operation: Operation, key: str, path: str) -> Any:
    method, template, described = operation
    body = BODIES[method, template] if "requestBody" in described else None
    if isinstance(body, str):
        more = {"content": body, "headers": {"content-type": "text/csv"}, "params": {"kind": "orders"}}
        return world.ask(method, path, key, **more)
    return world.ask(method, path, key, **({"json": body} if body is not None else {}))


def test_every_operation_says_which_scope_it_needs(world: World) -> None:
    assert [each[:2] for each in operations(world) if "x-scope" not in each[2]] == []


def test_without_a_key_that_holds_every_operation_is_refused_alike(either: World) -> None:
    for operation, key in itertools.product(operations(either), WRONG):
        for path in paths(either, operation[1]):
            answer = ask(either, operation, key, path)
            assert (answer.status_code, answer.json()["error"]["code"]) == (401, "unknown_caller"), operation[:2]
            assert CANARY not in answer.text


def test_without_its_scope_every_operation_is_refused(either: World) -> None:
    for operation in operations(either):
        for path in paths(either, operation[1]):
            answer = ask(either, operation, f"without {operation[2]['x-scope']}", path)
            assert (answer.status_code, answer.json()["error"]["code"]) == (403, "not_allowed"), operation[:2]
            assert CANARY not in answer.text


def test_another_accounts_names_are_not_there_and_no_answer_holds_its_canary(either: World) -> None:
    for operation in operations(either):
        for path in paths(either, operation[1]):
            answer = ask(either, operation, "other", path)
            assert CANARY not in answer.text, operation[:2]
            if operation[:2] in NAMED_INSIDE or ("{" in operation[1] and operation[1] not in OF_ALL):
                assert answer.status_code == 404, (operation[:2], answer.text)
            else:
                assert answer.status_code < 300, (operation[:2], answer.text)


def test_its_own_account_sees_the_canary(either: World) -> None:
    assert CANARY in either.ask("GET", "/v1/keys").text
