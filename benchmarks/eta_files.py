"""Reads a folder of orders in the form of the Olist files into histories that the forecaster takes."""

from __future__ import annotations

from pathlib import Path

import polars as pl

INSTANTS = {
    "placed_at": "order_purchase_timestamp",
    "approved_at": "order_approved_at",
    "handed_over_at": "order_delivered_carrier_date",
    "delivered_at": "order_delivered_customer_date",
    "promised_at": "order_estimated_delivery_date",
}
LINE_FIGURES = {"value": "price", "charge": "freight_value"}
PRODUCT_FIGURES = ("product_weight_g", "product_length_cm", "product_height_cm", "product_width_cm")
AREA_SIGNS = 3


def read_histories(folder: Path) -> pl.DataFrame:
    """One row an order that says when it was placed; what stands in a file that is absent stays empty."""
    orders = _read(folder, "orders")
    if orders is None:
        raise FileNotFoundError(f"{folder} has neither orders.csv.gz nor orders.csv")
    instants = [_instant(source, orders.columns).alias(name) for name, source in INSTANTS.items()]
    histories = orders.with_columns(instants).filter(pl.col("placed_at").is_not_null())
    histories = histories.unique("order_id", keep="first", maintain_order=True)
    for join in (_with_lines, _with_customers, _with_sellers):
        histories = join(histories, folder)
    return _with_places(histories, folder).sort("placed_at", "order_id")


def read_table(folder: Path, name: str) -> pl.DataFrame:
    """One file of the folder, all of it as text."""
    table = _read(folder, name)
    if table is None:
        raise FileNotFoundError(f"{folder} has neither {name}.csv.gz nor {name}.csv")
    return table


def find_end(histories: pl.DataFrame) -> float:
    """The last instant that the histories know of anything, in seconds since 1970."""
    instants = ("placed_at", "approved_at", "handed_over_at", "delivered_at")
    last = histories.select(pl.max_horizontal(pl.col(instants).max()).dt.epoch("s")).item()
    return float(last)


def _read(folder: Path, name: str) -> pl.DataFrame | None:
    for path in (folder / f"{name}.csv.gz", folder / f"{name}.csv"):
        if path.exists():
            return pl.read_csv(path, infer_schema=False)
    return None


def _instant(name: str, columns: list[str]) -> pl.Expr:
    if name not in columns:
        return pl.lit(None, pl.Datetime("us"))
    long = pl.col(name).str.to_datetime("%Y-%m-%d %H:%M:%S", strict=False, time_unit="us")
    return pl.coalesce(long, pl.col(name).str.to_datetime("%Y-%m-%d", strict=False, time_unit="us"))


def _with_lines(orders: pl.DataFrame, folder: Path) -> pl.DataFrame:
    """With seller and figures of the lines; an order of several sellers is its first line's."""
    lines = _read(folder, "order_items")
    if lines is None:
        return orders
    lines = lines.unique(["order_id", "order_item_id"]).sort("order_id", "order_item_id")
    lines = _with_products(lines, folder).with_columns(_instant("shipping_limit_date", lines.columns).alias("due_at"))
    figures = [pl.col(source).cast(pl.Float64, strict=False).sum().alias(name) for name, source in LINE_FIGURES.items()]
    summed = [pl.col(name).sum() for name in ("weight_g", "volume_cm3") if name in lines.columns]
    by_order = lines.group_by("order_id", maintain_order=True)
    found = by_order.agg(pl.col("seller_id").first().alias("seller"), pl.col("due_at").max(), *figures, *summed)
    return orders.join(found, on="order_id", how="left")


def _with_products(lines: pl.DataFrame, folder: Path) -> pl.DataFrame:
    products = _read(folder, "products")
    if products is None:
        return lines
    weight, *sides = (pl.col(name).cast(pl.Float64, strict=False) for name in PRODUCT_FIGURES)
    volume = sides[0] * sides[1] * sides[2]
    measured = products.select("product_id", weight_g=weight, volume_cm3=volume).unique("product_id")
    return lines.join(measured, on="product_id", how="left")


def _with_customers(orders: pl.DataFrame, folder: Path) -> pl.DataFrame:
    customers = _read(folder, "customers")
    if customers is None or "customer_id" not in orders.columns:
        return orders
    named = customers.select(
        "customer_id", destination="customer_state", destination_zip="customer_zip_code_prefix"
    ).with_columns(destination_area=pl.col("destination_zip").str.slice(0, AREA_SIGNS))
    return orders.join(named.unique("customer_id"), on="customer_id", how="left")


def _with_sellers(orders: pl.DataFrame, folder: Path) -> pl.DataFrame:
    sellers = _read(folder, "sellers")
    if sellers is None or "seller" not in orders.columns:
        return orders
    named = sellers.select(seller="seller_id", origin="seller_state", origin_zip="seller_zip_code_prefix")
    return orders.join(named.unique("seller"), on="seller", how="left")


def _with_places(orders: pl.DataFrame, folder: Path) -> pl.DataFrame:
    centroids = _read(folder, "geo_zip_centroids")
    for end in ("origin", "destination"):
        if centroids is None or f"{end}_zip" not in orders.columns:
            continue
        places = centroids.select(
            pl.col("geolocation_zip_code_prefix").alias(f"{end}_zip"),
            pl.col("lat").cast(pl.Float64).alias(f"{end}_latitude"),
            pl.col("lng").cast(pl.Float64).alias(f"{end}_longitude"),
        )
        orders = orders.join(places.unique(f"{end}_zip"), on=f"{end}_zip", how="left")
    return orders
