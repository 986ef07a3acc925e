"""`/v1/orders`, `/v1/events` and `/v1/findings`."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.api.world import World
from tests.operations.shop import LAMP_NO, csv_text, lamp

SOUND, WRONG = lamp(order_id="r1"), lamp(order_id="r2", weight_g="heavy")
FORMS: list[tuple[str, dict[str, Any], str]] = [
    ("json", {"json": {"orders": [SOUND, WRONG]}}, "orders[1].weight_g"),
    (
        "lines",
        {
            "content": "\n".join(json.dumps(each) for each in (SOUND, WRONG)),
            "headers": {"content-type": "application/x-ndjson"},
        },
        "line 2.weight_g",
    ),
    ("csv", {"content": csv_text(SOUND, WRONG), "headers": {"content-type": "text/csv"}}, "line 3.weight_g"),
]


@pytest.mark.parametrize(("body", "field"), [each[1:] for each in FORMS], ids=[each[0] for each in FORMS])
def test_each_row_is_told_what_became_of_it(world: World, body: dict[str, Any], field: str) -> None:
    told = world.ask("POST", "/v1/orders", **body).json()
    assert told["read"] == 2
    assert told["accepted"] + told["duplicates"] == 1
    assert [(each["field"], each["code"]) for each in told["rows"]] == [(field, "cell_malformed")]
    assert world.ask("GET", "/v1/orders/shop/r1").json()[0]["weight_g"] == 400
    assert world.ask("GET", "/v1/orders/shop/r2").status_code == 404


def test_rows_are_of_the_account_whose_key_brings_them_whatever_they_say(world: World) -> None:
    row = lamp(order_id="mine", tenant="main", city="elsewhere")
    assert world.ask("POST", "/v1/orders", "other", json={"orders": [row]}).json()["accepted"] == 1
    assert world.ask("GET", "/v1/orders/shop/mine").status_code == 404
    assert world.ask("GET", "/v1/orders/shop/mine", "other").status_code == 200
    event = {"tenant": "main", "item_id": LAMP_NO, "code": "EMD", "time": "2026-01-08T00:00:00Z"}
    told = world.ask("POST", "/v1/events", "other", json={"events": [event]}).json()
    assert [each["code"] for each in told["rows"]] == ["event_item_unknown"]
    assert "EMD" not in world.ask("GET", f"/v1/items/{LAMP_NO}").text


def test_an_event_is_recorded_once(world: World) -> None:
    body = {"events": [{"item_id": LAMP_NO, "code": "EMG", "time": "2026-01-09T00:00:00Z", "facility": "DEFRAA"}]}
    answers = [world.ask("POST", "/v1/events", json=body).json() for _ in range(2)]
    assert [(each["accepted"], each["duplicates"]) for each in answers] == [(1, 0), (0, 1)]


@pytest.mark.parametrize(
    "body", [{}, {"orders": []}, {"orders": {}}, {"orders": [[]]}, {"orders": [{"a": {}}]}, {"rows": [{}]}, [], 7]
)
def test_a_body_of_another_shape_is_422(world: World, body: object) -> None:
    answer = world.ask("POST", "/v1/orders", json=body)
    assert answer.status_code == 422
    assert answer.json()["error"]["message"]


def test_a_type_that_is_not_taken_is_415(world: World) -> None:
    answer = world.ask("POST", "/v1/orders", content="x", headers={"content-type": "application/pdf"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (415, "wrong_type")


def test_orders_and_findings_come_in_pages(world: World) -> None:
    for path in ("/v1/orders", "/v1/findings"):
        whole = world.ask("GET", path, params={"limit": 1000}).json()["data"]
        pages, cursor = [], ""
        while True:
            page = world.ask("GET", path, params={"limit": 2, "cursor": cursor}).json()
            pages += page["data"]
            cursor = page["next_cursor"]
            if not cursor:
                break
        assert pages == whole
        assert len(whole) >= 1


def test_findings_are_asked_for_by_intake_level_and_code(world: World) -> None:
    rows = [lamp(order_id="wrong", line=str(number), weight_g="x") for number in range(1, 4)]
    taken = world.ask("POST", "/v1/orders", json={"orders": rows}).json()
    asked = {"intake": taken["intake"], "level": "error", "limit": 2}
    first = world.ask("GET", "/v1/findings", params=asked).json()
    rest = world.ask("GET", "/v1/findings", params=asked | {"cursor": first["next_cursor"]}).json()
    found = [*first["data"], *rest["data"]]
    assert (len(first["data"]), {each["intake"] for each in found}) == (2, {taken["intake"]})
    assert {"weight_g"} <= {each["field"] for each in found}
    assert world.ask("GET", "/v1/findings", params=asked | {"code": "nothing"}).json()["data"] == []
    assert world.ask("GET", "/v1/findings", "other", params=asked).json()["data"] == []
    other = world.ask("GET", "/v1/items", params={"limit": 1}).json()["next_cursor"]
    assert world.ask("GET", "/v1/findings", params=asked | {"cursor": other}).status_code == 422
