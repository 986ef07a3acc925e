"""What is sold by whom: articles of twenty kinds, and the sellers."""

from __future__ import annotations

from entrepost.network.product import Product, Seller
from tools.update.sample.geography import chance, read_rows
from tools.update.sample.places import HERE

ARTICLES_PER_KIND = 20
SIDES = ("length_mm", "width_mm", "height_mm")
ARTICLE_EXPONENT = 1.0
SELLER_EXPONENT = 1.0
"""Exponents of the popularity of articles and sellers; fitted with those of variants, see the documentation."""


def build_products() -> tuple[Product, ...]:
    """Twenty articles of each kind in `goods.csv`, the first the most popular."""
    rows = []
    for kind in read_rows(HERE / "goods.csv"):
        total = sum(rank**-ARTICLE_EXPONENT for rank in range(1, ARTICLES_PER_KIND + 1))
        for rank in range(1, ARTICLES_PER_KIND + 1):
            rows.append(_product(kind, rank, float(kind["share"]) * rank**-ARTICLE_EXPONENT / total))
    return tuple(rows)


def build_sellers() -> tuple[Seller, ...]:
    """The invented sellers of `sellers.csv`; those of one origin do not all stand at the top."""
    sellers = list(read_rows(HERE / "sellers.csv"))
    order = sorted(sellers, key=lambda row: chance("seller", row["seller"]))
    ranks = {row["seller"]: rank for rank, row in enumerate(order, 1)}
    return tuple(
        Seller(row["seller"], row["name"], row["origin"], round(ranks[row["seller"]] ** -SELLER_EXPONENT, 6), "assumed")
        for row in sellers
    )


def _product(kind: dict[str, str], rank: int, weight: float) -> Product:
    sku = f"{kind['kind']}-{rank:02d}"
    scale = chance("size", sku)
    grams = _between(kind["weight_least_g"], kind["weight_most_g"], scale)
    price = _between(kind["value_least"], kind["value_most"], 0.7 * chance("price", sku) + 0.3 * scale)
    sides = sorted((round(float(kind[side]) * (0.8 + 0.4 * scale)) for side in SIDES), reverse=True)
    return Product(
        sku=sku,
        description=kind["description"],
        hs_code=kind["hs_code"],
        weight_g=round(grams),
        length_mm=sides[0],
        width_mm=sides[1],
        height_mm=sides[2],
        unit_value=f"{int(price)}.99",
        currency="USD",
        battery=kind["battery"],
        weight=round(weight, 6),
        source="assumed",
    )


def _between(least: str, most: str, part: float) -> float:
    return float(least) + (float(most) - float(least)) * part
