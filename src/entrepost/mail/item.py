"""One mail item: what travels."""

from __future__ import annotations

from dataclasses import dataclass

from entrepost.base.errors import MisuseError
from entrepost.codes import s10


@dataclass(frozen=True, slots=True)
class Item:
    """One item of an order (`item` counts from 1) with its identifier, its measures and what it is worth.

    `length_mm` is the longest side and `height_mm` the shortest; all are 0 where the size is not known.
    """

    tenant: str
    seller: str
    order_id: str
    item: int
    item_id: str
    weight_g: int
    value_minor: int
    currency: str
    pieces: int = 1
    length_mm: int = 0
    width_mm: int = 0
    height_mm: int = 0
    battery: str = "none"

    def __post_init__(self) -> None:
        if self.item < 1 or self.weight_g < 1 or self.pieces < 1:
            raise MisuseError(f"item {self.item_id}: number, weight and pieces must be at least 1")
        if not self.length_mm >= self.width_mm >= self.height_mm >= 0:
            raise MisuseError(f"item {self.item_id}: sides must descend from length_mm to height_mm")
        if s10.format(s10.parse(self.item_id)) != self.item_id:
            raise MisuseError(f"item {self.item_id!r}: write the identifier in 13 characters without blanks")
