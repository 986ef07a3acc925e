"""Receiving: the destination opens what was announced, and answers what came, what did not, and what is strange."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import polars as pl

from entrepost.base.errors import MisuseError
from entrepost.base.findings import Finding, finding_code
from entrepost.codes import receptacle
from entrepost.codes.signs import squeeze
from entrepost.mail.report import CarriageReport, ItemReport
from entrepost.messages.emsevt import Emsevt
from entrepost.messages.resdes import Resdes
from entrepost.network.network import Network
from entrepost.operations.access import Caller
from entrepost.operations.audit import write_down
from entrepost.operations.dispatch_records import CANCELLED, IN, KeptDispatch, KeptReceptacle
from entrepost.operations.dispatching.names import Telling, to_local
from entrepost.operations.dispatching.nouns import find_inside
from entrepost.operations.dispatching.reported import CAME, NUMBERED
from entrepost.operations.dispatching.telling import EVENTS_OF_MESSAGE
from entrepost.operations.events import record_events
from entrepost.operations.store import Store

NOBODYS = finding_code("arrival_unannounced", "A receptacle came that nobody announced.")
ARRIVED = "EMD"
"""The event of an item that arrived at the office of exchange of its destination."""
FOUND, MISSING = "found", "not_found"


@dataclass(frozen=True, slots=True)
class Seen:
    """A receptacle that was scanned, or looked for: received, damaged, or not_found."""

    receptacle_id: str
    status: str = "received"

    def __post_init__(self) -> None:
        receptacle.parse(self.receptacle_id)
        if self.status not in (*CAME, MISSING):
            raise MisuseError(f"{self.status!r} is none of {', '.join((*CAME, MISSING))}")


@dataclass(frozen=True, slots=True)
class ReceivedMail:
    """The receptacles as they stand now, and what is to be sent: a RESDES for each dispatch, and the events EMD."""

    receptacles: tuple[KeptReceptacle, ...]
    messages: tuple[Telling, ...]
    findings: tuple[Finding, ...]


def receive_receptacles(store: Store, network: Network, by: Caller, seen: Sequence[Seen]) -> ReceivedMail:
    """Mark what came, at the office to which it was announced; items inside have arrived, where we know them.

    A receptacle that nobody announced is reported as found, with a finding. What was scanned before is reported again
    with its first instant, and its items have no second event.
    """
    told = [replace(each, receptacle_id=squeeze(each.receptacle_id)) for each in seen]
    with store.transaction():
        store.records.hold(f"receptacles of {by.tenant}")
        known = _find_announced(store, by.tenant, told)
        now = store.clock.now()
        marked = {key: _mark(known[key], each, now) for each in told if (key := each.receptacle_id[:NUMBERED]) in known}
        fresh = [each for key, each in marked.items() if each.received_at and not known[key].received_at]
        for each in marked.values():
            store.records.put(each)
        inside = find_inside(store, by.tenant, [each.receptacle_id for each in marked.values() if each.received_at])
        held = {each.receptacle_id: inside.get(each.receptacle_id, []) for each in fresh}
        _record(store, network, by.tenant, held, now)
        findings, messages = [], []
        for name in dict.fromkeys(each.receptacle_id[:20] for each in told):
            here = to_local(network, name[6:12], now)
            part = [each for each in told if each.receptacle_id[:20] == name]
            reports, odd = _report(part, marked, here)
            findings += odd
            messages += _tell(name, here, reports, held)
            _answer(store, by.tenant, name, now)
            write_down(store, by.tenant, by.who, "receptacles received", name, f"{len(part)} receptacles")
    return ReceivedMail(tuple(marked.values()), tuple(messages), tuple(findings))


def _find_announced(store: Store, tenant: str, told: Sequence[Seen]) -> dict[str, KeptReceptacle]:
    """The latest announced receptacle of each number; flags and weight may differ."""
    ids = list(dict.fromkeys(each.receptacle_id[:20] for each in told))
    dispatches = store.records.list_where(KeptDispatch, tenant, "dispatch_id", ids)
    latest = {each.dispatch_id: each.dispatch for each in dispatches if each.dispatch.startswith(IN)}
    bags = store.records.list_where(KeptReceptacle, tenant, "dispatch", list(latest.values()))
    return {each.receptacle_id[:NUMBERED]: each for each in bags if each.state != CANCELLED}


def _mark(known: KeptReceptacle, seen: Seen, now: datetime) -> KeptReceptacle:
    came = (known.received_at or now) if seen.status in CAME else known.received_at
    return replace(known, outcome=seen.status, received_at=came)


def _report(
    told: Sequence[Seen], marked: dict[str, KeptReceptacle], here: datetime
) -> tuple[list[CarriageReport], list[Finding]]:
    reports, findings = [], []
    for each in told:
        known = marked.get(each.receptacle_id[:NUMBERED])
        status = each.status if known or each.status == MISSING else FOUND
        if known is None:
            fix = "look for its PREDES, or ask its origin"
            message = "no dispatch that was announced has it"
            findings.append(Finding(NOBODYS, "receptacle_id", message, each.receptacle_id, fix=fix, level="warning"))
        came = known.received_at if known and status in CAME else None
        when = came.astimezone(here.tzinfo) if came else here
        number = known.receptacle_id if known else each.receptacle_id
        reports.append(CarriageReport(status, when, each.receptacle_id[6:12], (number,)))
    return reports, findings


def _tell(name: str, here: datetime, reports: Sequence[CarriageReport], fresh: dict[str, list[str]]) -> list[Telling]:
    office, origin = name[6:12], name[:6]
    document = f"{name}-{here:%y%m%d%H%M%S}"
    came = {number for each in reports if each.status in CAME for number in each.receptacle_ids}
    events = [
        ItemReport(item_id, ARRIVED, here, office, subject=number)
        for number, item_ids in fresh.items()
        if number in came
        for item_id in item_ids
    ]
    parts = (events[start : start + EVENTS_OF_MESSAGE] for start in range(0, len(events), EVENTS_OF_MESSAGE))
    told = [Telling(Resdes(document, here, office, name, tuple(reports)), office=origin)]
    return told + [
        Telling(Emsevt(f"{document}{number:03d}", here, tuple(part), office=office), office=origin)
        for number, part in enumerate(parts, start=1)
    ]


def _record(store: Store, network: Network, tenant: str, held: dict[str, list[str]], now: datetime) -> None:
    """Items in receptacles that came for the first time have arrived; of those that we do not know nothing is kept."""
    rows = [(item_id, number[6:12]) for number, item_ids in held.items() for item_id in item_ids]
    events = pl.DataFrame(rows, schema={"item_id": pl.String, "facility": pl.String}, orient="row")
    names = events.select(pl.lit(tenant).alias("tenant"), "item_id")
    known = store.find_items(names).get_column("item_id") if rows else pl.Series(dtype=pl.String)
    events = events.filter(pl.col("item_id").is_in(known.implode()))
    if events.height:
        zones = {code: network.get_facility(code).time_zone for code in events.get_column("facility").unique()}
        record_events(store, events.with_columns(code=pl.lit(ARRIVED), time=pl.lit(now)), zones, tenant)


def _answer(store: Store, tenant: str, dispatch_id: str, now: datetime) -> None:
    """Keep that an announced dispatch was answered."""
    known = store.records.list_where(KeptDispatch, tenant, "dispatch_id", [dispatch_id])
    ours = [each for each in known if each.dispatch.startswith(IN)]
    if ours and ours[-1].answered_at is None:
        store.records.put(replace(ours[-1], answered_at=now))
