"""The folder of partners: four CSV files with schemas, read with findings, written so that they read back the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from entrepost.base.errors import UnreadableInputError
from entrepost.base.findings import Finding, list_errors
from entrepost.mail.partner import Address, Channel, Office, Operator, Partners, check_partners
from entrepost.network.table import FILE_MISSING, read_table, write_table

TABLES: dict[str, type] = {"operators": Operator, "offices": Office, "addresses": Address, "channels": Channel}
"""The files of the folder, and the noun of their rows."""
REQUIRED = ("operators", "addresses", "channels")


def read_partners(path: str | Path) -> tuple[Partners, list[Finding]]:
    """Read the files of a folder and check what they say of one another; rows that cannot be read are left out.

    Raises
    ------
    UnreadableInputError
        Where there is no such folder.
    """
    folder = Path(path)
    if not folder.is_dir():
        raise UnreadableInputError(f"{folder} is not a folder; give the folder that holds operators.csv")
    findings: list[Finding] = []
    tables: dict[str, Any] = {}
    lines: dict[str, tuple[int, ...]] = {}
    for table, noun in TABLES.items():
        file = folder / f"{table}.csv"
        if file.exists():
            tables[table], lines[table] = read_table(file, noun, findings)
        elif table in REQUIRED:
            fix = "add the file, if only with its header"
            findings.append(Finding(FILE_MISSING, "", f"{file.name} is not there", file.name, fix=fix))
    partners = Partners(**tables, lines=lines)
    return partners, findings if list_errors(findings) else [*findings, *check_partners(partners)]


def write_partners(partners: Partners, path: str | Path) -> None:
    """Write a table of partners as a folder that `read_partners` reads back to an equal one."""
    folder = Path(path)
    folder.mkdir(parents=True, exist_ok=True)
    for table in TABLES:
        write_table(folder / f"{table}.csv", getattr(partners, table))


def without_lines(partners: Partners) -> Partners:
    """The table without the lines of its files, as a store keeps it."""
    return replace(partners, lines={})
