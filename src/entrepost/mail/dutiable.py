"""An item as customs values it: what it holds, what carriage cost, where it goes, and who is registered there."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DutiableLine:
    """One kind of article; the value is that of one piece, the weight that of all pieces (None: not known)."""

    quantity: int
    unit_value_minor: int
    hs_code: str = ""
    origin: str = ""
    net_weight_g: int | None = None


@dataclass(frozen=True, slots=True)
class DutiableItem:
    """An item with its lines; all its amounts are minor units of one currency.

    `region` is the state or province of the destination (SP in BR-SP), `seller_scheme_number` the seller's number
    with the scheme of the destination, in capitals and without blanks and points.
    """

    item_id: str
    destination: str
    currency: str
    lines: tuple[DutiableLine, ...]
    region: str = ""
    carriage_minor: int = 0
    insurance_minor: int = 0
    seller_scheme_number: str = ""
    nature: str = "sale"
