"""The network on which an account is served: the server's, with the warehouses of its active plan open and filled.

What a plan's network has beyond the server's is kept with its rules; put onto the network that is served now, so that
new rates and departures hold for everybody. Mail that left a warehouse is still known after the plan has ended.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from entrepost.base.errors import MissingRowError, MisuseError
from entrepost.base.findings import list_errors
from entrepost.network.addition import Addition, find_addition, read_addition
from entrepost.network.check import check
from entrepost.network.network import Network
from entrepost.operations.desk_records import ActiveSegments, Segments
from entrepost.operations.store import Store

if TYPE_CHECKING:
    from entrepost.operations.access import Caller

FOLDER = "opened"
"""In the folder of a plan, and before the names of files that are kept beside its rules: rows of its network."""

SERVED, KNOWN = "network", "places"
"""What segments are used for besides quotes: the network on which they are given; and all places that ever were."""

KEPT = 32
"""So many networks lie ready in a process."""


def write_opened(today: Network, planned: Network, folder: Path) -> None:
    """Write into a plan's folder what its network has beyond today's; nothing where it opens no warehouse."""
    addition = find_addition(today, planned)
    if not addition.opened:
        return
    place = folder / FOLDER
    place.mkdir(parents=True, exist_ok=True)
    for name, text in addition.to_texts().items():
        (place / name).write_text(text, encoding="utf-8")


def read_opened(folder: Path) -> dict[str, str]:
    """What `write_opened` wrote, as it is kept beside rules."""
    paths = sorted((folder / FOLDER).glob("*.csv"))
    return {f"{FOLDER}/{path.name}": path.read_text(encoding="utf-8") for path in paths}


def addition_of(segments: Segments) -> Addition:
    """What the network of segments has beyond that which is served; no rows where it opens nothing."""
    kept: dict[str, str] = json.loads(segments.facts)
    texts = {name.removeprefix(f"{FOLDER}/"): text for name, text in kept.items() if name.startswith(f"{FOLDER}/")}
    return read_addition(f"planned: {segments.title}", texts)


def check_opened(network: Network, segments: Segments) -> Network:
    """The network with the warehouses of segments open.

    Raises
    ------
    MisuseError
        When the network that is served has become another one, which these rows do not fit.
    """
    opened = addition_of(segments).put_on(network)
    errors = list_errors(check(opened))
    if errors:
        raise MisuseError(
            f"the warehouses of {segments.title!r} do not fit the network that is served now: {errors[0]}; "
            "plan anew, or activate the rules alone"
        )
    return opened


def mark_opened(store: Store, by: Caller, name: str) -> None:
    """From now on the account is served on the network of these segments; empty: on the server's. In a transaction."""
    now = store.clock.now()
    store.records.put(ActiveSegments(by.tenant, SERVED, name, by.who, now))
    known = store.records.find(ActiveSegments, by.tenant, KNOWN)
    names = known.segments.split() if known else []
    if name and name not in names:
        store.records.put(ActiveSegments(by.tenant, KNOWN, " ".join([*names, name]), by.who, now))


def find_opened(store: Store, tenant: str) -> str:
    """The segments whose warehouses are open for an account; empty: none. At a glance."""
    found = store.glance.find(ActiveSegments, tenant, SERVED)
    return found.segments if found else ""


def opened_at(store: Store, tenant: str) -> datetime | None:
    """Since when an account is served on the network of its active plan; None where it is not."""
    found = store.glance.find(ActiveSegments, tenant, SERVED) if tenant else None
    return found.changed_at if found and found.segments else None


def network_of(store: Store, network: Network, tenant: str) -> Network:
    """The network on which an account's orders are quoted and promised."""
    name = find_opened(store, tenant)
    return _ready(store, network, tenant, (name,)) if name else network


def places_of(store: Store, network: Network, tenant: str) -> Network:
    """The network by which an account's items are known: with every warehouse that ever was open for it."""
    found = store.glance.find(ActiveSegments, tenant, KNOWN) if tenant else None
    return _ready(store, network, tenant, tuple(found.segments.split())) if found else network


_networks: WeakKeyDictionary[Store, OrderedDict[tuple[str, ...], Network]] = WeakKeyDictionary()
_turn = Lock()


def _ready(store: Store, network: Network, tenant: str, names: tuple[str, ...]) -> Network:
    """The network with the warehouses of segments, made once in a process."""
    key = (network.content_hash, tenant, *names)
    with _turn:
        made = _networks.setdefault(store, OrderedDict())
        if key in made:
            made.move_to_end(key)
            return made[key]
    opened = network
    for name in names:
        segments = store.records.find(Segments, tenant, name)
        if segments is None:
            raise MissingRowError(f"the account has no segments {name}")
        opened = check_opened(opened, segments)
    with _turn:
        made[key] = opened
        while len(made) > KEPT:
            made.popitem(last=False)
    return opened
