"""`/v1/items` and `/v1/tracking`."""

from __future__ import annotations

from tests.api.world import World
from tests.operations.shop import LAMP_NO, MUG_NO


def test_items_come_in_pages_with_their_status(world: World) -> None:
    first = world.ask("GET", "/v1/items", params={"limit": 1}).json()
    second = world.ask("GET", "/v1/items", params={"limit": 1, "cursor": first["next_cursor"]}).json()
    told = [(each["item_id"], each["status"]) for each in first["data"] + second["data"]]
    assert [name for name, _ in told] == [LAMP_NO, MUG_NO]
    assert told[1][1] == "pending"
    assert second["next_cursor"] == ""


def test_an_item_is_told_with_its_events_newest_first(world: World) -> None:
    for resource in ("items", "tracking"):
        found = world.ask("GET", f"/v1/{resource}/{LAMP_NO.lower()}").json()
        times = [each["time"] for each in found["events"]]
        assert found["order_id"] == "o1"
        assert found["events"][-1]["code"] == "EMA"
        assert len(times) >= 2


def test_an_item_that_is_not_there_is_404(world: World) -> None:
    assert world.ask("GET", "/v1/items/LX999999999CN").status_code == 404
