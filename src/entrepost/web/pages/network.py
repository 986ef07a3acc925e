"""The network that the server runs on: its tables, what is wrong with its folder, its versions and how they differ."""

from __future__ import annotations

from dataclasses import asdict, fields
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse

from entrepost.base.errors import MissingRowError
from entrepost.base.findings import Finding, list_errors
from entrepost.base.schema import get_schema
from entrepost.network.check import check
from entrepost.network.feed import TABLES, read_network
from entrepost.network.network import Network
from entrepost.network.sample_network import SAMPLE_FOLDER
from entrepost.operations.network_versions import (
    Change,
    Version,
    compare_versions,
    keep_version,
    list_versions,
    versions_folder,
)
from entrepost.operations.opened import find_opened, network_of
from entrepost.web.figures import write_instant
from entrepost.web.frame import Room
from entrepost.web.listing import Cell, Head, Listing, heads
from entrepost.web.reply import PageRoute
from entrepost.web.visit import Visit, visit_with

ROOM = Room("network", "Network", "/network", "networks:read")
ROWS, FINDINGS, CHANGES = 100, 200, 300
WHAT = {"new": "good", "gone": "wrong", "changed": "going"}
router = APIRouter(include_in_schema=False, route_class=PageRoute)
Reader = Annotated[Visit, Depends(visit_with(ROOM.scope))]


@router.get(ROOM.path)
def show(visit: Reader, checked: bool = False) -> HTMLResponse:
    """The network with its tables and versions; its folder is checked where that is asked for."""
    served = visit.desk.network()
    network = network_of(visit.store, served, visit.tenant)
    here = keep_version(served, versions_folder(visit.desk.uploads), visit.store.clock.now())
    found = _check(visit.desk.network_source, served) if checked else None
    versions = list_versions(versions_folder(visit.desk.uploads))
    return visit.page(
        "network.html.j2",
        ROOM.title,
        ROOM.name,
        network=served,
        opened=[] if network is served else _opened(served, network),
        plan=find_opened(visit.store, visit.tenant),
        counts={name: len(getattr(network, name)) for name in ("facilities", "departures", "services", "regions")},
        tables=_tables(network),
        is_checked=checked,
        errors=len(list_errors(found[0])) if found else 0,
        warnings=len(found[0]) - len(list_errors(found[0])) if found else 0,
        findings=_findings(found[0]) if found else None,
        is_changed=bool(found and found[1] and found[1] != served.content_hash),
        versions=_versions(versions, here),
    )


@router.get("/network/tables/{table}")
def show_table(visit: Reader, table: str, begin: Annotated[int, Query(ge=0)] = 0) -> HTMLResponse:
    """The rows of a table."""
    if table not in TABLES:
        raise MissingRowError(f"a network has no table {table}")
    rows = getattr(network_of(visit.store, visit.desk.network(), visit.tenant), table)
    return visit.page(
        "network_table.html.j2",
        table.capitalize(),
        ROOM.name,
        rows=_rows(table, rows, begin),
        total=len(rows),
        columns=[(column.name, column.description) for column in get_schema(table).columns],
    )


@router.get("/network/versions/{old}/{new}")
def show_difference(visit: Reader, old: str, new: str) -> HTMLResponse:
    """What became of the rows between two versions."""
    changes = compare_versions(versions_folder(visit.desk.uploads), old, new)
    counts = {what: sum(each.what == what for each in changes) for what in WHAT}
    return visit.page(
        "network_difference.html.j2",
        "What changed in the network",
        ROOM.name,
        counts=counts,
        changes=_changes(changes),
        rest=max(0, len(changes) - CHANGES),
    )


def _opened(served: Network, network: Network) -> list[str]:
    """The warehouses that only the account's plan has opened."""
    before = {row.warehouse for row in served.warehouses if row.open}
    codes = [row.warehouse for row in network.warehouses if row.open and row.warehouse not in before]
    places = [network.get_facility(code) for code in codes]
    return [f"{place.city} ({place.country})" for place in places]


def _check(source: str, network: Network) -> tuple[list[Finding], str]:
    """What is wrong with the folder as it lies there now, and the mark of what it says (empty: it cannot be read)."""
    if source == "sample":
        return _check_sample(), network.content_hash
    if not Path(source).is_dir():
        return list(check(network, {})), network.content_hash
    reading = read_network(source)
    found = [*reading.findings]
    if reading.network is None:
        return found, ""
    return [*found, *check(reading.network, reading.rows)], reading.network.content_hash


@lru_cache(1)
def _check_sample() -> list[Finding]:
    """Once: what comes with the package does not change."""
    reading = read_network(SAMPLE_FOLDER)
    return [*reading.findings, *(check(reading.network, reading.rows) if reading.network else ())]


def _tables(network: Network) -> Listing:
    return Listing(
        "tables",
        "Tables of the network",
        heads("Table", "Rows", "What a row is", numbers=".n"),
        tuple(
            (Cell(table.capitalize(), f"/network/tables/{table}"), f"{len(getattr(network, table)):,}", _about(noun))
            for table, noun in TABLES.items()
        ),
    )


def _about(noun: type) -> str:
    """The first sentence of what a noun says of itself."""
    return (noun.__doc__ or "").strip().partition("\n")[0].split(". ")[0].rstrip(".")


def _findings(found: list[Finding]) -> Listing:
    ranked = sorted(found, key=lambda each: (each.level != "error", each.subject, each.row))
    return Listing(
        "findings",
        "What is wrong with the folder",
        heads("What", "Where", "How to mend it"),
        tuple(
            (
                Cell(each.message, tone="wrong" if each.level == "error" else "open", note=each.code),
                Cell(f"{each.subject}{f':{each.row}' if each.row else ''}", code=True, note=each.field),
                each.fix,
            )
            for each in ranked[:FINDINGS]
        ),
        "Nothing is wrong with it.",
    )


def _versions(versions: list[Version], here: Version) -> Listing:
    rows = []
    for number, version in enumerate(versions):
        before = versions[number + 1].version if number + 1 < len(versions) else ""
        link = Cell("what changed", f"/network/versions/{before}/{version.version}") if before else "the first one kept"
        mark = Cell(version.mark, code=True, note="served now" if version == here else "")
        rows.append((write_instant(version.since), mark, link))
    return Listing("versions", "Versions, the latest first", heads("Since", "Mark", "Difference"), tuple(rows))


def _rows(table: str, rows: tuple[Any, ...], begin: int) -> Listing:
    shown = rows[begin : begin + ROWS]
    names = [each.name for each in fields(TABLES[table])]
    kinds = {column.name: column.dtype for column in get_schema(table).columns}
    titles = tuple(Head(name.replace("_", " "), kinds.get(name, "") in ("integer", "number", "real")) for name in names)
    cells = tuple(tuple(_written(value) for value in asdict(row).values()) for row in shown)
    ends = begin + ROWS
    return Listing(
        table,
        f"Rows {begin + 1:,} to {begin + len(shown):,} of {len(rows):,}",
        titles,
        cells,
        "This table has no rows.",
        f"/network/tables/{table}?begin={ends}" if ends < len(rows) else "",
        f"/network/tables/{table}" if begin else "",
    )


def _written(value: Any) -> str:
    if value is None or value in (date.min, date.max):
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value).replace("+", " + ")


def _changes(changes: list[Change]) -> Listing:
    rows = []
    for each in changes[:CHANGES]:
        cells = "; ".join(f"{name}: {old or 'nothing'} → {new or 'nothing'}" for name, old, new in each.cells)
        rows.append((Cell(each.what, tone=WHAT[each.what]), each.table, Cell(each.row, code=True), cells))
    return Listing("changes", "Rows that differ", heads("", "Table", "Row", "Cells"), tuple(rows), "They say the same.")
