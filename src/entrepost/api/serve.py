"""Runs a server: one process on a SQLite file, several on PostgreSQL, each with an app of its own."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from fastapi import APIRouter, FastAPI

from entrepost.api.app import make_app
from entrepost.api.house import House, HouseParams
from entrepost.api.logs import set_up_logs
from entrepost.base.errors import MisuseError
from entrepost.operations.chores import ChoreParams
from entrepost.operations.exchanging.rounds import RoundParams
from entrepost.reference.fx import quote_days
from entrepost.wiring import find_file, open_store, read_prune_params

SETTINGS = "ENTREPOST_SERVE"
"""By this variable the processes of a server are told its settings."""

SWITCH_SECONDS = 0.0001
"""A request that waits for a thread beside it waits no longer, a dozen times each; of Python's own 5 ms queues form."""

BATCH_BYTES = 200_000
"""So much of what partners sent is taken in at once: other writers wait a fraction of a second."""


@dataclass(frozen=True, slots=True)
class ServeParams:
    """Where a server stands and what it runs on.

    `account` is whose parcels the tracking page shows, `frames` which sites may hold that page in a frame; who
    `is_warmed` is ready only when it answers at once. Who does not `exchange` leaves the rounds to others.
    """

    store: str
    network: str = "sample"
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    uploads: str = ""
    is_secure: bool = True
    proxies: str = "127.0.0.1"
    account: str = "main"
    frames: str = ""
    is_warmed: bool = True
    exchange: bool = True

    def __post_init__(self) -> None:
        if self.workers > 1 and find_file(self.store) is not None:
            raise MisuseError("a SQLite file has one process that writes; give --workers 1, or a store on PostgreSQL")
        if not 1 <= self.workers <= 64:
            raise MisuseError("a server has 1 to 64 workers")


def serve(params: ServeParams, factory: str = "entrepost.api.serve:app_of_settings") -> None:
    """Serve until told to stop; `factory` names what makes an app of the settings in the environment."""
    import uvicorn

    sys.setswitchinterval(SWITCH_SECONDS)
    os.environ[SETTINGS] = json.dumps(asdict(params))
    uvicorn.run(
        factory,
        factory=True,
        host=params.host,
        port=params.port,
        workers=params.workers,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=20,
        forwarded_allow_ips=params.proxies,
    )


def app_of_settings(make_pages: Callable[[ServeParams, House], Sequence[APIRouter]] | None = None) -> FastAPI:
    """The app of the settings that the environment tells, with pages if any are made; every process makes its own."""
    set_up_logs()
    params = ServeParams(**json.loads(os.environ[SETTINGS]))
    house = open_house(params)
    return make_app(house, make_pages(params, house) if make_pages else ())


def open_house(params: ServeParams) -> House:
    """Open the store that a server runs on; uploads lie beside a SQLite file unless told otherwise."""
    quote_days()  # a setting that makes no sense is told before anybody is served
    file = find_file(params.store)
    beside = file.with_name(f"{file.name}-uploads") if file else Path("uploads")
    uploads = Path(params.uploads) if params.uploads else beside
    lease = 0 if file else 30
    own = HouseParams(
        is_secure=params.is_secure,
        lease_seconds=lease,
        chores=ChoreParams(prune=read_prune_params()),
        rounds=RoundParams(batch_bytes=BATCH_BYTES) if params.exchange else None,
        is_warmed=params.is_warmed,
    )
    again = None if file else partial(open_store, params.store)
    return House(open_store(params.store), params.network, uploads, own, again, params.store)
