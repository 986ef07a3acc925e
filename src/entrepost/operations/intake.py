"""Take in the orders of a file: one bad row loses nothing else, a kill loses nothing, a replay doubles nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import partial
from pathlib import Path

import polars as pl

from entrepost.operations.chunk import ROW, Chunk
from entrepost.operations.faults import INDEX, Faults, broken_findings
from entrepost.operations.mapped import Mapped, open_mapping
from entrepost.operations.mapping import Mapping
from entrepost.operations.novelty import NEW, REPEATED, judge
from entrepost.operations.order_rows import read_order_rows
from entrepost.operations.progress import Counts, Outcome, Progress, begin, bring_in
from entrepost.operations.promising import promise_as_they_come
from entrepost.operations.recipients import beside, keep_recipients
from entrepost.operations.source import check_whole, content_hash, is_open_ended, read_chunks, read_columns
from entrepost.operations.store import Intake, Store
from entrepost.tables.items import ORDER

CHUNK_ROWS = 20_000
ORDER_LINES_MAX = 9_999


def intake_orders(
    store: Store,
    path: Path,
    mapping: Mapping | None = None,
    origins: Collection[str] = (),
    tenant: str = "main",
    progress: Progress | None = None,
) -> Outcome:
    """Take in orders from CSV, Parquet or JSON lines, plain or gzipped.

    Each chunk of rows is one transaction with its findings and its bookmark, so that a killed intake goes
    on where it was. An order comes in whole: one bad row rejects its order, and nothing else.

    Parameters
    ----------
    store : Store
        Where they are kept.
    path : Path
        The file. Keep the rows of one order together in it.
    mapping : Mapping, optional
        How a shop's columns become ours; without it they have our names.
    origins : collection of str
        The facilities of the network; an order from elsewhere is a finding. Empty: all are taken.
    tenant : str
        The account that gets the orders whose rows name none.
    progress : callable, optional
        Told after each chunk how many rows of the file are done.

    Raises
    ------
    UnreadableInputError
        When the file as a whole cannot be read, or lacks a column.
    """
    mapping = mapping or Mapping("orders")
    check_whole(path)
    columns = read_columns(path, mapping.form)
    mapped = open_mapping(mapping, columns, path.name, is_open_ended(path))
    name = content_hash([path, *mapping.files], mapping.text, "orders", tenant)
    mark = begin(store, name, "orders", path, tenant, mapping.shift_days)
    if mark.position == 0:
        store.add_findings(mapped.findings, tenant, name)
    chunks = _whole_orders(path, mapped, mark.position)
    return bring_in(store, mark, chunks, partial(_take_in, store, mapped, frozenset(origins)), progress)


def _take_in(
    store: Store, mapped: Mapped, origins: Collection[str], mark: Intake, chunk: Chunk, _following: Chunk | None
) -> tuple[Counts, pl.DataFrame]:
    faults = Faults(mark.file)
    wide = mapped.join(chunk.frame, faults)
    faults.settle()
    chosen = mapped.choose(wide).with_columns(pl.col("tenant").fill_null(mark.tenant))
    lines = read_order_rows(chosen, mapped.mapping, origins, faults)
    stored = store.find_lines(lines)
    judged = judge(lines, stored, mark.intake, faults)
    new = judged.filter(pl.col("verdict") == NEW)
    store.add_lines(new, mark.intake)
    promise_as_they_come(store, new)
    repeated = judged.filter(pl.col("verdict") == REPEATED)
    keep_recipients(store, beside(new, mapped.recipients(wide)), beside(repeated, mapped.recipients(wide)))
    findings = pl.concat([broken_findings(chunk.broken, mark.file), faults.findings(wide.drop(INDEX))])
    counts = Counts(
        accepted=new.height,
        duplicates=repeated.height,
        rejected=faults.rejected.len() + len(chunk.broken),
        orders=new.select(ORDER).unique().join(stored, on=ORDER, how="anti").height,
    )
    return counts, findings


def _whole_orders(path: Path, mapped: Mapped, skip: int) -> Iterator[Chunk]:
    """Chunks in which the rows of an order are together: those that end a chunk wait for the next one."""
    reference = mapped.picks.get("order_id", "")
    waiting: Chunk | None = None
    for chunk in read_chunks(path, mapped.mapping.form, skip, CHUNK_ROWS):
        if waiting is None:
            waiting = chunk
            continue
        ready, held = _cut(waiting, reference)
        if ready.frame.height or ready.broken:
            yield ready
        frame = pl.concat([held.frame, chunk.frame], how="diagonal_relaxed")
        waiting = Chunk(frame, (*held.broken, *chunk.broken), chunk.position)
    if waiting is not None:
        yield waiting


def _cut(chunk: Chunk, reference: str) -> tuple[Chunk, Chunk]:
    """Cut before the order that ends the chunk, unless it has more lines than an order may have."""
    frame = chunk.frame
    if not frame.height or reference not in frame.columns:
        return chunk, Chunk(frame.clear(), (), chunk.position)
    keys = frame.get_column(reference)
    other = (keys.ne_missing(keys[-1])).arg_true()
    start = int(other[-1]) + 1 if other.len() else 0
    if frame.height - start > ORDER_LINES_MAX:
        return chunk, Chunk(frame.clear(), (), chunk.position)
    line = int(frame.get_column(ROW)[start])
    before = tuple(each for each in chunk.broken if each.row < line)
    after = tuple(each for each in chunk.broken if each.row >= line)
    held = frame.slice(start)
    return Chunk(frame.head(start), before, chunk.position - held.height - len(after)), Chunk(
        held, after, chunk.position
    )
