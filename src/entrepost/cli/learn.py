"""entrepost learn: step times, corrections and satisfaction from what happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from entrepost.base.errors import MisuseError
from entrepost.cli.terminal import DATE, NetworkOption, Terminal, get_network, here, opened, to_instant

if TYPE_CHECKING:
    from entrepost.base.findings import Finding
    from entrepost.network.network import Network
    from entrepost.operations.histories import Reading
    from entrepost.operations.histories_kept import Kept

SATISFACTION = "satisfaction.toml"
"""The file beside a network's tables that says what was learned from reviews."""


@dataclass(frozen=True, slots=True)
class Also:
    """What else is learned, beside the steps."""

    reviews: Annotated[
        Path | None, typer.Option("--reviews", help="Learn satisfaction from these reviews too.", metavar="FILE")
    ] = None
    eta: Annotated[
        bool, typer.Option("--eta", help="Learn on top of the forecasts of items under way, where that is better.")
    ] = False


def run(
    out: Annotated[Path, typer.Option("--out", help="Write the learned network to this folder.", metavar="FOLDER")],
    also: Also,
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
) -> None:
    """Learn the times and shares of every step from event histories; the result is a network folder.

    What was read is kept there in history.parquet, so that the next time only new events are read; without that
    file all are. From a store it also measures by how much promises were off, and corrects the next ones.
    """
    from entrepost.network.feed import write_network
    from entrepost.operations.histories_kept import KEPT, write_kept

    if not events and also.reviews is None:
        raise MisuseError("there is nothing to learn from; name events, or --reviews FILE")
    terminal, until = here(), to_instant(as_of, "--as-of", DATE) if as_of else datetime.now(UTC)
    learned = get_network(network)
    facts: dict[str, Any] = {}
    lines: list[str] = []
    kept: Kept | None = None
    if events:
        wanted = Wanted(events, mapping, until, out / KEPT)
        kept, learned, facts, lines = _learn_steps(terminal, learned, wanted)
    write_network(learned, out)
    if kept:
        write_kept(kept, out / KEPT)
    if events and also.eta:
        facts["eta"] = said = _learn_eta(terminal, Wanted(events, mapping, until, out / KEPT), out)
        lines = [*lines, f"items under way, {said}"]
    if also.reviews is not None:
        told = _learn_reviews(terminal, also.reviews, out)
        facts["reviews"], lines = told, [*lines, f"satisfaction learned from {told['used']:,} reviews"]
    terminal.answer({**facts, "out": str(out)}, [*lines, f"network      {out}"])


@dataclass(frozen=True)
class Wanted:
    """Which events are read and how, until when, and where those lie that were read before."""

    events: str
    mapping: Path | None
    until: datetime
    kept: Path


def _learn_steps(
    terminal: Terminal, network: Network, wanted: Wanted
) -> tuple[Kept, Network, dict[str, Any], list[str]]:
    from entrepost.journey.learn import learn_more
    from entrepost.operations.histories import remember
    from entrepost.wiring import is_store

    with terminal.stage("events read"):
        reading, before, findings = _read(wanted)
        kept, wrong = remember(reading, before, wanted.until)
    with terminal.stage("step times learned"):
        learned = learn_more(network, kept.facts, wanted.until)
    findings = [*findings, *wrong, *learned.findings]
    for finding in findings:
        terminal.say(str(finding))
    half_life = None if learned.half_life_days == float("inf") else learned.half_life_days
    since = before.as_of.isoformat() if before and reading.on_top else None
    facts = {
        "events": learned.events,
        "items": learned.items,
        "steps": learned.steps,
        "half_life_days": half_life,
        "read": reading.events.height,
        "since": since,
        "findings": [str(finding) for finding in findings],
    }
    weight = "all weeks alike" if half_life is None else f"half-life {half_life:g} days"
    lines = [f"{learned.steps:,} steps learned from {learned.events:,} events of {learned.items:,} items, {weight}"]
    if since:
        lines.append(f"{reading.events.height:,} rows read, on top of what was known at {since}")
    if not is_store(wanted.events):
        return kept, learned.network, facts, lines
    corrected, promises = _correct(terminal, learned.network, wanted.events, wanted.until)
    facts |= {"promises": promises, "corrections": len(corrected.corrections)}
    told = "the next ones are corrected" if corrected.corrections else "too few to correct the next ones by"
    return kept, corrected, facts, [*lines, f"{promises:,} promises whose date has passed; {told}"]


def _read(wanted: Wanted) -> tuple[Reading, Kept | None, list[Finding]]:
    """Events on top of what was kept, or all; and where nothing could be kept, why."""
    from entrepost.operations.histories import list_since, read_since
    from entrepost.operations.histories_kept import read_kept
    from entrepost.operations.mapping import load_mapping
    from entrepost.wiring import is_store

    before, findings = read_kept(wanted.kept, wanted.until)
    if is_store(wanted.events):
        with opened(wanted.events) as store:
            return list_since(store, before), before, findings
    mapping = load_mapping(wanted.mapping, "events") if wanted.mapping else None
    return read_since(Path(wanted.events), mapping, before), before, findings


def _correct(terminal: Terminal, network: Network, place: str, until: datetime) -> tuple[Network, int]:
    from entrepost.operations.corrections import learn_corrections, with_corrections

    with terminal.stage("promises measured"), opened(place) as store:
        measured = learn_corrections(store, network, until)
    return with_corrections(network, measured, until), measured.orders


def _learn_eta(terminal: Terminal, wanted: Wanted, out: Path) -> str:
    """Learn on top of the exact forecasts by the network that was just learned; what its card says."""
    from entrepost.journey.under_way.residual_learn import learn_residual
    from entrepost.network.load import load_network
    from entrepost.operations.eta_residual_file import FILE, write_residual
    from entrepost.operations.histories import list_histories, read_histories
    from entrepost.operations.mapping import load_mapping
    from entrepost.wiring import is_store

    with terminal.stage("forecasts of past weeks looked at"):
        if is_store(wanted.events):
            with opened(wanted.events) as store:
                events = list_histories(store)
        else:
            mapping = load_mapping(wanted.mapping, "events") if wanted.mapping else None
            events = read_histories(Path(wanted.events), mapping)
        residual = learn_residual(load_network(out), events, wanted.until)
    write_residual(residual, out / FILE)
    return str(residual.card)


def _learn_reviews(terminal: Terminal, path: Path, out: Path) -> dict[str, Any]:
    from entrepost.experience.learn import learn_reviews
    from entrepost.experience.satisfaction_file import write_satisfaction

    with terminal.stage("satisfaction learned"):
        learned = learn_reviews(path)
    for finding in learned.findings:
        terminal.say(str(finding))
    write_satisfaction(learned.satisfaction, out / SATISFACTION)
    return {"used": learned.used, "findings": len(learned.findings)}
