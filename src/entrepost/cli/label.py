"""entrepost label: labels and customs forms of the items of a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from entrepost.base.errors import MisuseError
from entrepost.cli.terminal import NetworkOption, TenantOption, get_network, here, opened

if TYPE_CHECKING:
    from entrepost.documents.label import Printed
    from entrepost.documents.labels.sheet import Sheet
    from entrepost.operations.labels import Labels

REJECTED = 3
SHOWN = 20
"""Findings that are written out; the rest is counted."""


class Format(StrEnum):
    """What is written."""

    PDF = "pdf"
    PNG = "png"
    ZPL = "zpl"


class Form(StrEnum):
    """What is printed."""

    LABEL = "label"
    CN22 = "cn22"
    CN23 = "cn23"
    CP72 = "cp72"
    CUSTOMS = "customs"


@dataclass(frozen=True, slots=True)
class Known:
    """Where it is known what rows do not say."""

    store: Annotated[
        str | None,
        typer.Option("--store", help="Take from this store what rows do not say of its items.", metavar="PLACE"),
    ] = None
    tenant: TenantOption = "main"
    network: NetworkOption = "sample"


def run(
    file: Annotated[Path, typer.Argument(help="A row for each article, as CSV, Parquet or JSON lines.")],
    out: Annotated[
        Path,
        typer.Option("--out", help="A folder for a file of each item, or one file for all.", metavar="FOLDER|FILE"),
    ] = Path("labels"),
    format: Annotated[Format, typer.Option("--format", help="What is written.")] = Format.PDF,
    form: Annotated[
        Form, typer.Option("--form", help="What is printed; customs: the form that an item must carry.")
    ] = (Form.LABEL),
    *,
    known: Known,
) -> None:
    """Print labels, CN 22, CN 23 or CP 72 sets; an item with a fault is told and the others are printed."""
    from entrepost.base.findings import list_errors
    from entrepost.operations.labels import read_labels

    terminal = here()
    one = out.suffix.lower() == f".{format}"
    if one and format == Format.PNG:
        raise MisuseError(f"{out}: a PNG holds one sheet; name a folder with --out")
    if out.suffix and not one and not out.is_dir():
        raise MisuseError(f"{out} is not a .{format} file; name one, or a folder, or choose another --format")
    labels = _read(file, form, known, known.store) if known.store else read_labels(file, form.value)
    findings = list(labels.rows.findings)
    sheets: list[Sheet] = []
    printed = written = 0
    with terminal.progress("items", len(labels.rows.papers)) as progress:
        for done, drawn in enumerate(labels.draw(), start=1):
            findings += drawn.findings
            printed += bool(drawn.sheets)
            if one:
                sheets += drawn.sheets
            else:
                written += _write_item(out, drawn, format)
            if progress:
                progress(done)
    if sheets:
        written = _write(out, sheets, format)
    wrong = list_errors(findings)
    lines = [
        f"{printed:,} of {labels.rows.items:,} items printed, {written:,} file{'' if written == 1 else 's'} in {out}"
    ]
    facts = {"printed": printed, "items": labels.rows.items, "files": written, "out": str(out), "findings": findings}
    terminal.answer(facts, [*lines, *(f"  {finding}" for finding in findings[:SHOWN]), *_rest(len(findings))])
    if wrong:
        raise typer.Exit(REJECTED)


def _read(file: Path, form: Form, known: Known, place: str) -> Labels:
    """The labels of a file with what a store knows."""
    from entrepost.operations.labels import read_labels
    from entrepost.operations.stored_labels import fill_labels

    with opened(place) as store:
        network = get_network(known.network)
        return read_labels(file, form.value, lambda texts: fill_labels(store, network, texts, known.tenant, file.name))


def _write_item(folder: Path, printed: Printed, format: Format) -> int:
    """The files of one item; how many. A PNG holds one sheet, the other formats all of them."""
    files = 0
    for name, sheets in _parts(printed, format):
        files += _write(folder / f"{name}.{format}", sheets, format)
    return files


def _parts(printed: Printed, format: Format) -> Iterator[tuple[str, list[Sheet]]]:
    if format != Format.PNG or len(printed.sheets) == 1:
        if printed.sheets:
            yield printed.item_id, list(printed.sheets)
        return
    for number, sheet in enumerate(printed.sheets, start=1):
        yield f"{printed.item_id}-{number}", [sheet]


def _write(path: Path, sheets: list[Sheet], format: Format) -> int:
    from entrepost.documents.label import write_sheets

    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(write_sheets(sheets, format.value))
    return 1


def _rest(count: int) -> list[str]:
    return [f"  and {count - SHOWN:,} more findings; --json has all"] if count > SHOWN else []
