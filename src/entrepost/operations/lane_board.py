"""Where the days of an account's items are lost: wait by step on every lane, how it drifts, and promises kept.

Counted are the orders whose promised day has passed, whether they have arrived or not: to wait for those that are late
would flatter every lane. Who is not there yet counts with what was waited so far.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from entrepost.base.errors import MissingRowError
from entrepost.journey.learning.drift import drift
from entrepost.network.network import Network
from entrepost.operations.histories import list_histories
from entrepost.operations.store import Store
from entrepost.planning.measure import WAIT_CAP_HOURS, kept_rate, measure_waits, summary
from entrepost.planning.measure_steps import UNDELIVERED, mean_by_step, wait_by_step
from entrepost.planning.reporting.frames import DAY, STEP_NAMES, with_names
from entrepost.tables.frames import INSTANT
from entrepost.tables.items import ORDER
from entrepost.tables.text import fill

DRIFT_DAYS = 14
"""Steps are compared with what is said of them over so many days."""
RECENT_DAYS = 28
"""Orders that were placed in so many days before the last one that counts are recent; those before are earlier."""
ORDERS_MOST = 100_000
"""Of more orders whose promised day has passed the last ones count (assumed): where days are lost lately."""
CODE = "code"


@dataclass(frozen=True, slots=True)
class LaneBoard:
    """Where the days are lost, as of an instant.

    Attributes
    ----------
    lanes : DataFrame
        code (CNSHAA-DE), lane (in words), orders, items, wait_days, wait_days_p50, wait_days_p90, open_share (not there
        yet), customer_days (all waits together), promised, stated, kept, kept_error, recent_days, earlier_days,
        change_days: what is lost most first.
    steps : DataFrame
        code, lane, step, label, part, days, interpolated_days: means of each step; of all lanes the code is ``all``.
    weeks : DataFrame
        code, week, orders, wait_days: by the week in which orders were placed.
    drift : DataFrame
        step, place, completed, expected, ratio, least, most: of what should have been completed so much was; below 1
        is slower than said.
    orders, under_way : int
        Orders that count, and others that are under way within their promise.
    left_out : int
        Earlier orders that do not count, because there are so many (`ORDERS_MOST`).
    """

    as_of: datetime
    lanes: pl.DataFrame
    steps: pl.DataFrame
    weeks: pl.DataFrame
    drift: pl.DataFrame
    routes: pl.DataFrame
    orders: int
    under_way: int
    left_out: int = 0

    def get_lane(self, code: str) -> dict[str, Any]:
        """A lane's row; raises `MissingRowError` where no order went there."""
        found = self.lanes.filter(pl.col(CODE) == code)
        if found.is_empty():
            raise MissingRowError(f"no order whose promised day has passed went on a lane {code}")
        return found.row(0, named=True)

    def drift_on(self, code: str) -> pl.DataFrame:
        """How the steps at the places of a lane drift, the slowest first."""
        places = set(self.routes.filter(pl.col(CODE) == code).get_column("place"))
        at = [bool(places.intersection(place.replace(">", " ").split())) for place in self.drift["place"]]
        return self.drift.filter(pl.Series(at, dtype=pl.Boolean))


def board_lanes(store: Store, network: Network, tenant: str = "") -> LaneBoard:
    """Work out where the days of an account's orders are lost."""
    now, promises = store.clock.now(), store.list_promises(tenant)
    due = promises.filter(pl.col("arrive_by_p90") <= now)
    under_way = promises.height - due.height
    last = due.sort("arrive_by_p90").tail(ORDERS_MOST) if due.height > ORDERS_MOST else due
    some = None if last is due else last.select(ORDER)
    watched = None if some is None else pl.concat([some, _coming(promises, now).select(ORDER)])
    events = store.list_events(tenant, some)
    lines = store.list_orders(tenant) if some is None else store.find_lines(some)
    waits = with_names(network, _so_far(measure_waits(events, lines, last), now), last)
    waits = waits.with_columns(fill("{}-{}", "origin", "country").alias(CODE))
    spent = wait_by_step(events, waits)
    window = (now - timedelta(days=DRIFT_DAYS), now)
    return LaneBoard(
        as_of=now,
        lanes=_lanes(waits),
        steps=pl.concat([_steps(spent, waits, ["lane", CODE]), _steps(spent, waits, [])]),
        weeks=_weeks(waits),
        drift=drift(network, list_histories(store, tenant, watched), window) if waits.height else drift_of_none(),
        routes=_places(waits),
        orders=waits.height,
        under_way=under_way,
        left_out=due.height - last.height,
    )


def _coming(promises: pl.DataFrame, now: datetime) -> pl.DataFrame:
    """Orders within their promise, the first due first, as many as count at most."""
    return promises.filter(pl.col("arrive_by_p90") > now).sort("arrive_by_p90").head(ORDERS_MOST)


def drift_of_none() -> pl.DataFrame:
    """The drift of no events."""
    texts, numbers = ("step", "place", "country"), ("completed", "expected", "ratio", "least", "most")
    return pl.DataFrame(schema={**dict.fromkeys(texts, pl.String), **dict.fromkeys(numbers, pl.Float64)})


def _so_far(waits: pl.DataFrame, now: datetime) -> pl.DataFrame:
    """Who is not there yet has waited until now, at most as long as counts."""
    passed = (pl.lit(now).cast(INSTANT) - pl.col("placed_at")).dt.total_microseconds() / 3.6e9
    waited = pl.when(pl.col("attempted_at").is_null()).then(passed.clip(0, WAIT_CAP_HOURS))
    return waits.with_columns(wait_hours=waited.otherwise("wait_hours"))


def _lanes(waits: pl.DataFrame) -> pl.DataFrame:
    keys = [CODE, "lane"]
    rates = kept_rate(waits, keys).select(*keys, "stated", "kept", promised="orders", kept_error="error")
    found = summary(waits, keys).join(rates, on=keys, how="left").join(_change(waits), on=CODE, how="left")
    return found.select(
        *(*keys, "orders", "items"),
        wait_days=pl.col("wait_hours_mean") / DAY,
        wait_days_p50=pl.col("wait_hours_p50") / DAY,
        wait_days_p90=pl.col("wait_hours_p90") / DAY,
        open_share="undelivered",
        customer_days=pl.col("orders") * pl.col("wait_hours_mean") / DAY,
        promised=pl.col("promised").fill_null(0),
        stated="stated",
        kept="kept",
        kept_error=pl.col("kept_error").fill_nan(None),
        recent_days="recent_days",
        earlier_days="earlier_days",
        change_days=pl.col("recent_days") - pl.col("earlier_days"),
    ).sort("customer_days", CODE, descending=[True, False])


def _change(waits: pl.DataFrame) -> pl.DataFrame:
    """Of each lane the mean wait of recent orders and of earlier ones."""
    since = pl.col("placed_at").max() - timedelta(days=RECENT_DAYS)
    marked = waits.with_columns(recent=pl.col("placed_at") > since, days=pl.col("wait_hours") / DAY)
    return marked.group_by(CODE).agg(
        recent_days=pl.col("days").filter("recent").mean(), earlier_days=pl.col("days").filter(~pl.col("recent")).mean()
    )


def _steps(spent: pl.DataFrame, waits: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    """Mean days of each step by lane, or of all lanes."""
    labels = {step: label for step, (label, _) in STEP_NAMES.items()} | {UNDELIVERED: "Not there yet, or lost"}
    parts = {step: part for step, (_, part) in STEP_NAMES.items()}
    named = {"lane": pl.lit("All lanes"), CODE: pl.lit("all")} if not by else {}
    return (
        mean_by_step(spent, waits, by)
        .with_columns(**named)
        .select(
            *(CODE, "lane", "step"),
            label=pl.col("step").replace_strict(labels, return_dtype=pl.String),
            part=pl.col("step").replace_strict(parts, return_dtype=pl.String),
            days=pl.col("hours") / DAY,
            interpolated_days=pl.col("interpolated_hours") / DAY,
        )
    )


def _weeks(waits: pl.DataFrame) -> pl.DataFrame:
    week = pl.col("placed_at").dt.truncate("1w").dt.date().alias("week")
    return (
        waits.group_by(CODE, week).agg(orders=pl.len(), wait_days=pl.col("wait_hours").mean() / DAY).sort(CODE, "week")
    )


def _places(waits: pl.DataFrame) -> pl.DataFrame:
    """The facilities that mail of each lane passes."""
    stops = waits.select(CODE, place=pl.col("route").str.split(">")).unique()
    return stops.explode("place").drop_nulls().unique().sort(CODE, "place")
