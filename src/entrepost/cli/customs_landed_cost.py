"""entrepost customs landed-cost: duty, tax and fees of every item of a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from entrepost.cli.terminal import DATE, Terminal, here, to_instant

if TYPE_CHECKING:
    from entrepost.base.findings import Finding

REJECTED = 3
SHOWN = 20
"""Findings that are written out; the rest is counted."""


@dataclass(frozen=True)
class Choices:
    """What the law leaves to a choice."""

    currency: Annotated[
        str, typer.Option("--currency", help="Currency of the answer; without it that of the destination's law.")
    ] = ""
    without_ioss: Annotated[
        str, typer.Option("--without-ioss", help="Into the EU without IOSS number since July 2026: flat|tariff|unknown")
    ] = "flat"
    us_method: Annotated[str, typer.Option("--us-method", help="To the United States: ad_valorem|specific.")] = (
        "ad_valorem"
    )
    duty_paid: Annotated[bool, typer.Option("--duty-paid", help="The sender pays what is due at delivery.")] = False


def run(
    file: Annotated[Path, typer.Argument(help="Content lines as CSV, Parquet or JSON lines, plain or gzipped.")],
    date: Annotated[
        str, typer.Option("--date", help="The day of import; without it today.", metavar="YYYY-MM-DD")
    ] = "",
    lines: Annotated[bool, typer.Option("--lines", help="Write what falls on each line, not on each item.")] = False,
    choices: Choices = Choices(),
) -> None:
    """Work out what is due on every item at the border: duty, tax, fees and who collects them.

    The answer has a row for each item as CSV, an empty cell where something is not known; what was wrong or not
    known is told on standard error. With --json it is one object with `items`, `lines` and `findings`.
    """
    from entrepost.customs.landed_cost import assess_lines
    from entrepost.customs.params import LandedCostParams
    from entrepost.operations.content_lines import read_content_lines

    terminal = here()
    day = to_instant(date, "--date", DATE).date() if date else datetime.now(UTC).date()
    params = LandedCostParams(choices.without_ioss, choices.us_method, choices.duty_paid, choices.currency.upper())
    read = read_content_lines(file)
    costs = assess_lines(read.frame, day, params, file.name)
    findings = [*read.findings, *costs.findings]
    if terminal.json:
        terminal.answer({"items": costs.items, "lines": costs.lines, "findings": findings}, [])
    else:
        terminal.write(costs.lines if lines else costs.items)
    _tell(terminal, findings)
    if any(finding.level == "error" for finding in findings):
        raise typer.Exit(REJECTED)


def _tell(terminal: Terminal, findings: list[Finding]) -> None:
    for finding in findings[:SHOWN]:
        terminal.say(str(finding))
    if len(findings) > SHOWN:
        terminal.say(f"and {len(findings) - SHOWN:,} more")
