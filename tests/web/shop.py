"""A tracking page over five parcels of `two_offices`: announced, on its way, at customs, tried, delivered."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
from fastapi import FastAPI
from fastapi.testclient import TestClient

from entrepost.operations.events import record_events
from entrepost.operations.forecasts import Forecasts
from entrepost.operations.intake import intake_orders
from entrepost.operations.order_desk import promise_orders
from entrepost.operations.store import Store
from entrepost.operations.track import track
from entrepost.web.track import TrackingDesk, make_tracking
from tests.operations.shop import FixedClock, lamp, store_in, write_csv
from tests.worlds import two_offices

PLACED = datetime(2026, 1, 5, 2, tzinfo=UTC)
NOW = PLACED + timedelta(hours=58)
ANNOUNCED, ON_ITS_WAY, AT_CUSTOMS, TRIED, DELIVERED = "announced", "going", "customs", "tried", "delivered"
SCANS = {
    ON_ITS_WAY: (("EMA", 26, "CNSHAA"), ("EMB", 28, "CNSHAA"), ("EMC", 34, "CNSHAA")),
    AT_CUSTOMS: (("EMA", 26, "CNSHAA"), ("EMC", 34, "CNSHAA"), ("EMD", 46, "DEFRAA"), ("EME", 50, "DEFRAA")),
    TRIED: (("EMA", 26, "CNSHAA"), ("EMD", 40, "DEFRAA"), ("EMG", 50, ""), ("EMH", 56, "FRPARA")),
    DELIVERED: (("EMA", 26, "CNSHAA"), ("EMC", 34, "CNSHAA"), ("EMD", 44, "DEFRAA"), ("EMI", 55, "DEFRAA")),
}
REASONS = {"EME": "AWAITING_PAYMENT", "EMH": "ABSENT"}
ZONES = {"CNSHAA": "Asia/Shanghai", "DEFRAA": "Europe/Berlin"}


class Counter:
    """Lets in so many, and then nobody."""

    def __init__(self, most: int = 10**9) -> None:
        self.left = most

    def take(self, name: str) -> int:
        self.left -= 1
        return 0 if self.left >= 0 else 7


@dataclass
class Window:
    """The page, and the numbers of its parcels by what became of them."""

    client: TestClient
    app: FastAPI
    numbers: dict[str, str]

    def look(self, *names: str, language: str = "en", **headers: str) -> str:
        """The page on parcels, by their names or numbers."""
        numbers = "\n".join(self.numbers.get(name, name) for name in names)
        answer = self.client.get("/track", params={"numbers": numbers, "lang": language}, headers=headers)
        assert answer.status_code == 200
        return answer.text


@contextmanager
def open_window(folder: Path, limit: Counter, account: str = "main", frames: str = "'none'") -> Iterator[Window]:
    """A page over a store of its own."""
    store = fill(store_in(folder), folder)
    items = store.list_items()
    app = FastAPI(openapi_url=None)
    forecasts = Forecasts(store, two_offices)
    app.include_router(make_tracking(TrackingDesk(store, two_offices, forecasts, limit, account, frames)))
    forecasts.find(track(store, items.filter(order_id=ON_ITS_WAY)["item_id"][0]), NOW)
    with TestClient(app) as client:
        forecasts.wait()
        yield Window(client, app, dict(zip(items["order_id"], items["item_id"], strict=True)))
    store.close()


def fill(store: Store, folder: Path) -> Store:
    """Orders, promises and scans of the five parcels."""
    clock = store.clock
    assert isinstance(clock, FixedClock)
    clock.instant = PLACED
    rows = [lamp(order_id=name, placed_at=PLACED.isoformat()) for name in (ANNOUNCED, *SCANS)]
    intake_orders(store, write_csv(folder, *rows), origins=("CNSHAA",))
    promise_orders(store, two_offices())
    clock.instant = NOW
    items = store.list_items()
    numbers = dict(zip(items["order_id"], items["item_id"], strict=True))
    told = [
        (numbers[name], code, PLACED + timedelta(hours=hours), facility or None, REASONS.get(code, ""))
        for name, scans in SCANS.items()
        for code, hours, facility in scans
    ]
    names = ["item_id", "code", "time", "facility", "reason"]
    record_events(store, pl.DataFrame(told, schema=names, orient="row"), zones=ZONES)
    return store
