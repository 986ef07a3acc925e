"""entrepost message: what other operators send, read, checked and recorded; and what is sent to them, written."""

from __future__ import annotations

import json
import sys
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from entrepost.base.errors import MisuseError, UnreadableInputError
from entrepost.cli.intake import show_outcome, show_rejected
from entrepost.cli.terminal import (
    STORE,
    NetworkOption,
    StoreOption,
    TenantOption,
    get_network,
    here,
    opened,
    to_instant,
    with_voice,
    zones_of,
)

if TYPE_CHECKING:
    import polars as pl

    from entrepost.base.findings import Finding
    from entrepost.documents.page import Page
    from entrepost.messages.compliance import Issue
    from entrepost.messages.edifact import Envelope
    from entrepost.messages.profiling.layout import Profile

REJECTED = 3
SHOWN = 10
"""Findings that are written out of each kind."""

FilesArgument = Annotated[
    list[Path], typer.Argument(help="Files, each one interchange or document.", metavar="FILE...")
]
SomeFiles = Annotated[
    list[Path] | None,
    typer.Argument(help="Files, each one interchange or document; none: the store.", metavar="[FILE]..."),
]


@dataclass(frozen=True, slots=True)
class Means:
    """What messages are read and written by: zones of places, and profiles."""

    network: NetworkOption = "sample"
    zones: Annotated[
        Path | None,
        typer.Option("--zones", help="Zones of other places: CSV of place, time_zone.", metavar="CSV"),
    ] = None
    profile: Annotated[
        list[Path] | None,
        typer.Option("--profile", help="A profile in the place of ours; may be given several times.", metavar="TOML"),
    ] = None

    @property
    def known_zones(self) -> dict[str, str]:
        """The zones of a network's facilities, and those of a file besides."""
        import csv

        from entrepost.operations.source import read_bytes

        zones = zones_of(get_network(self.network))
        if self.zones:
            rows = list(csv.DictReader(read_bytes(self.zones).decode("utf-8-sig", "replace").splitlines()))
            if not rows or not {"place", "time_zone"} <= set(rows[0]):
                raise UnreadableInputError(f"{self.zones} lacks rows with the columns place and time_zone")
            zones |= {row["place"]: row["time_zone"] for row in rows}
        return zones

    @property
    def profiles(self) -> list[Profile]:
        """The profiles that take the place of ours."""
        from entrepost.messages.profile import load_profile

        return [load_profile(file) for file in self.profile or []]


@dataclass(frozen=True, slots=True)
class Address:
    """What an envelope of EDIFACT tells."""

    sender: Annotated[str, typer.Option("--sender", help="Our EDI address.", metavar="ADDRESS")] = ""
    recipient: Annotated[str, typer.Option("--recipient", help="Theirs.", metavar="ADDRESS")] = ""
    reference: Annotated[str, typer.Option("--reference", help="Reference, used once.", metavar="TEXT")] = ""
    prepared: Annotated[str, typer.Option("--prepared", help="When it is made, by our clock.", metavar="TIME")] = ""

    def envelope(self, messages: list[Any], profiles: list[Profile]) -> Envelope | None:
        """The envelope, None where nothing of it is told."""
        from entrepost.messages.any_message import address

        told = (self.sender, self.recipient, self.reference, self.prepared)
        if not any(told):
            return None
        if not all(told):
            raise MisuseError("an envelope needs --sender, --recipient, --reference and --prepared")
        prepared = to_instant(self.prepared, "--prepared")
        return address(messages, (self.sender, self.recipient), self.reference, prepared, profiles)


app = typer.Typer(
    help="Read, check, record and write messages between operators.", no_args_is_help=True, rich_markup_mode=None
)


def read(
    files: FilesArgument,
    means: Means,
) -> None:
    """Read messages and write each as a line of plain JSON; what is wrong with them goes to standard error."""
    from entrepost.messages.plain import to_plain

    terminal = here()
    messages, findings = _read(files, means)
    for message in messages:
        typer.echo(json.dumps(to_plain(message), ensure_ascii=False))
    for finding in findings:
        terminal.say(str(finding))
    _leave(findings)


def lint(
    files: FilesArgument,
    means: Means,
) -> None:
    """Say what is wrong with messages and with what they say: how many of which fault, and the first of each."""
    from entrepost.messages.check import check

    messages, findings = _read(files, means)
    findings += [found for message in messages for found in check(message)]
    kinds = Counter(type(message).__name__.upper() for message in messages)
    codes = Counter(finding.code for finding in findings)
    lines = [*(f"{count:,} {name}" for name, count in sorted(kinds.items())), f"{len(findings):,} findings"]
    for code, count in codes.most_common():
        lines.append(f"{count:,} {code}")
        lines += [f"  {finding}" for finding in [each for each in findings if each.code == code][:SHOWN]]
    here().answer({"messages": dict(kinds), "codes": dict(codes), "findings": findings}, lines)
    _leave(findings)


@dataclass(frozen=True, slots=True)
class Sampled:
    """Which days a compliance report looks at, and where it is drawn besides."""

    sample: Annotated[
        int | None,
        typer.Option("--sample", help="Look at some days a month, by this seed.", metavar="SEED"),
    ] = None
    out: Annotated[
        Path | None, typer.Option("--out", help="Draw it as a page besides: .html or .pdf.", metavar="FILE")
    ] = None


def report(
    means: Means, sampled: Sampled, files: SomeFiles = None, store: StoreOption = STORE, tenant: TenantOption = "main"
) -> None:
    """Draw the compliance report: overview, faults by message and sender, the first ten cases of each.

    Of files, or of what was exchanged (the store) where no file is named.
    """
    from dataclasses import asdict

    from entrepost.messages.compliance import ComplianceParams, report_compliance
    from entrepost.operations.compliance import ENVELOPE, draw_compliance, hear_files, hear_store

    params = ComplianceParams(seed=sampled.sample)
    if files:
        drawn = report_compliance(hear_files(files, means.known_zones, means.profiles), params)
    else:
        with opened(store) as kept:
            drawn = report_compliance(hear_store(kept, tenant, means.known_zones, means.profiles), params)
    if sampled.out:
        _draw(draw_compliance(drawn), sampled.out)
    facts: dict[str, Any] = asdict(drawn) | {"days": [day.isoformat() for day in drawn.days]}
    lines = [f"days: {', '.join(facts['days'])}; {drawn.passed_over:,} messages of other days"] if drawn.days else []
    for row in drawn.overview:
        shown = f"{row.faultless:,} of {row.messages:,} faultless, {row.usable:,} usable, {row.faults:,} faults"
        lines.append(f"{row.sender or '-'} {row.message or ENVELOPE}: {shown}")
    for issue in drawn.issues:
        named = f"{issue.sender or '-'} {issue.message or ENVELOPE}"
        lines.append(f"{issue.faults:,} {issue.level} {issue.code} in {issue.messages:,} of {named}: {issue.meaning}")
        mine = [case for case in drawn.cases if (case.sender, case.message, case.code) == _key(issue)]
        lines += [f"  {case.place}:{case.segment} {case.document}: {case.what}; {case.fix}" for case in mine]
    here().answer(facts, lines)


def _key(issue: Issue) -> tuple[str, str, str]:
    return issue.sender, issue.message, issue.code


def _draw(page: Page, out: Path) -> None:
    from entrepost.documents.page import render_page
    from entrepost.documents.paper import render_pdf

    if out.suffix == ".pdf":
        out.write_bytes(render_pdf(page))
    elif out.suffix == ".html":
        out.write_text(render_page(page), encoding="utf-8")
    else:
        raise MisuseError(f"{out}: a page is .html or .pdf")


@dataclass(frozen=True, slots=True)
class Standard:
    """After how long what is missing between operators is open."""

    now: Annotated[str, typer.Option("--now", help="The instant as of which; now.", metavar="TIME")] = ""
    air_days: Annotated[float, typer.Option("--air-days", help="For dispatches and items by air.")] = 10
    surface_days: Annotated[float, typer.Option("--surface-days", help="The same by surface.")] = 45
    taken_hours: Annotated[float, typer.Option("--taken-hours", help="Until a carrier says it took them over.")] = 24
    delivered_days: Annotated[float, typer.Option("--delivered-days", help="Until it says it delivered them.")] = 5


def reconcile(
    means: Means, standard: Standard, files: SomeFiles = None, store: StoreOption = STORE, tenant: TenantOption = "main"
) -> None:
    """Lay what all sides tell side by side: what is missing or disagrees, since when, and whom to ask.

    Of files, or of the dispatches, consignments and events of the store where no file is named.
    """
    from datetime import UTC, datetime

    from entrepost.messages.reconciliation import ReconcileParams
    from entrepost.messages.reconciliation import reconcile as compare
    from entrepost.messages.reconciling.told import gather
    from entrepost.operations.reconciling import reconcile_store

    times = (standard.air_days, standard.surface_days, standard.taken_hours, standard.delivered_days)
    params = ReconcileParams(*times)
    now = to_instant(standard.now, "--now") if standard.now else datetime.now(UTC)
    findings: list[Finding] = []
    if files:
        messages, findings = _read(files, means)
        found = compare(gather(messages), now, params)
    else:
        with opened(store) as kept:
            found = reconcile_store(kept, tenant, params, now)
    codes = dict(Counter(found.get_column("code").to_list()).most_common())
    here().answer({"codes": codes, "open": found.to_dicts(), "findings": findings}, _tell_open(found, codes))
    _leave(findings)


def _tell_open(found: pl.DataFrame, codes: dict[str, int]) -> list[str]:
    from entrepost.messages.reconciling.open import meaning_of

    lines = [f"{found.height:,} open"]
    for code, count in codes.items():
        lines.append(f"{count:,} {code}: {meaning_of(code)}")
        for row in found.filter(code=code).head(SHOWN).iter_rows(named=True):
            since = f" since {row['since']:%Y-%m-%d %H:%M}" if row["since"] else ""
            ask = f" (ask {row['ask']})" if row["ask"] else ""
            lines.append(f"  {row['subject']}{since}: {row['message']}; {row['fix']}{ask}")
    return lines


def record(
    files: FilesArgument,
    means: Means,
    store: StoreOption = STORE,
    tenant: TenantOption = "main",
) -> None:
    """Record the events of EMSEVT files; the same files again change nothing."""
    from entrepost.operations.messages import record_message_files

    terminal = here()
    given = {each.message: each for each in means.profiles}
    with opened(store) as kept, terminal.progress("events") as progress:
        recorded = record_message_files(kept, files, means.known_zones, tenant, given.get("EMSEVT"), progress)
        show_rejected(terminal, kept, recorded.outcome)
    for finding in recorded.findings[:SHOWN]:
        terminal.say(str(finding))
    if len(recorded.findings) > SHOWN:
        terminal.say(f"and {len(recorded.findings) - SHOWN:,} more")
    show_outcome(terminal, recorded.outcome, "events recorded")
    _leave(list(recorded.findings))


def write(
    file: Annotated[Path, typer.Argument(help="Messages as plain JSON, one a line.", metavar="FILE")],
    out: Annotated[Path, typer.Option("--out", help="Where the interchange or document is written.", metavar="FILE")],
    address: Address,
    means: Means,
) -> None:
    """Write messages as an interchange of EDIFACT or as one XML document."""
    from entrepost.messages import any_message, plain
    from entrepost.operations.source import read_bytes

    messages: list[Any] = []
    findings: list[Finding] = []
    for line in read_bytes(file).splitlines():
        if line.strip():
            received = plain.read(line)
            messages += received.messages
            findings += received.findings
    profiles = means.profiles
    data = any_message.write(messages, address.envelope(messages, profiles), means.known_zones, profiles)
    out.write_bytes(data)
    facts = {"file": str(out), "messages": len(messages), "bytes": len(data), "findings": findings}
    count = f"{len(messages):,} message" + ("" if len(messages) == 1 else "s")
    here().answer(facts, [f"{count} in {out}, {len(data):,} bytes", *map(str, findings)])
    _leave(findings)


def _read(files: list[Path], means: Means) -> tuple[list[Any], list[Finding]]:
    from entrepost.base.errors import IncomingMessageError
    from entrepost.base.findings import Finding
    from entrepost.messages import any_message
    from entrepost.messages.emsevt_bulk import UNREADABLE
    from entrepost.operations.source import read_bytes

    zones, profiles = means.known_zones, means.profiles
    messages: list[Any] = []
    findings: list[Finding] = []
    for file in files:
        try:
            received = any_message.read(read_bytes(file), zones, profiles)
        except IncomingMessageError as error:
            findings.append(Finding(UNREADABLE, "", str(error), file.name, fix="ask for it again"))
            continue
        messages += received.messages
        findings += [replace(each, subject=file.name) for each in received.findings]
    return messages, findings


def _leave(findings: list[Finding]) -> None:
    """Leave with 3 where something could not be used."""
    if any(finding.level == "error" for finding in findings):
        sys.stdout.flush()
        raise typer.Exit(REJECTED)


for command in (read, lint, report, reconcile, record, write):
    app.command(name=command.__name__)(with_voice(command))
