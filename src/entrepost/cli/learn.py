"""entrepost learn: step times, corrections and satisfaction from what happened."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from entrepost.base.errors import MisuseError
from entrepost.cli.terminal import NetworkOption, Terminal, get_network, here, opened

if TYPE_CHECKING:
    from entrepost.network.network import Network

SATISFACTION = "satisfaction.toml"
"""The file beside a network's tables that says what was learned from reviews."""


def run(
    out: Annotated[Path, typer.Option("--out", help="Write the learned network to this folder.", metavar="FOLDER")],
    events: Annotated[
        str | None,
        typer.Argument(help="Event histories: a store, or a file as CSV, Parquet or JSON lines.", metavar="EVENTS"),
    ] = None,
    network: NetworkOption = "sample",
    mapping: Annotated[
        Path | None, typer.Option("--mapping", help="How a carrier's columns become ours.", metavar="FILE.toml")
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", help="What became known from this day on is not looked at.", metavar="DATE"),
    ] = None,
    reviews: Annotated[
        Path | None, typer.Option("--reviews", help="Learn satisfaction from these reviews too.", metavar="FILE")
    ] = None,
) -> None:
    """Learn the times and shares of every step from event histories; the result is a network folder.

    From a store it also measures by how much promises were off, and corrects the next ones.
    """
    from entrepost.network.feed import write_network

    if not events and reviews is None:
        raise MisuseError("there is nothing to learn from; name events, or --reviews FILE")
    terminal, until = here(), _instant(as_of)
    learned = get_network(network)
    facts: dict[str, Any] = {}
    lines: list[str] = []
    if events:
        learned, facts, lines = _learn_steps(terminal, learned, events, mapping, until)
    write_network(learned, out)
    if reviews is not None:
        told = _learn_reviews(terminal, reviews, out)
        facts["reviews"], lines = told, [*lines, f"satisfaction learned from {told['used']:,} reviews"]
    terminal.answer({**facts, "out": str(out)}, [*lines, f"network      {out}"])


def _learn_steps(
    terminal: Terminal, network: Network, events: str, mapping: Path | None, until: datetime
) -> tuple[Network, dict[str, Any], list[str]]:
    from entrepost.journey.learn import learn_more
    from entrepost.operations.histories import list_histories, read_histories
    from entrepost.operations.mapping import load_mapping
    from entrepost.wiring import is_store

    kept = is_store(events)
    with terminal.stage("events read"):
        if kept:
            with opened(events) as store:
                histories = list_histories(store)
        else:
            histories = read_histories(Path(events), load_mapping(mapping, "events") if mapping else None)
    with terminal.stage("step times learned"):
        learned = learn_more(network, histories, until)
    for finding in learned.findings:
        terminal.say(str(finding))
    half_life = None if learned.half_life_days == float("inf") else learned.half_life_days
    facts = {
        "events": learned.events,
        "items": learned.items,
        "steps": learned.steps,
        "half_life_days": half_life,
        "findings": [str(finding) for finding in learned.findings],
    }
    weight = "all weeks alike" if half_life is None else f"half-life {half_life:g} days"
    lines = [f"{learned.steps:,} steps learned from {learned.events:,} events of {learned.items:,} items, {weight}"]
    if not kept:
        return learned.network, facts, lines
    corrected, promises = _correct(terminal, learned.network, events, until)
    facts |= {"promises": promises, "corrections": len(corrected.corrections)}
    told = "the next ones are corrected" if corrected.corrections else "too few to correct the next ones by"
    return corrected, facts, [*lines, f"{promises:,} promises whose date has passed; {told}"]


def _correct(terminal: Terminal, network: Network, place: str, until: datetime) -> tuple[Network, int]:
    from entrepost.operations.corrections import learn_corrections, with_corrections

    with terminal.stage("promises measured"), opened(place) as store:
        measured = learn_corrections(store, network, until)
    return with_corrections(network, measured, until), measured.orders


def _learn_reviews(terminal: Terminal, path: Path, out: Path) -> dict[str, Any]:
    from entrepost.experience.learn import learn_reviews
    from entrepost.experience.satisfaction_file import write_satisfaction

    with terminal.stage("satisfaction learned"):
        learned = learn_reviews(path)
    for finding in learned.findings:
        terminal.say(str(finding))
    write_satisfaction(learned.satisfaction, out / SATISFACTION)
    return {"used": learned.used, "findings": len(learned.findings)}


def _instant(day: str | None) -> datetime:
    if not day:
        return datetime.now(UTC)
    try:
        found = datetime.fromisoformat(day)
    except ValueError:
        raise MisuseError(f"--as-of {day!r} is not a date; write it like 2026-03-01") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
