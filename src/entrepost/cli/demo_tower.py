"""The control tower on the data of a demonstration, for whoever sits at this machine."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from entrepost.cli.terminal import here, opened

if TYPE_CHECKING:
    from entrepost.operations.store import Store

EMAIL = "demo@example.org"
ACCOUNT = "main"


def open_tower(store: Path, network: str, port: int) -> None:
    """Serve a demonstration's store at this machine alone, until told to stop."""
    from entrepost.api.serve import ServeParams, serve

    params = ServeParams(str(store), network, port=port, is_secure=False, account=ACCOUNT)
    with opened(str(store)) as kept:
        password = make_sign_in(kept)
    lines = (
        f"control tower http://{params.host}:{port}/",
        f"  account {ACCOUNT}, address {EMAIL}, password {password}",
        "  the password is shown this once; the next --serve makes another. Ctrl-C stops",
    )
    here().say("\n".join(lines))
    serve(params, "entrepost.cli.server:app_of_settings")


def make_sign_in(store: Store) -> str:
    """Let somebody in as an admin by a new password, which is returned and kept as a hash."""
    from entrepost.operations.access import SCOPES, Caller
    from entrepost.operations.people import accept, invite

    password = secrets.token_urlsafe(12)
    _, token = invite(store, Caller(ACCOUNT, "terminal", frozenset(SCOPES)), EMAIL, "admin")
    accept(store, token, "Demonstration", password)
    return password
