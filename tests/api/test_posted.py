"""What is closed over the API is queued for partners with it, once; an account without partners queues nothing."""

from __future__ import annotations

from dataclasses import replace

from entrepost.mail.partner import Channel, Partners
from entrepost.operations.exchange_records import SentMessage
from entrepost.operations.exchanging.partners import put_partners
from tests.api.world import OPENING, World
from tests.operations.exchanging.world import FIRST, PARTNERS

SERIES = "CNSHAADEFRAACTN"


def close(world: World, tag: str) -> list[str]:
    """Close a bag and its dispatch by sea; the codes of what is wrong."""
    world.ask("POST", "/v1/receptacles", json=OPENING | {"tag": tag, "mail_category": "C"})
    world.ask("POST", "/v1/receptacles/closings", json={"receptacles": [{"tag": tag, "weight_g": 2_000}]})
    return [each["code"] for each in world.ask("POST", "/v1/dispatches", json={"dispatch": SERIES}).json()["findings"]]


def queued(world: World) -> list[tuple[str, str]]:
    rows = world.store.exchange.list_with(SentMessage, "main", {"message": ["PREDES"]})
    return [(row.document, row.function) for row in rows]


def test_what_is_closed_is_queued_for_the_operator_of_its_destination(world: World) -> None:
    assert (close(world, "p1"), queued(world)) == ([], [])
    put_partners(world.store, "main", replace(PARTNERS, channels=()))
    assert close(world, "p2") == ["exchange_unrouted"]
    put_partners(world.store, "main", replace(PARTNERS, channels=(Channel("DEA", "out", "PREDES", FIRST),)))
    assert close(world, "p3") == []
    for _ in range(2):
        world.ask("POST", "/v1/dispatches", json={"dispatch": f"{SERIES}60003"})
    assert queued(world) == [(f"{SERIES}60003", "original")]
    put_partners(world.store, "main", Partners())  # the world is that of other tests, too
