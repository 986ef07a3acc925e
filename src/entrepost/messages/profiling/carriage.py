"""Nouns that several messages about carriage share, as records and back: legs, receptacles, reports."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from entrepost.mail.consignment import Leg
from entrepost.mail.receptacle import Count, Receptacle
from entrepost.mail.report import CarriageReport
from entrepost.messages.profiling.form import Record
from entrepost.messages.profiling.passage import Build

Noun = TypeVar("Noun")


def leg_of(record: Record) -> Leg:
    """The leg of a record."""
    return Leg(**{"carrier": "", "trip": "", **record})


def leg_record(leg: Leg) -> Record:
    """What a leg says."""
    names = ("mode", "carrier", "trip", "origin", "destination", "departs_at", "arrives_at")
    return tell(leg, names)


def receptacle_of(record: Record) -> Receptacle:
    """The receptacle of a record."""
    counts = tuple(Count(each.get("format", ""), each["items"]) for each in record.get("counts", ()))
    plain = {name: record[name] for name in ("receptacle_id", "weight_g", "kind")}
    return Receptacle(
        **plain,
        handling_class=record.get("handling_class", ""),
        counts=counts,
        item_ids=tuple(record.get("item_ids", ())),
        exempt=record.get("exempt", False),
    )


def receptacle_record(given: Receptacle) -> Record:
    """What a receptacle says."""
    record = tell(given, ("receptacle_id", "weight_g", "kind", "handling_class"))
    if given.item_ids:
        record["item_ids"] = list(given.item_ids)
    if given.exempt:
        record["exempt"] = True
    if given.counts:
        record["counts"] = [tell(each, ("format", "items")) for each in given.counts]
    return record


def build_reported(noun: Callable[..., Noun], head: Sequence[str], record: Record, desk: Build) -> Noun:
    """The message of a record that answers with reports; one of these that cannot be is a finding."""
    reports = desk.all(_report_of, record.get("reports", []))
    return noun(**{name: record[name] for name in head if name in record}, reports=reports)


def tell_reported(head: Sequence[str], message: Any) -> Record:
    """What such a message says."""
    return Record({**tell(message, head), "reports": [_report_record(each) for each in message.reports]})


def tell(noun: Any, names: Iterable[str]) -> Record:
    """A record of some fields of a noun; what is empty or None is not told."""
    values = {name: getattr(noun, name) for name in names}
    return Record({name: value for name, value in values.items() if value not in ("", None)})


def _report_of(record: Record) -> CarriageReport:
    legs = record.get("legs", [])
    return CarriageReport(
        status=record["status"],
        time=record["time"],
        place=record["place"],
        receptacle_ids=tuple(record.get("receptacle_ids", ())),
        leg=leg_of(legs[0]) if legs else None,
        next_carrier=record.get("next_carrier", ""),
    )


def _report_record(report: CarriageReport) -> Record:
    record = tell(report, ("status", "time", "place", "next_carrier"))
    if report.receptacle_ids:
        record["receptacle_ids"] = list(report.receptacle_ids)
    if report.leg:
        record["legs"] = [leg_record(report.leg)]
    return record
