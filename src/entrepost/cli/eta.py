"""entrepost eta: when items under way arrive."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from entrepost.cli.terminal import NetworkOption, get_network, here, opened, to_instant, write_frame

if TYPE_CHECKING:
    from entrepost.journey.eta import Forecast

SHOWN = 20


def run(
    events: Annotated[
        str, typer.Argument(help="A store, or a file of events as CSV, Parquet or JSON lines.", metavar="STORE|FILE")
    ],
    network: NetworkOption = "sample",
    now: Annotated[
        str | None,
        typer.Option("--now", help="What became known after this instant is not looked at.", metavar="INSTANT"),
    ] = None,
    item: Annotated[str | None, typer.Option("--item", help="Only the item of this identifier.", metavar="ID")] = None,
    mapping: Annotated[
        Path | None, typer.Option("--mapping", help="How a carrier's columns become ours.", metavar="FILE.toml")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Write the forecasts to this file.", metavar="FILE")] = None,
) -> None:
    """Forecast when items under way arrive: where each is, from when to when it comes, and if it may be lost."""
    from entrepost.operations.eta import only_item

    terminal = here()
    with terminal.stage("items forecast"):
        found = _forecast(events, network, to_instant(now) if now else datetime.now(UTC), mapping)
    if item:
        found = only_item(found, item)
    for finding in found.findings:
        terminal.say(str(finding))
    if out is not None:
        write_frame(found.items, out)
        facts = {"items": found.items.height, "out": str(out), "findings": [str(each) for each in found.findings]}
        terminal.answer(facts, [f"{found.items.height:,} items under way, {out}"])
    else:
        terminal.answer(found.items, _lines(found))


def _forecast(events: str, folder: str, now: datetime, mapping: Path | None) -> Forecast:
    from entrepost.operations.eta import forecast_file, forecast_store, with_residual
    from entrepost.operations.mapping import load_mapping
    from entrepost.wiring import is_store

    network = get_network(folder)
    if is_store(events):
        with opened(events) as store:
            found = forecast_store(store, network, now)
    else:
        read = load_mapping(mapping, "events") if mapping else None
        found = forecast_file(Path(events), network, now, read)
    return with_residual(found, network, Path(folder), now)


def _lines(found: Forecast) -> list[str]:
    rows = found.items.sort("arrive_p50").head(SHOWN).iter_rows(named=True)
    lines = [f"{found.items.height:,} items under way"]
    for row in rows:
        lines += [_line(row)]
    if found.items.height > SHOWN:
        lines.append(f"and {found.items.height - SHOWN:,} later ones; --out FILE writes all")
    return lines


def _line(row: dict[str, Any]) -> str:
    where = f"{row['step']} {row['facility']}" if row["step"] else "nobody knows where"
    days = f"{row['arrive_p10']:%Y-%m-%d} to {row['arrive_p90']:%Y-%m-%d}"
    kept = "" if row["promise_probability"] is None else f", promise kept with {row['promise_probability']:.0%}"
    lost = f", lost with {row['loss_probability']:.0%}" if row["loss_probability"] >= 0.005 else ""
    return f"  {row['item_id']}  {where:24}  {days}{kept}{lost}  ({row['basis']})"
