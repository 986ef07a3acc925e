"""Overseas warehouses and what lies in them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Warehouse:
    """An overseas warehouse and what it costs to use it. Fields are the columns of `warehouses`."""

    warehouse: str
    open: bool
    countries: str
    capacity_items: int
    inbound_cost_kg_minor: float
    inbound_cost_item_minor: float
    storage_cost_item_day_minor: float
    storage_days: float
    cost_year_minor: int
    source: str


@dataclass(frozen=True, slots=True)
class Stock:
    """Pieces of a seller's article on hand in a warehouse. Fields are the columns of `stock`."""

    warehouse: str
    seller: str
    sku: str
    quantity: int
