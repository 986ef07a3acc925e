"""entrepost serve: the HTTP API, the control tower and the tracking page, on a SQLite file or on PostgreSQL."""

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
    cold: Annotated[
        bool, typer.Option("--cold", help="Be ready at once; the first quotes and forecasts take longer.")
    ] = False
    exchange: Annotated[
        bool, typer.Option("--exchange/--no-exchange", help="Make the rounds of the exchange with partners.")
    ] = True


@dataclass(frozen=True, slots=True)
class Tracking:
    """Whose parcels the tracking page shows, and where."""

    account: Annotated[
        str, typer.Option("--account", help="The account whose parcels the tracking page shows.", metavar="ACCOUNT")
    ] = "main"
    frames: Annotated[
        str, typer.Option("--frames", help="Sites that may show the tracking page in a frame.", metavar="ORIGINS")
    ] = ""


def run(
    place: Place,
    tracking: Tracking,
    store: StoreOption = STORE,
    network: NetworkOption = "sample",
    uploads: Annotated[
        str, typer.Option("--uploads", help="Where uploaded files wait; beside a SQLite file.", metavar="FOLDER")
    ] = "",
    check: Annotated[bool, typer.Option("--check", help="Open the store, say what would be served, and stop.")] = False,
) -> None:
    """Serve the API, the control tower and the tracking page until told to stop. A store that is missing is made."""
    from entrepost.api.serve import ServeParams, open_house, serve
    from entrepost.web.page import check_frames

    params = ServeParams(
        store,
        network,
        place.host,
        place.port,
        place.workers,
        uploads,
        is_secure=not place.insecure,
        is_warmed=not place.cold,
        exchange=place.exchange,
        account=tracking.account,
        frames=check_frames(tracking.frames),
    )
    house = open_house(params)
    house.store.close()
    at = f"http://{place.host}:{place.port}"
    lines = [
        f"API {at}/v1, its description {at}/v1/docs",
        f"control tower {at}/",
        f"tracking page {at}/track of the account {tracking.account}",
        f"  store {store}, network {network}, {place.workers} process(es)",
    ]
    if check:
        here().answer(asdict(params), lines)
        return
    here().say("\n".join(lines))
    serve(params, "entrepost.cli.server:app_of_settings")
