from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import polars as pl

from entrepost.network.network import Network
from entrepost.operations.demo import choose_again, run_demo
from entrepost.planning.first_stock import choose_first_stock
from entrepost.planning.scenario import open_warehouse
from entrepost.service.choice import choose
from entrepost.tables.sample_orders import sample_orders
from entrepost.wiring import open_store
from tests.worlds import one_warehouse

STAGES: list[str] = []


@contextmanager
def stage(title: str) -> Iterator[None]:
    STAGES.append(title)
    yield


def closed() -> Network:
    """`one_warehouse` with the warehouse closed and nothing in it."""
    network = one_warehouse()
    return replace(network, warehouses=tuple(replace(row, open=False) for row in network.warehouses), stock=())


def test_the_main_job_runs_from_orders_to_report(tmp_path: Path) -> None:
    network = closed()
    sample_orders(network, 200, seed=1).write_csv(tmp_path / "orders.csv")
    store = open_store(tmp_path / "demo.db")
    done = run_demo(store, network, tmp_path / "orders.csv", 1, stage)
    again = run_demo(store, network, tmp_path / "orders.csv", 1, stage)
    assert (done.intake.orders, done.promised.promised) == (200, 200)
    assert again.promised.orders == 0
    assert again.report.before.figures == done.report.before.figures
    assert done.report.after is not None
    assert done.report.after.figures.wait_days < done.report.before.figures.wait_days
    assert done.report.after.figures.orders == 200
    assert STAGES[0] == "orders brought in"
    store.close()


def test_only_orders_that_stock_can_serve_change_and_none_before_it_lies_there() -> None:
    network = closed()
    orders = sample_orders(network, 200, seed=1)
    first = choose_first_stock(network, orders)
    before = choose(network, orders)
    after = choose_again(network, open_warehouse(network, first.warehouse, first.stock), first, orders, before)
    both = after.join(before, on=["tenant", "seller", "order_id"], suffix="_before")
    changed = both.filter(pl.col("service") != pl.col("service_before"))
    assert after.height == before.height
    assert changed["service"].unique().to_list() == ["LOCAL"]
    placed = orders.join(changed.select("seller", "order_id"), on=["seller", "order_id"])["placed_at"]
    assert placed.min() >= first.serves_from  # type: ignore[operator]
