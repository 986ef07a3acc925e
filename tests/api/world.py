"""A server with two accounts: `main`, whose rows hold a canary, and `other`, which must never see it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl
from fastapi.testclient import TestClient

from entrepost.api.app import make_app
from entrepost.api.feeds import MAPPING
from entrepost.api.house import House, HouseParams
from entrepost.api.limits import RateParams
from entrepost.network.feed import write_network
from entrepost.operations.access import SCOPES, Caller
from entrepost.operations.batches import begin_batch
from entrepost.operations.desk_records import PlanRun, Segments
from entrepost.operations.dispatching.closing import Closing, close_receptacles
from entrepost.operations.dispatching.consigning import Consigning, consign
from entrepost.operations.dispatching.dispatches import close_dispatch
from entrepost.operations.dispatching.filling import Opening, open_receptacle
from entrepost.operations.events import record_events
from entrepost.operations.feeds import set_feed
from entrepost.operations.keys import make_key, revoke_key
from entrepost.operations.message_desk import name_message
from entrepost.operations.senders import set_sender
from entrepost.operations.store import Store
from entrepost.operations.webhooks_endpoints import add_endpoint
from entrepost.wiring import open_store
from tests.operations.exchanged import exchange
from tests.operations.office import ANNA, SIGN_IN, join
from tests.operations.shop import LAMP_NO, NOW, FixedClock, event, lamp, take, two_items, write_csv
from tests.worlds import one_warehouse

CANARY = "canary-of-main"
ANYBODY = RateParams(per_second=1e6, burst=10**9)
SENDER = {"operator": "China Post", "name": "The shop", "line1": "Keji 18", "city": "Shanghai", "country": "CN"}
SERIES = "CNSHAADEFRAAATN"
OPENING = {"origin": "CNSHAA", "destination": "DEFRAA", "mail_category": "A", "mail_subclass": "TN", "tag": "mine"}
BAG = f"{SERIES}60001001100010"
"""The first bag of the first dispatch that `main` sent: empty bags on their way back."""
PARAMS = HouseParams(
    rates=ANYBODY, failures=ANYBODY, sign_in=SIGN_IN, body_bytes_max=1 << 20, fresh_seconds=0, plans_apart=False
)


@dataclass
class World:
    """A server, its store, the keys of both accounts by what they may, and what `main` has, by parameter of a path."""

    client: TestClient
    store: Store
    folder: Path
    keys: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, key: str = "main", **more: Any) -> Any:
        """Ask with a key of the world, by its name."""
        headers = more.pop("headers", {}) | {"Authorization": f"Bearer {self.keys.get(key, key)}"}
        return self.client.request(method, path, headers=headers, **more)


@contextmanager
def world_at(
    place: str, folder: Path, params: HouseParams = PARAMS, fill: bool = True, network: Path | None = None
) -> Iterator[World]:
    """The server on a store at that place; on `one_warehouse` unless the folder of another network is given."""
    if network is None:
        write_network(one_warehouse(), folder / "network")
    store = open_store(place, FixedClock())
    house = House(store, str(network or folder / "network"), folder / "uploads", params)
    with TestClient(make_app(house), raise_server_exceptions=False) as client:
        world = World(client, store, folder)
        if fill:
            _fill(world)
        yield world


def _fill(world: World) -> None:
    store, main = world.store, Caller("main", "terminal", frozenset(SCOPES))
    two_items(world.folder, store)
    take(store, write_csv(world.folder, *_canaries(), name="canaries.csv"))
    record_events(store, _events())
    join(store, ANNA, "admin")
    for tenant, by in (("main", main), ("other", Caller("other", "terminal", main.scopes))):
        key, world.keys[tenant] = make_key(store, by, f"{CANARY} {tenant}" if tenant == "main" else tenant, ["*"])
        world.names.setdefault("key", key.key)
    revoked, world.keys["revoked"] = make_key(store, main, "revoked", ["*"])
    revoke_key(store, main, revoked.key)
    clock = store.clock
    assert isinstance(clock, FixedClock)
    clock.instant = NOW - timedelta(days=2)
    _, world.keys["expired"] = make_key(store, main, "expired", ["*"], NOW - timedelta(days=1))
    clock.instant = NOW
    for scope in SCOPES:
        rest = [each for each in SCOPES if each != scope]
        _, world.keys[f"without {scope}"] = make_key(store, main, "narrow", rest)
    path = write_csv(world.folder, lamp(order_id="batch", city=CANARY), name="batch.csv")
    world.names["batch"] = begin_batch(store, main, "orders", path, CANARY).batch
    set_sender(store, main, "shop", SENDER | {"name": CANARY})
    set_feed(store, main, "carrier", f"# {CANARY}\n{MAPPING}")
    world.names["feed"] = "carrier"
    _send_bags(store, main)
    world.names |= {"tag": "bag", "dispatch": f"{SERIES}60001", "consignment": "CNA000000001", "paper": "label"}
    refused = exchange(store, name=CANARY)["P-NLHAGICNSHAAAUN60017"]
    world.names["message"] = name_message("in", refused.entry)
    world.names["endpoint"] = add_endpoint(store, "main", f"https://{CANARY}.example.org").endpoint
    world.names |= {"exception": "0" * 24, "lane": "CNSHAA-DE", "plan": "p1", "scenario": "w1", "segments": "p1"}
    for kind, name, of in (("plan", "p1", ""), ("scenario", "w1", "p1")):
        store.records.put(PlanRun("main", name, kind, of, CANARY, "{}", "done", "", CANARY, CANARY, NOW))
    store.records.put(Segments("main", "p1", "p1", CANARY, f'[[rule]]\nservices = ["{CANARY}"]', "{}", CANARY, NOW))
    world.names |= {"email": ANNA, "item_id": LAMP_NO, "seller": "shop", "order_id": "o1", "table": "services"}


def _send_bags(store: Store, main: Caller) -> None:
    """One bag is being filled, another left with a flight."""
    network = one_warehouse()
    for tag in ("bag", "left"):
        open_receptacle(store, network, main, Opening(**OPENING | {"tag": tag}, handling_class="C"))
    close_receptacles(store, network, main, [Closing("left", 1_000)])
    close_dispatch(store, network, main, SERIES)
    consign(store, network, main, Consigning(f"{SERIES}60001", security_status=CANARY))


def _canaries() -> list[dict[str, str]]:
    return [lamp(order_id=f"c{number}", city=CANARY, sku=CANARY) for number in range(3)]


def _events() -> Any:
    return pl.DataFrame([event("EMA"), event("EMC", 30)])
