"""Runs a server: one process on a SQLite file, several on PostgreSQL, each with an app of its own."""

from __future__ import annotations

import json
import logging
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from fastapi import FastAPI

from entrepost.api.app import make_app
from entrepost.api.house import House, HouseParams
from entrepost.base.errors import MisuseError
from entrepost.wiring import find_file, open_store

SETTINGS = "ENTREPOST_SERVE"
"""By this variable the processes of a server are told its settings."""


@dataclass(frozen=True, slots=True)
class ServeParams:
    """Where a server stands and what it runs on."""

    store: str
    network: str = "sample"
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    uploads: str = ""
    is_secure: bool = True
    proxies: str = "127.0.0.1"

    def __post_init__(self) -> None:
        if self.workers > 1 and find_file(self.store) is not None:
            raise MisuseError("a SQLite file has one process that writes; give --workers 1, or a store on PostgreSQL")
        if not 1 <= self.workers <= 64:
            raise MisuseError("a server has 1 to 64 workers")


def serve(params: ServeParams) -> None:
    """Serve until told to stop."""
    import uvicorn

    os.environ[SETTINGS] = json.dumps(asdict(params))
    uvicorn.run(
        "entrepost.api.serve:app_of_settings",
        factory=True,
        host=params.host,
        port=params.port,
        workers=params.workers,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=20,
        forwarded_allow_ips=params.proxies,
    )


def app_of_settings() -> FastAPI:
    """The app of the settings that the environment tells; every process makes its own."""
    log = logging.getLogger("entrepost.api")
    if not log.handlers:
        to_stderr = logging.StreamHandler()
        to_stderr.setFormatter(logging.Formatter("%(message)s"))
        log.addHandler(to_stderr)
        log.setLevel(logging.INFO)
    return make_app(open_house(ServeParams(**json.loads(os.environ[SETTINGS]))))


def open_house(params: ServeParams) -> House:
    """Open the store that a server runs on; uploads lie beside a SQLite file unless told otherwise."""
    file = find_file(params.store)
    beside = file.with_name(f"{file.name}-uploads") if file else Path("uploads")
    uploads = Path(params.uploads) if params.uploads else beside
    return House(
        open_store(params.store),
        params.network,
        uploads,
        HouseParams(is_secure=params.is_secure, lease_seconds=0 if file else 30),
    )
