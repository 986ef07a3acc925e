"""Official files as users download them: CSV, plain or gzipped, in UTF-8; what is wrong with a row is a finding."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path

from entrepost.base.errors import UnreadableInputError
from entrepost.base.findings import Finding, finding_code
from entrepost.codes.signs import is_digits
from entrepost.reference.added import keep, list_added

ROW_MALFORMED = finding_code("official_row_malformed", "A row of an official file cannot be read.")
PACKED = b"\x1f\x8b"
CODE_DIGITS = (2, 4, 6, 8, 10)

Rows = list[tuple[int, dict[str, str]]]
"""Rows of a file with the line on which each ends."""


def read_rows(path: str | Path, columns: Sequence[str]) -> Rows:
    """Every row of a file as text without blanks around it.

    Raises
    ------
    UnreadableInputError
        Where the file cannot be read as a whole, or lacks one of the columns.
    """
    try:
        data = Path(path).read_bytes()
        text = (gzip.decompress(data) if data[:2] == PACKED else data).decode("utf-8-sig")
        reader = csv.DictReader(io.StringIO(text, newline=""), restval="")
        rows = [(reader.line_num, cells) for cells in reader]
    except (OSError, EOFError, zlib.error, UnicodeDecodeError, csv.Error) as error:
        raise UnreadableInputError(f"{path} cannot be read: {error}; give CSV in UTF-8") from None
    absent = [column for column in columns if column not in (reader.fieldnames or ())]
    if absent:
        raise UnreadableInputError(f"{path} lacks the columns {', '.join(absent)}; it needs {', '.join(columns)}")
    return [(number, {name: str(cell or "").strip() for name, cell in cells.items() if name}) for number, cells in rows]


def to_code(text: str) -> str:
    """The digits of a tariff code; one of odd length has lost its leading zero. `ValueError` where it is none."""
    digits = text.replace(".", "").replace(" ", "")
    digits = digits.zfill(len(digits) + len(digits) % 2)
    if len(digits) not in CODE_DIGITS or not is_digits(digits, len(digits)):
        raise ValueError(f"{text[:40]!r} is not a code of 2 to 10 digits")
    return digits


def to_day(text: str) -> str:
    """A day as ISO text, of ISO or of month/day/year; empty stays empty. Raises `ValueError` where it is none.

    Two digits of a year are of 1970 to 2069: the US tariff begins rows in 89 and ends them in 50.
    """
    if not text:
        return ""
    if "/" not in text:
        return date.fromisoformat(text).isoformat()
    month, day, year = (int(part) for part in text.split("/"))
    century = 0 if year > 99 else 2000 if year < 70 else 1900
    return date(century + year, month, day).isoformat()


def malformed(error: ValueError, field: str, name: str, row: int, fix: str) -> Finding:
    """The finding of a row that cannot be read."""
    return Finding(ROW_MALFORMED, field, str(error), name, row, fix)


def keep_rows(kind: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
    """Add rows to a kind of reference figures of the user's own; how many there are."""
    held = list(rows)
    if held:
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(held)
        keep(kind, text.getvalue())
    return len(held)


def added_paths(kind: str) -> tuple[Path, ...]:
    """The additions of a kind, the oldest first; a key of caches, as an addition has a name of its own."""
    return tuple(list_added(kind))


@lru_cache(maxsize=32)
def read_added(path: Path) -> tuple[dict[str, str], ...]:
    """The rows of an addition."""
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))
