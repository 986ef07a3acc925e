"""What became of the promises that a store gave, stated anew by a network, and by how much it was off."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import polars as pl

from entrepost.journey.learning.rows import LEARNED
from entrepost.network.network import Network
from entrepost.operations.store import Store
from entrepost.planning.corrections import CorrectionParams, Measured, measure_corrections
from entrepost.service.quote import COLUMNS, quote
from entrepost.tables.items import ORDER


def learn_corrections(
    store: Store, network: Network, as_of: datetime, params: CorrectionParams | None = None
) -> Measured:
    """Measure a network by the orders of a store: what it would have promised for the services that were chosen.

    The promises that were given then may rest on other figures; corrected is what the network says now. Corrections
    that it has are left out, so that they are measured anew and not once more.
    """
    orders, promises = store.list_orders(), store.list_promises()
    stated = restate(replace(network, corrections=()), orders, promises)
    return measure_corrections(orders, stated, store.list_events(), as_of, params)


def with_corrections(network: Network, measured: Measured, as_of: datetime) -> Network:
    """The network with these corrections in the place of any that it had."""
    title = {"title": f"learned from promises and events up to {as_of:%Y-%m-%d}", "url": ""}
    sources = {**network.sources, LEARNED: network.sources.get(LEARNED, title)} if measured.corrections else {}
    return replace(network, corrections=measured.corrections, sources=sources or network.sources)


def restate(network: Network, orders: pl.DataFrame, promises: pl.DataFrame) -> pl.DataFrame:
    """The quotes of a network for the services that were chosen; without those that it does not offer any more.

    Parameters
    ----------
    orders : DataFrame
        Rows of the table `orders`.
    promises : DataFrame
        tenant, seller, order_id and service (null: not sent).
    """
    parts = []
    for service in network.services:
        chosen = promises.filter(pl.col("service") == service.service)
        asked = orders.join(chosen, on=ORDER, how="semi", maintain_order="left")
        if asked.height:
            parts.append(quote(network.only([service.service]), asked).filter("eligible"))
    return pl.concat(parts) if parts else pl.DataFrame(schema=dict.fromkeys(COLUMNS, pl.Null))
