"""The app of a server: `make_app` puts its routes together over one house."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI

import entrepost
from entrepost.api import (
    batches,
    consignments,
    declarations,
    dispatches,
    exceptions,
    exchange,
    feeds,
    handbook,
    health,
    items,
    keys,
    lanes,
    messages,
    networks,
    partners,
    people,
    plans,
    privacy,
    promises,
    quotes,
    receptacles,
    reconciliation,
    rows,
    scenarios,
    segments,
    senders,
    webhooks,
)
from entrepost.api.ahead import Ahead
from entrepost.api.chores import Chores
from entrepost.api.errors import answer_errors
from entrepost.api.fresh_rates import FreshRates
from entrepost.api.house import House
from entrepost.api.metrics import Metrics
from entrepost.api.planner import Planner
from entrepost.api.rounds import Exchanger
from entrepost.api.watch import Watch
from entrepost.api.worker import Worker
from entrepost.operations.records import PROMISES

ABOUT = (
    "Plans and runs cross-border e-commerce mail. Programs send their key as Authorization: Bearer KEY; what "
    "changes something may carry an Idempotency-Key, and lists come in pages. Everything that is wrong is told in "
    'one shape: {"error": {"code", "message", "errors": [{"field", "message", "suggestion"}]}}.'
)
LARGE = (exchange.PATH, "/v1/batches", "/orders/files")
"""Paths to which files are uploaded."""

ROUTERS = (
    *(promises.router, rows.router, items.router, quotes.router, networks.router, batches.router),
    *(exceptions.router, lanes.router, plans.router, scenarios.router, segments.router),
    *(receptacles.router, dispatches.router, consignments.router),
    *(declarations.router, senders.router, feeds.router),
    *(messages.router, partners.router, reconciliation.router),
    *(keys.router, people.router, webhooks.router, privacy.router, exchange.router, health.router, handbook.router),
)


def make_app(house: House, pages: Sequence[APIRouter] = ()) -> FastAPI:
    """The app over a house, with pages for people besides; nothing is opened or started before it serves."""
    app = FastAPI(
        title="Entrepost",
        version=entrepost.__version__,
        description=ABOUT,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
        separate_input_output_schemas=False,
    )
    app.state.house, app.state.metrics = house, Metrics()
    answer_errors(app)
    for router in (*ROUTERS, *pages):
        app.include_router(router)
    params = house.params
    app.add_middleware(Watch, metrics=app.state.metrics, body_bytes_max=params.body_bytes_max, large=LARGE)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    house = app.state.house
    app.state.worker = worker = Worker(house)
    app.state.planner = planner = Planner(house)
    beside: list[Worker | Chores | Planner | Ahead | FreshRates | Exchanger] = [
        worker,
        Worker(house, (PROMISES,)),
        planner,
    ]
    beside.append(FreshRates(house))
    if house.params.is_warmed:
        beside.append(Ahead(house))
    if house.params.chores:
        beside.append(Chores(house, house.params.chores))
    if house.params.rounds:
        beside.append(Exchanger(house, house.params.rounds, app.state.metrics))
    for each in beside:
        each.start()
    yield
    house.closing.set()
    for each in beside:
        each.stop()
    app.state.house.store.close()
