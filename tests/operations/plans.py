"""A store with a market that can be planned in a second: lamps for Frankfurt, and a warehouse that may be opened."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from entrepost.network.network import Network
from entrepost.operations.intake import intake_orders
from entrepost.operations.plan_asked import PlanAsked
from entrepost.operations.plan_course import Course, Told
from entrepost.operations.store import Store
from tests.operations.shop import store_in
from tests.planning.markets import closed_warehouse, lamps
from tests.worlds import two_services

QUICK = PlanAsked(seconds=5.0, points=2, rules=3, gap=0.3)
"""Asked for where nothing else matters."""


def market() -> Network:
    """The network whose warehouse is closed."""
    return closed_warehouse()


def two_ways() -> Network:
    """The network with a slow cheap service beside the quick one (`two_services`), and a warehouse too dear to open.

    Left alone, an order goes by the quick PACKET (61.00 CNY and 82 hours); who has three quarters of the money for a
    year must let it go by SLOW (26.00 CNY and 442 hours).
    """
    base, slow = closed_warehouse(10**9), two_services()
    return replace(
        base,
        name="two ways",
        departures=slow.departures,
        services=(*base.services, slow.service_by_code["SLOW"]),
        rates=(*base.rates, *(rate for rate in slow.rates if rate.service == "SLOW")),
    )


def lamp_store(folder: Path, store: Store | None = None) -> Store:
    """A store with four weeks of lamps."""
    store = store or store_in(folder)
    lamps(2).write_csv(folder / "lamps.csv")
    intake_orders(store, folder / "lamps.csv")
    return store


def course(said: list[Told] | None = None, over_at: str = "") -> Course:
    """A course that keeps what it is told, and ends from a stage on."""
    told: list[Told] = [] if said is None else said
    return Course(told.append, lambda: bool(over_at) and over_at in [each.stage for each in told])
