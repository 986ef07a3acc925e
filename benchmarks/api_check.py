"""That a server's answers to single requests are those of frames: quotes by `choose`, forecasts by `forecast`."""

from __future__ import annotations

import json
import urllib.request
from datetime import UTC, date, datetime
from itertools import cycle
from typing import Any

import numpy as np
import polars as pl

from benchmarks.api_store import Filled
from benchmarks.comparison import require_equal
from benchmarks.event_stream import name_items
from entrepost.journey.eta import forecast
from entrepost.journey.under_way.params import Scanning
from entrepost.network.network import Network
from entrepost.operations.asked_orders import read_asked_orders
from entrepost.operations.store import Store
from entrepost.service.choice import choose
from entrepost.tables.items import ORDER
from entrepost.wiring import open_store

FORECASTS = 10
"""So many times as many forecasts are compared as quotes: most items have arrived."""


def check(port: int, filled: Filled, network: Network, orders: list[dict[str, Any]], quotes: int) -> str:
    """How equal so many quotes, and more forecasts, are; raises where they are not."""
    now, served = datetime.now(UTC), 0
    for row in orders[:quotes]:
        asked = row | {"placed_at": now.isoformat(timespec="seconds")}
        told = ask(port, filled.keys[0], "POST", "/v1/quotes", {"orders": [asked]})["data"]
        lines = read_asked_orders([asked], "main").lines
        require_equal(_as_json(choose(network, lines).drop("tenant")) == told, f"quotes of {row}")
        served += told[0]["service"] is not None
    require_equal(3 * served > quotes, f"{served} of {quotes} orders can be served")
    picked = np.random.default_rng(3).integers(0, filled.items, FORECASTS * quotes)
    names = name_items(picked).to_list()
    keys = cycle(filled.keys)  # one alone would ask too often
    shown = {name: ask(port, next(keys), "GET", f"/v1/tracking/{name}")["expected"] for name in names}
    store = open_store(filled.path)
    try:
        frame = _forecasts(store, network, names)
    finally:
        store.close()
    coming = {name: each for name, each in shown.items() if each}
    require_equal(bool(coming) and coming.keys() == frame.keys(), "which items are under way")
    for name, each in coming.items():
        same = {key: _instant(each[key]) for key in ("from_", "likely", "to")} | {"basis": each["basis"]}
        require_equal(same == frame[name], f"the forecast of {name}")
    return f"equal: {quotes} quotes as choose gives them, {len(coming)} forecasts as forecast does"


def ask(port: int, key: str, method: str, path: str, body: Any = None) -> Any:
    """The JSON that a server answers."""
    content = None if body is None else json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    asked = urllib.request.Request(f"http://127.0.0.1:{port}{path}", content, headers, method=method)
    with urllib.request.urlopen(asked, timeout=120) as answer:
        return json.load(answer)


def _forecasts(store: Store, network: Network, names: list[str]) -> dict[str, dict[str, Any]]:
    """By item what `forecast` says of all of them together."""
    items = store.find_items(pl.DataFrame({"tenant": "main", "item_id": names}))
    listed = store.list_items(numbers=items)
    orders = listed.select(ORDER).unique()
    placed = store.find_lines(orders).group_by(ORDER).agg(pl.col("placed_at").min())
    promised = store.list_promises(orders=orders).select(*ORDER, "service", "route", "area")
    known = listed.select(*ORDER, "item_id").join(placed, on=ORDER).join(promised, on=ORDER)
    told = store.list_events(orders=orders).join(known, on=[*ORDER, "item_id"])
    events = pl.concat([known, told], how="diagonal")
    over = listed.filter(pl.col("status").is_in(["returning", "returned", "ended"])).get_column("item_id").to_list()
    found = forecast(network, events, datetime.now(UTC), Scanning()).items.filter(~pl.col("item_id").is_in(over))
    return {
        row["item_id"]: {
            "from_": row["arrive_p10"],
            "likely": row["arrive_p50"],
            "to": row["arrive_p90"],
            "basis": row["basis"],
        }
        for row in found.iter_rows(named=True)
    }


def _as_json(frame: pl.DataFrame) -> list[dict[str, Any]]:
    return [
        {
            name: value.isoformat().replace("+00:00", "Z") if isinstance(value, date) else value
            for name, value in row.items()
        }
        for row in frame.iter_rows(named=True)
    ]


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
