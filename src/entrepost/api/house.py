"""What a server runs on: a store, a network, a folder for uploads, and its limits; and where routes find it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from threading import Event, Lock
from typing import TYPE_CHECKING, Annotated, ParamSpec, TypeVar

from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool

from entrepost.api.apart import Apart
from entrepost.api.behind import Behind
from entrepost.api.boards import Boards
from entrepost.api.limits import Buckets, RateParams
from entrepost.api.looking import Look, load_served, look_at_lanes, look_for_exceptions, look_for_open
from entrepost.api.turns import Turns
from entrepost.operations.batches import Surroundings, surroundings_of
from entrepost.operations.chores import ChoreParams
from entrepost.operations.exchange import receive
from entrepost.operations.exchanging.applying import APPLIERS
from entrepost.operations.exchanging.inbox import Appliers
from entrepost.operations.exchanging.rounds import RoundParams
from entrepost.operations.exchanging.transport import Arrival
from entrepost.operations.opened import network_of, places_of
from entrepost.operations.sign_in import SignInParams
from entrepost.operations.store import Store
from entrepost.operations.webhooks_send import Sender
from entrepost.wiring import open_posted, open_sender

if TYPE_CHECKING:
    from entrepost.network.network import Network
    from entrepost.operations.exceptions import Exceptions
    from entrepost.operations.forecasts import Forecasts
    from entrepost.operations.lane_board import LaneBoard
    from entrepost.operations.quoting import Quoting
    from entrepost.operations.rates import RatesAge

P = ParamSpec("P")
T = TypeVar("T")
MEGABYTE = 1 << 20
FEW_ITEMS = 20_000
"""So many items are looked at in a thread, with what the server has loaded already (assumed)."""


@dataclass(frozen=True, slots=True)
class HouseParams:
    """The limits of a server.

    `body_bytes_max` bounds what is asked at once, `upload_bytes_max` a file that is taken in later;
    `is_secure` says that browsers reach it by https, as they must wherever it is not this very machine. Who
    takes a file in and says nothing for `lease_seconds` is taken for dead; where one process alone serves, at once
    (0). Who `is_warmed` makes ready what single requests need, and is not ready before. `chores` are what it does
    without being asked; None: nothing. `rounds` are those of the exchange with partners; None: others make them.
    What is worked out of all items of an account is worked out anew after `fresh_seconds`.
    Plans are made in a process of their own (`plans_apart`), or in a thread.
    """

    body_bytes_max: int = 16 * MEGABYTE
    upload_bytes_max: int = 2_048 * MEGABYTE
    is_secure: bool = True
    lease_seconds: float = 30.0
    fresh_seconds: float = 300.0
    rates: RateParams = field(default_factory=RateParams)
    failures: RateParams = field(default_factory=lambda: RateParams(per_second=1.0, burst=30))
    sign_in: SignInParams = field(default_factory=SignInParams)
    chores: ChoreParams | None = None
    rounds: RoundParams | None = None
    plans_apart: bool = True
    is_warmed: bool = False


@dataclass(frozen=True)
class House:
    """One server's store, network and folder for uploads.

    `beside` opens a store for threads beside the requests; None: they share the one (a SQLite file has one writer).
    `place` is where processes beside this one read the store; empty: what they would do is done in a thread.
    `appliers` apply what partners post.
    """

    store: Store
    network_source: str = "sample"
    uploads: Path = Path("uploads")
    params: HouseParams = field(default_factory=HouseParams)
    beside: Callable[[], Store] | None = None
    place: str = ""
    appliers: Appliers = field(default_factory=lambda: APPLIERS)

    @cached_property
    def network(self) -> Network:
        """The network, loaded when it is first asked for."""
        return load_served(self.network_source)

    @cached_property
    def surroundings(self) -> Surroundings:
        """What rows are judged by beside themselves."""
        return surroundings_of(self.network)

    def network_of(self, tenant: str) -> Network:
        """The network on which an account is quoted."""
        return network_of(self.store, self.network, tenant)

    def places_of(self, tenant: str) -> Network:
        """The network by which an account's items are known."""
        return places_of(self.store, self.network, tenant)

    def surroundings_of(self, tenant: str) -> Surroundings:
        """What an account's rows are judged by beside themselves."""
        network = self.places_of(tenant)
        return self.surroundings if network is self.network else surroundings_of(network)

    @cached_property
    def quoting(self) -> Quoting:
        """Who quotes a few orders of this hour at once."""
        from entrepost.operations.quoting import Quoting

        return Quoting(lambda: self.network)

    @cached_property
    def forecasts(self) -> Forecasts:
        """Who tells when items come."""
        from entrepost.operations.forecasts import Forecasts

        learned = None if self.network_source == "sample" else Path(self.network_source)
        return Forecasts(self.store, lambda: self.network, learned)

    @cached_property
    def behind(self) -> Behind:
        """Who does what takes a while, and can be done without; of two threads one is soon free again."""
        return Behind(2)

    @cached_property
    def turns(self) -> Turns:
        """Who may ask frames now: each keeps the machine busy for a tenth of a second and more."""
        return Turns()

    @cached_property
    def warm(self) -> Event:
        """Set when what single requests need is ready."""
        return Event()

    def find_rates_age(self) -> RatesAge | None:
        """How old the rates of exchange are; None before the network is loaded."""
        if "network" not in self.__dict__:
            return None
        from entrepost.operations.rates import look_at_rates

        return look_at_rates(self.network, self.store.clock.now().date())

    async def at_once(self, work: Callable[P, T], *asked: P.args, **more: P.kwargs) -> T:
        """Do what looks at a few rows: here, where the store is near, otherwise in a thread."""
        if self.store.glance.is_near:
            return work(*asked, **more)
        return await run_in_threadpool(work, *asked, **more)

    @cached_property
    def sender(self) -> Sender:
        """Who sends webhooks, as the environment has it."""
        return open_sender()

    def take_posted(self, tenant: str, arrival: Arrival) -> None:
        """Take in what a partner of an account posted; it is durable when this returns."""
        receive(self.store, replace(open_posted(self.store, tenant), appliers=self.appliers), "https", arrival)

    def open_beside(self) -> Store:
        """A store for a thread beside the requests; the thread closes it where it is another one."""
        return self.beside() if self.beside else self.store

    @cached_property
    def exceptions(self) -> Boards[Exceptions]:
        """What needs somebody now, by account."""
        return Boards(self.find_exceptions, self.params.fresh_seconds)

    def find_exceptions(self, tenant: str) -> Exceptions:
        """What needs somebody now, of an account or of all (empty), worked out anew."""
        return self._look(look_for_exceptions, Look(self.place, self.network_source, tenant))

    @cached_property
    def lanes(self) -> Boards[LaneBoard]:
        """Where the days are lost, by account."""

        def look(tenant: str) -> LaneBoard:
            return self._look(look_at_lanes, Look(self.place, self.network_source, tenant))

        return Boards(look, self.params.fresh_seconds)

    @cached_property
    def open_lists(self) -> Boards[Mapping[str, int]]:
        """How much is open between operators, by account."""

        def look(tenant: str) -> Mapping[str, int]:
            return self._look(look_for_open, Look(self.place, self.network_source, tenant))

        return Boards(look, self.params.fresh_seconds)

    def _look(self, work: Callable[..., T], look: Look) -> T:
        """Look at all items: at few of them here, at many in a process of its own; one look at a time."""
        if not self.place:
            return work(look, self.network, self.store)
        with self._turn:
            if self.store.look.find_last() <= FEW_ITEMS:
                return work(look, self.network, None)
            return Apart(work, self.closing.is_set, look.tenant).do(look)

    @cached_property
    def _turn(self) -> Lock:
        return Lock()

    @cached_property
    def closing(self) -> Event:
        """Set when the server stops."""
        return Event()

    @cached_property
    def awake(self) -> Event:
        """Set when there is something to do for whoever takes files in."""
        return Event()

    @cached_property
    def desk_awake(self) -> Event:
        """Set when orders may wait for a promise."""
        return Event()

    @cached_property
    def planner_awake(self) -> Event:
        """Set when there is something to do for whoever makes plans."""
        return Event()

    def wake(self) -> None:
        """Say that there is something to do."""
        self.awake.set()
        self.desk_awake.set()

    @cached_property
    def callers(self) -> Buckets:
        """How often each caller asked lately."""
        return Buckets(self.params.rates)

    @cached_property
    def strangers(self) -> Buckets:
        """How often who is not known asked lately, by address."""
        return Buckets(self.params.failures)


async def house_of(request: Request) -> House:
    """The house of the server that was asked."""
    house: House = request.app.state.house
    return house


HouseOf = Annotated[House, Depends(house_of)]
