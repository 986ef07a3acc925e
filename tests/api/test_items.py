"""`/v1/items` and `/v1/tracking`."""

from __future__ import annotations

from tests.api.world import World
from tests.operations.shop import LAMP_NO, MUG_NO


def test_items_come_in_pages_with_their_status(world: World) -> None:
    told, cursor = [], None
    while cursor != "":
        page = world.ask("GET", "/v1/items", params={"limit": 1} | ({"cursor": cursor} if cursor else {})).json()
        assert len(page["data"]) <= 1
        told += [(each["item_id"], each["status"]) for each in page["data"]]
        cursor = page["next_cursor"]
    assert [name for name, _ in told[:2]] == [LAMP_NO, MUG_NO]
    assert len({name for name, _ in told}) == len(told), "no item comes twice"
    assert told[1][1] == "pending"


def test_an_item_is_told_with_its_events_newest_first(world: World) -> None:
    for resource in ("items", "tracking"):
        found = world.ask("GET", f"/v1/{resource}/{LAMP_NO.lower()}").json()
        times = [each["time"] for each in found["events"]]
        assert found["order_id"] == "o1"
        assert found["events"][-1]["code"] == "EMA"
        assert len(times) >= 2


def test_an_item_that_is_not_there_is_404(world: World) -> None:
    assert world.ask("GET", "/v1/items/LX999999999CN").status_code == 404
