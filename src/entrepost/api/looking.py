"""What is worked out of all items of an account, by a reader beside the server: in a thread or a process of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from entrepost.operations.acting import acting_for, for_all_accounts
from entrepost.operations.opened import places_of
from entrepost.wiring import open_reader

if TYPE_CHECKING:
    from entrepost.network.network import Network
    from entrepost.operations.exceptions import Exceptions
    from entrepost.operations.lane_board import LaneBoard
    from entrepost.operations.store import Store


@dataclass(frozen=True, slots=True)
class Look:
    """Where the store is, which network is served, and of which account all items are looked at; empty: of all."""

    place: str
    source: str
    tenant: str


def look_for_exceptions(look: Look, network: Network | None = None, store: Store | None = None) -> Exceptions:
    """What needs somebody now; with a network, or a store, that are there already."""
    from entrepost.operations.exceptions_source import exceptions_of_store

    with _reading(look, network, store) as (kept, places):
        return exceptions_of_store(kept, places, kept.clock.now(), tenant=look.tenant)


def look_at_lanes(look: Look, network: Network | None = None, store: Store | None = None) -> LaneBoard:
    """Where the days are lost; with a network, or a store, that are there already."""
    from entrepost.operations.lane_board import board_lanes

    with _reading(look, network, store) as (kept, places):
        return board_lanes(kept, places, look.tenant)


def look_for_open(look: Look, _network: Network | None = None, store: Store | None = None) -> Mapping[str, int]:
    """How much is open between operators, by kind; with a store that is there already."""
    from entrepost.operations.exchange_needs import count_open

    kept = store or open_reader(look.place)
    try:
        with acting_for(look.tenant):
            return count_open(kept, look.tenant)
    finally:
        if store is None:
            kept.close()


def load_served(source: str) -> Network:
    """The network that a server serves."""
    import entrepost

    return entrepost.sample_network() if source == "sample" else entrepost.load_network(source)


@contextmanager
def _reading(look: Look, network: Network | None, store: Store | None) -> Iterator[tuple[Store, Network]]:
    kept = store or open_reader(look.place)
    try:
        with acting_for(look.tenant) if look.tenant else for_all_accounts():
            yield kept, places_of(kept, network or load_served(look.source), look.tenant)
    finally:
        if store is None:
            kept.close()
