"""CUSRSP: what customs decide about items, as they tell a post (UPU M44, WCO-UPU)."""

from __future__ import annotations

from dataclasses import dataclass

from entrepost.mail.advance_data import Amount
from entrepost.mail.customs_response import CustomsResponse, Revision, TaxDue
from entrepost.messages.profiling.attributes import amount_of, amount_record
from entrepost.messages.profiling.carriage import tell
from entrepost.messages.profiling.form import Record
from entrepost.messages.profiling.layout import Profile
from entrepost.messages.profiling.passage import Build, Passage, Received, Zones

PLAIN = ("item_id", "decision", "decided_at", "reason", "text", "cleared_on", "dutiable")
REVISION = ("number", "hs_code", "description")


@dataclass(frozen=True, slots=True)
class Cusrsp:
    """One message: responses of customs, each about an item."""

    responses: tuple[CustomsResponse, ...]


def read(
    data: bytes, zones: Zones | None = None, profile: Profile | None = None, syntax: str = "xml"
) -> Received[Cusrsp]:
    """Read a document, XML or JSON, by our profile in that syntax or by another one.

    Raises
    ------
    IncomingMessageError
        Where the bytes are no such document; whatever else is wrong is among the findings.
    """
    return PASSAGE.read(data, zones, profile, syntax)


def write(message: Cusrsp, zones: Zones | None = None, profile: Profile | None = None, syntax: str = "xml") -> bytes:
    """Write a document by our profile in that syntax or by another one.

    Raises
    ------
    OutgoingMessageError
        Where the profile cannot say what is to be said.
    """
    return PASSAGE.write([message], None, zones, profile, syntax)


def _build(record: Record, desk: Build) -> Cusrsp:
    return Cusrsp(desk.all(_response_of, record.get("responses", [])))


def _tell(message: Cusrsp) -> Record:
    return Record({"responses": [_response_record(each) for each in message.responses]})


def _response_of(record: Record) -> CustomsResponse:
    return CustomsResponse(
        **{name: record[name] for name in PLAIN if name in record},
        fee=amount_of(record, "fee"),
        taxes=tuple(_tax_of(each) for each in record.get("taxes", ())),
        revised=tuple(Revision(**each) for each in record.get("revised", ())),
    )


def _response_record(given: CustomsResponse) -> Record:
    record = tell(given, PLAIN)
    record |= amount_record("fee", given.fee)
    record["taxes"] = [_tax_record(each) for each in given.taxes]
    record["revised"] = [tell(each, REVISION) for each in given.revised]
    return record


def _tax_of(record: Record) -> TaxDue:
    currency = record["currency"]
    base = Amount(record["base_minor"], currency) if "base_minor" in record else None
    return TaxDue(record["kind"], Amount(record["amount_minor"], currency), record.get("rate", ""), base)


def _tax_record(given: TaxDue) -> Record:
    record = tell(given, ("kind", "rate"))
    record |= {"amount_minor": given.amount.value_minor, "currency": given.amount.currency}
    if given.base is not None:
        record["base_minor"] = given.base.value_minor
    return record


PASSAGE: Passage[Cusrsp] = Passage("CUSRSP", _build, _tell)
