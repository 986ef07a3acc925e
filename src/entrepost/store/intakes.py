"""Bookmarks of intakes, and findings, in the database."""

from __future__ import annotations

from dataclasses import asdict, fields

import polars as pl

from entrepost.operations.faults import FINDINGS
from entrepost.operations.store import Intake
from entrepost.store import schema
from entrepost.store.rows import Rows, frame_schema
from entrepost.tables.frames import INSTANT

NAMES = tuple(field.name for field in fields(Intake))


def put_intake(rows: Rows, intake: Intake) -> None:
    """Write how far an intake is."""
    instants = {"started_at": INSTANT, "finished_at": INSTANT}
    frame = pl.DataFrame([asdict(intake)], schema_overrides=instants)
    rows.put(schema.INTAKES, frame)


def list_intakes(rows: Rows, intake: str = "") -> list[Intake]:
    """Every intake, or the one of that name."""
    where, values = ("WHERE intake = ?", [intake]) if intake else ("", [])
    names = ", ".join(f'"{name}"' for name in NAMES)
    sql = f"SELECT {names} FROM intakes {where} ORDER BY started_at"
    frame = rows.select(sql, values, frame_schema(schema.INTAKES, NAMES))
    return [Intake(**row) for row in frame.iter_rows(named=True)]


def add_findings(rows: Rows, findings: pl.DataFrame) -> None:
    """Insert findings that are not there yet."""
    rows.insert_new(schema.FINDINGS, findings)


def list_findings(rows: Rows, intake: str | None) -> pl.DataFrame:
    """Findings of an intake, or all, in the order in which they were found."""
    names = ("tenant", "intake", *FINDINGS, "found_at")
    where, values = ("WHERE intake = ?", [intake]) if intake is not None else ("", [])
    quoted = ", ".join(f'"{name}"' for name in names)
    sql = f"SELECT {quoted} FROM findings {where} ORDER BY finding_no"
    return rows.select(sql, values, frame_schema(schema.FINDINGS, names))
