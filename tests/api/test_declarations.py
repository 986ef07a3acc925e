"""`/v1/declarations`: what is missing before an item leaves."""

from __future__ import annotations

from entrepost.api.declarations import LINE
from tests.api.world import World
from tests.operations.shop import LAMP_NO


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
