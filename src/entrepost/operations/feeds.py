"""The feeds of an account: of each carrier the mapping of its tracking, kept once and used whenever it sends."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from entrepost.base.errors import MissingRowError, MisuseError
from entrepost.operations.access import Caller
from entrepost.operations.audit import write_down
from entrepost.operations.batches import Surroundings, mapping_beside
from entrepost.operations.bounds import check_bounds
from entrepost.operations.events import record_event_file
from entrepost.operations.house_records import CarrierFeed
from entrepost.operations.mapping import Mapping, parse_mapping
from entrepost.operations.progress import Outcome
from entrepost.operations.store import Store

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,49}")
MAPPING_MAX = 100_000
"""Characters of a mapping (assumed: one of a thousand codes has a third of them)."""


def set_feed(store: Store, by: Caller, name: str, mapping: str) -> CarrierFeed:
    """Keep the mapping of a feed, in place of what was kept before.

    Raises
    ------
    MisuseError
        When the name is none, or the mapping is too long or joins files.
    UnreadableInputError
        When the mapping makes no sense; the message says where.
    """
    if not NAME.fullmatch(name):
        raise MisuseError(f"{name[:60]!r} is no name of a feed; use up to 50 small letters, digits, - and _")
    if len(mapping) > MAPPING_MAX:
        raise MisuseError(f"the mapping has {len(mapping):,} characters; write at most {MAPPING_MAX:,}")
    read_feed(mapping, by.tenant)
    feed = CarrierFeed(by.tenant, name, mapping, by.who, store.clock.now())
    with store.transaction():
        store.records.put(feed)
        write_down(store, by.tenant, by.who, "feed kept", name)
    return feed


def read_feed(mapping: str, tenant: str) -> Mapping:
    """The mapping of an account's feed: whatever it says, its events are that account's."""
    read = parse_mapping(mapping, "events", Path(), "of the feed")
    if read.joins:
        raise MisuseError("a feed that is kept joins no files; leave [join] out")
    columns = {name: theirs for name, theirs in read.columns.items() if name != "tenant"}
    return replace(read, columns=columns, constants={**read.constants, "tenant": tenant})


def get_feed(store: Store, tenant: str, name: str) -> CarrierFeed:
    """A feed of an account; raises `MissingRowError` where there is none of that name."""
    found = store.records.find(CarrierFeed, tenant, name)
    if found is None:
        raise MissingRowError(f"the account has no feed {name}; keep its mapping first")
    return found


def list_feeds(store: Store, tenant: str, after: str = "", limit: int = 0) -> list[CarrierFeed]:
    """The feeds of an account by name."""
    return store.records.list_of(CarrierFeed, tenant, after, limit)


def remove_feed(store: Store, by: Caller, name: str) -> CarrierFeed:
    """Forget the mapping of a feed; the events that came by it stay."""
    feed = get_feed(store, by.tenant, name)
    with store.transaction():
        store.records.remove(CarrierFeed, by.tenant, name)
        write_down(store, by.tenant, by.who, "feed removed", name)
    return feed


def lay_beside(store: Store, tenant: str, name: str, path: Path) -> None:
    """Lay the mapping of a feed beside an uploaded file, by which the file is taken in then."""
    mapping_beside(path).write_text(get_feed(store, tenant, name).mapping, encoding="utf-8")


def record_feed(store: Store, tenant: str, name: str, path: Path, around: Surroundings) -> Outcome:
    """Record what a carrier sent, by the mapping that is kept of its feed."""
    mapping = read_feed(get_feed(store, tenant, name).mapping, tenant)
    check_bounds(path, around.bounds)
    return record_event_file(store, path, mapping, around.zones, tenant)
