"""Orders of an account are promised by its own request, or as they come in, and say what was promised."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from entrepost.operations.access import SCOPES, Caller
from entrepost.operations.keys import make_key
from tests.api.world import World, world_at
from tests.operations.shop import lamp


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("promises")
    with world_at(str(folder / "shop.db"), folder, fill=False) as made:
        for tenant in ("main", "other"):
            made.keys[tenant] = make_key(made.store, Caller(tenant, "terminal", frozenset(SCOPES)), tenant, ["*"])[1]
        yield made


def over(own: World, batch: str) -> Any:
    for _ in range(800):
        told = own.ask("GET", f"/v1/batches/{batch}").json()
        if told["state"] in ("done", "failed"):
            return told
        time.sleep(0.025)
    raise AssertionError(told)


def bring(own: World, **changed: str) -> None:
    assert own.ask("POST", "/v1/orders", json={"orders": [lamp(**changed)]}).json()["rejected"] == 0


def promise_of(own: World, order_id: str) -> Any:
    return own.ask("GET", f"/v1/orders/shop/{order_id}/promise")


def test_who_asks_gets_a_batch_and_each_order_its_promise_or_why_not(own: World) -> None:
    bring(own, order_id="p1", sku="HAT")
    bring(own, order_id="p2", country="BR")
    assert promise_of(own, "p1").status_code == 404
    headers = {"Idempotency-Key": "promise"}
    asked = [own.ask("POST", "/v1/orders/promises", headers=headers) for _ in range(2)]
    assert [each.status_code for each in asked] == [202, 202]
    assert asked[0].text == asked[1].text
    done = over(own, asked[0].json()["batch"])
    assert (done["kind"], done["rejected"]) == ("promises", 1)
    assert done["accepted"] == done["position"] - 1 > 0
    told = promise_of(own, "p1").json()
    assert (told["service"], told["route"], told["items"]) == ("PACKET", "CNSHAA>DEFRAA", 1)
    assert told["explanation"]
    (row,) = own.ask("GET", f"/v1/batches/{done['batch']}/rejected").json()["data"]
    assert row["code"] == "order_unserved"
    assert row["message"].startswith("order p2 of shop: ")
    assert own.ask("GET", f"/v1/batches/{done['batch']}", "other").status_code == 404


def test_an_account_that_says_so_promises_orders_as_they_come_in(own: World) -> None:
    assert own.ask("GET", "/v1/promising").json() == {"policy": "balanced", "at_once": False}
    assert own.ask("PUT", "/v1/promising", json={"policy": "slowest", "at_once": True}).status_code == 422
    told = own.ask("PUT", "/v1/promising", json={"policy": "fastest", "at_once": True})
    assert told.json() == {"policy": "fastest", "at_once": True}
    bring(own, order_id="p3", sku="HAT")
    (batch,) = [each for each in own.ask("GET", "/v1/batches").json()["data"] if each["created_by"] == "server"]
    assert over(own, batch["batch"])["accepted"] == 1
    assert promise_of(own, "p3").json()["order_id"] == "p3"


def test_quotes_count_what_promises_took_from_shelves(own: World, tmp_path: Path) -> None:
    asked = {"orders": [lamp(order_id="q", sku="LAMP")], "policy": "fastest"}
    own.ask("PUT", "/v1/promising", json={"policy": "fastest", "at_once": True})
    services, every = [], []
    for number in range(3):
        services.append(own.ask("POST", "/v1/quotes", json=asked).json()["data"][0]["service"])
        offers = own.ask("POST", "/v1/quotes", json=asked | {"every": True}).json()["data"]
        every.append([offer["eligible"] for offer in offers if offer["service"] == "LOCAL"])
        bring(own, order_id=f"s{number}", sku="LAMP")
        (batch,) = [each for each in own.ask("GET", "/v1/batches").json()["data"] if each["created_by"] == "server"]
        over(own, batch["batch"])
    assert services[-1] == "PACKET"
    assert every[-1] == [False]
