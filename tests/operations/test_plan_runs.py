"""Plans that are made beside everything else: begun, claimed once, told, stopped, begun again."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from entrepost.base.errors import ExhaustedError, MissingRowError, MisuseError, NotAllowedError
from entrepost.operations import plan_runs
from entrepost.operations.access import ROLES, SCOPES, Caller
from entrepost.operations.audit import list_entries
from entrepost.operations.plan_asked import PlanAsked
from entrepost.operations.plan_course import ORDERS, Told
from entrepost.operations.plan_runs import (
    PLAN,
    SCENARIO,
    StoppedError,
    begin_plan,
    begin_scenarios,
    cancel_run,
    claim_run,
    course_of,
    finish_run,
    folder_of,
    get_run,
    keep_orders,
    list_runs,
    remove_run,
    tell_run,
)
from tests.operations.office import HOLDER, wait
from tests.operations.plans import QUICK, lamp_store
from tests.operations.shop import store_in
from tests.planning.markets import lamps

LEASE = timedelta(seconds=30)


def test_a_plan_is_claimed_once_told_and_done(tmp_path: Path) -> None:
    store = lamp_store(tmp_path)
    run = begin_plan(store, tmp_path, HOLDER, QUICK)
    assert run.title == "Plan from 56 orders"
    claimed = claim_run(store, LEASE)
    assert claimed is not None
    assert (claimed.run, claim_run(store, LEASE)) == (run.run, None)
    wait(store, seconds=12)
    told = tell_run(store, claimed, Told("plan", 0.02, 3), LEASE)
    assert (told.stage, told.gap_ppm, told.warehouses, told.seconds) == ("plan", 20_000, 3, 12)
    done = finish_run(store, claimed, lambda: "")
    assert (done.state, done.gap_ppm, done.stage) == ("done", 20_000, "")
    assert get_run(store, "main", run.run, PLAN) == done
    assert (folder_of(tmp_path, run) / ORDERS).is_file()


def test_a_plan_whose_maker_died_is_begun_again(tmp_path: Path) -> None:
    store = lamp_store(tmp_path)
    begin_plan(store, tmp_path, HOLDER, QUICK)
    first = claim_run(store, LEASE)
    wait(store, seconds=31)
    again = claim_run(store, LEASE)
    assert first is not None
    assert again is not None
    assert again.run == first.run


def test_one_that_waits_is_cancelled_at_once_and_one_that_is_made_is_asked_to_end(tmp_path: Path) -> None:
    store = lamp_store(tmp_path)
    waiting = begin_plan(store, tmp_path, HOLDER, QUICK)
    assert cancel_run(store, HOLDER, waiting.run, PLAN).state == "cancelled"
    begin_plan(store, tmp_path, HOLDER, QUICK)
    claimed = claim_run(store, LEASE)
    assert claimed is not None
    course = course_of(store, claimed, LEASE, lambda: None)
    course.stage("plan")
    assert not course.is_over()
    assert cancel_run(store, HOLDER, claimed.run, PLAN).state == "running"
    course.stage("plan")
    assert course.is_over()
    assert finish_run(store, claimed, lambda: "").state == "cancelled"
    assert cancel_run(store, HOLDER, claimed.run, PLAN).state == "cancelled"
    assert [each.action for each in list_entries(store, "main")].count("plan cancelled") == 2


def test_what_fails_says_why_and_a_stop_leaves_it_for_later(tmp_path: Path) -> None:
    store = lamp_store(tmp_path)
    begin_plan(store, tmp_path, HOLDER, QUICK)
    claimed = claim_run(store, timedelta(0))
    assert claimed is not None

    def stop() -> str:
        raise StoppedError

    def fail() -> str:
        raise MisuseError("no rate of exchange")

    with pytest.raises(StoppedError):
        finish_run(store, claimed, stop)
    assert get_run(store, "main", claimed.run, PLAN).state == "running"
    assert finish_run(store, claimed, fail).message == "no rate of exchange"
    assert finish_run(store, claimed, lambda: "cannot be reached").state == "failed"


def test_a_plan_may_be_made_from_orders_that_were_sent_for_it(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    with pytest.raises(MisuseError, match="no orders to plan from"):
        begin_plan(store, tmp_path, HOLDER, QUICK)
    file = keep_orders(tmp_path, "main", lamps(1))
    assert begin_plan(store, tmp_path, HOLDER, PlanAsked(file=file)).title == "Plan from 28 orders"
    other = Caller("other", "bo", frozenset(SCOPES))
    with pytest.raises(MisuseError, match="sent no orders"):
        begin_plan(store, tmp_path, other, PlanAsked(file=file))
    with pytest.raises(MisuseError, match="sent no orders"):
        begin_plan(store, tmp_path, HOLDER, PlanAsked(file="../../shop"))
    with pytest.raises(NotAllowedError):
        begin_plan(store, tmp_path, Caller("main", "bo", ROLES["viewer"] - {"orders:read"}), QUICK)


def test_scenarios_need_a_plan_that_is_done(tmp_path: Path) -> None:
    store = lamp_store(tmp_path)
    run = begin_plan(store, tmp_path, HOLDER, QUICK)
    with pytest.raises(MisuseError, match="need one that is done"):
        begin_scenarios(store, tmp_path, HOLDER, run.run)
    claimed = claim_run(store, LEASE)
    assert claimed is not None
    tell_run(store, claimed, Told("plan", 0.0, 1), LEASE)
    finish_run(store, claimed, lambda: "")
    worlds = begin_scenarios(store, tmp_path, HOLDER, run.run)
    assert (worlds.of, worlds.title) == (run.run, "Other worlds of Plan from 56 orders")
    assert [each.run for each in list_runs(store, "main", SCENARIO)] == [worlds.run]
    assert [each.run for each in list_runs(store, "main", PLAN, limit=1)] == [run.run]
    with pytest.raises(MissingRowError):
        get_run(store, "main", worlds.run, PLAN)
    with pytest.raises(MissingRowError):
        get_run(store, "other", run.run, PLAN)


def test_a_plan_is_removed_with_its_folder_once_it_is_over(tmp_path: Path) -> None:
    store = lamp_store(tmp_path)
    run = begin_plan(store, tmp_path, HOLDER, QUICK)
    with pytest.raises(MisuseError, match="cancel it first"):
        remove_run(store, tmp_path, HOLDER, run.run, PLAN)
    cancel_run(store, HOLDER, run.run, PLAN)
    remove_run(store, tmp_path, HOLDER, run.run, PLAN)
    assert not folder_of(tmp_path, run).exists()
    assert list_runs(store, "main", PLAN) == []


def test_only_so_many_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan_runs, "WAITING_MAX", 1)
    store = lamp_store(tmp_path)
    begin_plan(store, tmp_path, HOLDER, QUICK)
    with pytest.raises(ExhaustedError):
        begin_plan(store, tmp_path, HOLDER, QUICK)
