"""entrepost learn: a network folder whose step times come from what happened."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from entrepost.base.errors import MisuseError, UnreadableInputError
from entrepost.cli.terminal import NetworkOption, get_network, here, opened

if TYPE_CHECKING:
    import polars as pl

READERS = {".csv": "scan_csv", ".parquet": "scan_parquet", ".jsonl": "scan_ndjson", ".ndjson": "scan_ndjson"}
JOURNEY = ("tenant", "seller", "item_id", "code", "time", "facility", "reason", "recorded_at", "placed_at")
WHERE = ("service", "route", "area")


def run(
    events: Annotated[Path, typer.Argument(help="Event histories as CSV, Parquet or JSON lines.")],
    out: Annotated[Path, typer.Option("--out", help="Write the learned network to this folder.", metavar="FOLDER")],
    network: NetworkOption = "sample",
    mapping: Annotated[
        Path | None, typer.Option("--mapping", help="How a carrier's columns become ours.", metavar="FILE.toml")
    ] = None,
    store: Annotated[
        str | None,
        typer.Option("--store", help="Take service, route and area of the items from this store.", metavar="FILE|URL"),
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", help="What became known from this day on is not looked at.", metavar="DATE"),
    ] = None,
) -> None:
    """Learn the times and shares of every step from event histories; the result is a network folder."""
    from entrepost.journey.learn import learn_more
    from entrepost.network.feed import write_network

    terminal = here()
    places = get_network(network)
    with terminal.stage("events read"):
        histories = _read_mapped(events, mapping) if mapping else _read(events)
        if store:
            histories = _with_journeys(histories, store)
    with terminal.stage("learned"):
        learned = learn_more(places, histories, _instant(as_of))
    write_network(learned.network, out)
    for finding in learned.findings:
        terminal.say(str(finding))
    facts = {
        "events": learned.events,
        "items": learned.items,
        "steps": learned.steps,
        "half_life_days": None if learned.half_life_days == float("inf") else learned.half_life_days,
        "findings": [str(finding) for finding in learned.findings],
        "out": str(out),
    }
    weight = "all weeks alike" if facts["half_life_days"] is None else f"half-life {learned.half_life_days:g} days"
    line = f"{learned.steps:,} steps learned from {learned.events:,} events of {learned.items:,} items, {weight}: {out}"
    terminal.answer(facts, [line])


def _instant(day: str | None) -> datetime:
    if day is None:
        return datetime.now(UTC)
    try:
        found = datetime.fromisoformat(day)
    except ValueError:
        raise MisuseError(f"--as-of {day!r} is not a date; write it like 2026-03-01") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _read(path: Path) -> pl.DataFrame:
    """The columns of a file that learning reads; instants have an offset, or are UTC."""
    import polars as pl

    if path.suffix not in READERS:
        raise MisuseError(f"{path}: events can be {', '.join(READERS)}; give such a file")
    try:
        lazy = getattr(pl, READERS[path.suffix])(path)
        names = [name for name in lazy.collect_schema().names() if name in (*JOURNEY, *WHERE)]
        frame: pl.DataFrame = lazy.select(names).collect()
    except (pl.exceptions.PolarsError, OSError) as error:
        raise UnreadableInputError(f"{path} cannot be read: {error}") from None
    times = [name for name in ("time", "recorded_at", "placed_at") if frame.schema.get(name) == pl.String]
    return frame.with_columns(
        pl.col(name).str.to_datetime(time_unit="us", time_zone="UTC", strict=False) for name in times
    )


def _read_mapped(path: Path, mapping: Path) -> pl.DataFrame:
    """The events of a carrier's file, in our columns; rows that cannot be read are left out."""
    import polars as pl

    from entrepost.operations.event_rows import read_event_rows
    from entrepost.operations.faults import Faults
    from entrepost.operations.mapped import open_mapping
    from entrepost.operations.mapping import load_mapping
    from entrepost.operations.source import check_whole, is_open_ended, read_chunks, read_columns

    how = load_mapping(mapping, "events")
    check_whole(path)
    mapped = open_mapping(how, read_columns(path, how.form), path.name, is_open_ended(path))
    never = pl.lit(None, pl.Datetime("us", "UTC"))
    parts = []
    for chunk in read_chunks(path, how.form):
        faults = Faults(path.name)
        rows = read_event_rows(mapped.choose(mapped.join(chunk.frame, faults)), how, never, faults)
        parts.append(rows.select(name for name in JOURNEY if name in rows.columns))
    if not parts:
        raise UnreadableInputError(f"{path} has no rows")
    return pl.concat(parts)


def _with_journeys(events: pl.DataFrame, place: str) -> pl.DataFrame:
    """The events with what the store promised for their items; items without events have a row without a code."""
    import polars as pl

    order = ["tenant", "seller", "order_id"]
    with opened(place) as kept:
        promises = kept.list_promises().select(*order, *WHERE)
        placed = kept.list_orders().group_by(order).agg(pl.col("placed_at").min())
        items = kept.list_items().select(*order, "item_id")
    known = items.join(promises, on=order).join(placed, on=order).select("item_id", *WHERE, "placed_at")
    known = known.unique("item_id", keep="last", maintain_order=True)
    return events.drop(*WHERE, "placed_at", strict=False).join(known, on="item_id", how="full", coalesce=True)
