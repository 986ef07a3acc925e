"""`/v1/items` and `/v1/tracking`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.api.world import World, world_at
from tests.messages.advance import LAMP
from tests.operations.exchanging.inbound import advise, take
from tests.operations.shop import LAMP_NO, MUG_NO

RIVAL_NO = "RX000000005CN"


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


def test_an_item_that_a_partner_announced_says_so_and_has_no_order(tmp_path: Path) -> None:
    with world_at(str(tmp_path / "shop.db"), tmp_path) as world:  # its own: others count partners
        take(world.store, advise(replace(LAMP, item_id=RIVAL_NO)))
        _check_announced(world)


def _check_announced(world: World) -> None:
    found = world.ask("GET", f"/v1/items/{RIVAL_NO}").json()
    assert [found[name] for name in ("operator", "announced", "seller", "order_id", "promise")] == [
        "CNA",
        "ITMATT",
        "",
        "",
        None,
    ]
    rows = {each["item_id"]: each for each in world.ask("GET", "/v1/items", params={"limit": 100}).json()["data"]}
    assert [rows[RIVAL_NO][name] for name in ("operator", "order_id", "weight_g")] == ["CNA", "", 400]
    assert [rows[LAMP_NO][name] for name in ("operator", "announced", "order_id")] == ["", "", "o1"]
    orders = world.ask("GET", "/v1/orders", params={"limit": 100}).json()["data"]
    assert all(each["seller"] for each in orders)
