"""Whether the server is there, whether it can answer, and what it counted."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel

from entrepost.api.errors import NotReadyError, possible
from entrepost.api.house import HouseOf
from entrepost.api.metrics import CONTENT_TYPE
from entrepost.operations.acting import for_all_accounts
from entrepost.operations.exchanging.rounds import list_running
from entrepost.operations.rates import say_age
from entrepost.operations.records import Batch

router = APIRouter(tags=["health"])
RATES_AGE = ("entrepost_exchange_rates_age_days", "How old the oldest rate of exchange is that the network needs.")


class Health(BaseModel):
    """That it is well."""

    status: str = "ok"


class Ready(Health):
    """That it answers, and what whoever runs it should know."""

    notices: list[str]


@router.get("/health/live", summary="Whether the process is there")
def live() -> Health:
    """Answer, without asking anybody."""
    return Health()


@router.get("/health/ready", summary="Whether it answers, and at once", responses=possible(503))
def ready(house: HouseOf) -> Ready:
    """Ask the store for something small; before it is warm a server is not ready."""
    if house.params.is_warmed and not house.warm.is_set():
        raise NotReadyError
    house.store.records.list_of(Batch, limit=1)
    age = house.find_rates_age()
    return Ready(notices=say_age(age) if age else [])


class ExchangeHealth(BaseModel):
    """Of how many accounts with partners some process makes the rounds now; `status` is ok, or stopped."""

    status: str
    accounts: int
    running: int


@router.get("/health/exchange", summary="Whether messages come and go")
def exchange(house: HouseOf) -> ExchangeHealth:
    """Whether the rounds of the exchange are made for all accounts with partners, by whichever process."""
    with for_all_accounts():
        accounts = house.store.exchange.list_partnered()
        running = len(list_running(house.store, accounts))
    return ExchangeHealth(
        status="ok" if running == len(accounts) else "stopped", accounts=len(accounts), running=running
    )


@router.get("/metrics", summary="Counts for Prometheus", response_class=PlainTextResponse)
def metrics(request: Request) -> PlainTextResponse:
    """What this process counted."""
    age = request.app.state.house.find_rates_age()
    gauges = {RATES_AGE: age.days} if age and age.days is not None else {}
    return PlainTextResponse(request.app.state.metrics.text(gauges), media_type=CONTENT_TYPE)
