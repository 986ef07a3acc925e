"""`/v1/dispatches` and `/v1/consignments` as programs use them, with papers as PDF."""

from __future__ import annotations

from tests.api.world import OPENING, World
from tests.documents.labels.made_up import read_codes, render

SERIES = "CNSHAADEFRAABTN"


def test_a_dispatch_is_closed_given_to_a_flight_printed_and_cancelled(world: World) -> None:
    world.ask("POST", "/v1/receptacles", json=OPENING | {"tag": "d1", "mail_category": "B"})
    closed = world.ask("POST", "/v1/receptacles/closings", json={"receptacles": [{"tag": "d1", "weight_g": 2_000}]})
    assert closed.json()["data"][0]["receptacle_id"] == f"{SERIES}60001001000020"
    made = world.ask("POST", "/v1/dispatches", json={"dispatch": SERIES}).json()
    assert (made["dispatch"]["state"], made["relabelled"]) == ("closed", f"{SERIES}60001001000020")
    assert [(each["message"], each["office"]) for each in made["messages"]] == [("PREDES", "DEFRAA")]
    wrong = {"receptacles": [{"receptacle_id": f"{SERIES}60001001100020", "weight_g": 1_900}]}
    mended = world.ask("POST", f"/v1/dispatches/{SERIES}60001/correction", json=wrong).json()
    assert mended["relabelled"] == [{"before": f"{SERIES}60001001100020", "receptacle_id": f"{SERIES}60001001100019"}]
    assert [each["content"]["function"] for each in mended["messages"]] == ["replace"]
    right = {"receptacles": [{"receptacle_id": f"{SERIES}60001001", "weight_g": 2_000}]}
    back = world.ask("POST", f"/v1/dispatches/{SERIES}60001/correction", json=right).json()
    assert back["dispatch"]["weight_g"] == 2_000
    right["receptacles"][0]["receptacle_id"] = f"{SERIES}60001002"
    assert world.ask("POST", f"/v1/dispatches/{SERIES}60001/correction", json=right).status_code == 404
    given = world.ask("POST", "/v1/consignments", json={"dispatch": f"{SERIES}60001"}).json()["data"][0]
    number = given["consignment"]["consignment_id"]
    assert [each["message"] for each in given["messages"]] == ["CARDIT", "PRECON"]
    papers = world.ask("GET", f"/v1/dispatches/{SERIES}60001").json()["papers"]
    assert papers == {"label": "CN 36", "bill": "CN 47"}
    (page,) = render(world.ask("GET", f"/v1/dispatches/{SERIES}60001/papers/label").content)
    assert read_codes(page) == {("Code128", f"{SERIES}60001001100020")}
    for path in (f"/v1/dispatches/{SERIES}60001/papers/bill", f"/v1/consignments/{number}/papers/delivery"):
        assert world.ask("GET", path).content.startswith(b"%PDF-")
    assert world.ask("POST", f"/v1/dispatches/{SERIES}60001/cancellation").status_code == 422
    assert world.ask("POST", f"/v1/consignments/{number}/cancellation").json()["consignment"]["state"] == "cancelled"
    gone = world.ask("POST", f"/v1/dispatches/{SERIES}60001/cancellation").json()
    assert (gone["dispatch"]["state"], gone["dispatch"]["papers"]) == ("cancelled", {})


def test_lists_come_in_pages_by_direction(world: World) -> None:
    first = world.ask("GET", "/v1/dispatches", params={"limit": 1}).json()
    assert [each["dispatch_id"] for each in first["data"]] == ["CNSHAADEFRAAATN60001"]
    assert world.ask("GET", "/v1/dispatches", params={"direction": "in"}).json()["data"] == []
    assert world.ask("GET", "/v1/dispatches", params={"direction": "up"}).status_code == 422
    assert world.ask("GET", "/v1/consignments").json()["data"][0]["consignment_id"] == "CNA000000001"
    if first["next_cursor"]:
        following = world.ask("GET", "/v1/dispatches", params={"cursor": first["next_cursor"]}).json()
        assert "CNSHAADEFRAAATN60001" not in [each["dispatch_id"] for each in following["data"]]
