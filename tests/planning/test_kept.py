"""The promise and the world as assumed are the same arithmetic: what is stated is kept."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from entrepost.base.clock import EPOCH
from entrepost.journey.promise import promise
from entrepost.network.network import Network
from entrepost.network.regime import Regime
from entrepost.planning.measure import kept_rate, measure_waits, summary
from entrepost.planning.simulate import simulate
from tests.planning.scenes import choose_all, many_orders, spread_out
from tests.worlds import hub, one_warehouse

REGIMES = (
    Regime("calm", 700_000, 1.0, 1.0, 1.0, 1.0, "assumed"),
    Regime("busy", 300_000, 1.5, 1.2, 1.8, 1.3, "assumed"),
)


def _promised(network: Network, orders: pl.DataFrame, service: str, origin: str) -> tuple[pl.DataFrame, float]:
    """The choice of one service for all, as promised, and the mean wait that is expected."""
    start = -(-pl.col("placed_at").dt.epoch("us") // 3_600_000_000)
    requests = orders.select(
        origin=pl.lit(origin),
        service=pl.lit(service),
        area=pl.lit("DE"),
        start_hour=start,
        items=pl.lit(1, pl.Int64),
        wanted_hour=pl.lit(None, pl.Int64),
    )
    found = promise(network, requests).with_columns(requests["start_hour"])
    due = pl.lit(EPOCH).cast(pl.Datetime("us", "UTC")) + pl.duration(
        hours=pl.col("start_hour") + pl.col("wait_hours_p90")
    )
    chosen = choose_all(orders, service).with_columns(
        found.select("route", arrive_by_p90=due, arrive_by_p90_probability="p90_probability")
    )
    return chosen, float(found["wait_hours_mean"].mean())  # type: ignore[arg-type]


@pytest.mark.parametrize(("service", "origin"), [("PACKET", "CNSHAA"), ("LOCAL", "DEFRAW")])
def test_promises_hold_in_the_world_as_assumed(service: str, origin: str) -> None:
    base = spread_out(hub()) if service == "PACKET" else spread_out(one_warehouse())
    network = replace(base, regimes=REGIMES)
    orders = many_orders(6000, hours_apart=2.75)
    chosen, expected = _promised(network, orders, service, origin)
    waits = measure_waits(simulate(network, orders, chosen, 3, "as_assumed"), orders, chosen)
    row = kept_rate(waits, ["service"]).row(0, named=True)
    assert row["orders"] == 6000
    assert abs(row["gap"]) < 0.003 + 4 * row["error"]
    error = float(waits["wait_hours"].std()) / 6000**0.5  # type: ignore[arg-type]
    assert abs(summary(waits)["wait_hours_mean"][0] - expected) < 6 * error
