"""Stock on hand overseas: which orders it can serve whole, and which get it when it is counted down."""

from __future__ import annotations

import polars as pl

from entrepost.base.errors import MisuseError
from entrepost.network.network import Network
from entrepost.tables.frames import conform
from entrepost.tables.items import ORDER

STOCK = {
    "warehouse": pl.String(),
    "countries": pl.List(pl.String()),
    "seller": pl.String(),
    "sku": pl.String(),
    "quantity": pl.Int64(),
}
"""Columns of a stock frame: a row per warehouse, seller and article, with the countries that it serves."""


def stock_of(network: Network) -> pl.DataFrame:
    """The stock in a network's open warehouses, in the order of `warehouses` and then of `stock`."""
    held: dict[str, list[tuple[str, str, int]]] = {}
    for row in network.stock:
        held.setdefault(row.warehouse, []).append((row.seller, row.sku, row.quantity))
    rows = [
        (warehouse.warehouse, warehouse.countries.split("+"), *pieces)
        for warehouse in network.warehouses
        if warehouse.open
        for pieces in held.get(warehouse.warehouse, ())
    ]
    return pl.DataFrame(rows, schema=STOCK, orient="row").with_columns(
        pl.col("countries").list.eval(pl.element().str.strip_chars())
    )


def available(stock: pl.DataFrame, orders: pl.DataFrame) -> pl.DataFrame:
    """Which orders can be served whole from which warehouse, each looked at as if it were the only one.

    A warehouse can serve an order when it serves its country and holds every line, the lines of one
    article together. An order with a line without `sku` cannot come from stock.

    Parameters
    ----------
    stock : DataFrame
        As `stock_of` gives it, or what `take` left of it.
    orders : DataFrame
        Rows of the table `orders`, one per order line.

    Returns
    -------
    DataFrame
        A row per order and warehouse: tenant, seller, order_id, warehouse; orders in the order of their
        first line, warehouses in the order of the stock.
    """
    orders = conform(orders, "orders")
    return _pairs(_shelves(stock), _needs(orders)).select(*ORDER, "warehouse").unique(maintain_order=True)


def take(
    stock: pl.DataFrame, orders: pl.DataFrame, wishes: pl.DataFrame | None = None
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Serve orders from stock, the earliest first, until it is out; stock is counted down.

    Orders are taken in the order of `placed_at`, then tenant, seller and order_id. Each takes all of its
    lines from the first warehouse that still holds them, or nothing: direct mail serves it then.

    Parameters
    ----------
    stock : DataFrame
        As `stock_of` gives it.
    orders : DataFrame
        Rows of the table `orders`, one per order line.
    wishes : DataFrame, optional
        Columns tenant, seller, order_id, warehouse: the warehouses from which each order may be served,
        the preferred ones first; an order that is not named takes nothing. Without it every order may
        be served from every warehouse, in the order of the stock.

    Returns
    -------
    (DataFrame, DataFrame)
        A row per order in the order of their first line: tenant, seller, order_id, warehouse (null where
        it is not served from stock); and the stock that remains, its rows as they were.
    """
    orders = conform(orders, "orders")
    named = orders.select(ORDER).unique(maintain_order=True)
    pairs = _pairs(_shelves(stock), _needs(orders))
    pairs = _preferred(pairs, wishes) if wishes is not None else pairs.with_columns(rank=pl.col("shelf"))
    pairs = pairs.sort("placed_at", *ORDER, "rank", "shelf", maintain_order=True)
    quantities = stock.get_column("quantity").to_list()
    served = _count_down(quantities, pairs)
    granted = pl.DataFrame(served, schema={"order": pl.Int64, "shelf": pl.Int64}, orient="row")
    first = pairs.select("order", "shelf", *ORDER, "warehouse").unique(["order", "shelf"])
    granted = granted.join(first, on=["order", "shelf"], how="left").select(*ORDER, "warehouse")
    remaining = stock.with_columns(pl.Series("quantity", quantities, pl.Int64))
    return named.join(granted, on=ORDER, how="left", maintain_order="left"), remaining


def _needs(orders: pl.DataFrame) -> pl.DataFrame:
    """Orders by article: `order` (its number), `sku`, `pieces`, `articles` (how many the order has)."""
    lines = orders.with_columns(
        pl.col("sku").fill_null(""), order=pl.struct(ORDER).rank("dense").cast(pl.Int64), row=pl.int_range(pl.len())
    )
    of_order = lines.group_by("order").agg(
        pl.col("placed_at", "country", "row").sort_by("row").first(),
        named=(pl.col("sku") != "").all(),
        articles=pl.col("sku").n_unique(),
    )
    needs = lines.group_by("order", *ORDER, "sku").agg(pieces=pl.col("quantity").sum())
    return needs.join(of_order.filter("named"), on="order")


def _shelves(stock: pl.DataFrame) -> pl.DataFrame:
    """Stock with the row of each article (`cell`) and the number of its warehouse (`shelf`)."""
    if missing := [name for name in STOCK if name not in stock.columns]:
        raise MisuseError(f"stock lacks the columns {', '.join(missing)}; give what stock_of returns")
    if stock.select(pl.struct("warehouse", "seller", "sku").is_duplicated().any()).item():
        raise MisuseError("stock names an article of a seller twice in a warehouse; add the quantities up")
    first = stock.with_row_index("cell").with_columns(pl.col("cell").cast(pl.Int64))
    return first.with_columns(shelf=pl.col("cell").min().over("warehouse"))


def _pairs(shelves: pl.DataFrame, needs: pl.DataFrame) -> pl.DataFrame:
    """A row per order, warehouse that holds it whole, and article."""
    held = needs.join(shelves, on=["seller", "sku"])
    held = held.filter((pl.col("quantity") >= pl.col("pieces")) & pl.col("countries").list.contains(pl.col("country")))
    whole = held.filter(pl.len().over("order", "shelf") == pl.col("articles"))
    return whole.sort("row", "shelf", "cell").drop("countries", "quantity", "named")


def _preferred(pairs: pl.DataFrame, wishes: pl.DataFrame) -> pl.DataFrame:
    """Only the pairs that are wished, with `rank`: the place of the wish."""
    wished = wishes.select(*ORDER, "warehouse").unique(maintain_order=True).with_row_index("rank")
    return pairs.join(wished.with_columns(pl.col("rank").cast(pl.Int64)), on=[*ORDER, "warehouse"])


def _count_down(quantities: list[int], pairs: pl.DataFrame) -> list[tuple[int, int]]:
    """Take each order's articles from the first warehouse that still holds them all.

    `quantities` of the cells are lowered; returned are the orders that were served, each with its shelf.
    """
    orders, shelves, cells, pieces = [pairs.get_column(name).to_list() for name in ("order", "shelf", "cell", "pieces")]
    served: dict[int, int] = {}
    begin, count = 0, len(orders)
    while begin < count:
        order, shelf = orders[begin], shelves[begin]
        end = begin + 1
        while end < count and orders[end] == order and shelves[end] == shelf:
            end += 1
        basket = range(begin, end)
        if order not in served and all(quantities[cells[each]] >= pieces[each] for each in basket):
            served[order] = shelf
            for each in basket:
                quantities[cells[each]] -= pieces[each]
        begin = end
    return list(served.items())
