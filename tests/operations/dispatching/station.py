"""A station in Shanghai where two items for Germany wait, and the clerk who packs them."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import polars as pl

from entrepost.network.network import Network
from entrepost.operations.access import Caller
from entrepost.operations.dispatch_records import Filling
from entrepost.operations.dispatching.closing import Closed, Closing, close_receptacles
from entrepost.operations.dispatching.filling import Opening, Put, open_receptacle, put_items
from entrepost.operations.dispatching.gate import add_referrals
from entrepost.operations.numbering import allocate_numbers
from entrepost.operations.store import ITEM, Store
from entrepost.tables.items import items_of
from entrepost.wiring import open_store
from tests.operations.shop import LAMP_NO, MUG_NO, FixedClock, lamp, take, two_items, write_csv
from tests.worlds import two_offices

SERIES = "CNSHAADEFRAAAUN"
NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
"""The station's clock stands here unless somebody turns it; Shanghai is in UTC in this world."""
CLERK = Caller("main", "anna@post.example", frozenset())
NETWORK: Network = two_offices()


def station(folder: Path, assessed: bool = True, now: datetime = NOON) -> Store:
    """Lamp and mug wait; Germany has assessed their data, unless it has not."""
    shutil.copy(_two_items(), folder / "post.db")
    store = open_store(folder / "post.db", FixedClock(now))
    if assessed:
        assess(store, LAMP_NO, MUG_NO)
    return store


def turn(store: Store, now: datetime) -> None:
    """Turn the station's clock."""
    assert isinstance(store.clock, FixedClock)
    store.clock.instant = now


@cache
def _two_items() -> Path:
    """A file with lamp and mug, made once for all tests of a process."""
    folder = Path(tempfile.mkdtemp(prefix="entrepost-station-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    two_items(folder, open_store(folder / "post.db", FixedClock(NOON))).close()
    return folder / "post.db"


def assess(store: Store, *item_ids: str, answer: str = "AC") -> None:
    """The data of items were lodged an hour ago, and answered since."""
    now = store.clock.now()
    lodged = [(item_id, "LODGE", now - timedelta(hours=1)) for item_id in item_ids]
    add_referrals(store, "main", [*lodged, *((item_id, answer, now - timedelta(minutes=50)) for item_id in item_ids)])


def bag(store: Store, tag: str = "bag 1", **changed: str) -> Filling:
    """An open bag of letters by air for Frankfurt."""
    told = {"origin": "CNSHAA", "destination": "DEFRAA", "mail_category": "A", "mail_subclass": "UN"}
    return open_receptacle(store, NETWORK, CLERK, Opening(**told | changed, tag=tag))


def put(store: Store, *item_ids: str, tag: str = "bag 1") -> Put:
    return put_items(store, CLERK, tag, item_ids)


def packed(store: Store, *bags: Iterable[str]) -> None:
    """Bags with these items, `bag 1` and so on."""
    for number, item_ids in enumerate(bags, start=1):
        bag(store, f"bag {number}")
        put(store, *item_ids, tag=f"bag {number}")


def close(store: Store, *tags: str, weight_g: int = 1_250) -> Closed:
    return close_receptacles(store, NETWORK, CLERK, [Closing(tag, weight_g) for tag in tags or ("bag 1",)])


def more_items(store: Store, folder: Path, count: int) -> list[str]:
    """So many further items for Germany, assessed, each of an order of its own."""
    rows = [lamp(order_id=f"more{number}") for number in range(count)]
    take(store, write_csv(folder, *rows, name="more.csv"))
    orders = store.list_orders("main").filter(pl.col("order_id").str.starts_with("more"))
    items = items_of(orders).with_columns(issued_at="placed_at", service=pl.lit("PACKET"))
    numbers = allocate_numbers(store, "UX", "CN", items.height, "main")
    store.add_items(items.with_columns(item_id=pl.Series(numbers)).select(ITEM))
    assess(store, *numbers)
    return numbers
