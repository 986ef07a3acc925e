"""Real orders of a Brazilian marketplace, in four files that belong together, come in as they are."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from entrepost.operations.store import Store
from tests.operations.shop import counts, store_in, take

MAPPING = """
[columns]
order_id = "order_id"
placed_at = "order_purchase_timestamp"
seller = "lines.seller_id"
line = "lines.order_item_id"
sku = "lines.product_id"
unit_value = "lines.price"
weight_g = "products.product_weight_g"
length_mm = "products.product_length_cm"
width_mm = "products.product_width_cm"
height_mm = "products.product_height_cm"
description = "products.product_category_name"
postcode = "customers.customer_zip_code_prefix"
city = "customers.customer_city"

[constants]
country = "BR"
currency = "BRL"
origin = "CNSZXA"

[units]
weight_g = "g"
length_mm = "cm"
width_mm = "cm"
height_mm = "cm"

[times]
zone = "America/Sao_Paulo"
shift_days = 2912

[join.lines]
file = "{folder}/order_items.csv.gz"
on = "order_id"
rows = "many"

[join.products]
file = "{folder}/products.csv.gz"
on = {{ left = "lines.product_id", right = "product_id" }}

[join.customers]
file = "{folder}/customers.csv.gz"
on = "customer_id"
"""


@pytest.mark.shared
def test_the_orders_of_a_real_marketplace_come_in_and_what_is_spoilt_is_counted(tmp_path: Path, shared: Path) -> None:
    folder = shared / "data" / "olist"
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(MAPPING.format(folder=folder))
    orders = tmp_path / "orders.csv.gz"
    orders.write_bytes((folder / "orders.csv.gz").read_bytes())
    store = store_in(tmp_path)
    outcome = take(store, orders, mapping.read_text())
    assert counts(outcome) == (40_103, 31_752, 0, 8_351)
    assert outcome.findings == {"join_missing": 8_201, "cell_missing": 50}
    assert outcome.orders == 28_047
    assert _found(store) == {
        ("join_missing", "order_id"): 7_593,
        ("join_missing", "customer_id"): 608,
        ("cell_missing", "placed_at"): 47,
        ("cell_missing", "weight_g"): 3,
    }
    lines = store.list_orders()
    assert lines.select(pl.struct("tenant", "seller", "order_id").n_unique()).item() == outcome.orders
    first = lines.row(0, named=True)
    assert (first["country"], first["currency"], first["origin"]) == ("BR", "BRL", "CNSZXA")


def _found(store: Store) -> dict[tuple[str, str], int]:
    found = store.list_findings().group_by("code", "field").len()
    return {(code, field): count for code, field, count in found.iter_rows()}
