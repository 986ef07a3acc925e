"""entrepost reference: figures of the user's own beside those that come along."""

from __future__ import annotations

from collections import Counter
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from entrepost.cli.terminal import here, with_voice

if TYPE_CHECKING:
    from entrepost.base.findings import Finding

REJECTED = 3
SHOWN = 20
"""Findings that are written out; the rest is counted."""


class Kind(StrEnum):
    """What can be added."""

    FX = "fx"


app = typer.Typer(
    help="Add reference figures of your own, and see what was added.", no_args_is_help=True, rich_markup_mode=None
)


def add(
    kind: Annotated[Kind, typer.Argument(help="fx: exchange rates, as CSV with currency, day, rate (units a euro).")],
    file: Annotated[Path, typer.Argument(help="The file.")],
) -> None:
    """Add the figures of a file; they count before those that come along, the newest file first."""
    from entrepost.reference.fx import add_rates

    assert kind is Kind.FX
    count, findings = add_rates(file)
    lines = [f"{count:,} exchange rate{'' if count == 1 else 's'} added", *_told(findings)]
    here().answer({"added": count, "findings": findings}, lines)
    if findings:
        raise typer.Exit(REJECTED)


def show() -> None:
    """List what was added, and where it is kept."""
    from entrepost.reference.added import folder_of
    from entrepost.reference.fx import KIND, known_rates

    added = known_rates().added
    facts = [
        {"currency": code, "rates": len(days), "first": min(days), "last": max(days)}
        for code, days in sorted(added.items())
    ]
    lines = [f"{row['currency']}  {row['rates']:,} of {row['first']} to {row['last']}" for row in facts]
    folder = str(folder_of(KIND))
    here().answer({"folder": folder, "fx": facts}, [*(lines or ["nothing was added"]), f"kept in {folder}"])


def _told(findings: list[Finding]) -> list[str]:
    lines = [f"  row {each.row}: {each.field}: {each.message}; {each.fix}" for each in findings[:SHOWN]]
    rest = Counter(each.code for each in findings[SHOWN:])
    return [*lines, *(f"  and {count:,} more findings {code}" for code, count in rest.items())]


for command in (add, show):
    app.command(name=command.__name__)(with_voice(command))
