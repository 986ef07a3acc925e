"""Consignments: closed receptacles given to departures that have room for them, and told to carrier and destination."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from entrepost.base.errors import MissingRowError, MisuseError
from entrepost.base.findings import Finding, finding_code
from entrepost.codes import consignment as s32
from entrepost.codes import waybill
from entrepost.mail.consignment import Handover, check_consignment
from entrepost.network.network import Network
from entrepost.operations.access import Caller
from entrepost.operations.audit import write_down
from entrepost.operations.dispatch_records import (
    CANCELLED,
    CLOSED,
    OUT,
    KeptConsignment,
    KeptDispatch,
    KeptLeg,
    KeptReceptacle,
    WaybillStock,
)
from entrepost.operations.dispatching.dispatches import end_containment, find_dispatch, list_inside
from entrepost.operations.dispatching.gate import find_forbidden
from entrepost.operations.dispatching.names import Telling, name_consignment, offset_of, to_local
from entrepost.operations.dispatching.nouns import keep_legs, list_receptacles, to_consignment
from entrepost.operations.dispatching.rides import Ride, Wanted, choose_rides, get_ride
from entrepost.operations.dispatching.telling import CANCEL, tell_consignment
from entrepost.operations.store import Store
from entrepost.tables.containment import to_containment

FORBIDDEN = finding_code("consignment_item_forbidden", "A receptacle holds an item that must not be loaded.")
NO_RIDE = finding_code("consignment_no_ride", "No departure with room leaves for a receptacle within a fortnight.")
ISSUED_MOST = 10**9
ISSUED_AS = "A"
"""The first sign behind the country in the numbers that we issue, before nine digits (the layout is *assumed*)."""


@dataclass(frozen=True, slots=True)
class Consigning:
    """Receptacles for a carrier: by their numbers, or all of a dispatch that have none yet.

    `rides` are departures and their days, in order; none: the way that arrives first and has room. Without a
    `consignment_id` the next number of the origin's country is issued, without a `waybill` the next one of the airline
    where its numbers are known.
    """

    dispatch: str = ""
    receptacle_ids: tuple[str, ...] = ()
    rides: tuple[tuple[str, date], ...] = ()
    consignment_id: str = ""
    waybill: str = ""
    security_status: str = ""

    def __post_init__(self) -> None:
        if bool(self.dispatch) == bool(self.receptacle_ids):
            raise MisuseError("say what is to be consigned: a dispatch, or the numbers of receptacles")
        if self.consignment_id:
            s32.parse_document(self.consignment_id)
        if self.waybill:
            waybill.parse(self.waybill)


@dataclass(frozen=True, slots=True)
class ClosedConsignment:
    """A consignment that was closed or cancelled, its receptacles and legs, and what is to be sent.

    `again`: it was cancelled before, and that was told then.
    """

    consignment: KeptConsignment
    receptacles: tuple[KeptReceptacle, ...]
    legs: tuple[KeptLeg, ...]
    messages: tuple[Telling, ...]
    findings: tuple[Finding, ...] = ()
    again: bool = False


@dataclass(frozen=True, slots=True)
class Consigned:
    """What came of consigning: as many consignments as departures were needed, and what stayed behind, and why."""

    consignments: tuple[ClosedConsignment, ...]
    findings: tuple[Finding, ...]


def consign(store: Store, network: Network, by: Caller, wanted: Consigning) -> Consigned:
    """Give closed receptacles to departures, in the order of their serials, as far as these have room.

    Where a departure has not enough, the rest goes with the next one in another consignment, unless rides or number
    are told: then nothing goes. A receptacle with an item that must not be loaded stays behind.

    Raises
    ------
    MissingRowError
        When a receptacle or dispatch is not there, or not closed.
    MisuseError
        When a receptacle is in a consignment already, they have different ends or categories, or the rides that are
        told do not lead there or have no room.
    """
    with store.transaction():
        store.records.hold(f"receptacles of {by.tenant}")
        bags = _find_bags(store, by.tenant, wanted)
        bags, findings = _sift(store, by.tenant, bags)
        made = []
        while bags:
            rides, part = _allot(store, network, by.tenant, bags, wanted)
            if not part:
                fix = "wait for another departure, or name the rides"
                findings += [
                    Finding(NO_RIDE, "rides", "nothing with room leaves for it", each.receptacle_id, fix=fix)
                    for each in bags
                ]
                break
            made.append(_close(store, network, by, (part, rides, wanted)))
            taken = {each.receptacle_id for each in part}
            bags = [each for each in bags if each.receptacle_id not in taken]
    return Consigned(tuple(made), tuple(findings))


def cancel_consignment(store: Store, by: Caller, consignment_id: str) -> ClosedConsignment:
    """Cancel a consignment that the carrier did not scan; its receptacles may be given to another.

    Raises
    ------
    MissingRowError
        When there is none of that number.
    MisuseError
        When the carrier has it.
    """
    with store.transaction():
        store.records.hold(f"receptacles of {by.tenant}")
        found = find_consignment(store, by.tenant, consignment_id)
        bags, legs = list_consigned(store, found)
        if found.received_at or any(each.handed_over_at for each in bags):
            raise MisuseError(f"the carrier has scanned consignment {consignment_id}; it cannot be cancelled")
        now, again = store.clock.now(), found.state == CANCELLED
        if not again:
            end_containment(store, by.tenant, [found.consignment_id], now)
            found = replace(found, state=CANCELLED, cancelled_at=now, version=found.version + 1)
            store.records.put(found)
            for bag in bags:
                store.records.put(replace(bag, consignment=""))
            for leg in legs:
                store.records.put(replace(leg, run=""))
            write_down(store, by.tenant, by.who, "consignment cancelled", consignment_id)
    noun = to_consignment(found, bags, legs, None)
    told = tell_consignment(noun, (found.origin, found.destination), found.version, CANCEL)
    return ClosedConsignment(found, tuple(bags), tuple(legs), told, again=again)


def find_consignment(store: Store, tenant: str, consignment_id: str) -> KeptConsignment:
    """The latest consignment of a number that we closed; raises `MissingRowError` where there is none."""
    known = store.records.list_where(KeptConsignment, tenant, "consignment_id", [consignment_id.strip()])
    ours = [each for each in known if each.consignment.startswith(OUT)]
    if not ours:
        raise MissingRowError(f"no consignment {consignment_id} is there")
    return max(ours, key=lambda each: each.closed_at)


def list_consigned(store: Store, found: KeptConsignment) -> tuple[list[KeptReceptacle], list[KeptLeg]]:
    """The receptacles and rides of a consignment."""
    records, name = store.records, [found.consignment]
    bags = records.list_where(KeptReceptacle, found.tenant, "consignment", name)
    return bags, records.list_where(KeptLeg, found.tenant, "consignment", name)


def add_waybills(store: Store, by: Caller, airline: str, carrier: str, first: int, last: int) -> WaybillStock:
    """Keep numbers of air waybills that a carrier gave us: its three digits and code, the first and the last serial."""
    waybill.Waybill(airline, first)
    waybill.Waybill(airline, last)
    stock = WaybillStock(by.tenant, airline, carrier, by.who, first, last, store.clock.now())
    if last < first:
        raise MisuseError(f"the last serial {last} is before the first one, {first}")
    with store.transaction():
        store.records.put(stock)
        write_down(store, by.tenant, by.who, "waybills kept", airline, f"{first} to {last}")
    return stock


def _find_bags(store: Store, tenant: str, wanted: Consigning) -> list[KeptReceptacle]:
    """The receptacles that are meant, each closed with its dispatch and in no consignment."""
    if wanted.dispatch:
        found = find_dispatch(store, tenant, wanted.dispatch)
        if found.state != CLOSED:
            raise MissingRowError(f"the dispatch {found.dispatch_id} is {found.state}; only a closed one is consigned")
        bags = [each for each in list_receptacles(store, tenant, found.dispatch) if not each.consignment]
        if not bags:
            raise MissingRowError(f"every receptacle of dispatch {found.dispatch_id} is in a consignment")
        return bags
    numbers = ["".join(each.split()).upper() for each in wanted.receptacle_ids]
    known = store.records.list_where(KeptReceptacle, tenant, "receptacle_id", numbers)
    bags = [each for each in known if each.state == CLOSED and each.dispatch.startswith(OUT)]
    closed = {
        each.dispatch
        for each in store.records.list_where(KeptDispatch, tenant, "dispatch", [bag.dispatch for bag in bags])
        if each.state == CLOSED
    }
    missing = set(numbers) - {each.receptacle_id for each in bags if each.dispatch in closed}
    if missing:
        raise MissingRowError(f"no receptacle {min(missing)} of a closed dispatch is there")
    for each in bags:
        if each.consignment:
            raise MisuseError(f"{each.receptacle_id} is in consignment {each.consignment.split(' ')[1]}")
    if len({(each.receptacle_id[:13]) for each in bags}) > 1:
        raise MisuseError("the receptacles have different offices or categories; a consignment has one of each")
    return bags


def _sift(store: Store, tenant: str, bags: Sequence[KeptReceptacle]) -> tuple[list[KeptReceptacle], list[Finding]]:
    """Receptacles that may be handed over, and why others may not."""
    inside = list_inside(store, tenant, bags)
    forbidden = set(find_forbidden(store, tenant, [each for held in inside.values() for each in held]))
    if not forbidden:
        return list(bags), []
    good, findings = [], []
    for bag in bags:
        barred = sorted(forbidden & set(inside.get(bag.receptacle_id, ())))
        if barred:
            message = f"it holds {barred[0]}, which must not be loaded"
            fix = "open it and follow the security protocol"
            findings.append(Finding(FORBIDDEN, "receptacle_ids", message, bag.receptacle_id, fix=fix))
        else:
            good.append(bag)
    return good, findings


def _allot(
    store: Store, network: Network, tenant: str, bags: Sequence[KeptReceptacle], wanted: Consigning
) -> tuple[tuple[Ride, ...], list[KeptReceptacle]]:
    """The rides that the first of these receptacles take, and as many of them as have room there."""
    code = bags[0].receptacle_id
    origin, destination = code[:6], code[6:12]
    weight = sum(each.weight_g for each in bags)
    if wanted.rides:
        rides = tuple(get_ride(store, network, tenant, *each) for each in wanted.rides)
        _check_told(rides, (origin, destination), weight)
        return rides, list(bags)
    asked = Wanted(origin, destination, code[12], store.clock.now(), bags[0].weight_g)
    rides = choose_rides(store, network, tenant, asked)
    room, part = min((each.room_g for each in rides), default=0), []
    for bag in bags:
        if bag.weight_g > room:
            break
        room -= bag.weight_g
        part.append(bag)
    if part and len(part) < len(bags) and (wanted.consignment_id or wanted.waybill):
        raise MisuseError(f"{rides[0].run} has no room for all of {weight} g, so one number is not enough")
    return rides, part


def _check_told(rides: Sequence[Ride], ends: tuple[str, str], weight_g: int) -> None:
    """Rides that are told lead from one office to the other, and have room."""
    places = [rides[0].departure.from_facility, *(each.departure.to_facility for each in rides)]
    if (places[0], places[-1]) != ends:
        raise MisuseError(
            f"the rides lead from {places[0]} to {places[-1]}, the receptacles from {ends[0]} to {ends[1]}"
        )
    for each in rides:
        if each.room_g < weight_g:
            raise MisuseError(f"{each.run} has room for {max(each.room_g, 0)} g, the receptacles weigh {weight_g} g")


def _close(
    store: Store,
    network: Network,
    by: Caller,
    work: tuple[Sequence[KeptReceptacle], Sequence[Ride], Consigning],
) -> ClosedConsignment:
    bags, rides, wanted = work
    now, code = store.clock.now(), bags[0].receptacle_id
    local = to_local(network, code[:6], now)
    number = wanted.consignment_id or _next_number(store, by.tenant, code[:2])
    kept = KeptConsignment(
        by.tenant,
        name_consignment(OUT, number, local.year, code[:6]),
        number,
        code[:6],
        code[6:12],
        code[12],
        wanted.waybill or _next_waybill(store, by, rides[0].departure.carrier),
        wanted.security_status,
        CLOSED,
        by.who,
        offset_of(local),
        weight_g=sum(each.weight_g for each in bags),
        receptacles=len(bags),
        version=1,
        closed_at=now,
    )
    if store.records.find(KeptConsignment, by.tenant, kept.consignment) is not None:
        raise MisuseError(f"the consignment {number} is there already; give another number")
    given = [replace(each, consignment=kept.consignment) for each in bags]
    legs = keep_legs(kept, [each.leg for each in rides], [each.run for each in rides])
    store.records.put(kept)
    for bag in given:
        store.records.put(bag)
    for leg in legs:
        store.records.put(leg)
    tendered = Handover(kept.origin, local, max(local, rides[0].cutoff_at))
    noun = to_consignment(kept, given, legs, tendered)
    store.add_containments(to_containment([], [noun]))
    write_down(store, by.tenant, by.who, "consignment closed", number, f"{len(bags)} receptacles on {rides[0].run}")
    told = tell_consignment(noun, (kept.origin, kept.destination), 1)
    return ClosedConsignment(kept, tuple(given), tuple(legs), told, tuple(check_consignment(noun)))


def _next_number(store: Store, tenant: str, country: str) -> str:
    """The next S32 number that the operator issues."""
    start = f"{OUT} {country}{ISSUED_AS}"
    found = store.records.list_latest(KeptConsignment, tenant, f"{start}:", 1)  # behind all digits
    before = found[0].consignment_id[3:] if found and found[0].consignment.startswith(start) else ""
    serial = int(before) + 1 if before.isdigit() else 1
    if serial >= ISSUED_MOST:
        raise MisuseError(f"no number {country}{ISSUED_AS}... is left; give the consignment a number")
    return s32.format(s32.S32(country, f"{ISSUED_AS}{serial:09d}"))


def _next_waybill(store: Store, by: Caller, carrier: str) -> str:
    """The next number of an air waybill that a carrier gave us; empty where none is left, or none was given."""
    for stock in store.records.list_of(WaybillStock, by.tenant):
        if stock.carrier == carrier and stock.next <= stock.last:
            store.records.put(replace(stock, next=stock.next + 1))
            return waybill.format(waybill.Waybill(stock.airline, stock.next))
    return ""
