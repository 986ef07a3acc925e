"""entrepost serve: the HTTP API, on a SQLite file or on PostgreSQL."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Annotated

import typer

from entrepost.cli.terminal import STORE, NetworkOption, StoreOption, here


@dataclass(frozen=True, slots=True)
class Place:
    """Where to listen."""

    host: Annotated[str, typer.Option("--host", help="The address to listen at.", metavar="ADDRESS")] = "127.0.0.1"
    port: Annotated[int, typer.Option("--port", help="The port to listen at.", min=1, max=65535)] = 8000
    workers: Annotated[int, typer.Option("--workers", help="Processes; more than one needs PostgreSQL.")] = 1
    insecure: Annotated[
        bool, typer.Option("--insecure", help="Let browsers sign in by http; for this very machine only.")
    ] = False


def run(
    place: Place,
    store: StoreOption = STORE,
    network: NetworkOption = "sample",
    uploads: Annotated[
        str, typer.Option("--uploads", help="Where uploaded files wait; beside a SQLite file.", metavar="FOLDER")
    ] = "",
    check: Annotated[bool, typer.Option("--check", help="Open the store, say what would be served, and stop.")] = False,
) -> None:
    """Serve the HTTP API until told to stop. A store that is not there yet is made."""
    from entrepost.api.serve import ServeParams, open_house, serve

    params = ServeParams(store, network, place.host, place.port, place.workers, uploads, is_secure=not place.insecure)
    house = open_house(params)
    house.store.close()
    at = f"http://{place.host}:{place.port}"
    lines = [
        f"API {at}/v1, its description {at}/v1/docs",
        f"  store {store}, network {network}, {place.workers} process(es)",
    ]
    if check:
        here().answer(asdict(params), lines)
        return
    here().say("\n".join(lines))
    serve(params)
