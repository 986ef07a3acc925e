"""What is sold by whom, for generated orders."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Product:
    """An article with its packed size, value and share of sales. Fields are the columns of `products`."""

    sku: str
    description: str
    hs_code: str
    weight_g: int
    length_mm: int
    width_mm: int
    height_mm: int
    unit_value: str
    currency: str
    battery: str
    weight: float
    source: str


@dataclass(frozen=True, slots=True)
class Seller:
    """Who sells and where they hand in. Fields are the columns of `sellers`."""

    seller: str
    name: str
    origin: str
    weight: float
    source: str
