"""What is computed ahead for an hour is what is promised when it is asked."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from entrepost.base.clock import day_hour
from entrepost.journey.hourly import compile_hour
from entrepost.journey.promise import list_routes, promise_on
from entrepost.network.network import Network
from tests.worlds import one_warehouse, two_offices

NAMES = ("mean", "p10", "p50", "p90", "p95")


@pytest.mark.parametrize("world", [two_offices, one_warehouse])
def test_every_route_promises_what_it_does_when_asked(world: Any) -> None:
    network = world()
    for hour in (day_hour(date(2026, 1, 5)) + 10, day_hour(date(2026, 3, 27)) + 23):
        book = compile_hour(network, hour)
        for items, wanted in ((1, None), (1, hour + 200), (3, None), (2, hour + 90), (1, hour - 1)):
            asked = _asked(network, hour, items, wanted)
            told = [tuple(book.promise(number, items, wanted)) for number in range(asked.height)]
            assert told == _promised(network, asked)


def _asked(network: Network, hour: int, items: int, wanted: int | None) -> pl.DataFrame:
    numbers = list_routes(network).select("number")
    return numbers.with_columns(
        start_hour=pl.lit(hour, pl.Int64), items=pl.lit(items), wanted_hour=pl.lit(wanted, pl.Int64)
    )


def _promised(network: Network, asked: pl.DataFrame) -> list[tuple[Any, ...]]:
    """One by one, as a single order is asked for."""
    told = [f"wait_hours_{name}" for name in NAMES]
    rows = [
        promise_on(network, asked[row]).select(*told, "p90_probability", "wanted_probability")
        for row in range(asked.height)
    ]
    return pl.concat(rows).rows()
