"""`/v1/networks` and `/v1/labels`."""

from __future__ import annotations

import base64

from entrepost.api.networks import LABEL
from tests.api.world import World


def test_the_network_is_told_with_its_tables(world: World) -> None:
    (network,) = world.ask("GET", "/v1/networks").json()["data"]
    assert (network["network"], network["tables"]["services"]) == ("one warehouse", 2)
    services = world.ask("GET", "/v1/networks/current/services", params={"limit": 1}).json()
    assert services["data"][0]["service"] == "PACKET"
    assert services["next_cursor"]
    assert world.ask("GET", "/v1/networks/current/passwords").status_code == 422


def test_what_is_whole_is_printed_and_the_rest_is_told(world: World) -> None:
    rows = [LABEL, LABEL | {"item_id": "LX000000014CN", "recipient_name": ""}]
    told = world.ask("POST", "/v1/labels", json={"labels": rows}).json()
    assert told["items"] == 2
    assert [each["item_id"] for each in told["data"]] == [LABEL["item_id"]]
    assert base64.b64decode(told["data"][0]["pdf"]).startswith(b"%PDF")
    assert told["rows"]
