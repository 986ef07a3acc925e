"""The report's figures and frames: what customers waited for, what was promised, and what a change would do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from entrepost.base.errors import MisuseError
from entrepost.network.network import Network
from entrepost.planning.learning import Learning
from entrepost.planning.measure import kept_rate, measure_waits, summary
from entrepost.planning.measure_steps import wait_by_step
from entrepost.planning.reporting.frames import (
    DAY,
    arrivals,
    by_lane,
    by_leg,
    by_region,
    by_service,
    kept_at_levels,
    kept_by,
    lane_parts,
    steps_of,
    with_names,
)
from entrepost.planning.reporting.sources import assumed_share, rests_on
from entrepost.reference.currency import get_exponent
from entrepost.tables.items import ORDER


@dataclass(frozen=True, slots=True)
class Measured:
    """What happened to orders: `waits` by order, `spent` by order and step; `unserved` had no service.

    `fixed_cost_minor` is spread over all items.
    """

    waits: pl.DataFrame
    spent: pl.DataFrame
    unserved: int = 0
    fixed_cost_minor: int = 0


def measure(network: Network, orders: pl.DataFrame, chosen: pl.DataFrame, events: pl.DataFrame) -> Measured:
    """Measure the orders that were given a service.

    Parameters
    ----------
    network : Network
        Names of places, services and lanes.
    orders : DataFrame
        Rows of the table `orders`.
    chosen : DataFrame
        The chosen row per order, as `choose` gives it or as the store keeps promises.
    events : DataFrame
        tenant, seller, order_id, item_id, code, time, facility.
    """
    waits = measure_waits(events, orders, chosen)
    unserved = orders.select(ORDER).unique().height - waits.height
    return Measured(with_names(network, waits, chosen), wait_by_step(events, waits), unserved)


@dataclass(frozen=True, slots=True)
class Change:
    """One overseas warehouse that was opened: where, for which countries, with how many articles and pieces."""

    warehouse: str
    city: str
    countries: tuple[str, ...]
    articles: int
    pieces: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IntakeSummary:
    """What was brought in: rows read, lines taken over, rows put aside by finding code, and days shifted."""

    rows: int
    accepted: int
    findings: pl.DataFrame
    shift_days: int = 0
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of the glance; money in minor units, waits in days, shares from 0 to 1."""

    orders: int
    items: int
    unserved: int
    wait_days: float
    wait_days_p50: float
    wait_days_p90: float
    undelivered: float
    cost_item_minor: float
    charge_item_minor: float
    promised: int
    stated: float
    kept: float
    kept_error: float


@dataclass(frozen=True, slots=True)
class State:
    """One way of serving the orders: its figures and frames."""

    figures: Figures
    steps: pl.DataFrame
    arrivals: pl.DataFrame
    regions: pl.DataFrame
    legs: pl.DataFrame
    lanes: pl.DataFrame
    lane_parts: pl.DataFrame
    services: pl.DataFrame
    kept_services: pl.DataFrame
    kept_lanes: pl.DataFrame
    kept_levels: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Difference:
    """After minus before, order by order: mean days saved with its standard error, and for whom."""

    days_saved: float
    error: float
    from_stock: float
    countries: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Report:
    """All that the report says, before it is written down."""

    name: str
    currency: str
    exponent: int
    first_day: date
    last_day: date
    about: tuple[str, ...]
    before: State
    assumed: pl.DataFrame
    assumed_share: float
    sources: pl.DataFrame
    origins: pl.DataFrame
    after: State | None = None
    change: Change | None = None
    difference: Difference | None = None
    intake: IntakeSummary | None = None
    learning: Learning | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """What the frames do not say: how the orders and events came about, what was brought in, changed and learned."""

    about: tuple[str, ...] = ()
    intake: IntakeSummary | None = None
    change: Change | None = None
    learning: Learning | None = None


def make_report(
    network: Network, before: Measured, after: Measured | None = None, context: Context | None = None
) -> Report:
    """Compute the report.

    Parameters
    ----------
    network : Network
        The network that served the orders (with the change, where there is one).
    before, after : Measured
        The same orders without and with the change.
    context : Context
        What else the reader should know.

    Raises
    ------
    MisuseError
        When no order was served: there is nothing to report.
    """
    waits = before.waits
    if waits.is_empty():
        raise MisuseError(
            "no order has a chosen service yet; run entrepost quote and entrepost simulate (or events) first"
        )
    context = context or Context()
    days = waits["placed_at"].dt.date()
    return Report(
        name=network.name,
        currency=network.currency,
        exponent=get_exponent(network.currency),
        first_day=days.min(),  # type: ignore[arg-type]
        last_day=days.max(),  # type: ignore[arg-type]
        about=context.about,
        before=make_state(network, before),
        assumed=rests_on(network, waits),
        assumed_share=assumed_share(network, waits),
        sources=_sources(network),
        origins=_origins(network, waits),
        after=make_state(network, after) if after else None,
        change=context.change,
        difference=_difference(network, before, after) if after else None,
        intake=context.intake,
        learning=context.learning,
    )


def make_state(network: Network, measured: Measured) -> State:
    """The figures and frames of one way of serving the orders."""
    waits, spent = measured.waits, measured.spent
    return State(
        figures=_figures(measured),
        steps=steps_of(waits, spent),
        arrivals=arrivals(waits),
        regions=by_region(network, waits),
        legs=by_leg(network, waits),
        lanes=by_lane(waits),
        lane_parts=lane_parts(waits, spent),
        services=by_service(waits),
        kept_services=kept_by(waits, "service_name"),
        kept_lanes=kept_by(waits, "lane"),
        kept_levels=kept_at_levels(waits),
    )


def _figures(measured: Measured) -> Figures:
    whole = summary(measured.waits).row(0, named=True)
    rates = kept_rate(measured.waits)
    rate: dict[str, Any] = (
        rates.row(0, named=True) if rates.height else {"orders": 0, "stated": 0.0, "kept": 0.0, "error": 0.0}
    )
    return Figures(
        orders=whole["orders"],
        items=whole["items"],
        unserved=measured.unserved,
        wait_days=whole["wait_hours_mean"] / DAY,
        wait_days_p50=whole["wait_hours_p50"] / DAY,
        wait_days_p90=whole["wait_hours_p90"] / DAY,
        undelivered=whole["undelivered"],
        cost_item_minor=whole["cost_item_minor"] + measured.fixed_cost_minor / whole["items"],
        charge_item_minor=whole["charge_item_minor"],
        promised=rate["orders"],
        stated=rate["stated"],
        kept=rate["kept"],
        kept_error=rate["error"] or 0.0,
    )


def _difference(network: Network, before: Measured, after: Measured) -> Difference:
    """The same orders side by side; as both were drawn with the same numbers, chance mostly cancels out."""
    columns = (*ORDER, "country", "service", "wait_hours")
    pairs = before.waits.select(columns).join(
        after.waits.select(*ORDER, service_after="service", wait_after="wait_hours"), on=ORDER
    )
    saved = (pl.col("wait_hours") - pl.col("wait_after")) / DAY
    stock = [code for code, service in network.service_by_code.items() if service.kind == "stock"]
    pairs = pairs.with_columns(saved=saved, from_stock=pl.col("service_after").is_in(stock))
    countries = (
        pairs.group_by("country")
        .agg(
            orders=pl.len(),
            from_stock=pl.col("from_stock").mean(),
            before=pl.col("wait_hours").mean() / DAY,
            after=pl.col("wait_after").mean() / DAY,
        )
        .filter(pl.col("from_stock") > 0)
        .sort("orders", descending=True)
    )
    mean, deviation, share = pairs.select(
        pl.col("saved").mean(), pl.col("saved").std().fill_null(0.0).alias("deviation"), pl.col("from_stock").mean()
    ).row(0)
    return Difference(mean or 0.0, (deviation or 0.0) / max(1, pairs.height) ** 0.5, share or 0.0, countries)


def _sources(network: Network) -> pl.DataFrame:
    rows = [(key, row.get("title", key)) for key, row in network.sources.items()]
    return pl.DataFrame(rows, schema={"source": pl.String, "title": pl.String}, orient="row")


def _origins(network: Network, waits: pl.DataFrame) -> pl.DataFrame:
    places = [
        network.get_facility(code) for code in waits["origin"].unique().sort() if code in network.facility_by_code
    ]
    return pl.DataFrame(
        [(place.city, place.latitude, place.longitude) for place in places],
        schema={"place": pl.String, "latitude": pl.Float64, "longitude": pl.Float64},
        orient="row",
    )
