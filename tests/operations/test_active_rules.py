"""Quotes of an account obey the segments that somebody activated, and nobody else's do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from entrepost.base.errors import MissingRowError, MisuseError
from entrepost.operations.access import SCOPES, Caller
from entrepost.operations.active_rules import (
    activate,
    by_account,
    deactivate,
    find_active,
    keep_segments,
    list_segments,
    policy_of,
)
from entrepost.operations.audit import list_entries
from entrepost.operations.desk_records import Segments
from entrepost.operations.order_desk import promise_orders
from entrepost.operations.plan_runs import begin_plan
from entrepost.operations.store import Store
from entrepost.service.choice import choose
from tests.operations.office import HOLDER
from tests.operations.plans import QUICK, lamp_store, market, two_ways
from tests.operations.shop import NOW, store_in
from tests.planning.markets import lamps

RULES = """
[[facts]]
file = "facts-seller-sku.csv"
by = ["seller", "sku"]
otherwise = { items_year = 0.0 }

[[rule]]
name = "What sells"
when = { items_year_over = 10.0 }
services = ["SLOW", "PACKET"]
"""
FACTS = '{"facts-seller-sku.csv": "seller,sku,items_year\\nshop,LAMP,100.0\\n"}'


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store whose account has segments that prefer the slow service for what sells."""
    made = lamp_store(tmp_path)
    made.records.put(Segments("main", "s1", "r1", "Slow", RULES, FACTS, "anna", NOW))
    yield made
    made.close()


def services(store: Store, tenant: str = "main") -> list[str]:
    lines = lamps(1, 2).with_columns(tenant=pl.lit(tenant))
    (part,) = by_account(store, lines)
    return choose(two_ways(), part.lines, part.policy)["service"].to_list()


def test_activated_they_decide_and_ended_no_more(store: Store) -> None:
    assert (policy_of(store, "main"), services(store)) == (None, ["PACKET", "PACKET"])
    activate(store, two_ways(), HOLDER, "s1")
    assert services(store) == ["SLOW", "SLOW"]
    assert services(store, "other") == ["PACKET", "PACKET"]
    active = find_active(store, "main")
    assert active is not None
    assert (active.segments, active.changed_by) == ("s1", "terminal")
    deactivate(store, HOLDER, "s1")
    assert (find_active(store, "main"), services(store)) == (None, ["PACKET", "PACKET"])
    assert {each.action for each in list_entries(store, "main")} >= {"segments activated: Slow", "segments ended"}


def test_orders_of_several_accounts_are_each_decided_by_their_own(store: Store) -> None:
    activate(store, two_ways(), HOLDER, "s1")
    lines = pl.concat([lamps(1, 1).with_columns(tenant=pl.lit(tenant)) for tenant in ("other", "main")])
    parts = list(by_account(store, lines))
    assert [(part.tenant, part.lines["tenant"].to_list(), part.policy is None) for part in parts] == [
        ("", ["other"], True),
        ("main", ["main"], False),
    ]
    chosen = [choose(two_ways(), part.lines, part.policy)["service"].to_list() for part in parts]
    assert chosen == [["PACKET"], ["SLOW"]]


def test_promises_obey_them(store: Store) -> None:
    activate(store, two_ways(), HOLDER, "s1")
    promise_orders(store, two_ways())
    promises = store.list_promises("main")
    assert set(promises["service"]) == {"SLOW"}
    assert promises["explanation"][0].startswith("By the rule 'What sells': ")


def test_rules_for_services_that_are_not_there_are_not_activated(store: Store) -> None:
    with pytest.raises(MisuseError, match="the service SLOW"):
        activate(store, market(), HOLDER, "s1")
    with pytest.raises(MisuseError, match="not active"):
        deactivate(store, HOLDER, "s1")
    with pytest.raises(MissingRowError):
        activate(store, two_ways(), Caller("other", "bo", frozenset(SCOPES)), "s1")


def test_a_plan_without_rules_keeps_none_and_one_with_rules_keeps_its_files(tmp_path: Path) -> None:
    store = lamp_store(tmp_path, store_in(tmp_path))
    run = begin_plan(store, tmp_path, HOLDER, QUICK, "Slow")
    assert keep_segments(store, run, tmp_path) is None
    (tmp_path / "rules.toml").write_text(RULES)
    (tmp_path / "facts-seller-sku.csv").write_text("seller,sku,items_year\nshop,LAMP,100.0\n")
    kept = keep_segments(store, run, tmp_path)
    assert kept is not None
    assert (kept.segments, kept.facts, kept.title) == (run.run, FACTS, "Slow")
    assert list_segments(store, "main") == [kept]
