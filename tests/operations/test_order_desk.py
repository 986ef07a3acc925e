"""The order desk promises a service to every order, numbers its items, and goes on where it was stopped."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from entrepost.codes import s10
from entrepost.network.network import Network
from entrepost.operations import order_desk
from entrepost.operations.intake import intake_orders
from entrepost.operations.order_desk import Promised, promise_orders
from entrepost.operations.store import Store
from tests.operations.shop import store_in
from tests.worlds import four_orders, one_warehouse, two_offices, two_services


@pytest.fixture(autouse=True)
def _no_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENTREPOST_CACHE", "off")


def four_orders_in(folder: Path, country: str = "DE") -> Store:
    store = store_in(folder)
    four_orders().with_columns(country=pl.lit(country)).write_parquet(folder / "orders.parquet")
    outcome = intake_orders(store, folder / "orders.parquet", origins=("CNSHAA",))
    assert (outcome.accepted, outcome.orders, outcome.findings) == (5, 4, {})
    return store


def test_every_order_gets_a_promise_and_a_numbered_item(tmp_path: Path) -> None:
    store = four_orders_in(tmp_path)
    assert promise_orders(store, two_offices()) == Promised(orders=4, promised=4, unserved=0, items=4)
    promises = store.list_promises().sort("order_id")
    assert promises.get_column("wait_hours_p90").to_list() == [82, 79, 174, 106]
    assert promises.get_column("charge_minor").to_list()[:3] == [6100, 6100, 6100]
    assert set(promises.get_column("route")) == {"CNSHAA>DEFRAA"}
    numbers = [s10.parse(number) for number in store.list_items().get_column("item_id")]
    assert [(number.indicator, number.serial, number.issuer) for number in numbers] == [
        ("LX", serial, "CN") for serial in range(4)
    ]


def test_a_second_call_finds_nothing_to_do(tmp_path: Path) -> None:
    store = four_orders_in(tmp_path)
    promise_orders(store, two_offices())
    assert promise_orders(store, two_offices()) == Promised()
    assert store.list_items().height == 4


def test_stopped_between_chunks_it_goes_on_with_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(order_desk, "CHUNK_ORDERS", 1)
    store = four_orders_in(tmp_path)

    def stop(done: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        promise_orders(store, two_services(), progress=stop)
    assert store.list_promises().height == 2
    assert promise_orders(store, two_services()).promised == 2
    assert store.list_items().get_column("item_id").n_unique() == 4


def test_an_order_that_no_service_carries_is_a_finding_and_is_asked_again(tmp_path: Path) -> None:
    store = four_orders_in(tmp_path, country="BR")
    assert promise_orders(store, two_offices()) == Promised(orders=4, promised=0, unserved=4)
    findings = store.list_findings()
    assert findings.select("code", "subject").row(0) == ("order_unserved", "shop/o1")
    assert store.list_orders(unpromised=True).get_column("order_id").n_unique() == 4


def test_stock_counts_down_over_chunks_and_calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(order_desk, "CHUNK_ORDERS", 1)
    store = four_orders_in(tmp_path)
    world = one_warehouse()
    promise_orders(store, world)
    services = dict(store.list_promises().select("order_id", "service").iter_rows())
    assert services == {"o1": "LOCAL", "o2": "LOCAL", "o3": "PACKET", "o4": "PACKET"}
    issuers = {number[-2:] for number in store.list_items().filter(pl.col("service") == "LOCAL")["item_id"]}
    assert issuers == {"DE"}


def test_what_earlier_promises_took_is_gone_from_stock(tmp_path: Path) -> None:
    store = four_orders_in(tmp_path)
    world = one_warehouse()
    promise_orders(store, world)
    assert [row.quantity for row in _left(store, world).stock] == [0]
    more = replace(world, stock=tuple(replace(row, quantity=5) for row in world.stock))
    assert [row.quantity for row in _left(store, more).stock] == [3]


def _left(store: Store, network: Network) -> Network:
    return order_desk.stock_left(store, network)
