"""When the items of a store, or of a file of events, arrive."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import polars as pl

from entrepost.base.errors import MissingRowError, UnreadableInputError
from entrepost.base.findings import Finding, finding_code
from entrepost.codes.signs import squeeze
from entrepost.journey.eta import Forecast, forecast
from entrepost.journey.under_way.residual import correct
from entrepost.network.network import Network
from entrepost.operations.eta_residual_file import FILE, find_residual
from entrepost.operations.histories import list_histories, read_histories
from entrepost.operations.mapping import Mapping
from entrepost.operations.store import Store
from entrepost.tables.items import ORDER

UNREADABLE = finding_code("eta_residual_unreadable", "What was learned on top of the exact forecast cannot be read.")


def forecast_store(store: Store, network: Network, now: datetime | None = None) -> Forecast:
    """Forecast all items of a store whose wait has not ended, beside what was promised for them.

    Parameters
    ----------
    store : Store
        With events, and promises that say by which service and route an item goes.
    network : Network
        Steps and calendars.
    now : datetime, optional
        What happened or was recorded later is not looked at; missing: the present.
    """
    promised = store.list_promises().select(*ORDER, promised_by="arrive_by_p90")
    events = list_histories(store).join(promised, on=ORDER, how="left")
    return forecast(network, events, now or store.clock.now())


def forecast_file(path: Path, network: Network, now: datetime, mapping: Mapping | None = None) -> Forecast:
    """Forecast all items of a file of events; with a mapping, of a carrier's file."""
    return forecast(network, read_histories(path, mapping), now)


def with_residual(found: Forecast, network: Network, folder: Path, now: datetime) -> Forecast:
    """The same with what was learned on top, where a network's folder has it and it holds; or a word why not."""
    try:
        residual = find_residual(folder)
    except UnreadableInputError as error:
        said = Finding(UNREADABLE, FILE, str(error), folder.name, fix="learn it anew", level="warning")
        return replace(found, findings=(*found.findings, said))
    if residual is None or not residual.forests:
        return found
    stale = residual.find_staleness(network.content_hash, now)
    if stale is not None:
        return replace(found, findings=(*found.findings, stale))
    return replace(found, items=correct(found.items, residual, now))


def only_item(found: Forecast, item_id: str) -> Forecast:
    """The forecast of one item.

    Raises
    ------
    MissingRowError
        When it is not under way.
    """
    number = squeeze(item_id)
    rows = found.items.filter(pl.col("item_id").str.to_uppercase() == number)
    if not rows.height:
        raise MissingRowError(f"no item {number} is under way; check the number, or ask entrepost track")
    return replace(found, items=rows)
