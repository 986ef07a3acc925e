"""Which open warehouse could serve one order from its stock: `warehouse.stock.available`, for one order at a time."""

from __future__ import annotations

from collections import Counter as Count
from dataclasses import dataclass

from entrepost.mail.order import Order
from entrepost.network.network import Network


@dataclass(frozen=True, slots=True)
class Shelves:
    """The open warehouses that serve a country, by name, and the pieces by warehouse, seller and article."""

    serving: dict[str, tuple[str, ...]]
    pieces: dict[tuple[str, str, str], int]

    def holds(self, warehouse: str, order: Order) -> bool:
        """Whether a warehouse serves the order's country and holds all its lines, each with its article number."""
        needs: Count[str] = Count()
        for line in order.lines:
            needs[line.sku] += line.quantity
        if "" in needs or warehouse not in self.serving.get(order.country, ()):
            return False
        return all(self.pieces.get((warehouse, order.seller, sku), -1) >= count for sku, count in needs.items())


def shelves_of(network: Network) -> Shelves:
    """Those of a network."""
    serving: dict[str, list[str]] = {}
    for row in network.warehouses:
        for country in row.countries.split("+") if row.open else ():
            serving.setdefault(country.strip(), []).append(row.warehouse)
    pieces = {(row.warehouse, row.seller, row.sku): row.quantity for row in network.stock}
    return Shelves({country: tuple(sorted(each)) for country, each in serving.items()}, pieces)
