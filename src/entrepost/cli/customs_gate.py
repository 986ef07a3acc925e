"""entrepost customs gate: which items may be loaded by now, and which receptacles are blocked."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from entrepost.base.errors import MisuseError
from entrepost.cli.terminal import Terminal, here, to_instant
from entrepost.mail.consignment import MODES

KEPT_OUT = 3
SHOWN = 20
"""Rows that are written out; the rest is counted."""


def run(
    items: Annotated[
        Path, typer.Argument(help="Items: item_id, destination, and receptacle_id where it is known.", metavar="ITEMS")
    ],
    messages: Annotated[
        Path | None,
        typer.Argument(help="Messages about them: item_id, message (LODGE, AC, RFI, ...), time.", metavar="[MESSAGES]"),
    ] = None,
    mode: Annotated[str, typer.Option("--mode", help=f"How the mail goes: {'|'.join(MODES)}.")] = "air",
    now: Annotated[
        str | None, typer.Option("--now", help="The instant of loading; without it the present.", metavar="INSTANT")
    ] = None,
    timeout_minutes: Annotated[
        int | None, typer.Option("--timeout-minutes", help="Silence for so long counts as no objection.", min=0)
    ] = None,
) -> None:
    """Ask for every item whether its security assessment lets it into a receptacle.

    The answer has a row for each item as CSV: `gate` is open, or why it is kept out, with what to do. Receptacles that
    hold an item that is kept out are told on standard error. With --json one object with `items`, `blocked` and
    `findings`. The exit code is 3 where an item is kept out or a row cannot be read.
    """
    from entrepost.operations.loading import judge_loading

    terminal = here()
    if mode not in MODES:
        raise MisuseError(f"there is no mode {mode!r}; use {', '.join(MODES)}")
    judged = judge_loading(items, messages, mode, to_instant(now) if now else datetime.now(UTC), timeout_minutes)
    if terminal.json:
        facts = {"items": judged.items, "blocked": judged.blocked}
        terminal.answer({**facts, "findings": [asdict(each) for each in judged.findings]}, [])
    else:
        terminal.write(judged.items)
    told = [str(each) for each in judged.findings]
    told += [_blocked(*row) for row in judged.blocked.iter_rows()]
    _tell(terminal, told)
    terminal.say(f"{judged.items.height:,} items, {judged.kept_out:,} kept out")
    if judged.kept_out or judged.findings:
        raise typer.Exit(KEPT_OUT)


def _blocked(receptacle: str, items: int, must_not_go: bool) -> str:
    what = "must not be handed over" if must_not_go else "must not be closed"
    return f"receptacle {receptacle} {what}: {items:,} of its items may not be loaded"


def _tell(terminal: Terminal, lines: list[str]) -> None:
    for line in lines[:SHOWN]:
        terminal.say(line)
    if len(lines) > SHOWN:
        terminal.say(f"and {len(lines) - SHOWN:,} more")
