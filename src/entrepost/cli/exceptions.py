"""entrepost exceptions: what needs somebody now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from entrepost.base.errors import MisuseError
from entrepost.cli.terminal import NetworkOption, Terminal, get_network, here, opened, to_instant, write_frame

if TYPE_CHECKING:
    from entrepost.network.network import Network
    from entrepost.operations.exceptions import Exceptions

TOP = 20


@dataclass(frozen=True, slots=True)
class Beside:
    """What helps to read the events of a file."""

    containment: Annotated[
        Path | None, typer.Option("--containment", help="What is inside what, for events of a file.", metavar="FILE")
    ] = None
    mapping: Annotated[
        Path | None, typer.Option("--mapping", help="How a carrier's columns become ours.", metavar="FILE.toml")
    ] = None


def run(
    events: Annotated[
        str, typer.Argument(help="Event histories: a store, or a file as CSV, Parquet or JSON lines.", metavar="EVENTS")
    ],
    beside: Beside,
    network: NetworkOption = "sample",
    now: Annotated[
        str | None,
        typer.Option("--now", help="The instant of looking; what became known later is not seen.", metavar="INSTANT"),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Write every exception to this file, their items beside it.", metavar="FILE"),
    ] = None,
    top: Annotated[int, typer.Option("--top", help="Show so many, what saves most first.", min=0, metavar="N")] = TOP,
) -> None:
    """List what needs somebody now: silence that is improbable, explained once, ranked by what acting saves."""
    terminal = here()
    instant = to_instant(now) if now else datetime.now(UTC)
    found = _find(terminal, events, get_network(network), instant, beside)
    for finding in found.findings:
        terminal.say(str(finding))
    if out is not None:
        write_frame(found.frame, out)
        write_frame(found.items, out.with_stem(f"{out.stem}-items"))
    facts = {
        "under_way": found.under_way,
        "expected_false": round(found.expected_false, 2),
        "exceptions": found.frame.head(top),
        "findings": [str(finding) for finding in found.findings],
    }
    terminal.answer(facts, _lines(found, top))


def _find(terminal: Terminal, events: str, network: Network, now: datetime, beside: Beside) -> Exceptions:
    from entrepost.operations.exceptions import weigh_exceptions
    from entrepost.operations.exceptions_source import exceptions_of_store, read_containment
    from entrepost.operations.histories import read_histories
    from entrepost.operations.mapping import load_mapping
    from entrepost.wiring import is_store

    containment, mapping = beside.containment, beside.mapping
    if is_store(events):
        if containment or mapping:
            raise MisuseError("a store has its own columns and knows what is inside what; leave the other files out")
        with terminal.stage("exceptions found"), opened(events) as store:
            return exceptions_of_store(store, network, now)
    held = read_containment(containment) if containment else None
    with terminal.stage("events read"):
        histories = read_histories(Path(events), load_mapping(mapping, "events") if mapping else None)
    with terminal.stage("exceptions found"):
        return weigh_exceptions(network, histories, now, containment=held)


def _lines(found: Exceptions, top: int) -> list[str]:
    frame = found.frame
    head = f"{frame.height:,} exceptions among {found.under_way:,} items under way"
    lines = [f"{head}; about {found.expected_false:.1f} of them are expected to be chance"]
    for row in frame.head(top).iter_rows(named=True):
        saved = f"{row['item_days_saved']:,.1f} item-days"
        promises = f", {row['promises_rescued']:,.1f} promises" if row["promises_rescued"] >= 0.05 else ""
        lines += [f"{row['number']:>3}  {row['action']}", f"     acting now saves {saved}{promises}"]
    if frame.height > top:
        lines.append(f"     and {frame.height - top:,} more; see them with --top or --out")
    return lines
