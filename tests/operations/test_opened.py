"""An account whose plan is active is served from the plan's warehouses, and nobody else is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from entrepost.base.errors import MissingRowError, MisuseError
from entrepost.network.network import Network
from entrepost.operations.access import SCOPES, Caller
from entrepost.operations.active_rules import activate, deactivate, get_segments, keep_segments, pack
from entrepost.operations.opened import addition_of, find_opened, network_of, places_of, write_opened
from entrepost.operations.order_desk import promise_orders
from entrepost.operations.plan_runs import begin_plan
from entrepost.operations.store import Store
from entrepost.service.choice import choose
from tests.operations.office import HOLDER
from tests.operations.plans import QUICK, lamp_store, market
from tests.planning.markets import lamps
from tests.worlds import one_warehouse

RULES = '[[rule]]\nservices = ["LOCAL", "PACKET"]\n'


@dataclass(frozen=True)
class Kept:
    """A store, and the name of the segments of a plan that opens the warehouse with its two lamps."""

    store: Store
    plan: str


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    made = lamp_store(tmp_path)
    run = begin_plan(made, tmp_path / "uploads", HOLDER, QUICK, "Local")
    folder = tmp_path / "plan"
    folder.mkdir()
    (folder / "rules.toml").write_text(RULES)
    write_opened(market(), one_warehouse(), folder)
    assert keep_segments(made, run, folder) is not None
    yield Kept(made, run.run)
    made.close()


def chosen(network: Network) -> pl.DataFrame:
    return choose(network, lamps(1, 1))


def test_active_its_warehouses_serve_and_ended_the_servers_network_is_back(kept: Kept) -> None:
    assert network_of(kept.store, market(), "main").content_hash == market().content_hash
    activate(kept.store, market(), HOLDER, kept.plan)
    opened = network_of(kept.store, market(), "main")
    told = chosen(opened).row(0, named=True)
    assert (told["service"], told["route"], told["charge_minor"], told["wait_hours_mean"]) == (
        ("LOCAL", "DEFRAW", 2000, 10.0)
    )
    assert network_of(kept.store, market(), "main") is opened, "it is made once"
    assert network_of(kept.store, market(), "other").content_hash == market().content_hash
    deactivate(kept.store, HOLDER, kept.plan)
    assert chosen(network_of(kept.store, market(), "main"))["service"].to_list() == ["PACKET"]
    assert "DEFRAW" in places_of(kept.store, market(), "main").facility_by_code, "its mail is still known"


def test_the_rules_alone_open_nothing(kept: Kept) -> None:
    activate(kept.store, market(), HOLDER, kept.plan, opens=False)
    assert find_opened(kept.store, "main") == ""
    assert chosen(network_of(kept.store, market(), "main"))["service"].to_list() == ["PACKET"]


def test_promises_take_from_shelves_that_are_full_when_the_plan_is_activated(kept: Kept) -> None:
    activate(kept.store, market(), HOLDER, kept.plan)
    promise_orders(kept.store, market())
    first = kept.store.list_promises("main")
    assert first["service"].value_counts(sort=True).rows() == [("PACKET", 54), ("LOCAL", 2)]
    numbered = kept.store.list_items("main").filter(pl.col("service") == "LOCAL")["item_id"].to_list()
    assert [each[-2:] for each in numbered] == ["DE", "DE"], "the warehouse's country numbers them"


def test_warehouses_that_do_not_fit_the_network_of_today_are_not_opened(kept: Kept) -> None:
    without = market().only(["PACKET"])
    with pytest.raises(MisuseError, match="LOCAL"):
        activate(kept.store, without, HOLDER, kept.plan)
    assert find_opened(kept.store, "main") == ""


def test_they_lie_beside_the_rules_and_go_with_their_export(kept: Kept) -> None:
    segments = get_segments(kept.store, "main", kept.plan)
    assert addition_of(segments).opened == ("DEFRAW",)
    assert b"opened/warehouses.csv" in pack(segments)


def test_another_account_cannot_open_them(kept: Kept) -> None:
    other = Caller("other", "bo", frozenset(SCOPES))
    with pytest.raises(MissingRowError, match="no segments"):
        activate(kept.store, market(), other, kept.plan)
