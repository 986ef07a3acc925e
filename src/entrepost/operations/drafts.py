"""A file of orders that was uploaded and is not taken in yet: looked at, mapped, tried on its first rows, begun."""

from __future__ import annotations

import hashlib
import re
import time
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4

import polars as pl

from entrepost.base.errors import ExhaustedError, MissingRowError, UnreadableInputError
from entrepost.operations.access import Caller
from entrepost.operations.batches import Surroundings, begin_batch, mapping_beside
from entrepost.operations.bounds import check_bounds
from entrepost.operations.chunk import ROW
from entrepost.operations.faults import FINDINGS, INDEX, Faults, broken_findings
from entrepost.operations.mapped import open_mapping
from entrepost.operations.mapping import Mapping, load_mapping
from entrepost.operations.order_rows import read_order_rows
from entrepost.operations.records import Batch
from entrepost.operations.source import KINDS, is_open_ended, read_chunks
from entrepost.operations.store import Store
from entrepost.operations.wish import Wish

TRIED = 200
"""So many rows are tried; what is wrong with later ones is told when the file is taken in."""

DRAFTS_MAX = 20
"""So many files of an account lie there at most (assumed): a disk has an end."""

KEPT_SECONDS = 24 * 3600
"""A file that nobody takes in goes after a day."""

NAME = re.compile(r"[0-9a-f]{16}-[0-9a-f]{32}(\.\w{2,8})?\.\w{2,8}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Draft:
    """The header and the first rows of a file, as text; `rows` counts those that were read."""

    path: Path
    columns: tuple[str, ...]
    head: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Trial:
    """What would become of the first rows: our columns as text, how many would come in, and what is wrong."""

    chosen: pl.DataFrame
    sound: int
    findings: pl.DataFrame


def name_draft(tenant: str, shown: str) -> str:
    """A new name for a file of an account, with the ending that tells its kind.

    Raises
    ------
    UnreadableInputError
        When its ending tells no kind that can be read.
    """
    endings = "".join(Path(shown.lower()).suffixes[-2:])
    kind = endings if endings.endswith(".gz") else Path(shown.lower()).suffix
    if kind.removesuffix(".gz") not in KINDS:
        raise UnreadableInputError(
            f"{shown[:80]}: the kind of file is told by its ending; use one of {', '.join(KINDS)}"
        )
    return f"{_mark(tenant)}-{uuid4().hex}{kind}"


def find_draft(folder: Path, tenant: str, name: str) -> Path:
    """Where a file of the account lies; raises `MissingRowError` where the account has no such file."""
    path = folder / name
    if not NAME.fullmatch(name) or not name.startswith(f"{_mark(tenant)}-") or not path.is_file():
        raise MissingRowError("the file is not there: it was taken in, or nobody did so for a day; upload it again")
    return path


def make_room(folder: Path, tenant: str, waiting: set[str], now: float | None = None) -> None:
    """Let files of the account go that nobody took in for a day; `waiting` names those that are being taken in.

    Raises
    ------
    ExhaustedError
        When so many files of the account lie there already.
    """
    folder.mkdir(parents=True, exist_ok=True)
    end = (now or time.time()) - KEPT_SECONDS
    drafts = [path for path in folder.glob(f"{_mark(tenant)}-*") if path.name.removesuffix(".toml") not in waiting]
    old = [path for path in drafts if path.stat().st_mtime < end]
    for path in old:
        path.unlink(missing_ok=True)
    if sum(path.suffix != ".toml" for path in drafts) - len(old) >= DRAFTS_MAX:
        raise ExhaustedError(f"{DRAFTS_MAX} files were uploaded and not taken in; take them in, or wait a day")


def check_draft(path: Path, around: Surroundings) -> None:
    """See to it that a file can be read as a whole, and stays within its bounds when it is unpacked.

    Raises
    ------
    UnreadableInputError
        When it cannot, or does not.
    """
    check_bounds(path, around.bounds)
    open_draft(path)


def open_draft(path: Path) -> Draft:
    """Read a file's header and first rows.

    Raises
    ------
    UnreadableInputError
        When the file as a whole cannot be read.
    """
    chunk = next(read_chunks(path, Mapping("orders").form, size=TRIED), None)
    frame = pl.DataFrame() if chunk is None else chunk.frame
    names = [name for name in frame.columns if name != ROW]
    return Draft(path, tuple(names), frame.select(pl.col(names).cast(pl.String)) if names else frame)


def try_wish(draft: Draft, wish: Wish, around: Surroundings) -> Trial:
    """Read the first rows as they would be read.

    Raises
    ------
    UnreadableInputError
        When the wish makes no sense: a required column without a source, an unknown unit or zone.
    """
    mapping = _keep(draft.path, wish)
    mapped = open_mapping(mapping, list(draft.columns), draft.path.name, is_open_ended(draft.path))
    chunk = next(read_chunks(draft.path, mapping.form, size=TRIED))
    faults = Faults(draft.path.name)
    wide = mapped.join(chunk.frame, faults)
    chosen = mapped.choose(wide)
    lines = read_order_rows(chosen, mapping, around.origins, faults)
    findings = pl.concat([broken_findings(chunk.broken, draft.path.name), faults.findings(wide.drop(INDEX))])
    chosen = chosen.join(mapped.recipients(wide), on=INDEX, how="left", maintain_order="left")
    return Trial(chosen, lines.height, findings.select(list(FINDINGS)))


def begin_draft(store: Store, by: Caller, draft: Draft, wish: Wish, shown: str) -> Batch:
    """Let a file be taken in as wished; the account's next file with the same header is mapped alike."""
    text = wish.to_toml()
    _keep(draft.path, wish)
    remembered = _memory(draft.path.parent, by.tenant, draft.columns)
    remembered.write_text(text, encoding="utf-8")
    return begin_batch(store, by, "orders", draft.path, shown)


def recall(folder: Path, tenant: str, columns: tuple[str, ...]) -> Wish | None:
    """How the account's last file with that header was mapped, if there was one and it still makes sense."""
    path = _memory(folder, tenant, columns)
    try:
        found = load_mapping(path)
    except UnreadableInputError:
        return None
    return Wish(found.columns, found.constants, found.units, found.get_format("placed_at"), found.zone, found.decimal)


def _keep(path: Path, wish: Wish) -> Mapping:
    beside = mapping_beside(path)
    beside.write_text(wish.to_toml(), encoding="utf-8")
    mapping = load_mapping(beside)
    return replace(mapping, constants={**mapping.constants, "tenant": "main"})


def _memory(folder: Path, tenant: str, columns: tuple[str, ...]) -> Path:
    """Where it is remembered; columns that we added to a file for its correction do not count."""
    header = "\n".join(sorted(name for name in columns if not name.startswith("#")))
    digest = hashlib.sha256(f"{tenant}\n{header}".encode()).hexdigest()[:32]
    return folder / f"mapping-{digest}.toml"


def _mark(tenant: str) -> str:
    return hashlib.sha256(f"account {tenant}".encode()).hexdigest()[:16]
