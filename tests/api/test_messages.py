"""`/v1/messages`: what was exchanged, one message with its faults at their lines, and its replay."""

from __future__ import annotations

from entrepost.messages.showing import HIDDEN
from entrepost.operations.message_desk import name_message
from tests.api.world import World
from tests.operations.exchanged import JOE


def test_messages_are_listed_by_state_and_partner_in_pages(world: World) -> None:
    refused = world.ask("GET", "/v1/messages?state=refused").json()["data"]
    assert world.names["message"] in [each["id"] for each in refused] or refused == []
    first = world.ask("GET", "/v1/messages?partner=NLA&limit=3").json()
    rest = world.ask("GET", f"/v1/messages?partner=NLA&limit=3&cursor={first['next_cursor']}").json()
    assert (len(first["data"]), len(rest["data"]), rest["next_cursor"]) == (3, 1, "")
    assert {each["message"] for each in first["data"] + rest["data"]} == {"EMSEVT", "PREDES", "ITMATT"}
    sent = world.ask("GET", "/v1/messages?direction=out&message=emsevt").json()["data"]
    assert {each["partner"] for each in sent} == {"USA"}
    assert world.ask("GET", "/v1/messages", "other").json()["data"] == []
    assert world.ask("GET", "/v1/messages?direction=up").status_code == 422


def test_a_message_is_told_with_its_lines_and_faults(world: World) -> None:
    told = world.ask("GET", f"/v1/messages/{world.names['message']}").json()
    assert told["says"]["dispatch_id"] == "NLHAGICNSHAAAUN60017"
    (fault,) = [each for each in told["faults"] if each["code"] == "message_code_unknown"]
    assert told["lines"][fault["line"] - 1]["text"] == "GID+1+1:QQ'"
    assert world.ask("GET", "/v1/messages/nonsense").status_code == 404


def test_whose_key_may_only_read_sees_nobodys_name(world: World) -> None:
    for row in world.ask("GET", "/v1/messages").json()["data"]:
        path = f"/v1/messages/{row['id']}"
        hidden, whole = world.ask("GET", path, "without messages:write").text, world.ask("GET", path).text
        assert not any(word in hidden for word in (JOE, "Jane Example", "Fictional"))
        if row["message"] == "ITMATT":
            assert "Fictional" in whole
            assert HIDDEN in hidden


def test_a_refused_message_is_replayed_once_for_a_key_of_idempotency(world: World) -> None:
    path = f"/v1/messages/{world.names['message']}"
    again = {"headers": {"Idempotency-Key": "replay-1"}, "json": {}}
    first, second = (world.ask("POST", f"{path}/replay", **again) for _ in range(2))
    assert (first.status_code, second.headers["Idempotency-Replayed"]) == (200, "true")
    assert first.json() == second.json()
    assert first.json()["id"] == world.names["message"]
    assert world.ask("POST", f"{path}/replay", json={"mended": "hello"}).status_code == 422
    assert world.ask("POST", f"/v1/messages/{name_message('in', 'x')}/replay", json={}).status_code == 404
