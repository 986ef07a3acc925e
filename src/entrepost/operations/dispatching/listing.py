"""Lists of receptacles that are being filled, of dispatches and of consignments, a page at a time."""

from __future__ import annotations

import polars as pl

from entrepost.base.errors import MissingRowError, MisuseError
from entrepost.codes.signs import squeeze
from entrepost.operations.dispatch_records import (
    IN,
    OUT,
    Content,
    Filling,
    KeptConsignment,
    KeptDispatch,
)
from entrepost.operations.store import Store

DIRECTIONS = (OUT, IN)


def list_fillings(store: Store, tenant: str, after: str = "", limit: int = 0) -> list[tuple[Filling, int]]:
    """Receptacles by their tags, those after a tag, each with how many items wait in it; closed ones hold none."""
    found = store.records.list_of(Filling, tenant, after, limit)
    tags = pl.Series([each.tag for each in found if not each.receptacle], dtype=pl.String)
    held = store.records.frame_where(Content, tenant, "tag", tags)
    counts = dict(held.group_by("tag").len().iter_rows())
    return [(each, 0 if each.receptacle else counts.get(each.tag, 0)) for each in found]


def list_contents(store: Store, tenant: str, tag: str) -> list[str]:
    """The items that wait in a receptacle, or in one whose dispatch is not closed yet."""
    held = store.records.frame_where(Content, tenant, "tag", pl.Series([tag]))
    return held.get_column("item_id").sort().to_list()


def list_dispatches(
    store: Store, tenant: str, direction: str = OUT, after: str = "", limit: int = 0
) -> list[KeptDispatch]:
    """Dispatches by series, year and serial: those that we made (`out`), or that were announced to us (`in`)."""
    start = _start(direction)
    found = store.records.list_of(KeptDispatch, tenant, max(after, start), limit)
    return [each for each in found if each.dispatch.startswith(start)]


def get_dispatch(store: Store, tenant: str, dispatch_id: str, direction: str = OUT) -> KeptDispatch:
    """The latest dispatch of a number; raises `MissingRowError` where there is none."""
    start, code = _start(direction), squeeze(dispatch_id)
    known = store.records.list_where(KeptDispatch, tenant, "dispatch_id", [code])
    mine = [each for each in known if each.dispatch.startswith(start)]
    if not mine:
        raise MissingRowError(f"no dispatch {code} is there")
    return mine[-1]


def list_consignments(
    store: Store, tenant: str, direction: str = OUT, after: str = "", limit: int = 0
) -> list[KeptConsignment]:
    """Consignments by number: those that we gave to carriers (`out`), or that were announced to us (`in`)."""
    start = _start(direction)
    found = store.records.list_of(KeptConsignment, tenant, max(after, start), limit)
    return [each for each in found if each.consignment.startswith(start)]


def get_consignment(store: Store, tenant: str, consignment_id: str, direction: str = OUT) -> KeptConsignment:
    """The latest consignment of a number; raises `MissingRowError` where there is none."""
    start = _start(direction)
    known = store.records.list_where(KeptConsignment, tenant, "consignment_id", [consignment_id.strip()])
    mine = [each for each in known if each.consignment.startswith(start)]
    if not mine:
        raise MissingRowError(f"no consignment {consignment_id.strip()} is there")
    return max(mine, key=lambda each: each.closed_at)


def _start(direction: str) -> str:
    if direction not in DIRECTIONS:
        raise MisuseError(f"{direction!r} is no direction; use {OUT} or {IN}")
    return f"{direction} "
