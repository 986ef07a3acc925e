"""What a buyer bought, from which seller, to where, by when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from entrepost.base.errors import MisuseError
from entrepost.codes.country import is_country

BATTERIES = ("none", "contained", "loose")


@dataclass(frozen=True, slots=True)
class Line:
    """One article of an order: pieces, their price as exact decimal text, and the size of one piece packed.

    A size of 0 is not known. Fields are the columns of `orders` that differ from line to line.
    """

    line: int
    quantity: int
    unit_value: str
    weight_g: int
    sku: str = ""
    length_mm: int = 0
    width_mm: int = 0
    height_mm: int = 0
    battery: str = "none"
    hs_code: str = ""
    description: str = ""

    def __post_init__(self) -> None:
        if self.quantity < 1 or self.weight_g < 1:
            raise MisuseError(f"line {self.line}: {self.quantity} pieces of {self.weight_g} g; both must be at least 1")
        if min(self.length_mm, self.width_mm, self.height_mm) < 0:
            raise MisuseError(f"line {self.line}: a size is below 0; write 0 where it is not known")
        if self.battery not in BATTERIES:
            raise MisuseError(f"line {self.line}: battery {self.battery!r} is none of {', '.join(BATTERIES)}")


@dataclass(frozen=True, slots=True)
class Order:
    """An order with its lines; tenant, seller and order_id together name it. It is in one currency."""

    tenant: str
    seller: str
    order_id: str
    placed_at: datetime
    origin: str
    country: str
    lines: tuple[Line, ...]
    currency: str = ""
    postcode: str = ""
    city: str = ""
    wanted_by: datetime | None = None

    def __post_init__(self) -> None:
        if not (self.tenant and self.seller and self.order_id):
            raise MisuseError("an order is named by tenant, seller and order_id; none may be empty")
        if not self.lines:
            raise MisuseError(f"order {self.order_id!r} has no lines")
        for instant in (self.placed_at, self.wanted_by):
            if instant is not None and instant.tzinfo is None:
                raise MisuseError(f"order {self.order_id!r}: {instant.isoformat()} has no zone; add one such as +08:00")
        if not is_country(self.country):
            raise MisuseError(f"order {self.order_id!r}: {self.country!r} is not a country; write two capitals")
