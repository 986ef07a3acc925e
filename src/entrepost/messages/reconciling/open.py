"""A thing that is open between operators: what is missing or disagrees, since when, whom to ask, and what to do."""

from __future__ import annotations

import polars as pl

from entrepost.base.findings import CODES, Finding, finding_code
from entrepost.tables.frames import INSTANT

UNANSWERED = finding_code("dispatch_unanswered", "A dispatch was announced, and nobody says that it came (RESDES).")
ABSENT = finding_code("receptacle_absent", "Other receptacles of a dispatch were received, this one was not.")
UNANNOUNCED = finding_code("receptacle_never_announced", "A receptacle was received that no dispatch announced.")
UNTAKEN = finding_code("consignment_not_taken", "No carrier says that it has taken a consignment over (RESDIT 74).")
UNDELIVERED = finding_code(
    "receptacle_not_delivered", "A carrier took a receptacle over (74) and did not deliver it (21)."
)
WEIGHT = finding_code(
    "consignment_weight_other", "A consignment weighs other than the dispatches say of what is in it."
)
DATALESS = finding_code("item_without_advance_data", "An item is in a dispatch, and no data were sent ahead of it.")
UNARRIVED = finding_code("item_not_arrived", "An item left its country (EMC), and nobody says that it arrived (EMD).")
GAP = finding_code("dispatch_serial_missing", "Between dispatches of a series that were announced serials are missing.")

OPEN = {
    **dict.fromkeys(("code", "subject", "within", "ask", "message", "fix"), pl.String()),
    "since": INSTANT,
}
"""Columns of what is open: `within` is the dispatch or consignment of which it is, `ask` the office or carrier."""


def open_of(frame: pl.DataFrame, code: str, fix: str, **cells: pl.Expr) -> pl.DataFrame:
    """Rows of `OPEN` for each row of a frame; a cell that is not told is empty."""
    empty = {name: pl.lit("") for name in ("subject", "within", "ask", "message")}
    since = {"since": pl.lit(None, INSTANT)}
    told = {**empty, **since, **cells, "code": pl.lit(code), "fix": pl.lit(fix)}
    return frame.select(told[name].cast(dtype).alias(name) for name, dtype in OPEN.items())


def to_findings(opened: pl.DataFrame) -> list[Finding]:
    """What is open as findings; the message says whom to ask."""
    rows = opened.select("code", "message", "subject", "fix", "ask").iter_rows()
    return [Finding(code, "", what, subject, 0, _fix(fix, ask), "warning") for code, what, subject, fix, ask in rows]


def meaning_of(code: str) -> str:
    """What a kind of open thing is."""
    return CODES[code]


def _fix(fix: str, ask: str) -> str:
    return f"{fix} (ask {ask})" if ask else fix
