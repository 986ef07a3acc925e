"""Towers over stores that have something to show: lost items, and a market that can be planned."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from threading import Event

from fastapi import FastAPI

from entrepost.network.candidates import NONE
from entrepost.network.network import Network
from entrepost.operations.active_rules import keep_segments
from entrepost.operations.batches import Surroundings
from entrepost.operations.exceptions_source import exceptions_of_store
from entrepost.operations.forecasts import Forecasts
from entrepost.operations.lane_board import board_lanes
from entrepost.operations.plan_runs import claim_run, course_of, finish_run, folder_of
from entrepost.operations.plan_work import make_plan, make_worlds
from entrepost.operations.store import Store
from entrepost.web.desk import Boards, Desk
from entrepost.web.tower import open_tower
from tests.operations.office import SIGN_IN, join, wait
from tests.operations.plans import lamp_store, two_ways
from tests.operations.shop import NOW as SHOP_NOW
from tests.operations.shop import store_in
from tests.operations.silent import NETWORK, NOW, lose_some
from tests.web.inside import OTHER, PEOPLE, Tower
from tests.web.shop import Counter

LEASE = timedelta(seconds=30)


@contextmanager
def silent_tower(folder: Path) -> Iterator[Tower]:
    """A tower whose account has lost some items of a departure."""
    store = store_in(folder)
    lose_some(store, folder)
    wait(store, seconds=(NOW - SHOP_NOW).total_seconds())
    found = lru_cache(lambda tenant: exceptions_of_store(store, NETWORK, NOW, tenant=tenant))
    lanes = lru_cache(lambda tenant: board_lanes(store, NETWORK, tenant))
    with _open(store, NETWORK, folder, Boards(found, lanes)) as tower:
        yield tower


@contextmanager
def planning_tower(folder: Path) -> Iterator[Tower]:
    """A tower of the network `two_ways` on lamps."""
    with _open(lamp_store(folder), two_ways(), folder) as tower:
        yield tower


def make_next(tower: Tower) -> str:
    """Do what the planner of a server does: make the plan that waits longest; its state."""
    run = claim_run(tower.store, LEASE)
    assert run is not None
    folder, uploads = folder_of(tower.desk.uploads, run), tower.desk.uploads / "plans"
    course = course_of(tower.store, run, LEASE, lambda: None)

    def work() -> str:
        if run.of:
            return make_worlds(folder, uploads / run.of, two_ways(), NONE, course)
        return make_plan(folder, two_ways(), NONE, course)

    ended = finish_run(tower.store, run, work)
    keep_segments(tower.store, ended, folder)
    return ended.state


@contextmanager
def _open(store: Store, network: Network, folder: Path, boards: Boards | None = None) -> Iterator[Tower]:
    for email, role, account in (*PEOPLE, (OTHER, "admin", "other")):
        join(store, email, role, account)
    zones = {each.facility: each.time_zone for each in network.facilities}
    awake = Event()
    desk = Desk(
        store,
        lambda: network,
        lambda: Surroundings(frozenset(zones), zones),
        Forecasts(store, lambda: network),
        folder / "uploads",
        awake.set,
        Counter(),
        sign_in=SIGN_IN,
        boards=boards,
        network_source=str(folder / "network"),
        wake_planner=awake.set,
    )
    app = FastAPI(openapi_url=None)
    open_tower(app, desk)
    yield Tower(app, store, desk, {}, awake)
    store.close()
