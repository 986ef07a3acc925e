"""The list of the US Treasury's Office of Foreign Assets Control, as published: SDN.CSV, ALT.CSV and ADD.CSV.

The files have no header; `-0-` stands for nothing. A file is told by its number of columns (12, 5, 6) and, of those
with 5 and 6, by what they hold.

References
----------
OFAC, Specially Designated Nationals list, data formats: the three delimited files, their columns and the null sign.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from entrepost.base.errors import UnreadableInputError
from entrepost.base.findings import Finding
from entrepost.reference.sanctions import ORPHAN, Listed, ListedName, decode, keep_sanctions, malformed

KIND = "sanctions-ofac"
PARTS = {12: "SDN", 5: "ALT", 6: "ADD"}
SORTS = {"individual": "person", "vessel": "vessel", "aircraft": "aircraft", "": "entity"}
WEAK = re.compile(r"a\.k\.a\.,? '([^']{2,})'")
BIRTH = re.compile(
    r"DOB (?:circa )?((?:\d{1,2} )?(?:[A-Z][a-z]{2} )?\d{4})(?: to ((?:\d{1,2} )?(?:[A-Z][a-z]{2} )?\d{4}))?"
)
DAYS = (("%d %b %Y", "%Y-%m-%d"), ("%b %Y", "%Y-%m"), ("%Y", "%Y"))
Row = tuple[int, list[str]]


def add_ofac(paths: Sequence[str | Path]) -> tuple[int, list[Finding]]:
    """Add the list from now on; how many entries it has, and the findings of rows that could not be read."""
    entries, findings = read_ofac(paths)
    return keep_sanctions(KIND, entries), findings


def read_ofac(paths: Sequence[str | Path]) -> tuple[list[Listed], list[Finding]]:
    """Read the files of the list, in any order; SDN.CSV must be among them.

    Raises
    ------
    UnreadableInputError
        Where a file cannot be read, is none of the three, or SDN.CSV is missing.
    """
    findings: list[Finding] = []
    rows: dict[str, tuple[str, list[Row]]] = {}
    for path in paths:
        part, found = _read_part(Path(path), findings)
        rows[part] = (Path(path).name, found)
    if "SDN" not in rows:
        raise UnreadableInputError("SDN.CSV is not among the files (12 columns, no header); give it with ALT and ADD")
    known = {cells[0] for _, cells in rows["SDN"][1]}
    aliases = _by_number(*rows.get("ALT", ("", [])), known, findings)
    addresses = _by_number(*rows.get("ADD", ("", [])), known, findings)
    entries = [_to_listed(cells, aliases.get(cells[0], []), addresses.get(cells[0], [])) for _, cells in rows["SDN"][1]]
    return entries, findings


def _read_part(path: Path, findings: list[Finding]) -> tuple[str, list[Row]]:
    reader = csv.reader(io.StringIO(decode(path).rstrip("\x1a\r\n\t "), newline=""))
    try:
        rows = [(reader.line_num, [_value(cell) for cell in cells]) for cells in reader if cells]
    except csv.Error as error:
        raise UnreadableInputError(f"{path} is not CSV: {error}; give the file as OFAC publishes it") from None
    sizes = [len(cells) for _, cells in rows]
    width = max(sorted(set(sizes)), key=sizes.count, default=0)
    if width not in PARTS:
        raise UnreadableInputError(f"{path} is not one of OFAC's: it has {width} columns, SDN has 12, ALT 5, ADD 6")
    kept = []
    for number, cells in rows:
        if len(cells) != width:
            fix = "give the file as OFAC publishes it"
            findings.append(malformed(path.name, number, "", f"{len(cells)} columns instead of {width}", fix))
        elif not cells[0].isdigit() or not cells[1]:
            findings.append(malformed(path.name, number, "ent_num", f"{cells[0]!r} has no number or name", "a number"))
        else:
            kept.append((number, cells))
    return PARTS[width], kept


def _value(cell: str) -> str:
    cell = cell.replace("\0", "").strip()
    return "" if cell == "-0-" else cell


def _by_number(name: str, rows: Iterable[Row], known: set[str], findings: list[Finding]) -> dict[str, list[list[str]]]:
    found: dict[str, list[list[str]]] = {}
    for number, cells in rows:
        if cells[0] in known:
            found.setdefault(cells[0], []).append(cells)
        else:
            message = f"nobody in SDN.CSV has the number {cells[0]}"
            fix = "give the three files of one day"
            findings.append(Finding(ORPHAN, "ent_num", message, name, number, fix, "warning"))
    return found


def _to_listed(cells: list[str], aliases: list[list[str]], addresses: list[list[str]]) -> Listed:
    number, name, sort, program, remarks = cells[0], cells[1], cells[2].lower(), cells[3], cells[11]
    names = [ListedName(name), *(ListedName(row[3], row[2] or "aka") for row in aliases if row[3])]
    names += [ListedName(weak, "aka", weak=True) for weak in WEAK.findall(remarks)]
    lines = [", ".join(part for part in row[2:5] if part) for row in addresses]
    return Listed(
        source=KIND,
        number=number,
        kind=SORTS.get(sort, "entity"),
        program=program.replace("] [", ", "),
        names=tuple(dict.fromkeys(names)),
        births=tuple(dict.fromkeys(find_births(remarks))),
        addresses=tuple(line for line in lines if line),
    )


def find_births(remarks: str) -> list[str]:
    """The days of birth in remarks such as 'DOB 11 Jul 1951; alt. DOB 1952', as much of each as is said."""
    found = [[_to_day(day) for day in pair if day] for pair in BIRTH.findall(remarks)]
    return ["/".join(days) for days in found if all(days)]


def _to_day(text: str) -> str:
    for form, iso in DAYS:
        try:
            return datetime.strptime(text, form).strftime(iso)  # noqa: DTZ007 - a day, not an instant
        except ValueError:
            continue
    return ""
