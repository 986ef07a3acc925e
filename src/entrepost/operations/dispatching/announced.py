"""Dispatches and consignments that others announce: kept, replaced and cancelled, with what is inside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from entrepost.base.findings import Finding, finding_code
from entrepost.mail.dispatch import MISSING, Dispatch
from entrepost.messages.cardit import Cardit
from entrepost.messages.precon import Precon
from entrepost.messages.predes import Predes
from entrepost.operations.dispatch_records import (
    ANNOUNCED,
    CANCELLED,
    IN,
    KeptConsignment,
    KeptDispatch,
    KeptLeg,
    KeptReceptacle,
)
from entrepost.operations.dispatching.names import (
    name_consignment,
    name_dispatch,
    name_receptacle,
    offset_of,
    year_of,
)
from entrepost.operations.dispatching.nouns import keep_legs, list_receptacles, write_counts
from entrepost.operations.dispatching.telling import CANCEL
from entrepost.operations.store import Store
from entrepost.tables.containment import to_containment
from entrepost.tables.frames import INSTANT

LATE = finding_code("dispatch_replaced_late", "A dispatch was replaced after receptacles of it had come.")
UNKNOWN = finding_code("message_cancels_unknown", "A message cancels what was never announced.")

Answer = tuple[str, tuple[Finding, ...]]
"""The name of what was registered, and what is odd about it."""


def register_dispatch(store: Store, tenant: str, message: Predes) -> Answer:
    """Keep the dispatch of a PREDES, over what an earlier one said of it.

    A serial that is left out between it and the last one of its series is told: a dispatch may be lost.
    """
    told = replace(message.dispatch, tenant=tenant)
    name = name_dispatch(IN, told.dispatch_id, year_of(told.dispatch_id, told.closed_at))
    found = store.records.find(KeptDispatch, tenant, name)
    if message.function == CANCEL:
        return name, _cancel_dispatch(store, tenant, found, told.dispatch_id)
    gaps = () if found else _find_gap(store, tenant, name)
    before = list_receptacles(store, tenant, name) if found else []
    named = {each.receptacle: each for each in before}
    consigned = _find_consigned(store, tenant, [each.receptacle_id for each in told.receptacles])
    rows = [_keep_receptacle(told, name, number, named, consigned) for number in range(len(told.receptacles))]
    kept = {each.receptacle for each in rows}
    gone = [each for each in before if each.receptacle not in kept]
    late = _find_late(before, gone)
    _write(store, [*rows, *(replace(each, state=CANCELLED) for each in gone if each.received_at is None)])
    store.records.put(
        KeptDispatch(
            tenant,
            name,
            told.dispatch_id,
            ANNOUNCED,
            "",
            offset_of(told.closed_at),
            weight_g=told.weight_g,
            receptacles=len(rows),
            items=sum(each.items for each in rows),
            version=1 if found is None else found.version + (message.function != "original"),
            opened_at=found.opened_at if found else store.clock.now(),
            closed_at=told.closed_at,
            answered_at=found.answered_at if found else None,
        )
    )
    contain(store, tenant, to_containment([told]), [told.dispatch_id, *(each.receptacle_id for each in before)])
    return name, (*gaps, *late)


def register_consignment(store: Store, tenant: str, message: Precon | Cardit) -> Answer:
    """Keep the consignment of a PRECON or CARDIT, over what an earlier one said of it."""
    told = replace(message.consignment, tenant=tenant)
    name = name_consignment(IN, told.consignment_id, told.completed_at.year, message.origin)
    found = store.records.find(KeptConsignment, tenant, name)
    if message.function == CANCEL and found is None:
        return "", (_unknown("consignment_id", told.consignment_id),)
    is_over = message.function == CANCEL
    kept = KeptConsignment(
        tenant,
        name,
        told.consignment_id,
        message.origin,
        message.destination,
        told.mail_category,
        told.waybill,
        told.security_status,
        CANCELLED if is_over else ANNOUNCED,
        "",
        offset_of(told.completed_at),
        weight_g=told.weight_g,
        receptacles=len(told.receptacles),
        version=1 if found is None else found.version + (message.function != "original"),
        closed_at=told.completed_at,
        cancelled_at=store.clock.now() if is_over else None,
        received_at=found.received_at if found else None,
        delivered_at=found.delivered_at if found else None,
        answered_at=found.answered_at if found else None,
    )
    store.records.put(kept)
    numbers = [] if is_over else [each.receptacle_id for each in told.receptacles]
    _assign(store, kept, numbers)
    for leg in store.records.list_where(KeptLeg, tenant, "consignment", [name]):
        store.records.remove(KeptLeg, tenant, leg.leg)
    for leg in keep_legs(kept, told.legs):
        store.records.put(leg)
    rows = to_containment([], [told])
    contain(store, tenant, rows.clear() if is_over else rows, [told.consignment_id])
    return name, ()


def _cancel_dispatch(store: Store, tenant: str, found: KeptDispatch | None, dispatch_id: str) -> tuple[Finding, ...]:
    if found is None:
        return (_unknown("dispatch_id", dispatch_id),)
    if found.state != CANCELLED:
        bags = list_receptacles(store, tenant, found.dispatch)
        cancelled = replace(found, state=CANCELLED, cancelled_at=store.clock.now(), version=found.version + 1)
        store.records.put(cancelled)
        _write(store, [replace(each, state=CANCELLED) for each in bags])
        contain(store, tenant, to_containment([]), [dispatch_id, *(each.receptacle_id for each in bags)])
    return ()


def _find_late(before: Sequence[KeptReceptacle], gone: Sequence[KeptReceptacle]) -> tuple[Finding, ...]:
    """A warning where a dispatch is told anew that has come in part: what came stays, also what is told no more."""
    came = [each for each in before if each.received_at is not None]
    if not came:
        return ()
    lost = [each.receptacle_id for each in gone if each.received_at is not None]
    message = f"{len(came):,} of its receptacles had come" + (f"; {lost[0]} is told no more, and stays" if lost else "")
    fix = "compare it with what came, and ask the origin operator"
    return (Finding(LATE, "function", message, before[0].receptacle_id[:20], fix=fix, level="warning"),)


def _unknown(field: str, subject: str) -> Finding:
    fix = "ask the sender for what it cancels"
    return Finding(
        UNKNOWN, field, f"{subject} is cancelled, but was never announced", subject, fix=fix, level="warning"
    )


def _find_gap(store: Store, tenant: str, name: str) -> tuple[Finding, ...]:
    """A warning where the serials of a series jump to this dispatch."""
    start, serial = name[:-4], int(name[-4:])
    before = store.records.list_latest(KeptDispatch, tenant, name, 1)
    last = int(before[0].dispatch[-4:]) if before and before[0].dispatch.startswith(start) else None
    if last is None or serial <= last + 1:
        return ()
    missing = f"{last + 1:04d} is" if serial == last + 2 else f"{last + 1:04d} to {serial - 1:04d} are"
    message, fix = f"{missing} missing before {serial:04d}", "ask the origin operator where it is"
    return (Finding(MISSING, "dispatch_id", message, start[len(IN) + 1 :].strip(), fix=fix, level="warning"),)


def _keep_receptacle(
    told: Dispatch,
    name: str,
    number: int,
    before: dict[str, KeptReceptacle],
    consigned: dict[str, str],
) -> KeptReceptacle:
    """A receptacle as it is kept; what was reported of it before stays."""
    bag = told.receptacles[number]
    key = name_receptacle(name, bag.serial)
    made = KeptReceptacle(
        told.tenant,
        key,
        bag.receptacle_id,
        name,
        "",
        bag.kind,
        bag.handling_class,
        write_counts(bag.counts),
        state=ANNOUNCED,
        outcome="",
        consignment=consigned.get(bag.receptacle_id, ""),
        closed_by="",
        weight_g=bag.weight_g,
        items=bag.items if bag.items is not None else len(bag.item_ids),
        exempt=int(bag.exempt),
        closed_at=told.closed_at,
    )
    found = before.get(key)
    if found is None:
        return made
    return replace(
        made,
        outcome=found.outcome,
        consignment=made.consignment or found.consignment,
        handed_over_at=found.handed_over_at,
        delivered_at=found.delivered_at,
        received_at=found.received_at,
    )


def _find_consigned(store: Store, tenant: str, numbers: Sequence[str]) -> dict[str, str]:
    """The consignments, by name, in which receptacles were announced before their dispatch was."""
    names = pl.DataFrame({"subject": numbers}, schema={"subject": pl.String}).with_columns(tenant=pl.lit(tenant))
    held = store.find_containments(names.select("tenant", "subject")).filter(pl.col("until").is_null())
    held = held.join(names.select("subject"), on="subject", how="semi")
    if held.is_empty():
        return {}
    outer = held.get_column("container").unique().to_list()
    known = store.records.list_where(KeptConsignment, tenant, "consignment_id", outer)
    ours = {each.consignment_id: each.consignment for each in known if each.consignment.startswith(IN)}
    return {bag: ours[number] for bag, number in held.select("subject", "container").iter_rows() if number in ours}


def _assign(store: Store, kept: KeptConsignment, numbers: Sequence[str]) -> None:
    """These announced receptacles are in the consignment, and no others."""
    records, tenant = store.records, kept.tenant
    before = records.list_where(KeptReceptacle, tenant, "consignment", [kept.consignment])
    named = records.list_where(KeptReceptacle, tenant, "receptacle_id", numbers)
    now = {each.receptacle for each in named if each.receptacle.startswith(IN)}
    freed = [replace(each, consignment="") for each in before if each.receptacle not in now]
    given = [replace(each, consignment=kept.consignment) for each in named if each.receptacle in now]
    _write(store, [*freed, *given])


def contain(store: Store, tenant: str, rows: pl.DataFrame, containers: Sequence[str]) -> None:
    """Directly inside of these is what the rows say, and nothing else; what ended and is told again goes on."""
    names = pl.DataFrame({"subject": containers}, schema={"subject": pl.String}).with_columns(tenant=pl.lit(tenant))
    known = store.find_containments(names.select("tenant", "subject"))
    known = known.join(names.select(container="subject"), on="container", how="semi")
    held, over = known.filter(pl.col("until").is_null()), known.filter(pl.col("until").is_not_null())
    pair = ["container", "subject"]
    ended = held.join(rows, on=pair, how="anti")
    ends = pl.max_horizontal("since", pl.lit(store.clock.now()).cast(INSTANT))
    store.add_containments(ended.with_columns(until=ends))
    new = rows.join(held, on=pair, how="anti", maintain_order="left")
    store.add_containments(new)
    store.inbound.contain_again(over.join(new, on=[*pair, "since"], how="semi"))


def _write(store: Store, rows: Sequence[KeptReceptacle]) -> None:
    if rows:
        store.records.put_many(KeptReceptacle, pl.DataFrame(rows, orient="row"))
