"""What is worked out of all items of an account: in a process of its own, which reads the store beside the server."""

from __future__ import annotations

from collections.abc import Iterator
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


def look_for_exceptions(look: Look) -> Exceptions:
    """What needs somebody now."""
    from entrepost.operations.exceptions_source import exceptions_of_store

    with _reading(look) as (store, network):
        return exceptions_of_store(store, network, store.clock.now(), tenant=look.tenant)


def look_at_lanes(look: Look) -> LaneBoard:
    """Where the days are lost."""
    from entrepost.operations.lane_board import board_lanes

    with _reading(look) as (store, network):
        return board_lanes(store, network, look.tenant)


def load_served(source: str) -> Network:
    """The network that a server serves."""
    import entrepost

    return entrepost.sample_network() if source == "sample" else entrepost.load_network(source)


@contextmanager
def _reading(look: Look) -> Iterator[tuple[Store, Network]]:
    store = open_reader(look.place)
    try:
        with acting_for(look.tenant) if look.tenant else for_all_accounts():
            yield store, places_of(store, load_served(look.source), look.tenant)
    finally:
        store.close()
