"""Carry what the store promised through a simulated world, and measure what the store knows."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from entrepost.base.errors import MisuseError
from entrepost.base.findings import CODES
from entrepost.network.network import Network
from entrepost.operations.store import Intake, Store
from entrepost.planning.report import IntakeSummary, Measured, measure
from entrepost.planning.simulate import simulate
from entrepost.planning.simulation.world import World


def carry(store: Store, network: Network, seed: int, world: str | World = "default") -> pl.DataFrame:
    """Simulate the journeys of all items in the store, by their own identifiers.

    Raises
    ------
    MisuseError
        When no order was promised a service yet.
    """
    promises = store.list_promises()
    if promises.is_empty():
        raise MisuseError("no order has a service yet; promise them first with entrepost quote")
    items = store.list_items().select("tenant", "seller", "order_id", "item", "item_id")
    return simulate(network, store.list_orders(), promises, seed, world, items)


def measure_store(store: Store, network: Network, tenant: str = "") -> Measured:
    """What happened to the orders of the store, or of one account, from its promises and events."""
    return measure(network, store.list_orders(tenant), store.list_promises(tenant), store.list_events(tenant))


def summarise_intakes(store: Store) -> IntakeSummary | None:
    """What was brought in, over all order files; None where nothing was."""
    intakes = [each for each in store.list_intakes() if each.kind == "orders"]
    if not intakes:
        return None
    shifts = [each.shift_days for each in intakes]
    return IntakeSummary(
        rows=sum(each.read for each in intakes),
        accepted=sum(each.accepted + each.duplicates for each in intakes),
        findings=_count_findings(store, intakes),
        shift_days=max(shifts, key=abs),
        files=tuple(dict.fromkeys(each.file for each in intakes)),
    )


def _count_findings(store: Store, intakes: Iterable[Intake]) -> pl.DataFrame:
    meanings = {"code": list(CODES), "meaning": list(CODES.values())}
    return (
        pl.concat([store.list_findings(each.intake).select("code") for each in intakes])
        .group_by("code")
        .agg(rows=pl.len())
        .join(pl.DataFrame(meanings), on="code", how="left")
        .select("code", "meaning", "rows")
        .sort("rows", "code", descending=[True, False])
    )
