"""`/v1/quotes` and `/v1/landed-costs`."""

from __future__ import annotations

from tests.api.world import World
from tests.operations.shop import lamp

LINE = {"item_id": "a", "origin": "CN", "destination": "DE", "hs_code": "610910", "quantity": 5}


def test_an_order_is_quoted_and_kept_nowhere(world: World) -> None:
    asked = {"orders": [lamp(order_id="q1"), lamp(order_id="q2", weight_g="x")]}
    told = world.ask("POST", "/v1/quotes", json=asked).json()
    assert [(each["order_id"], each["service"]) for each in told["data"]] == [("q1", "LOCAL")]
    assert [(each["row"], each["field"]) for each in told["rows"]] == [(1, "weight_g")]
    assert world.ask("GET", "/v1/orders/shop/q1").status_code == 404


def test_every_service_is_told_with_its_reason_and_what_is_due(world: World) -> None:
    asked = {"orders": [lamp(order_id="q1")], "every": True, "landed": True}
    told = world.ask("POST", "/v1/quotes", json=asked).json()["data"]
    assert {each["service"] for each in told} == {"PACKET", "LOCAL"}
    assert all("landed_minor" in each for each in told)


def test_a_policy_that_is_none_is_misuse_and_no_file_is_read(world: World) -> None:
    for policy in ("cheapest", "../policy.toml"):
        answer = world.ask("POST", "/v1/quotes", json={"orders": [lamp()], "policy": policy})
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, "invalid")


def test_what_is_due_is_told_by_item_and_line(world: World) -> None:
    lines = [LINE | {"unit_value": "10.00", "currency": "EUR"}, LINE | {"item_id": "b", "unit_value": "x"}]
    told = world.ask("POST", "/v1/landed-costs", json={"lines": lines}, params={"day": "2026-07-02"}).json()
    assert told["items"][0]["duty_minor"] == 300
    assert "lines[1].unit_value" in [each["field"] for each in told["rows"]]


def test_more_columns_than_a_table_may_have_are_refused(world: World) -> None:
    answer = world.ask("POST", "/v1/quotes", json={"orders": [lamp() | {f"k{number}": 1 for number in range(2_000)}]})
    assert (answer.status_code, "different keys" in answer.json()["error"]["message"]) == (422, True)


def test_a_column_called_as_ours_is_passed_over(world: World) -> None:
    answer = world.ask("POST", "/v1/quotes", json={"orders": [lamp() | {"#row": "7"}], "every": True})
    assert (answer.status_code, answer.json()["rows"]) == (200, [])
