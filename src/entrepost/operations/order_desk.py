"""Promise a service to every order that has none: quote, choose, number its items, and keep all of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

import polars as pl

from entrepost.base.findings import finding_code
from entrepost.network.network import Network
from entrepost.operations.active_rules import Part, by_account
from entrepost.operations.faults import FINDINGS
from entrepost.operations.numbering import allocate_numbers
from entrepost.operations.opened import network_of, opened_at
from entrepost.operations.store import ITEM, PROMISE, OrderPlace, Store
from entrepost.service.choice import choose
from entrepost.service.clearance import Clearance
from entrepost.service.policy import Policy
from entrepost.service.quote import quote
from entrepost.tables.frames import INSTANT
from entrepost.tables.items import ORDER, items_of

ORDER_UNSERVED = finding_code("order_unserved", "No service can carry an order.")
CHUNK_ORDERS = 100_000


@dataclass(frozen=True, slots=True)
class Promised:
    """What the order desk did: orders looked at, promised, not served by any service, and items numbered."""

    orders: int = 0
    promised: int = 0
    unserved: int = 0
    items: int = 0


def promise_orders(
    store: Store,
    network: Network,
    policy: Policy | None = None,
    tenant: str = "",
    progress: Callable[[int], None] | None = None,
    clearance: Clearance | None = None,
) -> Promised:
    """Promise a service to each order without one, the earliest first.

    A chunk of orders, those of each account with active segments by themselves, is one transaction with its promises,
    items and numbers: stopped in the middle, it goes on where it was. Overseas stock counts down over all chunks, and
    what earlier promises took is gone; the shelves of an active plan are full when it is activated.

    Parameters
    ----------
    store : Store
        Where the orders are.
    network : Network
        The services, and the stock before any promise.
    policy : Policy, optional
        How a service is chosen; see `service.choice.choose`. Without one each account's active segments decide. Either
        way an account whose active plan has opened warehouses is served from them.
    tenant : str
        Only the orders of this account; empty: all.
    progress : callable, optional
        Told after each chunk how many orders are done.
    clearance : Clearance, optional
        Who is stopped at customs, in place of the lane's share; see `service.quote.quote`.
    """
    desks: dict[str, _Desk] = {}
    done, after = Promised(), None
    while (lines := store.list_orders(tenant, unpromised=True, after=after, limit=CHUNK_ORDERS)).height:
        after = _last_place(lines)
        for part in by_account(store, lines, policy):
            if part.tenant not in desks:
                desks[part.tenant] = _Desk(store, network, part.tenant)
            done = desks[part.tenant].promise(part, done, clearance)
        if progress:
            progress(done.orders)
    return done


class _Desk:
    """Where orders of an account, or of all that have no active segments, are promised: its network, and stock left."""

    def __init__(self, store: Store, network: Network, tenant: str) -> None:
        self._store = store
        self._network = network_of(store, network, tenant) if tenant else network
        self._left = stock_left(store, self._network, tenant, opened_at(store, tenant))

    def promise(self, part: Part, done: Promised, clearance: Clearance | None) -> Promised:
        """Promise orders in a transaction of their own."""
        quotes = quote(self._network, part.lines, clearance=clearance)
        chosen = choose(self._left, part.lines, part.policy, quotes)
        with self._store.transaction():
            done = _keep(self._store, self._network, part.lines, chosen, done)
        self._left = _without_stock(self._left, part.lines, chosen)
        return done


def stock_left(store: Store, network: Network, tenant: str = "", since: datetime | None = None) -> Network:
    """The network with the stock that promises left which were given to one account or to all, from an instant on."""
    stocked = [service.service for service in network.services if service.kind == "stock"]
    if not stocked or not network.stock:
        return network
    given = store.list_promises(tenant).filter(pl.col("service").is_in(stocked))
    if since is not None:
        given = given.filter(pl.col("given_at") >= since)
    return _without_stock(network, store.find_lines(given.select(ORDER)), given)


def _keep(store: Store, network: Network, lines: pl.DataFrame, chosen: pl.DataFrame, done: Promised) -> Promised:
    """Another process may have promised some of these orders meanwhile; theirs stay."""
    orders = chosen.select(ORDER)
    open_orders = orders.join(store.list_promises(orders=orders).select(ORDER), on=ORDER, how="anti")
    chosen = chosen.join(open_orders, on=ORDER, how="semi", maintain_order="left")
    promised = chosen.filter(pl.col("service").is_not_null())
    unserved = chosen.filter(pl.col("service").is_null())
    store.add_promises(_promises(store, lines, promised))
    items = _number(store, network, _items(lines, promised))
    store.add_items(items)
    for (tenant,), part in unserved.group_by("tenant"):
        store.add_findings(_unserved_findings(part), str(tenant), "")
    return Promised(
        done.orders + orders.height,
        done.promised + promised.height,
        done.unserved + unserved.height,
        done.items + items.height,
    )


def _promises(store: Store, lines: pl.DataFrame, promised: pl.DataFrame) -> pl.DataFrame:
    wanted = lines.select(*ORDER, "wanted_by").unique(ORDER, keep="first")
    given = promised.join(wanted, on=ORDER, how="left", maintain_order="left")
    given = given.with_columns(pl.lit(store.clock.now()).cast(INSTANT).alias("given_at"))
    return given.select([name for name in PROMISE if name in given.columns])


def _items(lines: pl.DataFrame, promised: pl.DataFrame) -> pl.DataFrame:
    """The items of promised orders; the first facility of the route gives them their number."""
    start = pl.col("route").str.split(">").list.first()
    kept = lines.join(promised.select(ORDER), on=ORDER, how="semi", maintain_order="left")
    services = promised.select(*ORDER, "service", start.alias("#start"))
    items = items_of(kept).join(services, on=ORDER, how="left", maintain_order="left")
    return items.with_columns(pl.col("placed_at").alias("issued_at"))


def _number(store: Store, network: Network, items: pl.DataFrame) -> pl.DataFrame:
    """Add `item_id`: the service gives the indicator, the country of the first facility the issuer."""
    numbered = [pl.DataFrame(schema={**items.schema, "item_id": pl.String()})]
    for (tenant, service, start), part in items.group_by("tenant", "service", "#start", maintain_order=True):
        indicator = network.service_by_code[str(service)].service_indicator
        issuer = network.get_facility(str(start)).country
        numbers = allocate_numbers(store, indicator, issuer, part.height, str(tenant))
        numbered.append(part.with_columns(pl.Series("item_id", numbers, dtype=pl.String)))
    return pl.concat(numbered).select(ITEM)


def _unserved_findings(unserved: pl.DataFrame) -> pl.DataFrame:
    texts = {name: pl.lit("") for name in FINDINGS} | {
        "code": pl.lit(ORDER_UNSERVED),
        "field": pl.lit("service"),
        "message": pl.col("explanation").fill_null("no service is eligible"),
        "subject": pl.col("seller") + "/" + pl.col("order_id"),
        "row": pl.lit(0, pl.Int64),
        "fix": pl.lit("see entrepost quote for the reason of each service"),
        "level": pl.lit("error"),
    }
    return unserved.select(value.alias(name) for name, value in texts.items())


def _without_stock(network: Network, lines: pl.DataFrame, chosen: pl.DataFrame) -> Network:
    """Take the pieces of orders that are served from a warehouse off its stock."""
    if not network.stock or not chosen.height:
        return network
    stocked = [service.service for service in network.services if service.kind == "stock"]
    served = lines.join(chosen.filter(pl.col("service").is_in(stocked)).select(*ORDER, "route"), on=ORDER)
    taken = served.group_by("route", "seller", "sku").agg(pl.col("quantity").sum())
    pieces = {(warehouse, seller, sku): count for warehouse, seller, sku, count in taken.iter_rows()}
    stock = tuple(
        replace(row, quantity=max(0, row.quantity - pieces.get((row.warehouse, row.seller, row.sku), 0)))
        for row in network.stock
    )
    return replace(network, stock=stock)


def _last_place(lines: pl.DataFrame) -> OrderPlace:
    placed_at, tenant, seller, order_id = lines.select("placed_at", *ORDER).row(-1)
    return placed_at, tenant, seller, order_id
