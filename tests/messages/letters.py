"""What posts could write to one another: strategies of every message, and one small envelope."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from entrepost.codes import s10
from entrepost.mail.advance_data import AdvanceData, Amount, Paper, TaxId
from entrepost.mail.consignment import Consignment, Handover, Leg, Unit
from entrepost.mail.customs_response import CustomsResponse, Revision, TaxDue
from entrepost.mail.declaration import NATURES, Content, Declaration
from entrepost.mail.dispatch import Dispatch
from entrepost.mail.party import Party
from entrepost.mail.receptacle import Count, Receptacle
from entrepost.mail.referral import ReferralNote
from entrepost.mail.report import CarriageReport, ItemReport
from entrepost.messages import edifact
from entrepost.messages.cardit import Cardit
from entrepost.messages.cusitm import Cusitm
from entrepost.messages.cusrsp import Cusrsp
from entrepost.messages.edifact import Envelope
from entrepost.messages.emsevt import Emsevt
from entrepost.messages.itmatt import Itmatt
from entrepost.messages.precon import Precon
from entrepost.messages.predes import Predes
from entrepost.messages.refitm import Refitm
from entrepost.messages.rescon import Rescon
from entrepost.messages.resdes import Resdes
from entrepost.messages.resdit import Resdit
from entrepost.reference.carriage_status import list_carriage_statuses
from entrepost.reference.customs_decision import list_decisions
from entrepost.reference.event_code import list_event_codes
from entrepost.reference.reason import list_reasons
from entrepost.reference.referral_message import list_referral_messages

OFFICES = ("NLHAGI", "USJFKA", "CNSZXA")
AIRPORTS = ("AMS", "JFK", "SZX")
ZONES = {
    "NLHAGI": "Europe/Amsterdam",
    "USJFKA": "America/New_York",
    "CNSZXA": "Asia/Shanghai",
    "AMS": "Europe/Amsterdam",
    "NL101": "Europe/Amsterdam",
}
OFFSETS = {"NL": 1, "AM": 1, "US": -5, "JF": -5, "CN": 8, "SZ": 8}
"""Hours ahead of UTC in winter, in which all of these messages are written."""
ENVELOPE = Envelope("NL101", "US101", datetime(2026, 11, 28, 9, 30), "NL00000871")  # noqa: DTZ001 - local by the syntax


def address(data: bytes) -> Envelope:
    """The envelope of an interchange, to write it again."""
    given = edifact.read(data)
    assert given.prepared_at is not None
    names = (given.sender, given.recipient, given.prepared_at, given.reference, given.application)
    return Envelope(*names, syntax=given.syntax, version=given.version)


def sample(shared: Path, name: str) -> Any:
    """One of the constructed samples in JSON."""
    return json.loads((shared / f"postal/samples/constructed/{name}_canonical.json").read_text(encoding="utf-8"))


def without_layout(data: bytes) -> bytes:
    """An interchange without the lines on which its segments stand."""
    return data.replace(b"\n", b"")


def bare(value: Any) -> Any:
    """JSON without nulls and empty lists, which say nothing."""
    if isinstance(value, dict):
        return {name: bare(each) for name, each in value.items() if each not in (None, [])}
    return [bare(each) for each in value] if isinstance(value, list) else value


words = st.text(alphabet="ABC xyz09+:'?.,-éß", min_size=1, max_size=12).map(str.strip).filter(bool)
numbers = st.from_regex(r"[A-Z0-9]{1,12}", fullmatch=True)
offices = st.sampled_from(OFFICES)
airports = st.sampled_from(AIRPORTS)
item_ids = st.integers(0, 99_999_999).map(lambda serial: s10.format(s10.S10("LX", serial, "NL")))
functions = st.sampled_from(["original", "replace", "change", "cancel", "duplicate", "copy"])
grams = st.integers(0, 30_000)
currencies = st.sampled_from(["EUR", "JPY", "KWD"])
instants = st.datetimes(datetime(2026, 1, 1), datetime(2026, 2, 27)).map(lambda each: each.replace(tzinfo=UTC))  # noqa: DTZ001


def at(instant: datetime, place: str) -> datetime:
    """An instant to the minute with the offset of a place."""
    zone = timezone(timedelta(hours=OFFSETS[place[:2]]))
    return instant.replace(second=0, microsecond=0).astimezone(zone)


@st.composite
def item_reports(draw: st.DrawFn) -> ItemReport:
    office = draw(offices)
    reasons = [each.reason for each in list_reasons()]
    measures = [each.reason for each in list_reasons() if each.kind == "measure"]
    return ItemReport(
        item_id=draw(item_ids),
        code=draw(st.sampled_from([each.code for each in list_event_codes()])),
        time=at(draw(instants), office),
        office=office,
        reason=draw(st.sampled_from(["", *reasons])),
        measure=draw(st.sampled_from(["", *measures])),
        subject=draw(st.sampled_from(["", "NLHAGIUSJFKAAUN60017"])),
        next_office=draw(st.just("") | offices),
        remark=draw(st.just("") | words),
        signatory=draw(st.just("") | words),
        delivery_place=draw(st.just("") | words),
        mail_class=draw(st.sampled_from(["", "U", "C", "E"])),
        weight_g=draw(st.none() | st.integers(1, 30_000)),
        destination=draw(st.sampled_from(["", "US", "DE"])),
    )


@st.composite
def emsevts(draw: st.DrawFn) -> Emsevt:
    office = draw(offices)
    reports = tuple(draw(st.lists(item_reports(), max_size=4)))
    return Emsevt(draw(numbers), at(draw(instants), office), reports, draw(functions), office)


@st.composite
def legs(draw: st.DrawFn, timed: bool = True) -> Leg:
    origin, destination = draw(airports), draw(airports)
    leaves = draw(instants)
    comes = leaves + timedelta(hours=draw(st.integers(0, 90)))
    times = (at(leaves, origin), at(comes, destination)) if timed else (None, None)
    return Leg(draw(st.sampled_from(["air", "road", "rail", "sea"])), "KL", draw(numbers), origin, destination, *times)


@st.composite
def receptacles(draw: st.DrawFn, serial: int = 1, recorded: bool = True) -> Receptacle:
    weight = draw(grams)
    subclass, last = draw(st.sampled_from(["UN", "CN"])), draw(st.sampled_from("019"))
    name = f"NLHAGIUSJFKAA{subclass}60017{serial:03d}{last}0{weight // 100:04d}"
    kind = draw(st.sampled_from(["BG", "PU", "CW", "PX", "BX"]))
    if not recorded:
        return Receptacle(name, weight, kind, draw(st.sampled_from(["", "R"])))
    counts = tuple(
        Count(form, draw(st.integers(0, 500))) for form in draw(st.sets(st.sampled_from(["P", "G", "E", ""])))
    )
    ids = tuple(draw(st.lists(item_ids, max_size=12)))
    return Receptacle(name, weight, kind, draw(st.sampled_from(["", "R"])), counts, ids, draw(st.booleans()))


@st.composite
def dispatches(draw: st.DrawFn) -> Predes:
    held = tuple(draw(receptacles(serial)) for serial in range(1, draw(st.integers(1, 4))))
    closed = at(draw(instants), "NLHAGI")
    rides = tuple(draw(st.lists(legs(), max_size=2)))
    made = Dispatch("NLHAGIUSJFKAAUN60017", closed, sum(each.weight_g for each in held), held, rides)
    return Predes(draw(numbers), made, draw(functions))


@st.composite
def consignments(draw: st.DrawFn) -> Consignment:
    held = tuple(draw(receptacles(serial, recorded=False)) for serial in range(1, draw(st.integers(1, 5))))
    loose = [each.receptacle_id for each in held]
    units = (Unit("AKE12345KL", tuple(loose[:2])), Unit("AKE99999KL", ())) if draw(st.booleans()) else ()
    start = draw(instants)
    windows = [
        Handover(place, at(start, place), at(start + timedelta(hours=2), place)) if draw(st.booleans()) else None
        for place in ("AMS", "USJFKA")
    ]
    return Consignment(
        consignment_id=draw(numbers),
        completed_at=at(draw(instants), "NLHAGI"),
        mail_category="A",
        weight_g=sum(each.weight_g for each in held),
        receptacles=held,
        legs=tuple(draw(st.lists(legs(), max_size=2))),
        waybill=draw(st.sampled_from(["", "07412345675"])),
        security_status=draw(st.sampled_from(["", "SPX"])),
        units=units,
        tendered=windows[0],
        delivered=windows[1],
    )


def consigned(kind: type[Precon] | type[Cardit]) -> st.SearchStrategy[Any]:
    """PRECON or CARDIT."""
    return st.builds(kind, numbers, consignments(), st.just("NLHAGI"), st.sampled_from(["USJFKA", "CNSZXA"]), functions)


@st.composite
def carriage_reports(draw: st.DrawFn, flights: bool = False) -> CarriageReport:
    place = draw(airports if flights else offices)
    name = "NLHAGIUSJFKAAUN60017{:03d}000125"
    least = 0 if flights else 1
    held = tuple(name.format(serial) for serial in draw(st.sets(st.integers(1, 9), min_size=least, max_size=3)))
    status = draw(st.sampled_from([each.status for each in list_carriage_statuses()]))
    ride = draw(st.none() | legs() | legs(timed=False)) if flights else None
    return CarriageReport(status, at(draw(instants), place), place, held, ride, "BA" if flights else "")


@st.composite
def resdes(draw: st.DrawFn) -> Resdes:
    reports = tuple(draw(st.lists(carriage_reports(), max_size=3)))
    return Resdes(
        draw(numbers), at(draw(instants), "USJFKA"), "USJFKA", "NLHAGIUSJFKAAUN60017", reports, draw(functions)
    )


@st.composite
def rescons(draw: st.DrawFn) -> Rescon:
    reports = tuple(draw(st.lists(carriage_reports(), max_size=3)))
    return Rescon(draw(numbers), at(draw(instants), "NLHAGI"), draw(numbers), reports, draw(functions))


@st.composite
def resdits(draw: st.DrawFn) -> Resdit:
    reports = tuple(draw(st.lists(carriage_reports(flights=True), max_size=3)))
    waybill = draw(st.sampled_from(["", "07412345675"]))
    return Resdit(draw(numbers), at(draw(instants), "NLHAGI"), draw(numbers), reports, waybill, draw(functions))


@st.composite
def parties(draw: st.DrawFn, ids: tuple[TaxId, ...]) -> Party:
    lines = tuple(draw(st.lists(words, min_size=1, max_size=3)))
    tax_id = ids[0].number if ids else ""
    rest = [draw(st.just("") | words) for _ in range(4)]
    return Party(draw(words), lines, draw(words), draw(st.sampled_from(["NL", "US"])), *rest, tax_id)


@st.composite
def advance_data(draw: st.DrawFn) -> AdvanceData:
    ids = [tuple(draw(st.lists(st.builds(TaxId, words, words), max_size=2))) for _ in range(2)]
    content = st.builds(
        Content, words, st.integers(1, 99), grams, st.integers(0, 10**9), st.sampled_from(["", "610910"])
    )
    amounts = st.none() | st.builds(Amount, st.integers(0, 10**9), currencies)
    contents = tuple(draw(st.lists(content, min_size=1, max_size=3)))
    return AdvanceData(
        item_id=draw(item_ids),
        origin_operator="NLA",
        destination_operator="USA",
        mail_class=draw(st.sampled_from("UCE")),
        posted_at=at(draw(instants), "NLHAGI"),
        weight_g=draw(grams),
        sender=draw(parties(ids[0])),
        recipient=draw(parties(ids[1])),
        declaration=Declaration(draw(st.sampled_from(NATURES)), draw(currencies), contents),
        mail_category=draw(st.sampled_from(["", "A"])),
        handling_class=draw(st.sampled_from(["", "T"])),
        postage=draw(amounts),
        insured=draw(amounts),
        sender_ids=ids[0],
        recipient_ids=ids[1],
        papers=tuple(draw(st.lists(st.builds(Paper, words, words), max_size=2))),
        marketplace=draw(st.just("") | words),
    )


itmatts = st.builds(Itmatt, advance_data())
cusitms = st.builds(
    Cusitm, advance_data(), st.sampled_from(["inbound", "outbound"]), words, words, st.just("") | words, functions
)


@st.composite
def responses(draw: st.DrawFn) -> CustomsResponse:
    currency = draw(currencies)
    amount = st.builds(Amount, st.integers(0, 10**9), st.just(currency))
    tax = st.builds(TaxDue, words, amount, st.sampled_from(["", "16.5"]), st.none() | amount)
    return CustomsResponse(
        item_id=draw(item_ids),
        decision=draw(st.sampled_from([each.decision for each in list_decisions()])),
        decided_at=draw(instants),
        reason=draw(st.sampled_from(["", "INVOICE_MISSING"])),
        text=draw(st.just("") | words),
        cleared_on=draw(st.none() | st.dates()),
        dutiable=draw(st.none() | st.booleans()),
        fee=draw(st.none() | st.builds(Amount, st.integers(0, 10**9), currencies)),
        taxes=tuple(draw(st.lists(tax, max_size=2))),
        revised=tuple(draw(st.lists(st.builds(Revision, st.integers(1, 9), st.just("") | numbers, words), max_size=2))),
    )


cusrsps = st.builds(Cusrsp, st.lists(responses(), min_size=1, max_size=3).map(tuple))
notes = st.builds(
    ReferralNote,
    item_ids,
    st.sampled_from([each.message for each in list_referral_messages()]),
    instants,
    st.just("") | words,
    st.just("") | words,
    st.just("") | words,
    st.lists(words, max_size=3).map(tuple),
)
refitms = st.builds(Refitm, st.lists(notes, min_size=1, max_size=3).map(tuple))

SMALL = Itmatt(
    AdvanceData(
        item_id="LX261122017NL",
        origin_operator="NLA",
        destination_operator="USA",
        mail_class="U",
        posted_at=datetime(2026, 11, 20, 9, 15, tzinfo=UTC),
        weight_g=742,
        sender=Party("Shop", ("Street 1",), "Den Haag", "NL"),
        recipient=Party("Jane", ("Avenue 2",), "New York", "US", "10001"),
        declaration=Declaration("gift", "EUR", (Content("tea", 2, 400, 3800, "090230", "CN"),)),
    )
)
"""Tea for Jane."""
