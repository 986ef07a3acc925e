"""`/v1/receptacles`: filled, closed and received by programs."""

from __future__ import annotations

from tests.api.world import BAG, OPENING, World
from tests.operations.shop import MUG_NO


def test_a_receptacle_is_opened_filled_and_given_up(world: World) -> None:
    opened = world.ask(
        "POST", "/v1/receptacles", json=OPENING | {"tag": "api", "mail_subclass": "UN", "mail_category": "C"}
    )
    assert (opened.status_code, opened.json()["items"], opened.json()["mode"]) == (201, 0, "sea")
    put = world.ask("POST", "/v1/receptacles/api/items", json={"item_ids": [MUG_NO, "nothing"]}).json()
    assert (put["added"], [each["code"] for each in put["findings"]]) == (1, ["content_item_unknown"])
    assert world.ask("GET", "/v1/receptacles/api").json() == [MUG_NO]
    assert "api" in [each["tag"] for each in world.ask("GET", "/v1/receptacles").json()["data"]]
    assert world.ask("DELETE", f"/v1/receptacles/api/items/{MUG_NO}").json()["again"] == 1
    assert world.ask("DELETE", "/v1/receptacles/api").status_code == 200
    assert world.ask("GET", "/v1/receptacles/api").status_code == 404


def test_what_is_sent_twice_with_one_key_is_opened_once(world: World) -> None:
    told = [
        world.ask("POST", "/v1/receptacles", json=OPENING | {"tag": ""}, headers={"Idempotency-Key": "open once"})
        for _ in range(2)
    ]
    assert told[0].json() == told[1].json()
    assert told[1].headers["Idempotency-Replayed"] == "true"


def test_what_is_no_receptacle_is_told(world: World) -> None:
    for changed in ({"mail_category": "X"}, {"kind": "XX"}, {"origin": "CNXXXA"}):
        answer = world.ask("POST", "/v1/receptacles", json=OPENING | changed | {"tag": "odd"})
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, "invalid")
    closed = world.ask("POST", "/v1/receptacles/closings", json={"receptacles": [{"tag": "odd", "weight_g": 1}]}).json()
    assert [each["code"] for each in closed["findings"]] == ["receptacle_tag_unknown"]


def test_data_are_lodged_and_arrivals_answered(world: World) -> None:
    lodged = world.ask("POST", "/v1/receptacles/lodgings", json={"item_ids": ["LX999999999CN"]}).json()
    assert (lodged["item_ids"], len(lodged["findings"])) == ([], 1)
    came = world.ask("POST", "/v1/receptacles/arrivals", json={"receptacles": [{"receptacle_id": BAG}]}).json()
    assert [each["message"] for each in came["messages"]] == ["RESDES"]
    assert came["findings"][0]["code"] == "arrival_unannounced"
