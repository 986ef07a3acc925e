"""What the pages of the control tower run on; `cli.server` puts it together, a test its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Protocol

from fastapi import Depends, Request

from entrepost.base.errors import NotYetError
from entrepost.operations.batches import Surroundings
from entrepost.operations.forecasts import Forecasts
from entrepost.operations.opened import places_of
from entrepost.operations.sign_in import SignInParams
from entrepost.operations.store import Store
from entrepost.operations.tally import Counter

if TYPE_CHECKING:
    from entrepost.network.network import Network
    from entrepost.operations.exceptions import Exceptions
    from entrepost.operations.lane_board import LaneBoard


class Limit(Protocol):
    """How often somebody may ask."""

    def take(self, name: str) -> int:
        """Take a token; 0, or after how many seconds there is one."""


@dataclass(frozen=True)
class Boards:
    """What is worked out of all items of an account, kept a while for everybody who looks."""

    exceptions: Callable[[str], Exceptions]
    lanes: Callable[[str], LaneBoard]
    open_lists: Callable[[str], Mapping[str, int]] = lambda _: {}
    """How much is open between operators, by kind."""
    begin: Callable[[str], None] = lambda _: None
    """Let the first two be worked out for an account that is likely to be looked at."""


@dataclass(frozen=True)
class Desk:
    """A store, a network, and what else pages need.

    `account` is the one that the sign-in page proposes, `uploads` where files wait until they are taken in, `wake`
    tells whoever takes them in, `strangers` bounds how often an address may try to sign in. Without `boards`
    everything is worked out anew for whoever looks; `network_source` says which network it is, `wake_planner` tells
    whoever makes plans.
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
    boards: Boards | None = None
    network_source: str = "sample"
    wake_planner: Callable[[], object] = bool
    check_url: Callable[[str], str] = lambda _: ""
    """Why webhooks are not sent to a URL; nothing where they may be."""

    @cached_property
    def counter(self) -> Counter:
        """Who counts all items beside everything else; the first page that asks begins."""
        return Counter(self.store)

    def exceptions(self, tenant: str) -> Exceptions:
        """What needs somebody now, of an account."""
        from entrepost.operations.exceptions_source import exceptions_of_store

        if self.boards is not None:
            return self.boards.exceptions(tenant)
        return exceptions_of_store(self.store, self._places(tenant), self.store.clock.now(), tenant=tenant)

    def lanes(self, tenant: str) -> LaneBoard:
        """Where the days of an account are lost."""
        from entrepost.operations.lane_board import board_lanes

        if self.boards is not None:
            return self.boards.lanes(tenant)
        return board_lanes(self.store, self._places(tenant), tenant)

    def open_lists(self, tenant: str) -> Mapping[str, int] | None:
        """How much is open between operators, by kind; None while it is worked out for the first time."""
        from entrepost.operations.exchange_needs import count_open

        try:
            return self.boards.open_lists(tenant) if self.boards else count_open(self.store, tenant)
        except NotYetError:
            return None

    def _places(self, tenant: str) -> Network:
        return places_of(self.store, self.network(), tenant)


def desk_of(request: Request) -> Desk:
    """The desk of the server that was asked."""
    desk: Desk = request.app.state.desk
    return desk


DeskOf = Annotated[Desk, Depends(desk_of)]
