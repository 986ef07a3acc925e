"""entrepost exchange: exchange messages with other operators, and prepare the ways to them."""

from __future__ import annotations

from collections.abc import Callable

import typer

from entrepost.cli import exchange_keys, exchange_nats, exchange_run
from entrepost.cli.terminal import with_voice

app = typer.Typer(
    help="Exchange messages with other operators, and prepare the ways to them.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
COMMANDS: dict[str, Callable[..., None]] = {
    **exchange_run.COMMANDS,
    "make-key": exchange_keys.make,
    "take-key": exchange_keys.take,
    "keys": exchange_keys.list_all,
    "end-key": exchange_keys.end,
    "nats-config": exchange_nats.configure,
}
for name, command in COMMANDS.items():
    app.command(name=name)(with_voice(command))
