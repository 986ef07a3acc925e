"""The reviews of real orders (Olist) as rows of the table `reviews`; lanes are from state to state."""

from __future__ import annotations

from pathlib import Path

import polars as pl

ZONE = "America/Sao_Paulo"
FORMS = ("%Y-%m-%d %H:%M:%S", "%m/%d/%Y %H:%M")


def load_reviews(shared: Path) -> pl.DataFrame:
    """All reviews with their orders; a promise ends with its day, where the customer lives."""
    tables = ("orders", "order_reviews", "order_items", "customers", "sellers")
    read = {name: pl.read_csv(shared / "data" / "olist" / f"{name}.csv.gz", infer_schema=False) for name in tables}
    first = read["order_items"].unique("order_id", keep="first", maintain_order=True)
    origins = first.join(read["sellers"], on="seller_id").select("order_id", origin="seller_state")
    homes = read["customers"].unique("customer_id", keep="first").select("customer_id", country="customer_state")
    joined = read["order_reviews"].join(read["orders"], on="order_id").join(homes, on="customer_id", how="left")
    return joined.join(origins, on="order_id", how="left").select(
        "order_id",
        "origin",
        "country",
        score="review_score",
        reviewed_at=_instant("review_answer_timestamp"),
        placed_at=_instant("order_purchase_timestamp"),
        delivered_at=_instant("order_delivered_customer_date"),
        promised_by=_instant(pl.col("order_estimated_delivery_date").str.slice(0, 10) + " 23:59:59"),
    )


def _instant(text: str | pl.Expr) -> pl.Expr:
    text = pl.col(text) if isinstance(text, str) else text
    local = pl.coalesce(text.str.to_datetime(form, time_unit="us", strict=False) for form in FORMS)
    return local.dt.replace_time_zone(ZONE, ambiguous="earliest", non_existent="null").dt.convert_time_zone("UTC")
