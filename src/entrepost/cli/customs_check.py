"""entrepost customs check: whether the data of the items of a file are right before they leave."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from datetime import date as Day
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from entrepost.cli.terminal import DATE, Terminal, here, to_instant, write_frame

if TYPE_CHECKING:
    import polars as pl

    from entrepost.customs.check import Checked

REJECTED = 3
SHOWN = 20
"""Findings that are written out; the rest is counted, and stands in the file behind --out."""


def run(
    file: Annotated[Path, typer.Argument(help="Content lines as CSV, Parquet or JSON lines, plain or gzipped.")],
    date: Annotated[
        str, typer.Option("--date", help="On whose limits and regimes; without it today.", metavar="YYYY-MM-DD")
    ] = "",
    mode: Annotated[
        str, typer.Option("--mode", help="How the mail goes where an item does not say: air|sea|rail|road.")
    ] = "air",
    used: Annotated[
        Path | None, typer.Option("--used", help="Identifiers used before: CSV with item_id and posted_on.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Write every finding as .csv, .parquet or .jsonl.")] = None,
) -> None:
    """Check the advance data of every item of a file, and say how good each seller's data are on each lane.

    Beside the content lines the file may have columns of the item: seller, office, mail_class, form, weight_g, names
    and addresses, when it was posted, lodged and is loaded (table declared_items). What a destination wants and the
    file has no column for is told once. Findings are told on standard error, the scores on standard output; with
    --json one object with `scores`, `findings`, `file` and counts. The exit code is 3 where items are rejected.
    """
    from entrepost.customs.check import check_lines
    from entrepost.customs.checking.params import CheckParams
    from entrepost.customs.quality import score
    from entrepost.operations.content_lines import read_texts
    from entrepost.operations.declaration_desk import known_codes
    from entrepost.reference.fx import known_rates
    from entrepost.tables.content_lines import ContentLines, read_lines

    terminal = here()
    day = to_instant(date, "--date", DATE).date() if date else datetime.now(UTC).date()
    raw, unread = read_texts(file)
    read = read_lines(raw, file.name)
    lines = ContentLines(read.frame, sorted([*unread, *read.findings], key=lambda finding: finding.row))
    codes, others = known_codes()
    params = CheckParams(day, known_rates(), codes, others, _read_used(used) if used else {}, mode)
    checked = check_lines(lines, raw, params, file.name)
    scores = score(checked)
    if out is not None:
        write_frame(checked.findings, out)
    _tell(terminal, checked, file.name)
    facts = {
        "items": checked.items.height,
        "rejected": checked.rejected,
        "scores": scores,
        "findings": checked.findings,
        "file": [asdict(finding) for finding in checked.told],
    }
    terminal.answer(facts, [_to_text(scores)] if scores.height else [])
    if checked.rejected or any(finding.level == "error" for finding in lines.findings):
        raise typer.Exit(REJECTED)


def _read_used(path: Path) -> dict[str, Day]:
    import polars as pl

    from entrepost.base.errors import UnreadableInputError

    try:
        read = pl.read_csv(path, columns=["item_id", "posted_on"], schema_overrides={"item_id": pl.String})
        days = read.with_columns(pl.col("posted_on").cast(pl.String).str.to_date("%Y-%m-%d"))
    except pl.exceptions.PolarsError as error:
        reason = str(error).splitlines()[0]
        raise UnreadableInputError(
            f"{path}: needs the columns item_id and posted_on, as 2026-03-01: {reason}"
        ) from None
    latest = days.drop_nulls().group_by("item_id").agg(pl.col("posted_on").max())
    return dict(latest.iter_rows())


def _tell(terminal: Terminal, checked: Checked, name: str) -> None:
    for finding in checked.told:
        terminal.say(str(finding))
    for row in checked.findings.head(SHOWN).iter_rows(named=True):
        fix = f"; {row['fix']}" if row["fix"] else ""
        where = "".join(f" {part}" for part in (row["field"] and f"[{row['field']}]", row["item_id"]) if part)
        terminal.say(f"{name}:{row['row']}{where} {row['level']} {row['code']}: {row['message']}{fix}")
    if checked.findings.height > SHOWN:
        terminal.say(f"and {checked.findings.height - SHOWN:,} more")
    items = checked.items.height
    terminal.say(f"{name}: {items:,} items, {checked.rejected:,} rejected, {checked.findings.height:,} findings")


def _to_text(scores: pl.DataFrame) -> str:
    """The scores as lines, whole numbers, a dash where nothing tells."""
    lines = [f"{'seller':16} {'lane':12} {'items':>8} {'rejected':>8} timely accurate complete consistent score"]
    for seller, lane, items, rejected, *parts in scores.iter_rows():
        told = ["-" if part is None else f"{part:.0f}" for part in parts]
        widths = (6, 8, 8, 10, 5)
        figures = " ".join(f"{text:>{width}}" for text, width in zip(told, widths, strict=True))
        lines.append(f"{seller or '-':16} {lane:12} {items:8,} {rejected:8,} {figures}")
    return "\n".join(lines)
