"""The demonstration learns from its first weeks and is better for it, on a world that it does not see."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace

import polars as pl

from entrepost.network.network import Network
from entrepost.operations.demo_learned import KNOWN_WEEKS, MOST_ORDERS, _of_much_used, _some, learn_midway
from entrepost.planning.simulate import simulate
from entrepost.service.choice import choose
from tests.journey.histories import uncertain_offices
from tests.planning.scenes import many_orders
from tests.worlds import MONDAY

ORDERS = many_orders(1500, 24 * 56 / 1500)


def stage(title: str) -> AbstractContextManager[None]:
    assert title
    return nullcontext()


def slower(network: Network) -> Network:
    """All work and every last mile take 1.4 times as long."""
    tables = {
        table: tuple(
            replace(row, **{name: getattr(row, name) * 1.4 for name in ("hours_min", "hours_p50", "hours_p90")})
            for row in getattr(network, table)
        )
        for table in ("processing", "delivery")
    }
    return replace(network, **tables)  # type: ignore[arg-type]


def test_learning_brings_the_promises_of_later_weeks_nearer_to_what_they_say() -> None:
    network = uncertain_offices()
    chosen = choose(network, ORDERS)
    events = simulate(slower(network), ORDERS, chosen, 5, "as_assumed")
    found = learn_midway(network, ORDERS, chosen, events, stage)
    assert found is not None
    named = found.levels.filter(pl.col("level") == 0.9)
    gaps = {state: abs(kept - stated) for state, kept, stated in named.select("state", "kept", "stated").iter_rows()}
    assert gaps["before"] > 0.05, "a world that is as believed proves nothing"
    assert gaps["after"] < gaps["before"] / 2
    assert found.later == ORDERS.filter(pl.col("placed_at") >= MONDAY + pl.duration(weeks=KNOWN_WEEKS)).height
    assert found.steps > 0
    assert found.corrections > 0


def test_without_later_orders_there_is_nothing_to_compare() -> None:
    network = uncertain_offices()
    early = ORDERS.head(50)
    chosen = choose(network, early)
    assert learn_midway(network, early, chosen, simulate(network, early, chosen, 5), stage) is None


def test_of_many_orders_some_are_drawn_evenly() -> None:
    orders = many_orders(MOST_ORDERS + 10, 0.01)
    promises = orders.select("tenant", "seller", "order_id")
    some = _some(orders, promises)
    assert some["order_id"].to_list()[:3] == ["x0", "x2", "x4"]
    assert some.height == (MOST_ORDERS + 10) // 2


def test_services_that_hardly_anybody_chose_are_not_compared() -> None:
    promises = pl.DataFrame({"service": ["PACKET"] * 99 + ["EMS"]})
    assert _of_much_used(promises)["service"].unique().to_list() == ["PACKET"]
