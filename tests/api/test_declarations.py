"""`/v1/declarations`: what is missing before an item leaves."""

from __future__ import annotations

from entrepost.api.declarations import LINE
from tests.api.world import World
from tests.operations.shop import LAMP_NO, lamp, number


def test_what_is_sent_is_checked_item_by_item(world: World) -> None:
    bad = LINE | {"item_id": "RB123456799CN", "quantity": "many"}
    told = world.ask("POST", "/v1/declarations", json={"lines": [LINE, bad]}, params={"day": "2026-07-02"}).json()
    first, second = told["data"]
    assert (first["form"], first["value_minor"], first["contents"][0]["quantity"]) == ("cn22", 2500, 5)
    assert not second["sound"]
    assert "lines[1].quantity" in [each["field"] for each in told["rows"]]


def test_an_item_of_the_account_tells_what_its_declaration_lacks(world: World) -> None:
    told = world.ask("GET", f"/v1/declarations/{LAMP_NO}").json()
    assert (told["destination"], told["currency"], told["sound"]) == ("DE", "CNY", False)
    assert "description" in told["missing"]
    assert world.ask("GET", f"/v1/declarations/{LAMP_NO}", "other").status_code == 404


def test_the_form_of_an_item_is_a_document_once_nothing_is_missing(world: World) -> None:
    person = {"recipient_name": "Anna", "recipient_line1": "Zeil 1", "recipient_phone": "7"}
    row = lamp(order_id="whole", description="Desk lamps of steel", hs_code="940521", **person)
    world.ask("POST", "/v1/orders", json={"orders": [row]})
    (item,) = number(world.store, "whole")
    for path in (f"/v1/declarations/{item}/document", f"/v1/labels/{item}"):
        answer = world.ask("GET", path)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf"), answer.text
        assert answer.content.startswith(b"%PDF")
        assert world.ask("GET", path, "other").status_code == 404
    told = world.ask("GET", f"/v1/declarations/{LAMP_NO}/document")
    assert told.status_code == 422
    assert "recipient_name" in told.json()["error"]["message"]


def test_a_day_before_all_rules_is_the_askers_mistake(world: World) -> None:
    told = world.ask("POST", "/v1/declarations", json={"lines": [LINE]}, params={"day": "0623-05-06"})
    assert (told.status_code, "0623-05-06" in told.json()["error"]["message"]) == (422, True)
