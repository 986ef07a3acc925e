"""Draw the pictures of the guide to the control tower: `python tools/docs/tower_pictures.py [FOLDER]`.

The demonstration's orders are brought in, promised and carried through the simulated world, told as far as they were
five weeks after the first order; the pages are shown by Debian's Chromium.
"""

from __future__ import annotations

import shutil
import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any

import polars as pl

import entrepost
from entrepost.network.network import Network
from entrepost.operations.access import SCOPES, Caller
from entrepost.operations.batches import Surroundings, claim_batch, run_batch
from entrepost.operations.carry import carry
from entrepost.operations.events import record_events
from entrepost.operations.intake import intake_orders
from entrepost.operations.order_desk import promise_orders
from entrepost.operations.people import accept, invite
from entrepost.operations.store import Store
from entrepost.tables.frames import INSTANT
from entrepost.tables.sample_orders import sample_orders
from entrepost.web.desk import Desk
from entrepost.operations.forecasts import Forecasts
from entrepost.web.tower import open_tower
from entrepost.wiring import open_store

FOLDER = Path(__file__).parents[2] / "docs" / "assets" / "tower"
ORDERS, SEED, WEEKS = 4_000, 1, 5
ANNA, PASSWORD = "anna@example.org", "the parcel comes on Tuesday"
SIZE: Any = {"width": 1180, "height": 760}
WRONG = "Order No,Created at,Shop,Weight (kg),Origin,Shipping Country,Title\n"


@dataclass
class FixedClock:
    """It is always the same instant."""

    instant: datetime

    def now(self) -> datetime:
        """That instant."""
        return self.instant


class NoLimit:
    """Nobody waits."""

    def take(self, _name: str) -> int:
        """Let them in."""
        return 0


def fill(folder: Path, network: Network) -> tuple[Store, dict[str, str]]:
    """The demonstration, five weeks after its first order; and the zones of its places."""
    orders = sample_orders(network, ORDERS, SEED)
    clock = FixedClock(datetime.fromisoformat(str(orders["placed_at"].min())).astimezone() + timedelta(weeks=WEEKS))
    now = pl.lit(clock.instant).cast(INSTANT)
    orders.filter(pl.col("placed_at").cast(INSTANT) <= now).write_csv(folder / "orders.csv")
    store = open_store(folder / "tower.db", clock)
    intake_orders(store, folder / "orders.csv", origins=network.facility_by_code)
    promise_orders(store, network)
    zones = {each.facility: each.time_zone for each in network.facilities}
    events = carry(store, network, SEED).filter(pl.col("time").cast(INSTANT) <= now)
    record_events(store, events, zones)
    by = Caller("main", "terminal", frozenset(SCOPES))
    accept(store, invite(store, by, ANNA, "admin")[1], "Anna Meier", PASSWORD)
    return store, zones


@contextmanager
def served(desk: Desk) -> Iterator[str]:
    """The tower on a port of this machine."""
    import uvicorn
    from fastapi import FastAPI

    app = FastAPI(openapi_url=None)
    open_tower(app, desk)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
        thread = Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join(20)


def draw(page: Any, address: str, desk: Desk, folder: Path, out: Path) -> None:
    """Sign in, go through the pages, and keep a picture of each."""

    def keep(name: str, path: str = "") -> None:
        if path:
            page.goto(address + path)
        page.wait_for_timeout(1_500)
        page.screenshot(path=out / f"{name}.png")

    page.set_default_timeout(300_000)  # kernels are compiled when a page first needs them
    page.goto(f"{address}/sign-in")
    page.get_by_label("E-mail address").fill(ANNA)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{address}/")
    keep("overview", "/")
    for name in ("exceptions", "lanes", "network", "planner"):
        keep(name, f"/{name}")
    keep("items", "/items?status=on_hold")
    page.get_by_role("link", name="LX").first.click()
    keep("item")
    keep("settings", "/settings/keys")
    sent = folder / "January.csv"
    sent.write_text(
        WRONG + "A1,2026-01-06T10:00:00+08:00,shop,0.4,CNSZXA,DE,desk lamp\n"
        "A2,2026-01-06T11:00:00+08:00,shop,heavy,CNSZXA,XX,tea cup\n",
        encoding="utf-8",
    )
    page.goto(f"{address}/orders")
    page.locator("#file").set_input_files(sent)
    page.get_by_role("button", name="Upload").click()
    page.wait_for_url("**/orders/files/**")
    keep("mapping")
    page.get_by_role("button", name="Take it in").click()
    page.wait_for_url("**/orders/batches/**")
    batch = claim_batch(desk.store, timedelta(seconds=30))
    assert batch is not None
    run_batch(desk.store, batch, desk.uploads, desk.surroundings())
    page.get_by_text("Taken in").wait_for()
    keep("findings")


def main(out: Path) -> None:
    """Draw all pictures into a folder."""
    from playwright.sync_api import sync_playwright

    network = entrepost.sample_network()
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store, zones = fill(folder, network)
        around = Surroundings(frozenset(zones), zones)
        forecasts = Forecasts(store, lambda: network)
        desk = Desk(
            store, lambda: network, lambda: around, forecasts, folder / "uploads", Event().set, NoLimit(), is_secure=False
        )
        desk.counter.count()
        with served(desk) as address, sync_playwright() as play:
            browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            draw(browser.new_page(viewport=SIZE), address, desk, folder, out)
            dark = browser.new_page(viewport={"width": 390, "height": 780}, color_scheme="dark")
            dark.goto(f"{address}/sign-in")
            dark.get_by_label("E-mail address").fill(ANNA)
            dark.get_by_label("Password").fill(PASSWORD)
            dark.get_by_role("button", name="Sign in").click()
            dark.wait_for_timeout(2_000)
            dark.screenshot(path=out / "phone.png")
            browser.close()
        store.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
