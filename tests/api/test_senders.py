"""`/v1/senders`: said once, it stands on every label of the seller."""

from __future__ import annotations

from tests.api.world import SENDER, World


def test_a_sender_is_kept_listed_and_forgotten(world: World) -> None:
    kept = world.ask("POST", "/v1/senders", json=SENDER | {"seller": "lamps"})
    assert kept.status_code == 201
    assert world.ask("GET", "/v1/senders/lamps").json() == kept.json()
    assert "lamps" in [each["seller"] for each in world.ask("GET", "/v1/senders").json()["data"]]
    assert world.ask("GET", "/v1/senders/lamps", "other").status_code == 404
    assert world.ask("DELETE", "/v1/senders/lamps").status_code == 200
    assert world.ask("GET", "/v1/senders/lamps").status_code == 404


def test_what_a_label_must_bear_is_asked_for(world: World) -> None:
    told = world.ask("POST", "/v1/senders", json=SENDER | {"seller": "lamps", "city": ""})
    assert told.status_code == 422
    assert "city" in told.json()["error"]["message"]
