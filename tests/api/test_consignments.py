"""`/v1/consignments`: rides that are told, and numbers of waybills."""

from __future__ import annotations

from tests.api.world import World


def test_a_consignment_tells_its_way_and_its_receptacles(world: World) -> None:
    found = world.ask("GET", "/v1/consignments/CNA000000001").json()
    assert [(each["origin"], each["destination"], each["trip"]) for each in found["legs"]] == [
        ("CNSHAA", "DEFRAA", "MU219-2")
    ]
    assert [each["consignment"] for each in found["bags"]] == ["CNA000000001"]
    assert world.ask("GET", "/v1/consignments/CNA9").status_code == 404


def test_numbers_of_waybills_are_kept(world: World) -> None:
    kept = {"airline": "781", "carrier": "MU", "first": 7, "last": 9}
    assert world.ask("POST", "/v1/consignments/waybills", json=kept).json() == {
        "airline": "781",
        "carrier": "MU",
        "next": 7,
        "last": 9,
    }
    assert world.ask("POST", "/v1/consignments/waybills", json=kept | {"last": 1}).status_code == 422


def test_what_is_given_to_a_carrier_must_be_said(world: World) -> None:
    told = world.ask("POST", "/v1/consignments", json={"dispatch": ""})
    assert (told.status_code, "a dispatch, or" in told.json()["error"]["message"]) == (422, True)
    ride = {"dispatch": "CNSHAADEFRAAATN60009", "rides": [{"departure": "MU219-2", "day": "2026-01-13"}]}
    assert world.ask("POST", "/v1/consignments", json=ride).status_code == 404
