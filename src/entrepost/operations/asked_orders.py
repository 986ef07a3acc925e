"""Orders about which only something is asked: read and checked as an intake does, and kept nowhere."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from collections.abc import Mapping as Table
from dataclasses import dataclass
from typing import Any

import polars as pl

from entrepost.base.errors import UnreadableInputError
from entrepost.operations.chunk import COLUMNS_MAX, ROW, tidy_text
from entrepost.operations.faults import INDEX, Faults
from entrepost.operations.mapped import open_mapping
from entrepost.operations.mapping import Mapping
from entrepost.operations.order_rows import read_order_rows
from entrepost.tables.frames import dtypes

SUBJECT = "orders"


@dataclass(frozen=True, slots=True)
class Asked:
    """Order lines that are sound, and findings about the others; `row` counts from 0."""

    lines: pl.DataFrame
    findings: pl.DataFrame


def read_asked_orders(rows: Sequence[Table[str, Any]], tenant: str, origins: Collection[str] = ()) -> Asked:
    """Order lines out of rows as JSON has them, all of the account.

    Raises
    ------
    UnreadableInputError
        When none of them has a column that must be there, or they have more columns than a table may.
    """
    mapping = Mapping("orders", constants={"tenant": tenant})
    names = list(dict.fromkeys(name for row in rows for name in row if name != ROW))
    if len(names) > COLUMNS_MAX:
        raise UnreadableInputError(f"the orders have {len(names):,} different keys; there are at most {COLUMNS_MAX:,}")
    columns = [pl.Series(name, [to_text(row.get(name)) for row in rows], dtype=pl.String) for name in names]
    frame = tidy_text(pl.DataFrame([*columns, pl.Series(ROW, range(len(rows)), dtype=pl.Int64)]))
    mapped = open_mapping(mapping, names, SUBJECT)
    faults = Faults(SUBJECT)
    wide = mapped.join(frame, faults)
    lines = read_order_rows(mapped.choose(wide), mapping, origins, faults)
    return Asked(lines.select(*dtypes("orders"), "unit_value_minor"), faults.findings(wide.drop(INDEX)))


def to_text(cell: Any) -> str | None:
    """A cell of JSON as text, as a file would have it."""
    if cell is None or isinstance(cell, str):
        return cell
    return {True: "yes", False: "no"}[cell] if isinstance(cell, bool) else json.dumps(cell)
