"""Promise a service to every order that has none: quote, choose, number its items, and keep all of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

import polars as pl

from entrepost.base.clock import EPOCH
from entrepost.base.findings import finding_code
from entrepost.network.network import Network
from entrepost.operations.active_rules import by_account
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
from entrepost.tables.text import fill

ORDER_UNSERVED = finding_code("order_unserved", "No service can carry an order.")
CHUNK_ORDERS = 100_000


@dataclass(frozen=True, slots=True)
class Promised:
    """What the order desk did: orders looked at, promised, not served by any service, and items numbered.

    The others of `orders` were promised by somebody else meanwhile.
    """

    orders: int = 0
    promised: int = 0
    unserved: int = 0
    items: int = 0

    def __add__(self, other: Promised) -> Promised:
        """What both did."""
        return Promised(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))


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
    desks: dict[str, OrderDesk] = {}
    done, after = Promised(), None
    while (lines := store.list_orders(tenant, unpromised=True, after=after, limit=CHUNK_ORDERS)).height:
        after = _last_place(lines)
        for part in by_account(store, lines, policy):
            if part.tenant not in desks:
                desks[part.tenant] = OrderDesk(store, network, part.tenant, clearance=clearance)
            done += desks[part.tenant].promise(part.lines, part.policy)
        if progress:
            progress(done.orders)
    return done


class OrderDesk:
    """Where orders of an account, or of all that have no active segments (empty), are promised, on its network.

    Findings are kept under the name of an `intake`.
    """

    def __init__(
        self, store: Store, network: Network, tenant: str, intake: str = "", clearance: Clearance | None = None
    ) -> None:
        self._store, self._intake, self._clearance = store, intake, clearance
        self._network = network_of(store, network, tenant) if tenant else network
        self._tenant, self._filled_at = tenant, opened_at(store, tenant)

    def promise(
        self, lines: pl.DataFrame, policy: Policy | None, beside: Callable[[Promised], None] = lambda _: None
    ) -> Promised:
        """Promise orders in a transaction of their own, in which `beside` is told what was done.

        They are quoted before it. Where others promised some of them meanwhile, or took from the shelves, a service is
        chosen anew among the same quotes, while nobody else may.
        """
        before = self._shelves()
        quotes = quote(before, lines, clearance=self._clearance)
        chosen = choose(before, lines, policy, quotes)
        orders = chosen.select(ORDER)
        with self._store.transaction():
            taken = self._store.list_promises(orders=orders).select(ORDER)
            left = self._shelves()
            if taken.height or left.stock != before.stock:
                lines = lines.join(taken, on=ORDER, how="anti", maintain_order="left")
                quotes = quotes.join(taken, on=ORDER, how="anti", maintain_order="left")
                chosen = choose(left, lines, policy, quotes) if lines.height else chosen.clear()
            done = self._keep(lines, chosen, orders.height)
            beside(done)
        return done

    def _shelves(self) -> Network:
        return stock_left(self._store, self._network, self._tenant, self._filled_at)

    def _keep(self, lines: pl.DataFrame, chosen: pl.DataFrame, orders: int) -> Promised:
        store, promised = self._store, chosen.filter(pl.col("service").is_not_null())
        unserved = chosen.filter(pl.col("service").is_null())
        store.add_promises(_promises(store, lines, promised))
        items = _number(store, self._network, _items(lines, promised))
        store.add_items(items)
        taken = _taken(self._network, lines, promised)
        if taken.height:
            store.desk.add_taken(taken.with_columns(filled_at=pl.lit(self._filled_at or EPOCH).cast(INSTANT)))
        for (tenant,), part in unserved.group_by("tenant"):
            store.add_findings(_unserved_findings(part), str(tenant), self._intake)
        return Promised(orders, promised.height, unserved.height, items.height)


def stock_left(store: Store, network: Network, tenant: str = "", since: datetime | None = None) -> Network:
    """The network with the stock that promises left, given to one account or to all, of shelves filled since."""
    if not network.stock:
        return network
    taken = store.desk.list_taken(tenant, since)
    if not taken.height:
        return network
    pieces = {(warehouse, seller, sku): count for warehouse, seller, sku, count in taken.iter_rows()}
    return network.with_stock(
        replace(row, quantity=max(0, row.quantity - pieces.get((row.warehouse, row.seller, row.sku), 0)))
        for row in network.stock
    )


def stock_of_account(store: Store, network: Network, tenant: str) -> Network:
    """The network on which an account is quoted, with what its promises left on the shelves."""
    return stock_left(store, network_of(store, network, tenant), tenant, opened_at(store, tenant))


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
        "message": fill("order {} of {}: {}", "order_id", "seller", pl.col("explanation").fill_null("no service")),
        "subject": pl.col("seller") + "/" + pl.col("order_id"),
        "row": pl.lit(0, pl.Int64),
        "fix": pl.lit("quotes of every service say why each cannot take it"),
        "level": pl.lit("error"),
    }
    return unserved.select(value.alias(name) for name, value in texts.items())


def _taken(network: Network, lines: pl.DataFrame, promised: pl.DataFrame) -> pl.DataFrame:
    """The pieces of orders that are served from a warehouse: tenant, warehouse, seller, sku, quantity."""
    stocked = [service.service for service in network.services if service.kind == "stock"]
    served = promised.filter(pl.col("service").is_in(stocked)).select(*ORDER, warehouse="route")
    pieces = lines.filter(pl.col("sku").is_not_null()).join(served, on=ORDER)
    return pieces.group_by("tenant", "warehouse", "seller", "sku").agg(pl.col("quantity").sum())


def _last_place(lines: pl.DataFrame) -> OrderPlace:
    placed_at, tenant, seller, order_id = lines.select("placed_at", *ORDER).row(-1)
    return placed_at, tenant, seller, order_id
