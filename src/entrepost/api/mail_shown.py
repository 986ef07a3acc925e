"""How receptacles, dispatches and consignments are shown, and what came of filling and closing them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from entrepost.base.findings import Finding
from entrepost.messages import plain
from entrepost.operations.dispatch_records import Filling, KeptConsignment, KeptDispatch, KeptLeg, KeptReceptacle
from entrepost.operations.dispatching.names import Telling


class FoundShown(BaseModel):
    """One thing that is wrong: with which item, receptacle or consignment, where, what, and how to mend it."""

    code: str
    subject: str
    field: str
    level: str
    message: str
    suggestion: str


class FillingShown(BaseModel):
    """A receptacle at its station; `receptacle` is the name of what it was closed as, empty while it is filled."""

    tag: str
    origin: str
    destination: str
    mail_category: str
    mail_subclass: str
    kind: str
    handling_class: str
    holds: str
    mode: str
    receptacle: str
    opened_by: str
    opened_at: datetime
    items: int


class ReceptacleShown(BaseModel):
    """A closed or announced receptacle; `outcome` is what was reported of it last."""

    receptacle_id: str
    tag: str
    kind: str
    handling_class: str
    state: str
    outcome: str
    weight_g: int
    items: int
    consignment: str
    closed_at: datetime
    handed_over_at: datetime | None
    delivered_at: datetime | None
    received_at: datetime | None


class DispatchShown(BaseModel):
    """A dispatch: open, closed, announced or cancelled."""

    dispatch_id: str
    state: str
    weight_g: int
    receptacles: int
    items: int
    version: int
    opened_at: datetime
    closed_at: datetime | None
    cancelled_at: datetime | None
    answered_at: datetime | None


class DispatchWhole(DispatchShown):
    """A dispatch with its receptacles, and the papers that can be printed of it: each with the form that it is."""

    bags: list[ReceptacleShown]
    papers: dict[str, str]


class LegShown(BaseModel):
    """A ride of a consignment."""

    mode: str
    carrier: str
    trip: str
    origin: str
    destination: str
    departs_at: datetime | None
    arrives_at: datetime | None


class ConsignmentShown(BaseModel):
    """A consignment; `received_at` and `delivered_at` are the carrier's scans."""

    consignment_id: str
    origin: str
    destination: str
    mail_category: str
    waybill: str
    security_status: str
    state: str
    weight_g: int
    receptacles: int
    version: int
    closed_at: datetime
    cancelled_at: datetime | None
    received_at: datetime | None
    delivered_at: datetime | None
    answered_at: datetime | None


class ConsignmentWhole(ConsignmentShown):
    """A consignment with its rides and receptacles."""

    legs: list[LegShown]
    bags: list[ReceptacleShown]


class MessageShown(BaseModel):
    """A message to be sent, as plain JSON, to the operator of an office or to a carrier."""

    message: str
    office: str
    carrier: str
    content: dict[str, Any]


def show_findings(findings: Iterable[Finding]) -> list[FoundShown]:
    """Findings as they are told."""
    return [
        FoundShown(
            code=each.code,
            subject=each.subject,
            field=each.field,
            level=each.level,
            message=each.message,
            suggestion=each.fix,
        )
        for each in findings
    ]


def show_filling(filling: Filling, items: int) -> FillingShown:
    """A receptacle at its station."""
    return FillingShown(**_cells(filling, FillingShown, "items"), items=items)


def show_receptacles(bags: Iterable[KeptReceptacle]) -> list[ReceptacleShown]:
    """Receptacles; of their consignment its number."""
    return [
        ReceptacleShown(**_cells(each, ReceptacleShown, "consignment"), consignment=_number(each.consignment))
        for each in bags
    ]


def _number(name: str) -> str:
    """The number in the name of a consignment."""
    return name.split(" ")[1] if name else ""


def show_dispatch(found: KeptDispatch) -> DispatchShown:
    """A dispatch in a list."""
    return DispatchShown(**_cells(found, DispatchShown))


def show_whole_dispatch(found: KeptDispatch, bags: Sequence[KeptReceptacle], papers: dict[str, str]) -> DispatchWhole:
    """A dispatch by itself."""
    return DispatchWhole(**_cells(found, DispatchShown), bags=show_receptacles(bags), papers=papers)


def show_consignment(found: KeptConsignment) -> ConsignmentShown:
    """A consignment in a list."""
    return ConsignmentShown(**_cells(found, ConsignmentShown))


def show_whole_consignment(
    found: KeptConsignment, bags: Sequence[KeptReceptacle], legs: Sequence[KeptLeg]
) -> ConsignmentWhole:
    """A consignment by itself."""
    rides = [LegShown(**_cells(each, LegShown)) for each in legs]
    return ConsignmentWhole(**_cells(found, ConsignmentShown), legs=rides, bags=show_receptacles(bags))


def show_messages(told: Iterable[Telling]) -> list[MessageShown]:
    """Messages that are to be sent."""
    return [
        MessageShown(
            message=type(each.message).__name__.upper(),
            office=each.office,
            carrier=each.carrier,
            content=plain.to_plain(each.message),
        )
        for each in told
    ]


def _cells(noun: Any, shown: type[BaseModel], *without: str) -> dict[str, Any]:
    cells = asdict(noun)
    return {name: cells[name] for name in shown.model_fields if name not in without}
