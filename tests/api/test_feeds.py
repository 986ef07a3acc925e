"""`/v1/feeds`: what a carrier sends is recorded by the mapping that is kept of it."""

from __future__ import annotations

import json
import time

from entrepost.api.feeds import MAPPING, SENT
from tests.api.world import World


def test_a_feed_is_kept_and_what_the_carrier_sends_is_recorded(world: World) -> None:
    assert world.ask("POST", "/v1/feeds", json={"feed": "snail", "mapping": MAPPING}).status_code == 201
    assert world.ask("GET", "/v1/feeds/snail").json()["mapping"] == MAPPING
    assert world.ask("GET", "/v1/feeds/snail", "other").status_code == 404
    taken = world.ask("POST", "/v1/feeds/snail/events", json=SENT).json()
    assert (taken["read"], taken["accepted"] + taken["duplicates"], taken["rows"]) == (1, 1, [])
    odd = {"shipments": [{"id": "X", "events": [{"statusCode": "999", "timestamp": "2026-01-08"}]}, 5]}
    rows = world.ask("POST", "/v1/feeds/snail/events", json=odd).json()["rows"]
    assert {(row["row"], row["code"]) for row in rows} == {
        *((1, "event_code_unknown"), (1, "instant_without_zone"), (2, "row_unreadable"))
    }
    assert world.ask("DELETE", "/v1/feeds/snail").status_code == 200
    assert world.ask("POST", "/v1/feeds/snail/events", json=SENT).status_code == 404


def test_a_large_feed_is_uploaded_line_by_line(world: World) -> None:
    body = {"content": json.dumps(SENT), "headers": {"content-type": "application/x-ndjson"}}
    wanted = {"kind": "events", "feed": "carrier"}
    begun = world.ask("POST", "/v1/batches", params=wanted, **body).json()
    deadline = time.monotonic() + 20
    while (batch := world.ask("GET", f"/v1/batches/{begun['batch']}").json())["state"] in ("waiting", "running"):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert (batch["state"], batch["accepted"] + batch["duplicates"]) == ("done", 1)
    assert world.ask("POST", "/v1/batches", params=wanted | {"feed": "none"}, **body).status_code == 404
    assert world.ask("POST", "/v1/batches", params=wanted | {"kind": "orders"}, **body).status_code == 422


def test_a_mapping_that_makes_no_sense_and_a_table_are_refused(world: World) -> None:
    wrong = world.ask("POST", "/v1/feeds", json={"feed": "snail", "mapping": '[feed]\neach = "events"'})
    assert wrong.status_code == 422
    assert "is no array of rows" in wrong.json()["error"]["message"]
    csv = {"content": "a,b", "headers": {"content-type": "text/csv"}}
    assert world.ask("POST", "/v1/feeds/carrier/events", **csv).status_code == 415
