"""How a file is most probably to be read."""

from __future__ import annotations

import polars as pl
import pytest

from entrepost.base.errors import UnreadableInputError
from entrepost.operations.wish import Wish, list_columns, suggest


def rows(**cells: list[str]) -> pl.DataFrame:
    return pl.DataFrame(cells)


def test_columns_with_our_names_are_taken_as_they_are() -> None:
    names = list_columns()
    assert suggest(names, rows()).columns == {name: name for name in names}


def test_a_shops_names_are_known() -> None:
    theirs = [
        "Order No",
        "Created at",
        "Lineitem sku",
        "Qty",
        "Weight (kg)",
        "Shipping Country",
        "Shipping Zip",
        "Note",
    ]
    wish = suggest(theirs, rows(**{"Created at": ["05.03.2026 14:30"]}), {"seller": "shop", "sku": "X"})
    assert wish.columns == {
        "order_id": "Order No",
        "placed_at": "Created at",
        "sku": "Lineitem sku",
        "quantity": "Qty",
        "weight_g": "Weight (kg)",
        "country": "Shipping Country",
        "postcode": "Shipping Zip",
    }
    assert (wish.units, wish.format, wish.zone) == ({"weight_g": "kg"}, "%d.%m.%Y %H:%M", "UTC")
    assert wish.constants == {"seller": "shop"}


@pytest.mark.parametrize(
    ("cell", "format", "zone"),
    [
        ("2026-03-05T14:30:00+08:00", "", ""),
        ("2026-03-05T14:30:00Z", "", ""),
        ("2026-03-05", "", "UTC"),
        ("05.03.2026", "%d.%m.%Y", "UTC"),
        ("03/25/2026 14:30", "%m/%d/%Y %H:%M", "UTC"),
        ("25/03/2026 14:30", "%d/%m/%Y %H:%M", "UTC"),
        ("yesterday", "", "UTC"),
    ],
)
def test_dates_are_recognised(cell: str, format: str, zone: str) -> None:
    wish = suggest(["placed_at"], rows(placed_at=[cell]))
    assert (wish.format, wish.zone) == (format, zone)


def test_a_comma_for_decimals_is_seen() -> None:
    assert suggest(["Price"], rows(Price=["12,50", "3"])).decimal == ","
    assert suggest(["Price"], rows(Price=["12.50"])).decimal == "."


def test_a_wish_is_a_mapping_file() -> None:
    wish = Wish(
        {"order_id": 'No "1"', "sku": "Art"}, {"seller": "shöp", "sku": "same"}, {"weight_g": "kg"}, "", "UTC", ","
    )
    assert wish.to_toml() == (
        '[columns]\norder_id = "No \\"1\\""\n\n[constants]\nseller = "shöp"\nsku = "same"\n\n'
        '[times]\nzone = "UTC"\n\n[file]\ndecimal = ","\n'
    )
    with pytest.raises(UnreadableInputError):
        Wish({"order_id": "a\nb"}).to_toml()
