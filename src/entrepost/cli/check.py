"""entrepost check: whether a network folder can be used, and what is wrong with it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from entrepost.cli.terminal import here


def run(
    folder: Annotated[Path, typer.Argument(help="The network folder.")],
) -> None:
    """Check a network folder: each finding with its file, row, column, and how to fix it."""
    from entrepost.base.findings import list_errors
    from entrepost.network.check import check_network

    terminal = here()
    findings = check_network(folder)
    errors = len(list_errors(findings))
    if findings or terminal.json:
        terminal.answer(findings, [str(finding) for finding in findings])
    terminal.say(f"{folder}: {_count(errors, 'error')}, {_count(len(findings) - errors, 'warning')}")
    if errors:
        raise typer.Exit(3)


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
