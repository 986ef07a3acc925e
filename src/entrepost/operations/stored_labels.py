"""Labels of items that are in a store: what a row does not say is what the store knows of its item.

A row names an item, or an order by seller and order_id, and says what no order does: who sends, the operator, the day
of posting. The recipient, the destination, weights and contents are the order's; a cell that is told in the row stays.
"""

from __future__ import annotations

import polars as pl

from entrepost.base.findings import Finding, finding_code
from entrepost.network.network import Network
from entrepost.operations.chunk import ROW
from entrepost.operations.store import Store
from entrepost.tables.items import ORDER

ITEM_MISSING = finding_code("label_item_missing", "A label is asked for of an item or order that the account has not.")
RECIPIENT_MISSING = finding_code("label_recipient_missing", "Nobody told to whom the order of a label goes.")
CONTENTS_DIVIDED = finding_code(
    "label_contents_divided", "An order travels as several items, and nobody says which holds what."
)

ADDRESS = ("name", "line1", "line2", "line3", "city", "region", "postcode", "phone", "email")
CONTENTS = ("quantity", "unit_value", "currency", "net_weight_g", "hs_code", "description")
TAKEN = (
    "item_id",
    "order_id",
    "destination",
    "weight_g",
    "service",
    *(f"recipient_{name}" for name in ADDRESS),
    *CONTENTS,
)
"""Columns that are filled from the store where a row leaves them empty."""


def fill_labels(
    store: Store, network: Network, texts: pl.DataFrame, tenant: str, subject: str
) -> tuple[pl.DataFrame, list[Finding]]:
    """Rows of a file of labels with what the store knows, a row for each kind of article; and what it does not know.

    Rows with contents of their own, or about nothing that is in the store, stay as they are.

    Parameters
    ----------
    texts : DataFrame
        Columns of the tables `labels` and `content_lines` as text, perhaps `seller`; `#row`.
    """
    rows = _with_columns(texts)
    asked = rows.filter(pl.col("quantity").is_null())
    if not asked.height:
        return texts, []
    items = _find_items(store, asked, tenant)
    told = _told(store, network, items)
    found = asked.join(told, on=ROW, how="inner", maintain_order="left_right", suffix="_stored")
    names = [name for name in TAKEN if f"{name}_stored" in found.columns]
    filled = found.with_columns(pl.coalesce(name, f"{name}_stored").alias(name) for name in names)
    whole = pl.concat([rows.filter(pl.col("quantity").is_not_null()), filled.select(rows.columns)])
    return whole.sort(ROW, maintain_order=True), _findings(asked, items, filled, subject)


def _with_columns(texts: pl.DataFrame) -> pl.DataFrame:
    """All columns that may be filled, as text; names of items in one form."""
    absent = [pl.lit(None, pl.String).alias(name) for name in (*TAKEN, "seller") if name not in texts.columns]
    rows = texts.with_columns(*absent, pl.col(ROW).cast(pl.Int64))
    rows = rows.with_columns(pl.exclude(ROW).cast(pl.String).str.strip_chars().replace("", None))
    return rows.with_columns(pl.col("item_id").str.replace_all(r"\s", "").str.to_uppercase())


def _find_items(store: Store, asked: pl.DataFrame, tenant: str) -> pl.DataFrame:
    """The items that the rows name, each with its row; of a number that was given before the one issued last."""
    account = asked.with_columns(tenant=pl.lit(tenant))
    numbers = account.filter(pl.col("item_id").is_not_null())
    found = store.find_items(numbers.select("tenant", "item_id")).sort("issued_at")
    latest = found.unique(["tenant", "item_id"], keep="last").select("tenant", "item_id", "item_no")
    by_number = store.list_items(numbers=latest).join(numbers.select("item_id", ROW), on="item_id")
    named = account.filter(
        pl.col("item_id").is_null() & pl.col("seller").is_not_null() & pl.col("order_id").is_not_null()
    )
    by_order = store.list_items(orders=named.select(ORDER)).join(named.select(*ORDER, ROW), on=ORDER)
    return pl.concat([by_number, by_order.select(by_number.columns)]).sort(ROW, "item")


def _told(store: Store, network: Network, items: pl.DataFrame) -> pl.DataFrame:
    """What the store knows of items, as text: a row for each line of its order."""
    orders = items.select(ORDER).unique(maintain_order=True)
    names = {service.service: service.name for service in network.services}
    lines = store.find_lines(orders).select(
        *ORDER, "quantity", "unit_value", "currency", "hs_code", "description",
        net_weight_g=pl.col("weight_g") * pl.col("quantity"),
    )  # fmt: skip
    people = store.recipients.find(orders).select(*ORDER, pl.col(ADDRESS).name.prefix("recipient_"))
    several = pl.len().over(ORDER, ROW) > 1
    alone = items.with_columns(several.alias("several")).filter(~pl.col("several"))
    whole = alone.select(
        ROW, *ORDER, "item_id", "weight_g", destination="country",
        service=pl.col("service").replace(names),
    ).join(lines, on=ORDER, how="left", maintain_order="left_right")  # fmt: skip
    whole = whole.join(people, on=ORDER, how="left", maintain_order="left").drop("tenant", "seller")
    return whole.with_columns(pl.exclude(ROW).cast(pl.String))


def _findings(asked: pl.DataFrame, items: pl.DataFrame, filled: pl.DataFrame, subject: str) -> list[Finding]:
    """Rows of which the store knows nothing, or not enough."""
    counts = dict(items.group_by(ROW).len().iter_rows())
    nameless = set(filled.filter(pl.col("recipient_name").is_null()).get_column(ROW).to_list())
    found = []
    for row, item_id, order_id in asked.select(ROW, "item_id", "order_id").iter_rows():
        what = item_id or order_id or "a row without item_id or order_id"
        if row not in counts:
            fix = "check it, or give the contents in the row: quantity, unit_value, currency"
            found.append(Finding(ITEM_MISSING, "item_id", f"the account has no {what}", subject, row, fix))
        elif counts[row] > 1:
            message, fix = f"{what} travels as {counts[row]} items", "give a row for each kind of article of each item"
            found.append(Finding(CONTENTS_DIVIDED, "item_id", message, subject, row, fix))
        elif row in nameless:
            fix = "bring the order in with recipient_name and the lines of its address, or give them in the row"
            found.append(
                Finding(RECIPIENT_MISSING, "recipient_name", f"nobody told whom {what} goes to", subject, row, fix)
            )
    return found
