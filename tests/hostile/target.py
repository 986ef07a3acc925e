"""The whole server, API and pages, with a bystander's account beside the one that is attacked; and what may not change.

Nothing works beside the requests, so that whatever is written while one is answered was written by it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl
from fastapi import FastAPI
from fastapi.testclient import TestClient

from entrepost.api.app import make_app
from entrepost.api.house import House
from entrepost.api.limits import Buckets
from entrepost.api.serve import ServeParams
from entrepost.cli.server import make_desk
from entrepost.network.feed import write_network
from entrepost.operations.access import SCOPES, Caller
from entrepost.operations.acting import acting_for, for_all_accounts
from entrepost.operations.batches import claim_batch, list_batches, run_batch
from entrepost.operations.desk_records import PlanRun, Segments
from entrepost.operations.intake import intake_orders
from entrepost.operations.keys import make_key
from entrepost.operations.mapping import Mapping
from entrepost.operations.senders import set_sender
from entrepost.operations.webhooks_endpoints import add_endpoint
from entrepost.web.tower import open_tower
from entrepost.web.track import TrackingDesk, make_tracking
from entrepost.wiring import open_store
from tests.api import world
from tests.api.test_isolation import BODIES
from tests.hostile.mail import Mail
from tests.hostile.words import MARK
from tests.operations.office import ANNA, PASSWORD, join
from tests.operations.shop import LAMP_NO, FixedClock, csv_text, lamp, write_csv
from tests.operations.silent import NETWORK, NOW, lose_some

BO = "bo@example.org"
BYSTANDER = "other"
FOREVER = timedelta(hours=1)
PARAMS = replace(world.PARAMS, fresh_seconds=3_600)
OF_THE_BAGGED = ("/v1/receptacles", "/v1/labels", "/v1/declarations")
MAIL = ("/v1/receptacles", "/v1/dispatches", "/v1/consignments", "/v1/feeds")
ODD = {"order_id": "odd", "weight_g": "heavy", "sku": "=1+1", "city": f"<{MARK}>"}
"""A row that is rejected, and shown with what is wrong with it."""


@dataclass
class Target:
    """A server, who asks it, and the names that stand in its paths."""

    app: FastAPI
    house: House
    folder: Path
    key: str
    names: dict[str, str] = field(default_factory=dict)
    session: dict[str, str] = field(default_factory=dict)
    csrf: str = ""
    mail: Mail = field(init=False)

    def __post_init__(self) -> None:
        self._watch = sqlite3.connect(self.folder / "shop.db", isolation_level=None, check_same_thread=False)
        self.client = TestClient(
            self.app, base_url="https://tower.example", follow_redirects=False, raise_server_exceptions=False
        )

    def close(self) -> None:
        """Let the files go."""
        self._watch.close()
        self.house.store.close()

    def written(self) -> int:
        """A number that is another one after anything was written into the database."""
        return int(self._watch.execute("PRAGMA data_version").fetchone()[0])

    def canary(self) -> dict[str, list[tuple[Any, ...]]]:
        """The tables, and all that the bystander has in them."""
        tables = [name for (name,) in self._watch.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = {"": self._watch.execute("SELECT type, name, sql FROM sqlite_master ORDER BY 1, 2").fetchall()}
        for table in tables:
            columns = [row[1] for row in self._watch.execute(f"PRAGMA table_info('{table}')")]
            if "tenant" in columns:
                rows = self._watch.execute(f"SELECT * FROM {table} WHERE tenant = ?", [BYSTANDER]).fetchall()
                found[table] = sorted(rows, key=repr)
        return found

    def strange_files(self) -> list[str]:
        """Files that lie neither in the database nor among the uploads."""
        known = ("shop.db", "uploads/", "network/", "begin/")
        files = [str(path.relative_to(self.folder)) for path in self.folder.rglob("*") if path.is_file()]
        return [path for path in files if not path.startswith(known)]

    def take_in(self) -> None:
        """Do what works beside the requests: take uploaded files in."""
        store, uploads = self.house.store, self.house.uploads
        while True:
            with for_all_accounts():
                batch = claim_batch(store, FOREVER)
            if batch is None:
                return
            with acting_for(batch.tenant):
                run_batch(store, batch, uploads, self.house.surroundings)

    def enter(self) -> None:
        """Anna signs in."""
        form = {"account": "main", "email": ANNA, "password": PASSWORD}
        answer = self.client.post("/sign-in", data=form)
        assert answer.status_code == 303, answer.text
        self.session = dict(self.client.cookies)
        self.client.cookies.clear()
        page = self.look("/settings").text
        self.csrf = page.partition('name="csrf" value="')[2].partition('"')[0]

    def send_files(self) -> None:
        """Send a file of which a row is rejected, and one that waits to be mapped; name what else there is."""
        rows = csv_text(lamp(order_id="sent"), lamp(**ODD)).encode()
        own = {"authorization": f"Bearer {self.key}", "content-type": "text/csv"}
        sent = self.client.post("/v1/batches", params={"kind": "orders", "name": "x"}, content=rows, headers=own)
        self.send_draft()
        for board in (self.house.exceptions, self.house.lanes):
            board.get("main")  # however long it takes
        exceptions = self.client.get("/v1/exceptions", headers=own).json()["data"]
        lanes = self.client.get("/v1/lanes", headers=own).json()["data"]
        self.names |= {"batch": sent.json()["batch"], "name": "tower.css"}
        self.names |= dict.fromkeys(("exception", "name"), exceptions[0]["exception"])
        self.names |= dict.fromkeys(("lane", "code"), lanes[0]["code"])
        self.take_in()

    def send_draft(self) -> None:
        """Send a file that waits to be mapped."""
        rows = csv_text(lamp(order_id="drafted"), lamp(**ODD)).encode()
        asked = {"cookie": self.cookies(), "x-csrf-token": self.csrf, "accept": "application/json"}
        sent = self.client.post("/orders/files", params={"name": "x.csv"}, content=rows, headers=asked)
        self.names["draft"] = sent.json()["address"].split("/")[3].partition("?")[0]

    def names_in(self, path: str) -> dict[str, str]:
        """The names that stand in a path: in a bag lies another item than the one that is lost, with papers."""
        inside = {"item_id": self.mail.inside} if path.startswith(OF_THE_BAGGED) else {}
        return self.names | self.mail.names | inside

    def body_of(self, method: str, path: str) -> Any:
        """A sound body of that operation, about what is there; None where it takes none."""
        told = json.dumps(BODIES.get((method, path)))
        names = {LAMP_NO: self.mail.inside, f"{world.SERIES}60001": self.mail.names["dispatch"]}
        for name, other in names.items():
            told = told.replace(f'"{name}"', f'"{other}"')
        return json.loads(told)

    def mend(self, path: str, status: int) -> None:
        """After a request: do what works beside requests, and bring back what it may have used up."""
        if path.startswith(MAIL) and status < 300:
            self.mail.restore()
        if path == "/v1/senders/{seller}" and status < 300:
            set_sender(self.house.store, self.mail.by, "shop", world.SENDER)
        if path == "/sign-out" and status == 303:
            self.enter()
        if path == "/v1/batches" and status == 202:
            self.take_in()
        if path.startswith("/orders/files") and status in (200, 303):
            self.take_in()
            for left in self.house.uploads.glob(f"{self.names['draft'][:16]}-*"):
                left.unlink()
            self.send_draft()

    def look(self, path: str) -> Any:
        """A page, as Anna sees it."""
        return self.client.get(path, headers={"cookie": self.cookies(), "accept": "text/html"})

    def batches(self) -> list[str]:
        """The files that were sent."""
        return [each.batch for each in list_batches(self.house.store, "main")]

    def cookies(self) -> str:
        """What Anna's browser sends."""
        return "; ".join(f"{name}={value}" for name, value in self.session.items())


@contextmanager
def target_in(folder: Path) -> Iterator[Target]:
    """The server on a store of its own."""
    (folder / "begin").mkdir()
    write_network(NETWORK, folder / "network")
    store = open_store(folder / "shop.db", FixedClock())
    house = House(store, str(folder / "network"), folder / "uploads", PARAMS)
    tracking = TrackingDesk(store, lambda: house.network, house.forecasts, Buckets(world.ANYBODY))
    app = make_app(house, (make_tracking(tracking),))
    open_tower(app, make_desk(ServeParams(str(folder / "shop.db")), house, house.forecasts))
    target = Target(app, house, folder, make_key(store, _holder("main"), "asks", ["*"])[1])
    _fill(target)
    target.enter()
    target.send_files()
    yield target
    target.close()


def _holder(account: str) -> Caller:
    return Caller(account, "terminal", frozenset(SCOPES))


def _fill(target: Target) -> None:
    """Give both accounts something of everything; `main` something that may be lost for each name in a path."""
    store, begin = target.house.store, target.folder / "begin"
    lost = lose_some(store, begin)
    one = store.list_items().filter(pl.col("item_id") == lost[0]).row(0, named=True)
    assert isinstance(store.clock, FixedClock)
    store.clock.instant = NOW
    theirs = write_csv(begin, lamp(order_id="theirs", city="canary"), name="theirs.csv")
    intake_orders(store, theirs, Mapping("orders", constants={"tenant": BYSTANDER}), tenant=BYSTANDER)
    join(store, ANNA, "admin")
    join(store, BO, "viewer")
    join(store, ANNA, "admin", BYSTANDER)
    for account in (BYSTANDER, "main"):
        set_sender(store, _holder(account), "shop", world.SENDER)
        key = make_key(store, _holder(account), "to be lost", ["orders:read"])[0]
        endpoint = add_endpoint(store, account, "https://hooks.example.org/in").endpoint
        for kind, name, of in (("plan", "p1", ""), ("scenario", "w1", "p1")):
            store.records.put(PlanRun(account, name, kind, of, "kept", "{}", "done", "", "", "terminal", NOW))
        rules = '[[rule]]\nservices = ["PACKET"]'
        store.records.put(Segments(account, "p1", "p1", "kept", rules, "{}", "terminal", NOW))
    target.names = {"key": key.key, "endpoint": endpoint, "plan": "p1", "scenario": "w1", "segments": "p1"}
    target.names |= {"email": BO, "table": "services"} | {name: one[name] for name in ("item_id", "seller", "order_id")}
    target.names |= {"old": "0" * 24, "new": "0" * 24}
    for account in (BYSTANDER, "main"):
        target.mail = Mail(store, target.house.network, _holder(account))
        target.mail.fill(begin)
