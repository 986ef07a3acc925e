"""entrepost customs screen: denied parties, prohibited and restricted articles, dangerous goods."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from entrepost.cli.terminal import DATE, here, to_instant

if TYPE_CHECKING:
    from entrepost.operations.screening import Screened

REJECTED = 3
EVENT_COLUMNS = ("item_id", "code", "time", "recorded_at", "facility", "reason")


def run(
    files: Annotated[list[Path], typer.Argument(help="Content lines or parties, as CSV, Parquet or JSON lines.")],
    date: Annotated[
        str, typer.Option("--date", help="The day whose rules count; without it today.", metavar="YYYY-MM-DD")
    ] = "",
    score: Annotated[
        float | None,
        typer.Option("--score", help="Hold an item from this likeness of names on, 0 to 100.", min=0, max=100),
    ] = None,
    events: Annotated[
        Path | None,
        typer.Option("--events", help="Write events that put the held items on hold, without reasons.", metavar="OUT"),
    ] = None,
) -> None:
    """Screen parties and contents: who is like somebody on a loaded list, and what may not be sent.

    A file of parties has the columns item_id, role, name, address, city, country, birth_date. What is found is for
    the operator; the events that `--events` writes put items on hold and say nothing of why.
    """
    from entrepost.customs.screening import HOLDS
    from entrepost.operations.screening import screen_files

    terminal = here()
    now = datetime.now(UTC)
    day = to_instant(date, "--date", DATE).date() if date else now.date()
    found = screen_files(files, day, HOLDS if score is None else score)
    if events:
        _write_events(events, found, now)
    facts = {
        "screened": {"parties": found.parties, "lines": found.lines, "lists": found.lists},
        "holds": [each.item_id for each in found.holds],
        "hits": found.hits,
        "findings": found.findings,
    }
    terminal.answer(facts, _lines(found))
    if not found.is_clear:
        raise typer.Exit(REJECTED)


def _lines(found: Screened) -> list[str]:
    lines = []
    for each in found.holds:
        lines.append(f"hold {each.item_id}")
        lines += [f"  {hit.where}: {hit.finding.message}; {hit.finding.fix}" for hit in each.hits]
    lines += [
        f"{hit.item_id} {hit.where}: {hit.finding.message}; {hit.finding.fix}" for hit in found.hits if not hit.holds
    ]
    lines += [str(finding) for finding in found.findings]
    against = f" against {', '.join(found.lists)}" if found.lists else ""
    screened = f"{found.parties:,} parties{against} and {found.lines:,} content lines screened"
    return [*lines, f"{screened}: {len(found.holds):,} items held"]


def _write_events(path: Path, found: Screened, now: datetime) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(EVENT_COLUMNS)
        for each in found.holds:
            event = each.to_event(now)
            writer.writerow((event.item_id, event.code, now.isoformat(), now.isoformat(), event.facility, event.reason))
