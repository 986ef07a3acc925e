"""What an item is said to contain, for customs (forms CN 22 and CN 23); `customs.check` says what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass

NATURES = ("sale", "returned", "gift", "sample", "documents", "mixed", "other")
"""Nature of the transaction (UPU code list 136, in words)."""


@dataclass(frozen=True, slots=True)
class Content:
    """One kind of article inside an item; weight and value are those of all its pieces together."""

    description: str
    quantity: int
    net_weight_g: int
    value_minor: int
    hs_code: str = ""
    origin_country: str = ""


@dataclass(frozen=True, slots=True)
class Declaration:
    """The contents of one item, in one currency, and why they are sent."""

    nature: str
    currency: str
    contents: tuple[Content, ...]

    @property
    def value_minor(self) -> int:
        """What all contents are worth."""
        return sum(content.value_minor for content in self.contents)

    @property
    def net_weight_g(self) -> int:
        """What all contents weigh without packing."""
        return sum(content.net_weight_g for content in self.contents)
