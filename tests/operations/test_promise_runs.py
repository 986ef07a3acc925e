"""Promises are given chunk by chunk: each order's once, gone on with after a stop, and with why where there is none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from entrepost.operations import order_desk, promise_runs
from entrepost.operations.active_rules import activate, keep_segments
from entrepost.operations.batches import StoppedError, claim_batch, findings_of
from entrepost.operations.order_desk import promise_orders, stock_left
from entrepost.operations.plan_runs import begin_plan
from entrepost.operations.promise_runs import give_up_promises, run_promises
from entrepost.operations.promising import ask_promises, set_promising
from entrepost.operations.records import PROMISES, Batch
from entrepost.operations.store import Store
from tests.operations.office import HOLDER
from tests.operations.plans import QUICK
from tests.operations.shop import lamp, store_in, take, write_csv
from tests.worlds import one_warehouse, two_services

LEASE = timedelta(0)


@pytest.fixture(autouse=True)
def _no_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENTREPOST_CACHE", "off")


def lamps_in(folder: Path, *countries: str) -> Store:
    store = store_in(folder)
    rows = [lamp(order_id=f"o{number}", country=country) for number, country in enumerate(countries)]
    take(store, write_csv(folder, *rows))
    return store


def claim(store: Store) -> Batch:
    found = claim_batch(store, LEASE, (PROMISES,))
    assert found is not None
    return found


def services(store: Store) -> list[str]:
    return store.list_promises().sort("order_id")["service"].to_list()


def test_orders_are_promised_from_shelves_and_by_mail_and_the_others_say_why_not(tmp_path: Path) -> None:
    store = lamps_in(tmp_path, "DE", "DE", "DE", "BR")
    ask_promises(store, HOLDER)
    done = run_promises(store, claim(store), one_warehouse())
    assert (done.state, done.position, done.accepted, done.rejected, done.duplicates) == ("done", 4, 3, 1, 0)
    assert services(store) == ["LOCAL", "LOCAL", "PACKET"]
    assert store.list_items().height == 3
    finding = store.look.page_findings(findings_of(store, done)).row(0, named=True)
    assert (finding["subject"], finding["code"]) == ("shop/o3", "order_unserved")
    assert "Brazil" in finding["message"] or "BR" in finding["message"]
    assert store.desk.count_waiting("main", done.batch) == 0


def test_stopped_in_the_middle_they_go_on_and_what_was_taken_from_shelves_counts_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(promise_runs, "CHUNK_ORDERS", 1)
    store = lamps_in(tmp_path, "DE", "DE", "DE", "DE")
    ask_promises(store, HOLDER)
    times: list[int] = []

    def stop() -> None:
        times.append(1)
        if len(times) == 3:
            raise StoppedError

    with pytest.raises(StoppedError):
        run_promises(store, claim(store), one_warehouse(), stop)
    assert services(store) == ["LOCAL", "LOCAL"]
    done = run_promises(store, claim(store), one_warehouse())
    assert (done.accepted, services(store)) == (4, ["LOCAL", "LOCAL", "PACKET", "PACKET"])
    assert store.desk.list_taken("main")["quantity"].to_list() == [2]


def test_a_kill_between_promise_and_count_undoes_both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = lamps_in(tmp_path, "DE", "DE")
    ask_promises(store, HOLDER)

    def killed(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(promise_runs, "_count", killed)
        claimed = claim(store)
        with pytest.raises(KeyboardInterrupt):
            run_promises(store, claimed, one_warehouse())
    assert (services(store), store.list_items().height, store.desk.list_taken().height) == ([], 0, 0)
    assert run_promises(store, claim(store), one_warehouse()).accepted == 2


def test_two_at_once_promise_an_order_once_and_take_from_a_shelf_what_lies_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = lamps_in(tmp_path, "DE", "DE", "DE")
    ask_promises(store, HOLDER)
    _meanwhile(monkeypatch, lambda: _promise_first(store))
    done = run_promises(store, claim(store), one_warehouse())
    assert (done.position, done.accepted, done.duplicates) == (3, 2, 1)
    assert services(store) == ["LOCAL", "LOCAL", "PACKET"], "one lamp was left"
    assert [row.quantity for row in stock_left(store, one_warehouse()).stock] == [0]


def _meanwhile(monkeypatch: pytest.MonkeyPatch, other: Callable[[], object]) -> None:
    """Let another worker do something between the quotes and the transaction of the first."""
    real = order_desk.quote

    def quote(*asked: Any, **more: Any) -> pl.DataFrame:
        monkeypatch.setattr(order_desk, "quote", real)
        found = real(*asked, **more)
        other()
        return found

    monkeypatch.setattr(order_desk, "quote", quote)


def _promise_first(store: Store) -> None:
    lines = store.list_orders("main", limit=1)
    order_desk.OrderDesk(store, one_warehouse(), "main").promise(lines, None)


def test_the_accounts_policy_chooses_and_an_active_plans_rules_before_it(tmp_path: Path) -> None:
    store = lamps_in(tmp_path, "DE")
    set_promising(store, HOLDER, "fastest", at_once=True)
    ask_promises(store, HOLDER)
    run_promises(store, claim(store), two_services())
    run = begin_plan(store, tmp_path / "uploads", HOLDER, QUICK, "Quick")
    (tmp_path / "rules.toml").write_text('[[rule]]\nservices = ["SLOW"]\n')
    keep_segments(store, run, tmp_path)
    activate(store, two_services(), HOLDER, run.run)
    take(store, write_csv(tmp_path, lamp(order_id="o9")))
    run_promises(store, claim(store), two_services())
    assert services(store) == ["FAST", "SLOW"]


def test_what_comes_while_they_are_given_is_promised_by_the_same_batch(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    set_promising(store, HOLDER, "balanced", at_once=True)
    take(store, write_csv(tmp_path, lamp()))
    more = iter([lambda: take(store, write_csv(tmp_path, lamp(order_id="o2")))])
    done = run_promises(store, claim(store), two_services(), lambda: next(more, lambda: None)() and None)
    assert (done.state, done.accepted) == ("done", 2)
    take(store, write_csv(tmp_path, lamp(order_id="o3")))
    again = run_promises(store, claim(store), two_services())
    assert (again.batch, again.accepted) == (done.batch, 3)


def test_promises_that_fail_leave_nothing_waiting_and_can_be_asked_for_again(tmp_path: Path) -> None:
    store = lamps_in(tmp_path, "DE")
    ask_promises(store, HOLDER)
    claimed = claim(store)
    assert give_up_promises(store, claimed).state == "failed"
    assert store.desk.count_waiting("main", claimed.batch) == 0
    assert ask_promises(store, HOLDER).batch != claimed.batch
    assert promise_orders(store, replace(two_services(), name="by hand")).promised == 1
    assert run_promises(store, claim(store), two_services()).duplicates == 1
