"""A store of 600 orders of 50 days, of which some items of one departure are lost."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import polars as pl

from entrepost.operations.carry import carry
from entrepost.operations.events import record_events
from entrepost.operations.intake import intake_orders
from entrepost.operations.order_desk import promise_orders
from entrepost.operations.store import Store
from entrepost.planning.simulation.world import AS_ASSUMED
from tests.journey.histories import uncertain_offices
from tests.worlds import MONDAY, four_orders

NETWORK = uncertain_offices()
NOW = MONDAY + timedelta(days=45, hours=7)


def lose_some(store: Store, folder: Path) -> list[str]:
    """Fill a store; the identifiers of the items that were lost."""
    orders = pl.concat([four_orders().head(1)] * 600).with_columns(
        order_id=pl.int_range(600).cast(pl.String), placed_at=MONDAY + pl.duration(hours=pl.int_range(600) * 2)
    )
    orders.write_csv(folder / "silent.csv")
    intake_orders(store, folder / "silent.csv")
    promise_orders(store, NETWORK)
    events = carry(store, NETWORK, 1, AS_ASSUMED)
    left = events.filter((pl.col("code") == "EMC") & (pl.col("time") < NOW - timedelta(days=6)))
    run = left.filter(pl.col("time").dt.truncate("1h") == pl.col("time").dt.truncate("1h").max())
    lost: list[str] = run["item_id"].sort().to_list()[: run.height // 2]
    gone = pl.col("item_id").is_in(lost) & (pl.col("time") > run["time"].max())
    record_events(store, events.filter(~gone))
    return lost
