"""The gate put to files: which items may be loaded by now, and which receptacles are blocked by what is inside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from entrepost.base.errors import UnreadableInputError
from entrepost.base.findings import Finding
from entrepost.codes.country import is_country
from entrepost.customs.gate import SAID, Gate, Loading, may_enter
from entrepost.customs.referral import Assessment, Referral, ReferralMessageSeen, assess
from entrepost.operations.chunk import ROW
from entrepost.operations.content_lines import read_texts
from entrepost.operations.instants import FAULT_ZONE, parse_instants
from entrepost.reference.referral_message import list_referral_messages
from entrepost.tables.cell import CELL_MALFORMED, CELL_MISSING, COUNTRY_UNKNOWN

ITEM_COLUMNS = ("item_id", "destination")
MESSAGE_COLUMNS = ("item_id", "message", "time")
ANSWER = {
    **dict.fromkeys(("item_id", "receptacle_id", "destination", "gate", "referral"), pl.String()),
    "lodged_at": pl.Datetime("us", "UTC"),
    **dict.fromkeys(("because", "fix"), pl.String()),
}
"""Columns of the answer: `gate` is open, or why the item is kept out, which `because` says in words."""


@dataclass(frozen=True, slots=True)
class Judged:
    """Whether items may be loaded: a row for each with the columns of `ANSWER`, and rows that could not be read.

    `blocked` are receptacles that must not be closed, and must not be handed over if they hold what must not be loaded.
    """

    items: pl.DataFrame
    blocked: pl.DataFrame
    findings: list[Finding]

    @property
    def kept_out(self) -> int:
        """How many items may not be loaded."""
        return self.items.filter(pl.col("gate") != "open").height


def judge_loading(
    items: Path, messages: Path | None, mode: str, now: datetime, timeout_minutes: int | None = None
) -> Judged:
    """Ask for every item of a file whether it may enter a receptacle.

    Parameters
    ----------
    items : Path
        Columns item_id, destination (a country, or with its state), and receptacle_id where it is known.
    messages : Path, optional
        Columns item_id, message (of the table `referral_messages`) and time with its offset.
    mode : str
        How the mail goes: air, sea, rail, road.
    timeout_minutes : int, optional
        After so long without an answer an item may be loaded; without it what the reference table assumes.

    Raises
    ------
    UnreadableInputError
        When a file as a whole cannot be read, or lacks a column.
    """
    rows, findings = _read_items(items)
    seen, unread = _read_messages(messages) if messages else ({}, [])
    loadings: dict[str, Loading] = {}
    told = []
    for item_id, receptacle_id, destination in rows.iter_rows():
        country = destination[:2]
        loading = loadings.setdefault(country, Loading(country, mode, now, timeout_minutes))
        assessment = assess(seen.get(item_id, ()))
        told.append(_tell(item_id, receptacle_id, destination, assessment, may_enter(assessment, loading)))
    answer = pl.DataFrame(told, schema=ANSWER, orient="row")
    return Judged(answer, _blocked(answer), [*findings, *unread])


def _tell(
    item_id: str, receptacle_id: str | None, destination: str, known: Assessment, gate: Gate
) -> tuple[object, ...]:
    _, because, fix = SAID.get(gate, ("", "", ""))
    return (
        *(item_id, receptacle_id, destination, gate.name.lower(), known.referral.name.lower(), known.lodged_at),
        *(because, fix),
    )


def _blocked(answer: pl.DataFrame) -> pl.DataFrame:
    """receptacle_id, items (that may not be in it), must_not_go (whether it may not even be handed over)."""
    forbidden = pl.col("referral") == Referral.DO_NOT_LOAD.name.lower()
    kept = answer.filter(pl.col("receptacle_id").is_not_null() & (pl.col("gate") != "open"))
    return kept.group_by("receptacle_id", maintain_order=True).agg(items=pl.len(), must_not_go=forbidden.any())


def _read_items(path: Path) -> tuple[pl.DataFrame, list[Finding]]:
    frame, findings = _read(path, ITEM_COLUMNS)
    if "receptacle_id" not in frame.columns:
        frame = frame.with_columns(receptacle_id=pl.lit(None, pl.String))
    known = [bool(value) and is_country(value[:2]) for value in frame.get_column("destination").fill_null("")]
    findings += [
        Finding(COUNTRY_UNKNOWN, "destination", f"{given or ''!r} is no country", path.name, row, "write it like DE")
        for row, given in frame.filter(~pl.Series(known, dtype=pl.Boolean)).select("row", "destination").iter_rows()
    ]
    rows = frame.filter(pl.Series(known, dtype=pl.Boolean) & pl.col("item_id").is_not_null())
    tight = pl.col("receptacle_id").str.replace_all(r"\s", "").replace("", None)
    return rows.select("item_id", tight, "destination").unique("item_id", keep="first", maintain_order=True), findings


def _read_messages(path: Path) -> tuple[dict[str, list[ReferralMessageSeen]], list[Finding]]:
    frame, findings = _read(path, MESSAGE_COLUMNS)
    known = [each.message for each in list_referral_messages()]
    parsed = parse_instants(frame.get_column("time"))
    frame = frame.with_columns(pl.col("message").str.to_uppercase(), instant=parsed["instant"], fault=parsed["fault"])
    seen: dict[str, list[ReferralMessageSeen]] = {}
    for row, item_id, message, given, instant, fault in frame.select(
        "row", "item_id", "message", "time", "instant", "fault"
    ).iter_rows():
        if message not in known:
            fix = f"use one of {', '.join(known)}"
            findings.append(Finding(CELL_MALFORMED, "message", f"{message!r} is no message", path.name, row, fix))
        elif instant is None:
            fix = (
                "write its offset too: 2026-03-01T10:00:00+08:00" if fault == FAULT_ZONE else "write 2026-03-01T10:00Z"
            )
            findings.append(Finding(CELL_MALFORMED, "time", f"{given!r} is no instant", path.name, row, fix))
        elif item_id is not None:
            seen.setdefault(item_id, []).append(ReferralMessageSeen(message, instant.astimezone(UTC)))
    return seen, findings


def _read(path: Path, columns: tuple[str, ...]) -> tuple[pl.DataFrame, list[Finding]]:
    """The rows of a file with `row`, their place in it; an empty item_id is a finding."""
    raw, findings = read_texts(path)
    if absent := [name for name in columns if name not in raw.columns]:
        raise UnreadableInputError(f"{path.name} has no column {', '.join(absent)}; it needs {', '.join(columns)}")
    tight = pl.col(columns).cast(pl.String).str.strip_chars().replace("", None)
    frame = raw.with_columns(tight, row=pl.col(ROW).cast(pl.Int64))
    nameless = frame.filter(pl.col("item_id").is_null()).get_column("row").to_list()
    findings += [
        Finding(CELL_MISSING, "item_id", "the item is not named", path.name, row, "give its number") for row in nameless
    ]
    return frame, findings
