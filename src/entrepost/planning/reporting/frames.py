"""The frames behind the report: what happened to customers, by step, place, lane, service and promise.

They come from what `measure` gives: `waits`, a row per order, and `spent`, a row per order and step. For the
report `waits` also has the region of each order, `lane` and `service_name` as readers know them, and the waits
that one in ten, half and 19 in 20 were not to exceed (`promised_hours_p10`, `_p50`, `_p95`).
"""

from __future__ import annotations

from itertools import pairwise

import polars as pl

from entrepost.base.clock import HOUR_US
from entrepost.codes.country import is_country
from entrepost.documents.table import WHOLE
from entrepost.journey.itinerary import parse_route
from entrepost.network.network import Network
from entrepost.planning.measure import kept_rate, pinball_days, summary
from entrepost.planning.measure_steps import STEPS, UNDELIVERED, mean_by_step
from entrepost.reference.country import get_country_name
from entrepost.tables.items import ORDER
from entrepost.tables.text import fill

DAY = 24.0

STEP_NAMES: dict[str, tuple[str, str]] = {
    "prepare": ("Seller prepares and hands in", "Seller"),
    "accept": ("Accepted at the origin", "Origin"),
    "outward": ("Sorted and closed for abroad", "Origin"),
    "export": ("Export customs", "Customs"),
    "depart": ("Waits for a departure", "Departure"),
    "ride": ("Waits for departures and travels", "Transport"),
    "travel": ("Travels", "Transport"),
    "transit": ("Changes at a hub", "Transport"),
    "inward": ("Received and sorted abroad", "Destination"),
    "import": ("Import customs", "Customs"),
    "pick": ("Picked in the overseas warehouse", "Warehouse"),
    "deliver": ("Last mile to the customer", "Last mile"),
    UNDELIVERED: ("Never there, or after 60 days", "Never there"),
}
"""Each step of a journey with its name for readers and the part of the journey that it belongs to."""

PARTS = (
    "Seller",
    "Origin",
    "Customs",
    "Departure",
    "Transport",
    "Destination",
    "Warehouse",
    "Last mile",
    "Never there",
)
"""The parts of a journey in their order, customs of both sides together."""

LEVELS = (
    ("promised_hours_p10", "One in ten: the range begins", 0.1),
    ("promised_hours_p50", "Half of the customers", 0.5),
    ("promised_hours", "Nine in ten: the promise", None),
    ("promised_hours_p95", "19 in 20", 0.95),
)

QUANTILES = ("p10", "p50", "p95")


def with_names(network: Network, waits: pl.DataFrame, chosen: pl.DataFrame) -> pl.DataFrame:
    """The waits with region, lane, service name and the other two promised waits."""
    cities = {code: facility.city for code, facility in network.facility_by_code.items()}
    services = {code: service.name for code, service in network.service_by_code.items()}
    countries = {code: get_country_name(code) for code in waits["country"].unique() if code and is_country(code)}
    placed = pl.col("placed_at").dt.epoch("us")
    whole_hour = (-(-placed // HOUR_US) * HOUR_US - placed) / HOUR_US
    more = chosen.select(*ORDER, "region", "area", *(f"wait_hours_{each}" for each in QUANTILES))
    promised = [(whole_hour + pl.col(f"wait_hours_{each}")).alias(f"promised_hours_{each}") for each in QUANTILES]
    return waits.join(more, on=ORDER, how="left", maintain_order="left").with_columns(
        *promised,
        lane=fill("{} to {}", _renamed("origin", cities), _renamed("country", countries)),
        service_name=_renamed("service", services),
    )


def steps_of(waits: pl.DataFrame, spent: pl.DataFrame) -> pl.DataFrame:
    """Mean days of each step over all orders; they add up to the mean wait: step, label, days, interpolated_days."""
    labels = {step: label for step, (label, _) in STEP_NAMES.items()}
    return mean_by_step(spent, waits).select(
        "step",
        _renamed("step", labels).alias("label"),
        days=pl.col("hours") / DAY,
        interpolated_days=pl.col("interpolated_hours") / DAY,
    )


def arrivals(waits: pl.DataFrame, days_most: int = 40) -> pl.DataFrame:
    """Share of the customers who have their order after each number of days: days, share."""
    served = waits.filter("arrived")["wait_hours"] / DAY
    days = [half / 2 for half in range(2 * days_most + 1)]
    shares = [int((served <= day).sum()) / max(1, waits.height) for day in days]
    return pl.DataFrame({"days": days, "share": shares})


def by_region(network: Network, waits: pl.DataFrame) -> pl.DataFrame:
    """Items and mean wait of each region: place, country, latitude, longitude, items, wait_days."""
    columns = ("region", "city", "country", "latitude", "longitude")
    rows = [[getattr(row, name) for name in columns] for row in network.regions]
    kinds = dict(zip(columns, (pl.String, pl.String, pl.String, pl.Float64, pl.Float64), strict=True))
    return (
        summary(waits.drop_nulls("region"), ["region"])
        .join(pl.DataFrame(rows, schema=kinds, orient="row"), on="region")
        .select(
            fill("{} ({})", "city", "region").alias("place"),
            *("country", "latitude", "longitude", "items"),
            wait_days=pl.col("wait_hours_mean") / DAY,
        )
        .sort("items", descending=True)
    )


def by_leg(network: Network, waits: pl.DataFrame) -> pl.DataFrame:
    """Items on each leg of the routes: flow, the places' coordinates, items."""
    carried: dict[tuple[str, str], int] = {}
    for route, items in waits.drop_nulls("route").group_by("route").agg(pl.col("items").sum()).iter_rows():
        stops = parse_route(route)
        for leg in pairwise(stops):
            carried[leg] = carried.get(leg, 0) + items
    rows = []
    for (start, end), items in sorted(carried.items(), key=lambda each: (-each[1], each[0])):
        here, there = network.get_facility(start), network.get_facility(end)
        flow = f"{here.city} to {there.city}"
        rows.append((flow, here.latitude, here.longitude, there.latitude, there.longitude, items))
    names = ("flow", "from_latitude", "from_longitude", "to_latitude", "to_longitude", "items")
    kinds = (pl.String, pl.Float64, pl.Float64, pl.Float64, pl.Float64, pl.Int64)
    return pl.DataFrame(rows, schema=dict(zip(names, kinds, strict=True)), orient="row")


def by_lane(waits: pl.DataFrame) -> pl.DataFrame:
    """Each lane, the slowest first: lane, orders, items, waits in days, undelivered, cost_item_minor."""
    return (
        summary(waits, ["lane"])
        .with_columns(
            wait_days=pl.col("wait_hours_mean") / DAY,
            wait_days_p50=pl.col("wait_hours_p50") / DAY,
            wait_days_p90=pl.col("wait_hours_p90") / DAY,
            customer_days=pl.col("orders") * pl.col("wait_hours_mean") / DAY,
        )
        .sort("wait_days", descending=True)
    )


def lane_parts(waits: pl.DataFrame, spent: pl.DataFrame) -> pl.DataFrame:
    """Mean days of each part of the journey on each lane, and of the whole wait: lane, part, days."""
    parts = {step: part for step, (_, part) in STEP_NAMES.items()}
    known = (
        mean_by_step(spent, waits, ["lane"])
        .with_columns(part=pl.col("step").replace_strict(parts, return_dtype=pl.String))
        .group_by("lane", "part", maintain_order=True)
        .agg(days=pl.col("hours").sum() / DAY)
    )
    whole = summary(waits, ["lane"]).select("lane", part=pl.lit(WHOLE), days=pl.col("wait_hours_mean") / DAY)
    return pl.concat([known, whole])


def by_service(waits: pl.DataFrame) -> pl.DataFrame:
    """Each service, the most used first: label, orders, items, share, wait_days, charge and cost of an item."""
    return (
        summary(waits, ["service_name"])
        .rename({"service_name": "label"})
        .with_columns(wait_days=pl.col("wait_hours_mean") / DAY)
        .sort("items", descending=True)
    )


def kept_by(waits: pl.DataFrame, key: str) -> pl.DataFrame:
    """How promises were kept, by the values of a column: label, orders, stated, kept, gap, error, days.

    `promised_days` is the mean wait that was named, `happened_days` the one that should have been named for
    nine in ten to be in time: as many days later (or earlier) as nine in ten orders did not exceed.
    """
    late = (pl.col("wait_hours") - pl.col("promised_hours")).quantile(0.9, "higher")
    days = (
        waits.drop_nulls("kept")
        .group_by(key)
        .agg(promised_days=pl.col("promised_hours").mean() / DAY, later=late / DAY)
    )
    return (
        kept_rate(waits, [key])
        .join(days, on=key)
        .rename({key: "label"})
        .with_columns(
            pl.col("error").fill_null(0.0).fill_nan(0.0), happened_days=pl.col("promised_days") + pl.col("later")
        )
        .drop("later")
        .sort("orders", descending=True)
    )


def kept_at_levels(waits: pl.DataFrame) -> pl.DataFrame:
    """The share that was served within the waits that one in ten, half, nine in ten and 19 in 20 were not to exceed.

    With the `level` that was meant and `pinball`, the loss in days of the wait that was named (`measure.pinball_days`).
    """
    rows = [
        waits.with_columns(
            label=pl.lit(label),
            stated=pl.col("stated") if level is None else pl.lit(level),
            kept=pl.when(pl.col(column).is_not_null()).then(
                pl.col("arrived") & (pl.col("wait_hours") <= pl.col(column))
            ),
        )
        for column, label, level in LEVELS
    ]
    rates = [
        kept_rate(row, ["label"]).with_columns(
            level=pl.lit(level or 0.9), pinball=pl.lit(pinball_days(waits, column, level or 0.9), dtype=pl.Float64)
        )
        for row, (column, _, level) in zip(rows, LEVELS, strict=True)
    ]
    return pl.concat(rates).with_columns(pl.col("error").fill_null(0.0).fill_nan(0.0))


def order_of_steps(step: str = "step") -> pl.Expr:
    """A sort key: where in the journey a step stands."""
    places = {name: place for place, name in enumerate(STEPS)}
    places["ride"] = places["depart"]
    return pl.col(step).replace_strict(places, default=len(places), return_dtype=pl.Int64)


def _renamed(column: str, names: dict[str, str]) -> pl.Expr:
    if not names:
        return pl.col(column)
    return pl.col(column).replace_strict(names, default=pl.col(column), return_dtype=pl.String)
