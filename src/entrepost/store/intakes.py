"""Bookmarks of intakes, and findings, in the database."""

from __future__ import annotations

from dataclasses import asdict, fields
from datetime import datetime

import polars as pl

from entrepost.base.clock import from_micros, to_micros
from entrepost.operations.faults import FINDINGS
from entrepost.operations.store import Intake
from entrepost.store import schema
from entrepost.store.rows import Rows, frame_schema

NAMES = tuple(field.name for field in fields(Intake))
LISTED = ", ".join(f'"{name}"' for name in NAMES)
MARKS = ", ".join("?" * len(NAMES))
CHANGES = ", ".join(f'"{name}" = excluded."{name}"' for name in NAMES if name != "intake")


def put_intake(rows: Rows, intake: Intake) -> None:
    """Write how far an intake is."""
    values = [to_micros(cell) if isinstance(cell, datetime) else cell for cell in asdict(intake).values()]
    rows.change(f"INSERT INTO intakes ({LISTED}) VALUES ({MARKS}) ON CONFLICT (intake) DO UPDATE SET {CHANGES}", values)


def find_intake(rows: Rows, intake: str) -> Intake | None:
    """How far the intake of that name is, or None."""
    found = rows.find_row(f"SELECT {LISTED} FROM intakes WHERE intake = ?", [intake])
    if found is None:
        return None
    cells = dict(zip(NAMES, found, strict=True))
    finished_at = None if cells["finished_at"] is None else from_micros(cells["finished_at"])
    return Intake(**{**cells, "started_at": from_micros(cells["started_at"]), "finished_at": finished_at})


def list_intakes(rows: Rows) -> list[Intake]:
    """Every intake, in the order of their beginning."""
    frame = rows.select(f"SELECT {LISTED} FROM intakes ORDER BY started_at", [], frame_schema(schema.INTAKES, NAMES))
    return [Intake(**row) for row in frame.iter_rows(named=True)]


def add_findings(rows: Rows, findings: pl.DataFrame) -> None:
    """Insert findings that are not there yet."""
    if findings.height:
        rows.insert_new(schema.FINDINGS, findings)


def list_findings(rows: Rows, intake: str | None) -> pl.DataFrame:
    """Findings of an intake, or all, in the order in which they were found."""
    names = ("tenant", "intake", *FINDINGS, "found_at")
    where, values = ("WHERE intake = ?", [intake]) if intake is not None else ("", [])
    quoted = ", ".join(f'"{name}"' for name in names)
    sql = f"SELECT {quoted} FROM findings {where} ORDER BY finding_no"
    return rows.select(sql, values, frame_schema(schema.FINDINGS, names))
