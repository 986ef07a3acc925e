"""The control tower over the five parcels of the tracking page, with people of two accounts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient

from entrepost.operations.batches import Surroundings, claim_batch, run_batch
from entrepost.operations.forecasts import Forecasts
from entrepost.operations.promise_runs import run_promises
from entrepost.operations.records import PROMISES
from entrepost.operations.store import Store
from entrepost.web.desk import Boards, Desk
from entrepost.web.tower import open_tower
from tests.operations.office import ANNA, PASSWORD, SIGN_IN, join
from tests.operations.shop import store_in
from tests.web.shop import Counter, fill
from tests.worlds import two_offices

VERA, CARL, PIA, OTHER = "vera@example.org", "carl@example.org", "pia@example.org", "otto@example.com"
PEOPLE = ((ANNA, "admin", "main"), (VERA, "viewer", "main"), (CARL, "clerk", "main"), (PIA, "planner", "main"))


@dataclass
class Tower:
    """The pages, their store, and the numbers of the parcels by what became of them."""

    app: FastAPI
    store: Store
    desk: Desk
    numbers: dict[str, str]
    awake: Event

    def client(self) -> TestClient:
        """A browser that is not signed in."""
        return TestClient(self.app, follow_redirects=False, base_url="https://tower.example")

    def take_in(self) -> None:
        """Do what the server's worker does when it is woken."""
        assert self.awake.is_set()
        batch = claim_batch(self.store, timedelta(seconds=30))
        assert batch is not None
        run_batch(self.store, batch, self.desk.uploads, self.desk.surroundings())
        self.awake.clear()

    def promise(self) -> str:
        """Do what the server does with orders that wait for a promise; the name of the batch."""
        batch = claim_batch(self.store, timedelta(seconds=30), (PROMISES,))
        assert batch is not None
        run_promises(self.store, batch, self.desk.network())
        return batch.batch

    def enter(self, email: str = ANNA, account: str = "main") -> Person:
        """A browser of somebody who signed in."""
        client = self.client()
        answer = client.post("/sign-in", data={"account": account, "email": email, "password": PASSWORD})
        assert (answer.status_code, answer.headers["location"]) == (303, "/"), answer.text
        return Person(client)


@dataclass
class Person:
    """Somebody at their browser."""

    client: TestClient

    def look(self, path: str, status: int = 200) -> str:
        """The text of a page."""
        answer = self.client.get(path, headers={"accept": "text/html"})
        assert answer.status_code == status, answer.text[-2000:]
        return answer.text

    def csrf(self) -> str:
        """What their forms carry, as it stands in a page."""
        found = re.search(r'name="csrf" value="([^"]+)"', self.look("/"))
        assert found
        return found[1]

    def send(self, path: str, **fields: Any) -> Any:
        """Send a form of a page."""
        return self.client.post(path, data={"csrf": self.csrf()} | fields)


@contextmanager
def tower_in(folder: Path, strangers: Counter | None = None, boards: Boards | None = None) -> Iterator[Tower]:
    """A tower over a store of its own."""
    store = fill(store_in(folder), folder)
    for email, role, account in (*PEOPLE, (OTHER, "admin", "other")):
        join(store, email, role, account)
    items, awake = store.list_items(), Event()
    zones = {each.facility: each.time_zone for each in two_offices().facilities}
    desk = Desk(
        store,
        two_offices,
        lambda: Surroundings(frozenset(zones), zones),
        Forecasts(store, two_offices),
        folder / "uploads",
        awake.set,
        strangers or Counter(),
        sign_in=SIGN_IN,
        boards=boards,
    )
    app = FastAPI(openapi_url=None)
    open_tower(app, desk)
    yield Tower(app, store, desk, dict(zip(items["order_id"], items["item_id"], strict=True)), awake)
    store.close()
