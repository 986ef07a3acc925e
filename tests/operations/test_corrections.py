"""A network is measured by what became of the orders that a store promised."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from entrepost.network.correction import Correction
from entrepost.network.feed import write_network
from entrepost.network.load import load_network
from entrepost.network.network import Network
from entrepost.operations.carry import carry
from entrepost.operations.corrections import learn_corrections, restate, with_corrections
from entrepost.operations.events import record_events
from entrepost.operations.intake import intake_orders
from entrepost.operations.order_desk import promise_orders
from entrepost.operations.store import Store
from entrepost.planning.simulation.world import AS_ASSUMED
from entrepost.service.quote import quote
from entrepost.wiring import open_store
from tests.worlds import MONDAY, four_orders, two_offices

AS_OF = datetime(2026, 12, 31, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store whose 400 orders of eight weeks were promised by a network in which deliveries take 12 hours."""
    first = four_orders().head(1)
    orders = pl.concat([first] * 400).with_columns(
        order_id=pl.int_range(400).cast(pl.String), placed_at=MONDAY + pl.duration(hours=pl.int_range(400) * 3)
    )
    orders.write_csv(tmp_path / "orders.csv")
    opened = open_store(tmp_path / "promised.db")
    intake_orders(opened, tmp_path / "orders.csv")
    promise_orders(opened, two_offices())
    yield opened
    opened.close()


def slower(network: Network) -> Network:
    """Deliveries take a day more than they did."""
    rows = [replace(row, hours_p50=row.hours_p50 + 24, hours_p90=row.hours_p90 + 24) for row in network.delivery]
    return replace(network, delivery=tuple(replace(row, hours_min=row.hours_min + 24) for row in rows))


def test_a_network_that_does_not_know_of_slower_deliveries_is_corrected(store: Store, tmp_path: Path) -> None:
    record_events(store, carry(store, slower(two_offices()), 1, AS_ASSUMED))
    measured = learn_corrections(store, two_offices(), AS_OF)
    factors = {row.figure: row.factor for row in measured.corrections}
    assert factors["p90"] > 1.1
    assert factors["p50"] > 1.1
    write_network(with_corrections(two_offices(), measured, AS_OF), tmp_path / "learned")
    assert load_network(tmp_path / "learned").corrections == measured.corrections


def test_a_network_that_knows_is_not_corrected_even_where_others_gave_the_promise(store: Store) -> None:
    record_events(store, carry(store, slower(two_offices()), 1, AS_ASSUMED))
    known = replace(slower(two_offices()), corrections=(Correction("*", "*", "*", "p90", 3.0, 1, "assumed"),))
    for row in learn_corrections(store, known, AS_OF).corrections:
        assert row.factor == pytest.approx(1.0, abs=0.05), row


def test_without_events_nothing_was_kept_and_before_any_date_has_passed_nothing_is_known(store: Store) -> None:
    assert max(row.factor for row in learn_corrections(store, two_offices(), AS_OF).corrections) > 3
    assert learn_corrections(store, two_offices(), MONDAY + timedelta(days=2)).corrections == ()


def test_chosen_services_are_stated_anew_and_others_are_left_out(store: Store) -> None:
    orders, promises = store.list_orders(), store.list_promises()
    found = restate(two_offices(), orders, promises)
    assert found.equals(quote(two_offices(), orders).filter("eligible"))
    gone = promises.with_columns(service=pl.lit("GONE"))
    assert restate(two_offices(), orders, gone).is_empty()
