"""What the pages of the control tower run on; `cli.server` puts it together, a test its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Protocol

from fastapi import Depends, Request

from entrepost.operations.batches import Surroundings
from entrepost.operations.sign_in import SignInParams
from entrepost.operations.store import Store
from entrepost.operations.tally import Counter
from entrepost.web.forecasts import Forecasts

if TYPE_CHECKING:
    from entrepost.network.network import Network


class Limit(Protocol):
    """How often somebody may ask."""

    def take(self, name: str) -> int:
        """Take a token; 0, or after how many seconds there is one."""


@dataclass(frozen=True)
class Desk:
    """A store, a network, and what else pages need.

    `account` is the one that the sign-in page proposes, `uploads` where files wait until they are taken in, `wake`
    tells whoever takes them in, `strangers` bounds how often an address may try to sign in.
    """

    store: Store
    network: Callable[[], Network]
    surroundings: Callable[[], Surroundings]
    forecasts: Forecasts
    uploads: Path
    wake: Callable[[], None]
    strangers: Limit
    account: str = "main"
    is_secure: bool = True
    upload_bytes_max: int = 2_048 << 20
    sign_in: SignInParams = field(default_factory=SignInParams)
    drawn: dict[str, tuple[datetime, Any]] = field(default_factory=dict)
    """Pictures of an account, and of which count they are."""

    @cached_property
    def counter(self) -> Counter:
        """Who counts all items beside everything else; the first page that asks begins."""
        return Counter(self.store)


def desk_of(request: Request) -> Desk:
    """The desk of the server that was asked."""
    desk: Desk = request.app.state.desk
    return desk


DeskOf = Annotated[Desk, Depends(desk_of)]
