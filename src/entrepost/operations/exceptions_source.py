"""Exceptions of a store, with what it promised and what is inside what; and of a file with or without containment."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import polars as pl

from entrepost.base.errors import MisuseError, UnreadableInputError
from entrepost.journey.silence import weigh_silence
from entrepost.network.network import Network
from entrepost.operations.exceptions import Exceptions, sift
from entrepost.operations.exceptions_params import MILLION, ExceptionParams
from entrepost.operations.histories import list_histories
from entrepost.operations.store import CONTAINMENT, Store
from entrepost.tables.frames import conform
from entrepost.tables.items import ORDER

READERS = {".csv": "read_csv", ".parquet": "read_parquet", ".jsonl": "read_ndjson", ".ndjson": "read_ndjson"}

SILENT = 0.05
"""Containers are looked up of items whose silence is at most so probable; the others are not in question."""

ENDED_MOST = 100_000
"""Of more items that are at an end the last ones are read: more of them teach nothing new (assumed)."""

OVER = ("delivered", "returned", "ended")
"""Statuses at which an item is at its end."""

ROUNDS = 3
"""Bags of items, dispatches and consignments of bags, and whatever is inside these."""


def exceptions_of_store(
    store: Store, network: Network, now: datetime, params: ExceptionParams | None = None, tenant: str = ""
) -> Exceptions:
    """What needs somebody now, of all items in a store, or of those of one account.

    Of very many items that are at an end only the last ones are read (`ENDED_MOST`): what scans usually go missing is
    learned from them.
    """
    params = params or ExceptionParams()
    orders = _find_orders(store, tenant, now)
    histories = list_histories(store, tenant, orders)
    silence = weigh_silence(network, histories, now, params.final_unscanned_per_million / MILLION)
    silent = silence.to_frame().filter(pl.col("chance") <= SILENT)
    return sift(network, silence, params, _find_containment(store, silent), _list_promised(store, tenant, orders))


def read_containment(path: Path) -> pl.DataFrame:
    """Rows of the table `containment` from CSV, Parquet or JSON lines.

    Raises
    ------
    MisuseError
        When the file has a form that is not known.
    UnreadableInputError
        When it cannot be read, or lacks a column.
    """
    if path.suffix not in READERS:
        raise MisuseError(f"{path}: containment can be {', '.join(READERS)}; give such a file")
    try:
        frame: pl.DataFrame = getattr(pl, READERS[path.suffix])(path)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise UnreadableInputError(f"{path} cannot be read: {error}") from None
    return conform(frame, "containment")


def _find_containment(store: Store, silent: pl.DataFrame) -> pl.DataFrame:
    """The containers of items, what these are inside of, and all that is inside of any of them."""
    names = silent.select(pl.col("tenant").fill_null("main"), subject="item_id").unique()
    found = store.find_containments(names)
    for _ in range(ROUNDS):
        names = found.select("tenant", subject="container").unique()
        more = store.find_containments(names)
        if more.height == found.height:
            break
        found = more
    return found.select(CONTAINMENT)


def _find_orders(store: Store, tenant: str, now: datetime) -> pl.DataFrame | None:
    """The orders of items under way, and of the last ones that are at an end; None: all are few enough."""
    items = store.list_items(tenant).select(
        *ORDER, "issued_at", is_over=pl.col("status").is_in(OVER) & (pl.col("since") <= now)
    )
    over = items.filter("is_over")
    if over.height <= ENDED_MOST:
        return None
    last = over.sort("issued_at").tail(ENDED_MOST)
    return pl.concat([items.filter(~pl.col("is_over")), last]).select(ORDER).unique(maintain_order=True)


def _list_promised(store: Store, tenant: str, orders: pl.DataFrame | None) -> pl.DataFrame:
    """Until when each item is promised."""
    given = store.list_promises(tenant, orders).group_by(ORDER).agg(arrive_by=pl.col("arrive_by_p90").min())
    items = store.list_items(tenant, orders).select(*ORDER, "item_id").join(given, on=ORDER)
    return items.select("tenant", "seller", "item_id", "arrive_by").drop_nulls("arrive_by")
