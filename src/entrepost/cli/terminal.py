"""What a command says and where: data on standard output, messages and progress on standard error."""

from __future__ import annotations

import inspect
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass, fields, is_dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

import typer

from entrepost.base.errors import MisuseError

if TYPE_CHECKING:
    import polars as pl

    from entrepost.network.network import Network
    from entrepost.operations.store import Store

SAMPLE = "sample"
JsonOption = Annotated[bool, typer.Option("--json", help="Write the answer as JSON.")]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but the answer and errors.")]
StoreOption = Annotated[
    str, typer.Option("--store", help="The SQLite file that keeps everything, or postgresql://...", metavar="FILE|URL")
]
NetworkOption = Annotated[
    str, typer.Option("--network", help="A network folder, or 'sample' for the one that comes along.", metavar="FOLDER")
]
TenantOption = Annotated[str, typer.Option("--tenant", help="The account.", metavar="NAME")]
STORE = "entrepost.db"
INSTANT = "an instant; write it like 2026-03-01T09:00+00:00"
DATE = "a date; write it like 2026-03-01"
WRITERS = {".csv": "write_csv", ".parquet": "write_parquet", ".jsonl": "write_ndjson", ".ndjson": "write_ndjson"}


@dataclass(frozen=True, slots=True)
class Terminal:
    """Where a command speaks; `json` asks for answers that programs read."""

    json: bool = False
    quiet: bool = False

    def say(self, text: str) -> None:
        """A message for the person at the terminal."""
        if not self.quiet:
            typer.echo(text, err=True)

    def answer(self, facts: Any, lines: list[str]) -> None:
        """The answer of a command: as JSON, or as lines."""
        if self.json:
            typer.echo(json.dumps(_plain(facts), ensure_ascii=False, indent=2, default=str))
        else:
            typer.echo("\n".join(lines))

    def write(self, frame: pl.DataFrame) -> None:
        """A frame: as CSV, or as JSON lines."""
        sys.stdout.flush()
        (frame.write_ndjson if self.json else frame.write_csv)(sys.stdout.buffer)
        sys.stdout.buffer.flush()

    @contextmanager
    def stage(self, title: str) -> Iterator[None]:
        """Say what is done now and, when it is done, in how many seconds."""
        begin = time.monotonic()
        if sys.stderr.isatty() and not self.quiet:
            typer.echo(f"  … {title}", err=True, nl=False)
        yield
        back = "\r\033[K" if sys.stderr.isatty() else ""
        self.say(f"{back}{time.monotonic() - begin:7.1f} s  {title}")

    @contextmanager
    def progress(self, title: str, total: int | None = None) -> Iterator[Callable[[int], None] | None]:
        """A bar on standard error that is told how far the work is; none off a terminal."""
        if self.quiet or not sys.stderr.isatty():
            yield None
            return
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        console = Console(stderr=True, no_color="NO_COLOR" in os.environ)
        with Progress(*columns, console=console, transient=True) as bar:
            task = bar.add_task(title, total=total)
            yield lambda done: bar.update(task, completed=done)


_speaking: ContextVar[Terminal] = ContextVar("terminal")


def here() -> Terminal:
    """The terminal of the command that runs now."""
    return _speaking.get()


def with_voice(command: Callable[..., None]) -> Callable[..., None]:
    """The command with the two options that every command has, `--json` and `--quiet`, taken care of.

    A parameter that is a dataclass stands for its fields: each is an option of its own.
    """
    declared = inspect.signature(command, eval_str=True).parameters
    groups: dict[str, Any] = {name: each.annotation for name, each in declared.items() if is_dataclass(each.annotation)}

    def run(*, json: bool, quiet: bool, **values: Any) -> None:
        _speaking.set(Terminal(json, quiet))
        for name, kind in groups.items():
            values[name] = kind(**{field.name: values.pop(field.name) for field in fields(kind)})
        command(**values)

    own = [parameter for each in declared.values() for parameter in _options_of(each)]
    common = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=False, annotation=option)
        for name, option in (("json", JsonOption), ("quiet", QuietOption))
    ]
    parameters = [*(each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in own), *common]
    run.__doc__, run.__name__ = command.__doc__, command.__name__
    run.__annotations__ = {each.name: each.annotation for each in parameters}
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return run


def _options_of(parameter: inspect.Parameter) -> list[inspect.Parameter]:
    """The parameter itself, or the fields of the dataclass that it is."""
    kind = parameter.annotation
    if not is_dataclass(kind):
        return [parameter]
    hints = get_type_hints(kind, include_extras=True)
    keyword = inspect.Parameter.KEYWORD_ONLY
    return [
        inspect.Parameter(field.name, keyword, default=field.default, annotation=hints[field.name])
        for field in fields(kind)
    ]


def get_network(place: str) -> Network:
    """The network of a folder, or the sample network."""
    if place == SAMPLE:
        from entrepost.network.sample_network import sample_network

        return sample_network()
    from entrepost.network.load import load_network

    return load_network(place)


@contextmanager
def opened(place: str | Path, create: bool = False) -> Iterator[Store]:
    """A store that is closed again; unless it may be created its file must be there."""
    from entrepost.wiring import find_file, open_store

    file = find_file(place)
    if not create and file is not None and not file.exists():
        raise MisuseError(
            f"there is no store {place}; bring orders in with entrepost intake, or name another with --store"
        )
    store = open_store(place)
    try:
        yield store
    finally:
        store.close()


def write_frame(frame: pl.DataFrame, path: Path) -> None:
    """Write a frame to a file in the form that its name asks for."""
    if path.suffix not in WRITERS:
        raise MisuseError(f"{path}: files can be {', '.join(WRITERS)}; give such a name")
    getattr(frame, WRITERS[path.suffix])(path)


def zones_of(network: Network) -> dict[str, str]:
    """The zone of each facility, by which events get the offset of their place."""
    return {facility.facility: facility.time_zone for facility in network.facilities}


def to_instant(text: str, option: str = "--now", wanted: str = INSTANT) -> datetime:
    """The instant that somebody wrote behind an option; UTC where no offset is given."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise MisuseError(f"{option} {text!r} is not {wanted}") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _plain(value: Any) -> Any:
    """Dataclasses and frames as JSON can hold them."""
    if hasattr(value, "to_dicts"):
        return value.to_dicts()
    if is_dataclass(value) and not isinstance(value, type):
        return _plain(asdict(value))
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value
