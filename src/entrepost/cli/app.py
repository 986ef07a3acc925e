"""The command line as a whole: its commands, and how errors become one message and an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

import entrepost
from entrepost.base.errors import EntrepostError, StoreError
from entrepost.cli import (
    access,
    backup,
    check,
    containment,
    customs,
    demo,
    dispatch,
    eta,
    events,
    exceptions,
    exchange,
    init,
    intake,
    label,
    learn,
    message,
    notices,
    plan,
    privacy,
    quote,
    reference,
    report,
    restore,
    serve,
    simulate,
    track,
    webhooks,
)
from entrepost.cli.terminal import with_voice

FAILED, REJECTED, UNAVAILABLE, INTERRUPTED = 1, 3, 4, 130

app = typer.Typer(
    name="entrepost",
    help="Plan and run cross-border e-commerce mail: an honest promise for every order, and where the days are lost.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 ok, 1 failure, 2 usage, 3 some records rejected, 4 service unavailable.",
)
for module in (
    demo,
    init,
    check,
    intake,
    containment,
    events,
    quote,
    label,
    simulate,
    learn,
    plan,
    eta,
    exceptions,
    report,
    notices,
    track,
    serve,
    backup,
    restore,
):
    app.command(name=module.__name__.rpartition(".")[2])(with_voice(module.run))
app.add_typer(reference.app, name="reference")
app.add_typer(customs.app, name="customs")
app.add_typer(message.app, name="message")
app.add_typer(dispatch.app, name="dispatch")
app.add_typer(access.app, name="access")
app.add_typer(webhooks.app, name="webhooks")
app.add_typer(exchange.app, name="exchange")
app.add_typer(privacy.app, name="privacy")


def _tell_version(asked: bool) -> None:
    if asked:
        typer.echo(f"entrepost {entrepost.__version__}")
        raise typer.Exit


@app.callback()
def begin(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version and stop.", is_eager=True, callback=_tell_version)
    ] = False,
) -> None:
    """Plan and run cross-border e-commerce mail: an honest promise for every order, and where the days are lost."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit code; whatever goes wrong on purpose is one message."""
    try:
        app(args=None if arguments is None else list(arguments))
    except StoreError as error:
        _fail(str(error), UNAVAILABLE)
    except EntrepostError as error:
        _fail(str(error), FAILED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as error:
        _fail(f"{error.filename or 'the system'}: {error.strerror or error}", FAILED)
    except MemoryError:
        _fail("there is not enough memory for this; use fewer orders at once", FAILED)
    except SystemExit as end:
        if end.code == INTERRUPTED:
            _fail("stopped. What was recorded stays; the same command goes on where it was", INTERRUPTED)
        raise


def _fail(message: str, code: int) -> None:
    typer.echo(f"entrepost: {message}", err=True)
    sys.exit(code)
