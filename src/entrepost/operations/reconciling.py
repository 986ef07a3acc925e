"""What is open between operators, by what a store keeps: dispatches and consignments both ways, and events of items."""

from __future__ import annotations

from datetime import datetime, timedelta

import polars as pl

from entrepost.codes import dispatch
from entrepost.messages.reconciliation import ReconcileParams, reconcile
from entrepost.messages.reconciling.told import SCHEMAS, Told
from entrepost.operations.dispatch_records import (
    CANCELLED,
    OPEN,
    OUT,
    KeptConsignment,
    KeptDispatch,
    KeptLeg,
    KeptReceptacle,
)
from entrepost.operations.dispatching.names import year_in
from entrepost.operations.exchange_records import KeptAdvanceData, SentMessage
from entrepost.operations.store import Store
from entrepost.tables.frames import INSTANT

WINDOW = timedelta(days=180)
"""What was closed longer ago is not looked at any more (surface mail may take a third of that)."""

LEFT = ("EMC", "EMD")
Rows = list[tuple[object, ...]]


def reconcile_store(
    store: Store, tenant: str, params: ReconcileParams | None = None, now: datetime | None = None
) -> pl.DataFrame:
    """What is open of an account now, or at another instant: rows of `messages.reconciling.open.OPEN`."""
    return reconcile(gather_store(store, tenant), now or store.clock.now(), params)


def gather_store(store: Store, tenant: str) -> Told:
    """What a store keeps of the mail of an account, as `messages.reconciling.told` has it.

    A receptacle that nobody announced is not kept: it is a finding of the message that reported it.
    """
    since = store.clock.now() - WINDOW
    dispatches = [
        each
        for each in store.records.list_of(KeptDispatch, tenant)
        if each.state not in (OPEN, CANCELLED) and each.closed_at is not None and each.closed_at >= since
    ]
    named = {each.dispatch: each for each in dispatches}
    bags = store.records.list_where(KeptReceptacle, tenant, "dispatch", list(named))
    bags = [each for each in bags if each.state != CANCELLED]
    consignments = [
        each
        for each in store.records.list_of(KeptConsignment, tenant)
        if each.state != CANCELLED and each.closed_at >= since
    ]
    items = _items(store, tenant, bags, named)
    rows: dict[str, Rows] = {
        "dispatches": [_dispatch(each) for each in dispatches],
        "receptacles": [(each.receptacle_id, named[each.dispatch].dispatch_id, each.weight_g) for each in bags],
        "received": [row for each in bags for row in _received(each, named[each.dispatch])],
        **_consigned(store, tenant, consignments, bags),
    }
    frames = {name: pl.DataFrame(told, schema=SCHEMAS[name], orient="row") for name, told in rows.items()}
    advance = _advance(store, tenant, items)
    return Told(**frames, items=items, advance=advance, happened=_happened(store, tenant, items))


def _dispatch(kept: KeptDispatch) -> tuple[object, ...]:
    code = dispatch.parse(kept.dispatch_id)
    names = (kept.dispatch_id, kept.series, str(code.origin), str(code.destination), code.mail_category)
    return (*names, year_in(kept.dispatch), code.serial, kept.weight_g, kept.closed_at)


def _received(bag: KeptReceptacle, of: KeptDispatch) -> Rows:
    place = of.dispatch_id[6:12]
    if bag.received_at is not None:
        return [(bag.receptacle_id, of.dispatch_id, "received", place, bag.received_at)]
    if bag.outcome in ("not_found", "lost") and of.answered_at is not None:
        return [(bag.receptacle_id, of.dispatch_id, bag.outcome, place, of.answered_at)]
    return []


def _consigned(
    store: Store, tenant: str, consignments: list[KeptConsignment], bags: list[KeptReceptacle]
) -> dict[str, Rows]:
    named = {each.consignment: each for each in consignments}
    legs: dict[str, KeptLeg] = {}
    for leg in store.records.list_where(KeptLeg, tenant, "consignment", list(named)):
        legs.setdefault(leg.consignment, leg)
    told: dict[str, Rows] = {"consignments": [], "consigned": [], "carried": []}
    for name, each in named.items():
        carrier = legs[name].carrier if name in legs else ""
        if name.startswith(OUT):
            facts = (each.consignment_id, each.mail_category, carrier, each.origin, each.weight_g, each.closed_at)
            told["consignments"].append(facts)
    scanned = {bag.consignment for bag in bags if bag.handed_over_at is not None}
    told["carried"] = [
        (each.consignment_id, "", "received", each.origin, each.received_at)
        for name, each in named.items()
        if name.startswith(OUT) and each.received_at is not None and name not in scanned
    ]
    for bag in bags:
        held = named.get(bag.consignment)
        if held is not None and bag.consignment.startswith(OUT):
            told["consigned"].append((held.consignment_id, bag.receptacle_id, bag.weight_g))
            told["carried"] += _scans(bag, held)
    return told


def _scans(bag: KeptReceptacle, held: KeptConsignment) -> Rows:
    """What the carrier scanned of a receptacle in its consignment."""
    seen = (("received", bag.handed_over_at), ("delivered", bag.delivered_at))
    return [(held.consignment_id, bag.receptacle_id, status, held.origin, at) for status, at in seen if at is not None]


def _items(store: Store, tenant: str, bags: list[KeptReceptacle], named: dict[str, KeptDispatch]) -> pl.DataFrame:
    """The items that receptacles hold, or held when they were closed."""
    facts = [(each.receptacle_id, named[each.dispatch].dispatch_id) for each in bags]
    known = pl.DataFrame(facts, schema={"receptacle_id": pl.String, "dispatch_id": pl.String}, orient="row")
    names = known.select(tenant=pl.lit(tenant), subject="receptacle_id")
    held = store.find_containments(names).join(known, left_on="container", right_on="receptacle_id")
    inside = held.select(item_id="subject", receptacle_id="container", dispatch_id="dispatch_id")
    return inside.unique(maintain_order=True).select(pl.col(c).cast(t) for c, t in SCHEMAS["items"].items())


def _advance(store: Store, tenant: str, items: pl.DataFrame) -> pl.DataFrame:
    """Items whose data came before them, or were sent."""
    wanted = items.get_column("item_id").unique().to_list()
    came = store.exchange.find(KeptAdvanceData, tenant, wanted)
    sent = store.exchange.list_with(SentMessage, tenant, {"document": wanted, "message": ["ITMATT"]}) if wanted else []
    return pl.DataFrame({"item_id": [*came, *(each.document for each in sent)]}, schema=SCHEMAS["advance"]).unique()


def _happened(store: Store, tenant: str, items: pl.DataFrame) -> pl.DataFrame:
    wanted = items.select(tenant=pl.lit(tenant), item_id="item_id").unique()
    known = store.find_items(wanted).select("item_no", "item_id", "last_event_at")
    events = store.find_events(known.select("item_no", "last_event_at")).filter(pl.col("code").is_in(LEFT))
    told = events.join(known.select("item_no", "item_id"), on="item_no")
    return told.select("item_id", "code", pl.col("facility").alias("office"), pl.col("time").cast(INSTANT))
