"""Containment in operation: taken in from files and, with it, events about containers put to the items inside."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import polars as pl

from entrepost.operations.cells import read_cells
from entrepost.operations.chunk import ROW, Chunk
from entrepost.operations.faults import INDEX, Faults, broken_findings
from entrepost.operations.mapped import Mapped, open_mapping
from entrepost.operations.mapping import Mapping
from entrepost.operations.progress import Counts, Outcome, Progress, begin, bring_in
from entrepost.operations.source import check_whole, content_hash, is_open_ended, read_chunks, read_columns
from entrepost.operations.store import CONTAINMENT, Intake, Store
from entrepost.tables.containment import EVER, OVERLAP, REVERSED, ROUND, check_containment, find_rounds, roll_down
from entrepost.tables.frames import INSTANT
from entrepost.tables.text import fill

CHUNK_ROWS = 50_000
KEY = ["tenant", "subject", "container", "since"]
CODED = r"^([A-Z]{2}\d{9}[A-Z]{2}|[A-Z]{5}[A-Z0-9][A-Z]{5}[A-Z0-9][A-D][A-Z0-9]{2}\d{5}(\d{9})?)$"
"""The forms of items, dispatches and receptacles: in these, blanks are layout and small letters are raised."""


def intake_containment(
    store: Store,
    path: Path,
    mapping: Mapping | None = None,
    tenant: str = "main",
    progress: Progress | None = None,
) -> Outcome:
    """Take in what is inside what from CSV, Parquet or JSON lines, plain or gzipped.

    Each chunk of rows is one transaction with its findings and its bookmark. The same row again changes
    nothing; the same row with an end says when it ended. A row by which mail would be inside itself, or
    leave before it gets in, is a finding that keeps the row.

    Parameters
    ----------
    store : Store
        Where it is kept.
    path : Path
        The file.
    mapping : Mapping, optional
        How its columns become those of the table `containment`; without it they have our names.
    tenant : str
        The account of the mail whose rows name none.
    progress : callable, optional
        Told after each chunk how many rows of the file are done.
    """
    mapping = mapping or Mapping("containment")
    columns = read_columns(path, mapping.form)
    check_whole(path)
    mapped = open_mapping(mapping, columns, path.name, is_open_ended(path))
    name = content_hash([path, *mapping.files], mapping.text, "containment", tenant)
    mark = begin(store, name, "containment", path, tenant, mapping.shift_days)
    chunks = read_chunks(path, mapping.form, mark.position, CHUNK_ROWS)
    return bring_in(store, mark, chunks, partial(_take_in, store, mapped), progress)


def put_to_items(store: Store, events: pl.DataFrame, faults: Faults) -> pl.DataFrame:
    """Turn events that name a subject into one of each item inside it at the time.

    An event that comes to no item is kept aside as a finding: brought in again once its containment is
    known, it counts.

    Parameters
    ----------
    events : DataFrame
        What `read_event_rows` gives; `subject` counts where `item_id` is null.

    Returns
    -------
    DataFrame
        The events, each with its `item_id`.
    """
    if names_items(events):
        return events
    plain = events.filter(pl.col("item_id").is_not_null())
    asked = events.filter(pl.col("item_id").is_null())
    held = store.find_containments(asked)
    names = [frame.select("tenant", item_id="subject") for frame in (asked, held)]
    items = store.find_items(pl.concat(names).unique())
    rolled, findings = roll_down(asked, held, items)
    texts = pl.DataFrame(
        [(each.row - 1, each.code, each.message, each.fix) for each in findings],
        schema={"#asked": pl.UInt32, "#code": pl.String, "#message": pl.String, "#fix": pl.String},
        orient="row",
    )
    lost = asked.with_row_index("#asked").join(texts, on="#asked", how="inner", maintain_order="left")
    for (code, fix), part in lost.group_by("#code", "#fix", maintain_order=True):
        faults.add(part, str(code), "subject", pl.col("#message"), str(fix))
    return pl.concat([plain, rolled.select(events.columns)]).sort(INDEX, maintain_order=True)


def names_items(events: pl.DataFrame) -> bool:
    """Whether all events name their items, and none a container."""
    return not events.get_column("item_id").null_count()


def to_name(column: str) -> pl.Expr:
    """Identifiers as they are compared: what is coded without blanks and in capitals, others as they are written."""
    tight = pl.col(column).str.replace_all(r"\s", "").str.to_uppercase()
    return pl.when(tight.str.contains(CODED)).then(tight).otherwise(pl.col(column).str.strip_chars()).alias(column)


def _take_in(
    store: Store, mapped: Mapped, mark: Intake, chunk: Chunk, _following: Chunk | None
) -> tuple[Counts, pl.DataFrame]:
    faults = Faults(mark.file)
    wide = mapped.join(chunk.frame, faults)
    chosen = mapped.choose(wide).with_columns(pl.col("tenant").cast(pl.String).fill_null(mark.tenant))
    rows = _read_rows(chosen, mapped.mapping, faults)
    stored = store.find_containments(pl.concat([rows.select("tenant", subject=name) for name in KEY[1:3]]))
    rows = _refuse_rounds(rows, stored, faults)
    _warn_of_overlaps(rows, stored, faults)
    new = rows.unique([*KEY, "until"], maintain_order=True)
    new = new.join(stored, on=[*KEY, "until"], how="anti", nulls_equal=True, maintain_order="left")
    known = new.filter(pl.col("until").is_null()).join(stored, on=KEY, how="semi").get_column(INDEX)
    new = new.filter(~pl.col(INDEX).is_in(known.implode()))
    store.add_containments(new.select(CONTAINMENT))
    findings = pl.concat([broken_findings(chunk.broken, mark.file), faults.findings(wide.drop(INDEX))])
    return Counts(new.height, rows.height - new.height, faults.rejected.len() + len(chunk.broken)), findings


def _read_rows(chosen: pl.DataFrame, mapping: Mapping, faults: Faults) -> pl.DataFrame:
    """Typed and sound rows: `#index`, `#row` and the columns of `CONTAINMENT`."""
    typed = read_cells(chosen, mapping, faults).with_columns(to_name("subject"), to_name("container"))
    typed = faults.sound(typed)
    typed = typed.with_columns(pl.col("since").fill_null(pl.lit(EVER).cast(INSTANT)))
    before = typed.filter(pl.col("until") < pl.col("since"))
    faults.add(before, REVERSED, "until", fill("it leaves {} before it gets in", "container"), "correct the instants")
    sound = faults.sound(typed)
    return sound.select(INDEX, ROW, *CONTAINMENT)


def _refuse_rounds(rows: pl.DataFrame, stored: pl.DataFrame, faults: Faults) -> pl.DataFrame:
    """Rows by which nothing comes to be inside itself, whatever is stored."""
    rounds = find_rounds(_together(stored, rows))
    bad = rows.join(rounds, on=KEY, how="semi", maintain_order="left")
    message = fill("{} would be inside itself by way of {}", "subject", "container")
    faults.add(bad, ROUND, "container", message, "say when one of them ended, or correct the names")
    return rows.join(bad, on=INDEX, how="anti", maintain_order="left")


def _warn_of_overlaps(rows: pl.DataFrame, stored: pl.DataFrame, faults: Faults) -> None:
    told = _together(stored, rows)
    places = [each.row - 1 for each in check_containment(told) if each.code == OVERLAP]
    odd = rows.join(told.with_row_index("#told").filter(pl.col("#told").is_in(places)), on=KEY, how="semi")
    message = fill("{} gets into {} and is still in another of its kind", "subject", "container")
    faults.add(odd, OVERLAP, "container", message, "say when it left the first one: until", "warning")


def _together(stored: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """What will be stored: each containment once, with the end that was told last."""
    both = pl.concat([stored.select(CONTAINMENT), rows.select(CONTAINMENT)])
    return both.group_by(KEY, maintain_order=True).agg(pl.col("until").drop_nulls().last())
