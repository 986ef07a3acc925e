"""What messages tell of the same mail, as frames that can be compared: announced, received, consigned, carried."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from entrepost.mail.consignment import Consignment
from entrepost.mail.dispatch import Dispatch
from entrepost.mail.report import CarriageReport
from entrepost.tables.frames import INSTANT

Schema = dict[str, pl.DataType]
TEXT, WHOLE = pl.String(), pl.Int64()
DISPATCHES: Schema = {
    **dict.fromkeys(("dispatch_id", "series", "origin", "destination", "mail_category"), TEXT),
    "year": WHOLE,
    "serial": WHOLE,
    "weight_g": WHOLE,
    "closed_at": INSTANT,
}
"""Dispatches that were closed (PREDES)."""
RECEPTACLES: Schema = {"receptacle_id": TEXT, "dispatch_id": TEXT, "weight_g": WHOLE}
"""Receptacles of closed dispatches (PREDES)."""
ITEMS: Schema = {"item_id": TEXT, "receptacle_id": TEXT, "dispatch_id": TEXT}
"""Items that are named in them (PREDES)."""
RECEIVED: Schema = {"receptacle_id": TEXT, "dispatch_id": TEXT, "status": TEXT, "place": TEXT, "time": INSTANT}
"""What became of receptacles at their destination (RESDES)."""
CONSIGNMENTS: Schema = {
    **dict.fromkeys(("consignment_id", "mail_category", "carrier", "origin"), TEXT),
    "weight_g": WHOLE,
    "completed_at": INSTANT,
}
"""Consignments that were given to carriers (CARDIT, PRECON)."""
CONSIGNED: Schema = {"consignment_id": TEXT, "receptacle_id": TEXT, "weight_g": WHOLE}
"""What is in them."""
CARRIED: Schema = {"consignment_id": TEXT, "receptacle_id": TEXT, "status": TEXT, "place": TEXT, "time": INSTANT}
"""What carriers tell (RESDIT); an empty receptacle: of the whole consignment."""
ADVANCE: Schema = {"item_id": TEXT}
"""Items whose data were sent ahead (ITMATT)."""
HAPPENED: Schema = {"item_id": TEXT, "code": TEXT, "office": TEXT, "time": INSTANT}
"""Events of items (EMSEVT)."""

Rows = list[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Told:
    """Everything that was told, each frame with the columns of its name."""

    dispatches: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=DISPATCHES))
    receptacles: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=RECEPTACLES))
    items: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=ITEMS))
    received: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=RECEIVED))
    consignments: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=CONSIGNMENTS))
    consigned: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=CONSIGNED))
    carried: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=CARRIED))
    advance: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=ADVANCE))
    happened: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=HAPPENED))


SCHEMAS: dict[str, Schema] = {
    "dispatches": DISPATCHES,
    "receptacles": RECEPTACLES,
    "items": ITEMS,
    "received": RECEIVED,
    "consignments": CONSIGNMENTS,
    "consigned": CONSIGNED,
    "carried": CARRIED,
    "advance": ADVANCE,
    "happened": HAPPENED,
}


def gather(messages: Iterable[Any]) -> Told:
    """What messages tell, in the order in which they were sent: a later one about the same replaces, or cancels, it."""
    dispatches: dict[str, Any] = {}
    consignments: dict[str, Any] = {}
    rows: dict[str, Rows] = {name: [] for name in SCHEMAS}
    for message in messages:
        name = type(message).__name__
        if name == "Predes":
            _keep(dispatches, message.dispatch.dispatch_id, message, message.dispatch)
        elif name in ("Cardit", "Precon"):
            _keep(consignments, message.consignment.consignment_id, message, message.consignment)
        elif name in TAKEN:
            TAKEN[name](message, rows)
    for dispatch in dispatches.values():
        _take_dispatch(dispatch, rows)
    for consignment in consignments.values():
        _take_consignment(consignment, rows)
    frames = {name: pl.DataFrame(rows[name], schema=schema, orient="row") for name, schema in SCHEMAS.items()}
    return Told(**frames)


def _keep(kept: dict[str, Any], name: str, message: Any, noun: Any) -> None:
    if message.function == "cancel":
        kept.pop(name, None)
    else:
        kept[name] = noun


def _take_dispatch(given: Dispatch, rows: dict[str, Rows]) -> None:
    name = given.dispatch_id
    names = (name, given.series, given.origin, given.destination, given.mail_category)
    rows["dispatches"].append((*names, given.year, given.serial, given.weight_g, given.closed_at))
    for each in given.receptacles:
        rows["receptacles"].append((each.receptacle_id, name, each.weight_g))
        rows["items"] += [(item_id, each.receptacle_id, name) for item_id in each.item_ids]


def _take_consignment(given: Consignment, rows: dict[str, Rows]) -> None:
    name = given.consignment_id
    carrier = given.legs[0].carrier if given.legs else ""
    rows["consignments"].append((name, given.mail_category, carrier, given.origin, given.weight_g, given.completed_at))
    rows["consigned"] += [(name, each.receptacle_id, each.weight_g) for each in given.receptacles]


def _take_received(message: Any, rows: dict[str, Rows]) -> None:
    for each in message.reports:
        for name in each.receptacle_ids:
            rows["received"].append((name, message.dispatch_id, each.status, each.place, each.time))


def _take_carried(message: Any, rows: dict[str, Rows]) -> None:
    for each in message.reports:
        rows["carried"] += [(message.consignment_id, name, *_said(each)) for name in each.receptacle_ids or ("",)]


def _said(report: CarriageReport) -> tuple[Any, ...]:
    return report.status, report.place, report.time


def _take_advance(message: Any, rows: dict[str, Rows]) -> None:
    rows["advance"].append((message.data.item_id,))


def _take_events(message: Any, rows: dict[str, Rows]) -> None:
    rows["happened"] += [(each.item_id, each.code, each.office, each.time) for each in message.reports]


TAKEN: dict[str, Callable[[Any, dict[str, Rows]], None]] = {
    "Resdes": _take_received,
    "Resdit": _take_carried,
    "Itmatt": _take_advance,
    "Emsevt": _take_events,
}
