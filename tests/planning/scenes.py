"""What the tests of planning share: a choice without a quote, and the hours of scans."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import polars as pl

from entrepost.network.network import Network
from entrepost.planning.simulation.world import AS_ASSUMED, World
from entrepost.tables.items import ORDER
from entrepost.tables.text import fill
from tests.worlds import MONDAY, four_orders

DIRECT = "CNSHAA>DEFRAA"
CAPPED = replace(AS_ASSUMED, capacities=True)
"""As assumed, but departures and facilities are limited."""


def choose_all(orders: pl.DataFrame, service: str = "PACKET", route: str = DIRECT) -> pl.DataFrame:
    """Send every order by one service on one route, promised for Thursday 10:00 with 95 %."""
    return (
        orders.select(ORDER)
        .unique(maintain_order=True)
        .with_columns(
            service=pl.lit(service, pl.String),
            route=pl.lit(route, pl.String),
            area=pl.lit("DE"),
            items=pl.lit(1, pl.Int64),
            charge_minor=pl.lit(6100, pl.Int64),
            cost_minor=pl.lit(2000, pl.Int64),
            currency=pl.lit("CNY"),
            arrive_by_p90=pl.lit(datetime(2026, 1, 8, 10, tzinfo=UTC)).cast(pl.Datetime("us", "UTC")),
            arrive_by_p90_probability=pl.lit(0.95),
        )
    )


def many_orders(n: int, hours_apart: float = 0.0, weight_g: int = 400) -> pl.DataFrame:
    """Orders x0, x1, ... of one lamp each, the first on Monday at midnight."""
    placed = pl.lit(MONDAY).cast(pl.Datetime("us", "UTC")) + pl.duration(
        seconds=pl.int_range(n) * int(hours_apart * 3600)
    )
    return pl.concat([four_orders().head(1)] * n).with_columns(
        order_id=fill("x{}", pl.int_range(n)), placed_at=placed, weight_g=pl.lit(weight_g, pl.Int64)
    )


def codes_of(events: pl.DataFrame, order_id: str) -> list[str]:
    """The codes of an order's scans in order."""
    return events.filter(pl.col("order_id") == order_id).get_column("code").to_list()


def hours_after_monday(events: pl.DataFrame, code: str) -> dict[str, int]:
    """For each order the hour, counted from Monday 00:00, by which it had its first scan of a code."""
    passed = (pl.col("time") - MONDAY).dt.total_microseconds()
    rows = events.filter(pl.col("code") == code).group_by("order_id").agg(hour=(-(-passed // 3_600_000_000)).min())
    return dict(rows.iter_rows())


def change_first(network: Network, table: str, **cells: object) -> Network:
    """The network with cells of the first row of a table changed."""
    rows = getattr(network, table)
    changes: dict[str, tuple[object, ...]] = {table: (replace(rows[0], **cells), *rows[1:])}
    return replace(network, **changes)  # type: ignore[arg-type]


def all_rows(network: Network, table: str, **cells: object) -> Network:
    """The network with cells of every row of a table changed."""
    changes: dict[str, tuple[object, ...]] = {table: tuple(replace(row, **cells) for row in getattr(network, table))}
    return replace(network, **changes)  # type: ignore[arg-type]


def world_of(**fields: object) -> World:
    """The world as assumed, with some fields changed."""
    return replace(AS_ASSUMED, **fields)  # type: ignore[arg-type]


def spread_out(network: Network) -> Network:
    """The network with durations that differ from item to item, missed departures and losses."""
    rows = {
        "processing": {"hours_min": 1.0, "hours_p50": 5.0, "hours_p90": 14.0, "open_hours": "Mo-Fr 08-18, Sa 08-12"},
        "departures": {
            "hours_min": 6.0,
            "hours_p90": 20.0,
            "missed_1_per_million": 150_000,
            "missed_2_per_million": 50_000,
        },
        "clearance": {"hours_min": 0.0, "hours_p50": 1.5, "hours_p90": 9.0, "open_hours": "Mo-Fr 06-22"},
        "delivery": {"hours_min": 3.0, "hours_p90": 30.0, "open_hours": "Mo-Sa 09-17", "lost_per_million": 20_000},
    }
    for table, cells in rows.items():
        network = all_rows(network, table, **cells)
    return network
