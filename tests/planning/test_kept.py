"""The promise held against a world that is as it assumes: what is stated is kept, and nothing more."""

import polars as pl
import pytest

import entrepost
from entrepost.planning.measure import kept_rate, measure_waits

ORDERS = 60_000


@pytest.mark.campaign
def test_in_the_world_as_assumed_promises_are_kept_as_stated(campaign_scale: float) -> None:
    network = entrepost.sample_network()
    orders = entrepost.sample_orders(network, round(ORDERS * campaign_scale), seed=7)
    chosen = entrepost.choose(network, orders)
    events = entrepost.simulate(network, orders, chosen, seed=11, world="as_assumed")
    waits = measure_waits(events, orders, chosen)

    whole = kept_rate(waits).row(0, named=True)
    assert abs(whole["gap"]) <= 0.015

    by_service = kept_rate(waits, by=["service"]).filter(pl.col("orders") >= 30)
    for row in by_service.iter_rows(named=True):
        assert abs(row["gap"]) <= 0.02 + 3 * row["error"], row["service"]
