"""Which pictures there are, and how somebody gets to each page; `tests.tidy.test_pictures` demands one of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import polars as pl

from entrepost.operations.batches import claim_batch, run_batch
from entrepost.operations.dispatching.listing import list_dispatches
from entrepost.operations.lane_board import board_lanes
from entrepost.operations.promise_runs import run_promises
from entrepost.operations.records import PROMISES
from entrepost.web.desk import Desk
from tools.docs.tower.camera import Camera
from tools.docs.tower.house import ANNA, PASSWORD
from tools.docs.tower.world import BY, World

LEASE = timedelta(minutes=5)
HEAD = "Order No,Created at,Shop,Weight (kg),Origin,Shipping Country,Title,Price,Currency\n"
LANGUAGES = ("en", "zh", "fr", "es", "ar")


@dataclass(frozen=True, slots=True)
class Shot:
    """A page by its path, in which names of the world stand; `most` is how high its picture may be."""

    path: str
    most: int = 980


OUTSIDE = {
    "sign_in": Shot("/sign-in"),
    "invitation": Shot("/invitation?token={invitation}"),
}
"""Pages before somebody signed in."""

INSIDE = {
    "overview": Shot("/", 1_180),
    "order": Shot("/orders/one?seller={seller}&order_id={order}"),
    "items": Shot("/items?status=on_hold", 760),
    "exceptions": Shot("/exceptions", 860),
    "exception": Shot("/exceptions/{exception}"),
    "dispatches": Shot("/dispatches"),
    "dispatches_in": Shot("/dispatches?way=in", 620),
    "dispatch": Shot("/dispatches/{dispatch}"),
    "messages": Shot("/messages?view=refused", 900),
    "message": Shot("/messages/{message}", 1_100),
    "messages_open": Shot("/messages/open"),
    "lanes": Shot("/lanes"),
    "lane": Shot("/lanes/{lane}"),
    "network": Shot("/network?checked=true"),
    "network_table": Shot("/network/tables/services", 760),
    "network_difference": Shot("/network/versions/{old}/{new}", 700),
    "planner": Shot("/planner"),
    "plan": Shot("/planner/{plan}", 1_560),
    "settings": Shot("/settings"),
    "settings_keys": Shot("/settings/keys"),
    "settings_promises": Shot("/settings/promises"),
    "settings_senders": Shot("/settings/senders?seller=bantian"),
    "settings_webhooks": Shot("/settings/webhooks"),
    "settings_privacy": Shot("/settings/retention"),
    "settings_audit": Shot("/settings/audit", 760),
    "wrong": Shot("/nothing"),
    "item": Shot("/items/{item}"),
}
"""Pages of an admin, in the light."""

DARK = {"exceptions_dark": replace(INSIDE["exceptions"], most=760), "plan_dark": replace(INSIDE["plan"], most=900)}
PHONE = {
    "phone": Shot("/", 780),
    "phone_item": Shot("/items/{item}", 1_000),
    "phone_exceptions": Shot("/exceptions", 900),
}
"""Inside, in the dark, and on a phone in the dark."""

TRACK = {f"track_{language}": Shot("/track?lang=" + language + "&numbers={parcel}", 1_040) for language in LANGUAGES}
TRACK_PHONE = {
    "track_phone": Shot("/track?lang=en&numbers={held}", 1_200),
    "track_phone_ar": Shot("/track?lang=ar&numbers={parcel}", 1_200),
}
MADE = ("orders", "mapping", "batch", "batch_running", "promises_running", "promises", "track", "track_embedded")
"""Pictures of what is done on the way: a file that is taken in, promises that are given, the page in a shop."""
NAMES = (*OUTSIDE, *INSIDE, *DARK, *PHONE, *TRACK, *TRACK_PHONE, *MADE)


def choose(world: World) -> None:
    """The item, order, lane and parcels that are shown: what tells most."""
    promised = world.store.list_promises().select("seller", "order_id", "given_at")
    items = world.store.list_items().join(promised, on=["seller", "order_id"])
    letters = pl.col("item_id").str.starts_with("LX") & pl.col("country").is_in(["DE", "FR", "GB", "US"])
    soon = pl.col("given_at") - pl.col("issued_at")
    seen = items.filter(letters).sort(soon.abs(), pl.col("item_id")).sort("events", descending=True, maintain_order=True)
    for name, state in (("item", "at_customs"), ("parcel", "in_transit"), ("held", "on_hold")):
        found = seen.filter(pl.col("status") == state)
        row = (found if found.height else seen).row(0, named=True)
        world.names[name] = row["item_id"]
        if name == "item":
            world.names |= {"seller": row["seller"], "order": row["order_id"]}
    world.names["lane"] = board_lanes(world.store, world.network, BY.tenant).lanes.item(0, "code")
    closed = [each for each in list_dispatches(world.store, BY.tenant, "out") if each.state == "closed"]
    world.names["dispatch"] = max(closed, key=lambda each: (each.receptacles, each.items)).dispatch_id


def enter(camera: Camera, address: str) -> None:
    """Sign in by the form."""
    page = camera.page
    page.goto(f"{address}/sign-in")
    page.get_by_label("E-mail address").fill(ANNA)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{address}/")


def take(camera: Camera, address: str, world: World, shots: dict[str, Shot]) -> None:
    """Go to pages and keep a picture of each."""
    for name, shot in shots.items():
        camera.page.goto(address + shot.path.format(**world.names))
        camera.keep(name, shot.most)


def upload(camera: Camera, address: str, world: World, desk: Desk) -> None:
    """A file comes in with mistakes, and what came in is promised."""
    page = camera.page
    sent = world.folder / "June.csv"
    sent.write_text(HEAD + _rows(world), encoding="utf-8")
    page.goto(f"{address}/orders")
    page.locator("#file").set_input_files(sent)
    page.get_by_role("button", name="Upload").click()
    page.wait_for_url("**/orders/files/**")
    camera.keep("mapping")
    page.get_by_role("button", name="Take it in").click()
    page.wait_for_url("**/orders/batches/**")
    camera.keep("batch_running")
    _work(desk, run_batch_of)
    page.get_by_text("Taken in").first.wait_for()
    camera.keep("batch")
    page.goto(f"{address}/orders")
    page.get_by_role("button", name="Promise them").click()
    page.wait_for_url("**/orders/batches/**")
    camera.keep("promises_running")
    _work(desk, promise_of)
    page.get_by_text("Promised").first.wait_for()
    page.wait_for_timeout(2_500)
    camera.keep("promises")
    page.goto(f"{address}/orders")
    camera.keep("orders")


def run_batch_of(desk: Desk) -> Any:
    """Do what the server does with a file."""
    batch = claim_batch(desk.store, LEASE)
    return batch and run_batch(desk.store, batch, desk.uploads, desk.surroundings())


def promise_of(desk: Desk) -> Any:
    """Do what the server does with orders that wait for a promise."""
    batch = claim_batch(desk.store, LEASE, (PROMISES,))
    return batch and run_promises(desk.store, batch, desk.network())


def _work(desk: Desk, work: Callable[[Desk], Any]) -> None:
    if work(desk) is None:
        raise RuntimeError("nothing waited to be done")


def _rows(world: World) -> str:
    """Orders of a shop; three rows say what cannot be."""
    day = f"{world.now:%Y-%m-%d}"
    good = [
        f"J{number},{day}T0{number % 10}:15:00+08:00,shop,0.{number % 5 + 2},CNSZXA,{country},{title},{price},USD"
        for number, (country, title, price) in enumerate(
            [("DE", "desk lamp", "19.90"), ("FR", "tea cup", "8.50"), ("US", "phone case", "6.20")] * 6, start=101
        )
    ]
    wrong = [
        f"J190,{day}T11:00:00+08:00,shop,heavy,CNSZXA,DE,tea pot,14.00,USD",
        f"J191,{day}T11:05:00+08:00,shop,0.3,CNSZXA,XX,desk lamp,19.90,USD",
        f"J192,yesterday,shop,0.3,CNSZXA,FR,desk lamp,19.90,USD",
    ]
    return "\n".join([*good, *wrong]) + "\n"
