"""Tables for spreadsheets: what would be run there as a formula is marked as text."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

from entrepost.operations.rejected import WHY, list_rejected
from entrepost.operations.store import Store

NUMBER = re.compile(r"[+-]?\d[\d.,]*", re.ASCII)
LEADS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""With these a formula begins; the last four are the wide forms that East Asian spreadsheets take as well."""

BYTE_ORDER = "\ufeff"
"""By this spreadsheets know UTF-8; our readers pass over it."""


def write_sheet(names: Sequence[str], rows: Iterable[Sequence[str | None]]) -> str:
    """A table as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([_safe(name) for name in names])
    writer.writerows([_safe(cell or "") for cell in row] for row in rows)
    return BYTE_ORDER + text.getvalue()


def write_rejected(store: Store, intake: str) -> str:
    """The rejected rows of an intake with the columns of their file, each once, and what is wrong at their end.

    Corrected, the same table can be brought in: what was added stands in columns that begin with `#`.
    """
    found = list_rejected(store, intake)
    own = [name for name in found.columns if name not in WHY]
    rows: dict[str, dict[str, str | None]] = {}
    wrong: dict[str, list[str]] = {}
    for row in found.iter_rows(named=True):
        place = row["#row"]
        rows.setdefault(place, {name: row[name] for name in own})
        wrong.setdefault(place, []).append(_say(row))
    wrong = {place: list(dict.fromkeys(said)) for place, said in wrong.items()}
    cells = ([*rows[place].values(), "; ".join(wrong[place])] for place in rows)
    return write_sheet([*own, "#wrong"], cells)


def _say(row: dict[str, str]) -> str:
    field = f"{row['#field']}: " if row["#field"] else ""
    return field + row["#message"] + (f" ({row['#fix']})" if row["#fix"] else "")


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(LEADS) and not NUMBER.fullmatch(cell) else cell
