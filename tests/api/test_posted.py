"""What is closed over the API is queued for partners with it, once; an account without partners queues nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from entrepost.mail.partner import Channel, Partners
from entrepost.operations.exchange_records import SentMessage
from entrepost.operations.exchanging.partners import get_partners, put_partners
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


@pytest.fixture
def strangers(world: World) -> Iterator[World]:
    """The world while its account knows nobody; it is that of other tests, too."""
    before = get_partners(world.store, "main")
    put_partners(world.store, "main", Partners())
    yield world
    put_partners(world.store, "main", before)


def test_what_is_closed_is_queued_for_the_operator_of_its_destination(strangers: World) -> None:
    known = set(queued(strangers))
    assert close(strangers, "p1") == []
    put_partners(strangers.store, "main", replace(PARTNERS, channels=()))
    assert close(strangers, "p2") == ["exchange_unrouted"]
    assert set(queued(strangers)) == known
    put_partners(strangers.store, "main", replace(PARTNERS, channels=(Channel("DEA", "out", "PREDES", FIRST),)))
    assert close(strangers, "p3") == []
    for _ in range(2):
        strangers.ask("POST", "/v1/dispatches", json={"dispatch": f"{SERIES}60003"})
    assert [each for each in queued(strangers) if each not in known] == [(f"{SERIES}60003", "original")]
