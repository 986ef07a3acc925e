"""Advance data of an item as ITMATT and CUSITM have it."""

from __future__ import annotations

from entrepost.base.errors import MisuseError
from entrepost.mail.advance_data import AdvanceData, Amount, Paper, TaxId
from entrepost.mail.declaration import Content, Declaration
from entrepost.mail.party import Party
from entrepost.messages.profiling.carriage import tell
from entrepost.messages.profiling.form import Record

PLAIN = (
    "item_id",
    "origin_operator",
    "destination_operator",
    "mail_class",
    "posted_at",
    "weight_g",
    "mail_category",
    "handling_class",
    "marketplace",
)
PARTY = ("name", "city", "country", "postcode", "region", "phone", "email")
CONTENT = ("description", "quantity", "net_weight_g", "value_minor", "hs_code", "origin_country")
KIND_OF_TAX_ID = "TAX"
"""What the number of a party is called that is known without its kind."""


def advance_data_of(record: Record) -> AdvanceData:
    """The advance data of a record; a declaration is in one currency."""
    contents = record.get("contents", [])
    currencies = sorted({each["currency"] for each in contents})
    if len(currencies) != 1:
        raise MisuseError(f"item {record['item_id']}: its contents are in {len(currencies)} currencies, not in one")
    lines = tuple(Content(**{name: each[name] for name in CONTENT if name in each}) for each in contents)
    return AdvanceData(
        **{name: record[name] for name in PLAIN if name in record},
        sender=_party_of(record["sender"]),
        recipient=_party_of(record["recipient"]),
        sender_ids=_ids_of(record["sender"]),
        recipient_ids=_ids_of(record["recipient"]),
        declaration=Declaration(record["nature"], currencies[0], lines),
        postage=amount_of(record, "postage"),
        insured=amount_of(record, "insured"),
        papers=tuple(Paper(each["kind"], each["reference"]) for each in record.get("documents", ())),
    )


def advance_data_record(given: AdvanceData) -> Record:
    """What advance data say."""
    record = tell(given, PLAIN)
    record["nature"] = given.declaration.nature
    record |= amount_record("postage", given.postage) | amount_record("insured", given.insured)
    record["sender"] = _party_record(given.sender, given.sender_ids)
    record["recipient"] = _party_record(given.recipient, given.recipient_ids)
    record["documents"] = [tell(each, ("kind", "reference")) for each in given.papers]
    currency = given.declaration.currency
    record["contents"] = [
        Record({**tell(each, CONTENT), "number": number, "currency": currency})
        for number, each in enumerate(given.declaration.contents, start=1)
    ]
    return record


def amount_of(record: Record, name: str) -> Amount | None:
    """The amount that stands as NAME_minor and NAME_currency."""
    value, currency = record.get(f"{name}_minor"), record.get(f"{name}_currency")
    if value is not None and not currency:
        raise MisuseError(f"{name}_minor has no currency; tell {name}_currency")
    return None if value is None else Amount(value, str(currency))


def amount_record(name: str, amount: Amount | None) -> Record:
    """The two fields of an amount, none where there is none."""
    if amount is None:
        return Record()
    return Record({f"{name}_minor": amount.value_minor, f"{name}_currency": amount.currency})


def _party_of(record: Record) -> Party:
    ids = _ids_of(record)
    plain = {name: record[name] for name in PARTY if name in record}
    return Party(**plain, lines=tuple(record["lines"]), tax_id=ids[0].number if ids else "")


def _ids_of(record: Record) -> tuple[TaxId, ...]:
    return tuple(TaxId(each["kind"], each["number"]) for each in record.get("tax_ids", ()))


def _party_record(given: Party, ids: tuple[TaxId, ...]) -> Record:
    record = tell(given, PARTY)
    record["lines"] = [line for line in given.lines if line]
    known = ids or ((TaxId(KIND_OF_TAX_ID, given.tax_id),) if given.tax_id else ())
    record["tax_ids"] = [tell(each, ("kind", "number")) for each in known]
    return record
