"""Dispatches: closed with their last receptacle marked, told to their destination, and cancelled before they leave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import polars as pl

from entrepost.base.errors import MissingRowError, MisuseError
from entrepost.base.findings import Finding
from entrepost.codes.signs import squeeze
from entrepost.mail.closing import mark_last
from entrepost.mail.dispatch import Dispatch, check_dispatch
from entrepost.network.network import Network
from entrepost.operations.access import Caller
from entrepost.operations.audit import write_down
from entrepost.operations.dispatch_records import CANCELLED, CLOSED, OPEN, OUT, Content, KeptDispatch, KeptReceptacle
from entrepost.operations.dispatching.closing import find_last
from entrepost.operations.dispatching.names import Telling, offset_of, to_local
from entrepost.operations.dispatching.nouns import find_inside, list_receptacles, to_dispatch
from entrepost.operations.dispatching.telling import tell_dispatch, tell_leaving
from entrepost.operations.events import record_events
from entrepost.operations.store import Store
from entrepost.tables.containment import to_containment

LEFT = "EMC"
"""The event of an item that leaves its office of exchange."""


@dataclass(frozen=True, slots=True)
class ClosedDispatch:
    """A dispatch that was closed or cancelled, its receptacles, and what is to be sent.

    `relabelled` is the number that the last receptacle had before it was known to be the last, empty where none had:
    its label is printed anew. `again`: it was so before, and what is to be sent was told then.
    """

    dispatch: KeptDispatch
    receptacles: tuple[KeptReceptacle, ...]
    messages: tuple[Telling, ...]
    findings: tuple[Finding, ...] = ()
    relabelled: str = ""
    again: bool = False


def close_dispatch(store: Store, network: Network, by: Caller, name: str) -> ClosedDispatch:
    """Close the open dispatch of that series (15 characters) or number (20), for ever.

    Its last receptacle is marked, items are in their receptacles and these in the dispatch from now on, every item
    gets its event EMC, and PREDES and EMSEVT are made to be sent. A dispatch that is closed is answered as it is, with
    its messages. Receptacles that are still being filled go into the next one.

    Raises
    ------
    MissingRowError
        When no dispatch of that number is there, or none of the series is open.
    MisuseError
        When it was cancelled.
    """
    with store.transaction():
        store.records.hold(f"receptacles of {by.tenant}")
        found = find_dispatch(store, by.tenant, name)
        if found.state == CANCELLED:
            raise MisuseError(f"the dispatch {found.dispatch_id} was cancelled; what is cancelled is not closed")
        if found.state == CLOSED:
            return _answer(store, found)
        bags = list_receptacles(store, by.tenant, found.dispatch)
        last = replace(bags[-1], receptacle_id=mark_last(bags[-1].receptacle_id))
        inside = _contents(store, by.tenant, [*bags[:-1], last])
        now = store.clock.now()
        offset = offset_of(to_local(network, found.dispatch_id[:6], now))
        closed = replace(found, state=CLOSED, closed_by=by.who, closed_at=now, offset_minutes=offset, version=1)
        bags[-1] = last
        made = to_dispatch(closed, bags, inside)
        store.records.put(last)
        store.records.put(closed)
        _settle(store, made, inside, network.get_facility(made.origin).time_zone)
        write_down(store, by.tenant, by.who, "dispatch closed", closed.dispatch_id, f"{closed.receptacles} receptacles")
    messages = (tell_dispatch(made, closed.version), *tell_leaving(made, made.closed_at))
    relabelled = last.receptacle_id[:23] + "0" + last.receptacle_id[24:]
    return ClosedDispatch(closed, tuple(bags), messages, tuple(check_dispatch(made)), relabelled)


def cancel_dispatch(store: Store, network: Network, by: Caller, name: str) -> ClosedDispatch:
    """Cancel a dispatch, open or closed, of which no receptacle was given to a carrier; its items are free again.

    Its number stays in the books, so that the series has no gap, and its destination is told by PREDES.

    Raises
    ------
    MissingRowError
        When no such dispatch is there.
    MisuseError
        When a receptacle of it is in a consignment; cancel that first.
    """
    with store.transaction():
        store.records.hold(f"receptacles of {by.tenant}")
        found = find_dispatch(store, by.tenant, name)
        bags = list_receptacles(store, by.tenant, found.dispatch)
        check_unmoved(found, bags)
        now, again = store.clock.now(), found.state == CANCELLED
        if not again:
            _free(store, found, bags, now)
            offset = offset_of(to_local(network, found.dispatch_id[:6], now))
            found = replace(
                found,
                state=CANCELLED,
                cancelled_at=now,
                closed_at=found.closed_at or now,
                offset_minutes=found.offset_minutes if found.closed_at else offset,
                version=found.version + 1,
            )
            bags = [replace(each, state=CANCELLED) for each in bags]
            store.records.put(found)
            for bag in bags:
                store.records.put(bag)
            write_down(store, by.tenant, by.who, "dispatch cancelled", found.dispatch_id)
    told = tell_dispatch(to_dispatch(found, bags, {}), found.version, "cancel")
    return ClosedDispatch(found, tuple(bags), (told,), again=again)


def find_dispatch(store: Store, tenant: str, name: str) -> KeptDispatch:
    """The open dispatch of a series of 15 characters, or the latest of a number of 20, that we made.

    Raises
    ------
    MissingRowError
        When there is none.
    """
    code = squeeze(name)
    if len(code) == 15:
        found = find_last(store, tenant, code)
        if found is None or found.state != OPEN:
            raise MissingRowError(f"no dispatch of the series {code} is open; close a receptacle of it first")
        return found
    known = store.records.list_where(KeptDispatch, tenant, "dispatch_id", [code])
    ours = [each for each in known if each.dispatch.startswith(OUT)]
    if not ours:
        raise MissingRowError(f"no dispatch {code} is there; give its 20 characters, or the 15 of its series")
    return max(ours, key=lambda each: each.dispatch)


def check_unmoved(found: KeptDispatch, bags: Sequence[KeptReceptacle]) -> None:
    """See to it that no receptacle of a dispatch was given to a carrier, or came to its destination.

    Raises
    ------
    MisuseError
        When one was.
    """
    gone = [each for each in bags if each.consignment or each.handed_over_at or each.received_at]
    if gone:
        raise MisuseError(
            f"{gone[0].receptacle_id} of dispatch {found.dispatch_id} was given to a carrier; "
            "cancel its consignment first, or tell the destination"
        )


def list_inside(store: Store, tenant: str, bags: Sequence[KeptReceptacle]) -> dict[str, list[str]]:
    """The items of receptacles whose dispatch is closed, by their numbers."""
    return find_inside(store, tenant, [each.receptacle_id for each in bags])


def _answer(store: Store, found: KeptDispatch) -> ClosedDispatch:
    """A dispatch that is closed already, with the messages that it was told by."""
    bags = list_receptacles(store, found.tenant, found.dispatch)
    made = to_dispatch(found, bags, list_inside(store, found.tenant, bags))
    messages = (tell_dispatch(made, found.version), *tell_leaving(made, made.closed_at))
    return ClosedDispatch(found, tuple(bags), messages, again=True)


def _contents(store: Store, tenant: str, bags: Sequence[KeptReceptacle]) -> dict[str, list[str]]:
    """The items of receptacles whose dispatch is open, by the numbers that they have now."""
    numbers = {each.tag: each.receptacle_id for each in bags}
    held = store.records.frame_where(Content, tenant, "tag", pl.Series(list(numbers), dtype=pl.String))
    grouped = held.sort("item_id").group_by("tag").agg("item_id")
    return {numbers[tag]: item_ids for tag, item_ids in grouped.iter_rows()}


def _settle(store: Store, made: Dispatch, inside: Mapping[str, Sequence[str]], zone: str) -> None:
    """Items are contained from now on, no longer being packed, and have left."""
    store.add_containments(to_containment([made]))
    item_ids = pl.Series("item_id", [each for held in inside.values() for each in held], dtype=pl.String)
    if item_ids.is_empty():
        return
    store.records.remove_many(Content, made.tenant, item_ids)
    left = pl.DataFrame({"item_id": item_ids}).with_columns(
        code=pl.lit(LEFT), time=pl.lit(made.closed_at), facility=pl.lit(made.origin)
    )
    record_events(store, left, {made.origin: zone}, made.tenant)


def _free(store: Store, found: KeptDispatch, bags: Sequence[KeptReceptacle], now: datetime) -> None:
    """What was in the receptacles of a dispatch is in them no longer."""
    if found.state == OPEN:
        tags = pl.Series([each.tag for each in bags], dtype=pl.String)
        held = store.records.frame_where(Content, found.tenant, "tag", tags).get_column("item_id")
        if held.len():
            store.records.remove_many(Content, found.tenant, held)
        return
    end_containment(store, found.tenant, [found.dispatch_id, *(each.receptacle_id for each in bags)], now)


def end_containment(store: Store, tenant: str, containers: Sequence[str], now: datetime) -> None:
    """Say that nothing is inside of these any more."""
    names = pl.DataFrame({"subject": containers}, schema={"subject": pl.String}).with_columns(tenant=pl.lit(tenant))
    held = store.find_containments(names.select("tenant", "subject")).filter(pl.col("until").is_null())
    held = held.join(names.select(container="subject"), on="container", how="semi")
    if held.height:
        ends = pl.max_horizontal("since", pl.lit(now).cast(held.schema["since"]))
        store.add_containments(held.with_columns(until=ends))
