"""Labels of items that are in a store: what a row does not say is what the store knows of its item.

A row names an item, or an order by seller and order_id. The recipient, the destination, weights and contents are the
order's, who sends it and the operator are what was said of its seller (`operations.senders`), the day of posting is
today; a cell that is told in the row stays.
"""

from __future__ import annotations

import polars as pl

from entrepost.base.findings import Finding, finding_code
from entrepost.network.network import Network
from entrepost.operations import senders
from entrepost.operations.chunk import ROW
from entrepost.operations.store import Store
from entrepost.tables.items import ORDER, contents_of

ITEM_MISSING = finding_code("label_item_missing", "A label is asked for of an item or order that the account has not.")
RECIPIENT_MISSING = finding_code("label_recipient_missing", "Nobody told to whom the order of a label goes.")
CONTENTS_UNKNOWN = finding_code(
    "label_contents_unknown", "Nobody knows what lies in an item of which a label is asked."
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
    *("posted_on", "operator", "office", *(f"sender_{name}" for name in senders.ADDRESS)),
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
    lines = contents_of(store.find_lines(orders)).select(
        *ORDER, "item", "unit_value", "currency", "hs_code", "description",
        quantity="pieces", net_weight_g=pl.col("weight_g") * pl.col("pieces"),
    )  # fmt: skip
    people = store.recipients.find(orders).select(*ORDER, pl.col(ADDRESS).name.prefix("recipient_"))
    whole = items.select(
        ROW, *ORDER, "item", "item_id", "weight_g", destination="country",
        service=pl.col("service").replace(names), posted_on=pl.lit(store.clock.now().date().isoformat()),
    ).join(lines, on=[*ORDER, "item"], how="left", maintain_order="left_right")  # fmt: skip
    whole = whole.join(people, on=ORDER, how="left", maintain_order="left")
    whole = whole.join(_senders(store, orders), on=["tenant", "seller"], how="left", maintain_order="left")
    return whole.drop("tenant", "seller", "item").with_columns(pl.exclude(ROW).cast(pl.String))


def _senders(store: Store, orders: pl.DataFrame) -> pl.DataFrame:
    """What was said of the senders of orders, as columns of labels."""
    schema = dict.fromkeys(("tenant", "seller", "operator", "office"), pl.String)
    schema |= dict.fromkeys((f"sender_{name}" for name in senders.ADDRESS), pl.String)
    rows = [
        {"tenant": tenant, "seller": seller} | senders.to_label(found)
        for tenant, seller in orders.select("tenant", "seller").unique().iter_rows()
        if (found := senders.find_sender(store, tenant, seller)) is not None
    ]
    return pl.DataFrame(rows, schema=schema)


def _findings(asked: pl.DataFrame, items: pl.DataFrame, filled: pl.DataFrame, subject: str) -> list[Finding]:
    """Rows of which the store knows nothing, or not enough."""
    known = set(items.get_column(ROW))
    nameless = set(filled.filter(pl.col("recipient_name").is_null()).get_column(ROW).to_list())
    unknown = set(filled.filter(pl.col("quantity").is_null()).get_column(ROW).to_list())
    found = []
    for row, item_id, order_id in asked.select(ROW, "item_id", "order_id").iter_rows():
        what = item_id or order_id or "a row without item_id or order_id"
        if row not in known:
            fix = "check it, or give the contents in the row: quantity, unit_value, currency"
            found.append(Finding(ITEM_MISSING, "item_id", f"the account has no {what}", subject, row, fix))
        elif row in unknown:
            message, fix = f"nobody knows what lies in {what}", "give a row for each kind of article in it"
            found.append(Finding(CONTENTS_UNKNOWN, "item_id", message, subject, row, fix))
        elif row in nameless:
            fix = "bring the order in with recipient_name and the lines of its address, or give them in the row"
            found.append(
                Finding(RECIPIENT_MISSING, "recipient_name", f"nobody told whom {what} goes to", subject, row, fix)
            )
    return found
