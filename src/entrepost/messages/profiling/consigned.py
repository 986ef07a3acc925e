"""A consignment as PRECON and CARDIT have it: totals by class, legs, windows of handover, receptacles in unit loads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from entrepost.mail.consignment import Consignment, Handover, Unit
from entrepost.messages.profiling.carriage import leg_of, leg_record, receptacle_of, receptacle_record, tell
from entrepost.messages.profiling.form import Record
from entrepost.messages.profiling.passage import Build

PLAIN = ("consignment_id", "completed_at", "mail_category", "weight_g", "waybill", "security_status")
KINDS = ("tendered", "delivered")
HEAD = ("document", "origin", "destination", "function")
"""What a message says beside its consignment."""

Noun = TypeVar("Noun")


def build_consigned(noun: Callable[..., Noun], record: Record, desk: Build) -> Noun:
    """The message of a record, PRECON or CARDIT."""
    return noun(consignment=consignment_of(record, desk), **{name: record[name] for name in HEAD})


def tell_consigned(message: Any) -> Record:
    """What such a message says."""
    head = {name: getattr(message, name) for name in HEAD}
    return Record({**consignment_record(message.consignment), **head})


def consignment_of(record: Record, desk: Build) -> Consignment:
    """The consignment of a record; totals that disagree with its receptacles are told."""
    rows = record.get("receptacles", [])
    windows = {each["kind"]: desk.one(_handover_of, each) for each in record.get("handovers", [])}
    made = Consignment(
        **{name: record[name] for name in PLAIN if name in record},
        receptacles=desk.all(receptacle_of, rows),
        legs=desk.all(leg_of, record.get("legs", [])),
        units=_units_of(record),
        tendered=windows.get("tendered"),
        delivered=windows.get("delivered"),
    )
    told = record.get("classes", [])
    if told and {each["mail_class"]: (each["receptacles"], each["weight_g"]) for each in told} != _totals(made):
        desk.warn(record, "the totals of its mail classes are not those of its receptacles")
    return made


def consignment_record(given: Consignment) -> Record:
    """What a consignment says."""
    record = tell(given, PLAIN)
    inside = {name: unit.unit_id for unit in given.units for name in unit.receptacle_ids}
    record["legs"] = [leg_record(leg) for leg in given.legs]
    record["units"] = [Record({"unit_id": unit.unit_id}) for unit in given.units]
    record["classes"] = [
        Record({"mail_class": name, "receptacles": count, "weight_g": weight})
        for name, (count, weight) in _totals(given).items()
    ]
    record["receptacles"] = [
        Record({**receptacle_record(each), "unit_id": inside.get(each.receptacle_id, "")}) for each in given.receptacles
    ]
    windows = [(kind, getattr(given, kind)) for kind in KINDS]
    record["handovers"] = [
        Record({"kind": kind, **tell(window, ("place", "earliest", "latest"))}) for kind, window in windows if window
    ]
    return record


def _handover_of(record: Record) -> Handover:
    return Handover(record["place"], record["earliest"], record["latest"])


def _units_of(record: Record) -> tuple[Unit, ...]:
    """Unit loads with the receptacles that name them; one that is only named by a receptacle counts as well."""
    held: dict[str, list[str]] = {each["unit_id"]: [] for each in record.get("units", [])}
    for each in record.get("receptacles", []):
        if each.get("unit_id"):
            held.setdefault(each["unit_id"], []).append(each["receptacle_id"])
    return tuple(Unit(name, tuple(names)) for name, names in held.items())


def _totals(given: Consignment) -> dict[str, tuple[int, int]]:
    """Receptacles and grams of each mail class."""
    totals: dict[str, tuple[int, int]] = {}
    for each in given.receptacles:
        name = each.code.dispatch.mail_class
        count, weight = totals.get(name, (0, 0))
        totals[name] = (count + 1, weight + each.weight_g)
    return totals
