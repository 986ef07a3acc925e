"""entrepost customs: what customs wants to know of items, and what it asks for them. Each command is a module."""

from __future__ import annotations

import typer

from entrepost.cli import (
    customs_check,
    customs_classify,
    customs_gate,
    customs_landed_cost,
    customs_learn,
    customs_screen,
)
from entrepost.cli.terminal import with_voice

app = typer.Typer(
    help="Customs: what is due on items, and what is wrong with their data.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
for name, module in (
    ("check", customs_check),
    ("classify", customs_classify),
    ("gate", customs_gate),
    ("landed-cost", customs_landed_cost),
    ("learn", customs_learn),
    ("screen", customs_screen),
):
    app.command(name=name)(with_voice(module.run))
