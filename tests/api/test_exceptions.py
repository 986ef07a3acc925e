"""`/v1/exceptions`: ranked, taken care of, closed."""

from __future__ import annotations

from typing import Any

from tests.api.world import World
from tests.operations.office import ANNA


def listed(world: World, **params: Any) -> Any:
    return world.ask("GET", "/v1/exceptions", params=params).json()


def test_what_saves_most_comes_first_with_its_action_and_items(silent: World) -> None:
    page = listed(silent, limit=1)
    (first,) = page["data"]
    assert (first["kind"], first["state"], first["number"]) == ("departure_missing", "open", 1)
    assert first["action"].startswith("Ask Frankfurt (DEFRAA) whether the departure")
    assert page["under_way"] > 0
    told = silent.ask("GET", f"/v1/exceptions/{first['exception']}").json()
    assert {each["item_id"] for each in told["behind"]} == set(silent.names["lost"].split())
    assert silent.ask("GET", "/v1/exceptions", "other").json()["data"] == []
    assert silent.ask("GET", f"/v1/exceptions/{first['exception']}", "other").status_code == 404


def test_it_is_assigned_noted_closed_and_opened_again(silent: World) -> None:
    name = listed(silent)["data"][0]["exception"]
    path = f"/v1/exceptions/{name}"
    assigned = silent.ask("PATCH", path, json={"assigned_to": ANNA, "note": "Anna asks."}).json()
    assert (assigned["assigned_to"], assigned["state"]) == (ANNA, "open")
    key = {"Idempotency-Key": "note-1"}
    notes = [silent.ask("POST", f"{path}/notes", json={"text": "Called."}, headers=key) for _ in range(2)]
    assert [each.status_code for each in notes] == [201, 201]
    closed = silent.ask("PATCH", path, json={"state": "closed", "reason": "solved", "note": "Found."}).json()
    assert (closed["state"], closed["reason"], closed["assigned_to"]) == ("closed", "solved", ANNA)
    assert sorted(each["text"] for each in closed["notes"]) == ["Anna asks.", "Called.", "Found."]
    assert name not in [each["exception"] for each in listed(silent)["data"]]
    assert [each["exception"] for each in listed(silent, state="closed")["data"]] == [name]
    assert silent.ask("PATCH", path, json={"state": "open"}).json()["state"] == "open"


def test_what_makes_no_sense_changes_nothing(silent: World) -> None:
    path = f"/v1/exceptions/{listed(silent)['data'][0]['exception']}"
    before = silent.ask("GET", path).json()
    for wrong in ({"state": "gone"}, {"state": "closed", "reason": "x"}, {"assigned_to": "nobody@example.org"}):
        answer = silent.ask("PATCH", path, json={"note": "half"} | wrong)
        assert answer.status_code == 422, wrong
    assert silent.ask("GET", path).json() == before
    assert silent.ask("PATCH", "/v1/exceptions/nonsense", json={}).status_code == 404
