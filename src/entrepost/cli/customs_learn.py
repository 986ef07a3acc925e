"""entrepost customs learn: who is stopped at customs, learned from declarations and what came of them."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from datetime import date as Day
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from entrepost.cli.terminal import DATE, Terminal, here, opened, to_instant, write_frame

if TYPE_CHECKING:
    import polars as pl

    from entrepost.base.findings import Finding
    from entrepost.operations.clearance import LearnedClearance

SHOWN = 20
"""Findings that are written out; the rest is counted."""


def run(
    lines: Annotated[Path, typer.Argument(help="Content lines of items whose clearance is over.", metavar="LINES")],
    events: Annotated[str, typer.Argument(help="Their events: a store, or a file as CSV, Parquet or JSON lines.")],
    out: Annotated[Path, typer.Option("--out", help="Write the estimate to this file.", metavar="FILE.csv")],
    scores: Annotated[
        Path | None,
        typer.Option(
            "--scores", help="Learn from the quality of each seller's data too, and write it here.", metavar="FILE.csv"
        ),
    ] = None,
    currency: Annotated[str, typer.Option("--currency", help="In which values are told apart.")] = "EUR",
    date: Annotated[
        str, typer.Option("--date", help="Rates and rules of this day; without it today.", metavar="YYYY-MM-DD")
    ] = "",
) -> None:
    """Learn how likely customs stops an item, by its article, origin, value and the seller's data.

    `quote FILE --clearance FILE.csv` then promises by it. The estimate is a table of points that a person can read. How
    sure it is is told of the latest fifth of the items, by an estimate that did not see them.
    """
    from entrepost.customs.estimate import write_clearance
    from entrepost.operations.clearance import facts_of, learn_from_events
    from entrepost.operations.content_lines import read_content_lines

    terminal = here()
    day = to_instant(date, "--date", DATE).date() if date else datetime.now(UTC).date()
    with terminal.stage("lines read"):
        read = read_content_lines(lines)
        scored, sold = _score(lines, day) if scores else (None, None)
        frame = read.frame if sold is None else read.frame.join(sold, on="row", how="left", maintain_order="left")
        facts = facts_of(frame, currency.upper(), day, scored)
    with terminal.stage("events read"):
        history = _read_events(events)
    learned = learn_from_events(facts, history, currency.upper())
    write_clearance(learned.model, out)
    if scores is not None and scored is not None:
        write_frame(scored, scores)
    _tell(terminal, learned, [*read.findings, *learned.findings], out)


def _tell(terminal: Terminal, learned: LearnedClearance, findings: list[Finding], out: Path) -> None:
    for finding in findings[:SHOWN]:
        terminal.say(str(finding))
    if len(findings) > SHOWN:
        terminal.say(f"and {len(findings) - SHOWN:,} more")
    truth = learned.truth
    facts = {"items": learned.items, "stopped": learned.stopped, "out": str(out), "truth": asdict(truth)}
    terminal.answer(
        {**facts, "findings": findings},
        [
            f"learned from {learned.items:,} items, of which {learned.stopped:,} were stopped",
            f"of the latest {truth.items:,} it told {truth.told:.1%} and {truth.happened:.1%} were stopped",
            f"Brier score {truth.brier:.4f}, where the mean of all before gives {truth.brier_base:.4f}",
            f"estimate     {out}",
        ],
    )


def _read_events(events: str) -> pl.DataFrame:
    from entrepost.operations.histories import list_histories, read_histories
    from entrepost.wiring import is_store

    if not is_store(events):
        return read_histories(Path(events))
    with opened(events) as store:
        return list_histories(store)


def _score(path: Path, day: Day) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Each seller's score, and the seller of each row of the file."""
    import polars as pl

    from entrepost.base.errors import UnreadableInputError
    from entrepost.customs.check import check_lines
    from entrepost.customs.checking.params import CheckParams
    from entrepost.customs.quality import seller_scores
    from entrepost.operations.chunk import ROW
    from entrepost.operations.content_lines import read_texts
    from entrepost.reference.fx import known_rates
    from entrepost.tables.content_lines import read_lines

    raw, _ = read_texts(path)
    if "seller" not in raw.columns:
        raise UnreadableInputError(f"{path.name} has no column seller, by which data are scored; leave out --scores")
    checked = check_lines(read_lines(raw, path.name), raw, CheckParams(day, known_rates()), path.name)
    return seller_scores(checked), raw.select("seller", row=pl.col(ROW).cast(pl.Int64))
