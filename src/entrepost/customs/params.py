"""What the law leaves to a choice, or what is disputed, when duty and tax are worked out."""

from __future__ import annotations

from dataclasses import dataclass

from entrepost.base.errors import MisuseError
from entrepost.reference.currency import is_currency

WITHOUT_IOSS = ("flat", "tariff", "unknown")
US_METHODS = ("ad_valorem", "specific")


@dataclass(frozen=True, slots=True)
class LandedCostParams:
    """How duty and tax are worked out where there is a choice.

    `without_ioss` is what goods up to EUR 150 pay into the EU since 1 July 2026 where the seller gives no IOSS
    number: the flat duty too, the ordinary tariff, or `unknown`; sources differ. `us_method` is the way that the
    carrier chose for items to the United States: by value or an amount for the item. With `duty_paid` the sender
    pays what is due at delivery. `currency` is that of the answer; empty: that in which the destination's law is.
    """

    without_ioss: str = "flat"
    us_method: str = "ad_valorem"
    duty_paid: bool = False
    currency: str = ""

    def __post_init__(self) -> None:
        if self.without_ioss not in WITHOUT_IOSS:
            raise MisuseError(f"without_ioss is {self.without_ioss!r}; use one of {', '.join(WITHOUT_IOSS)}")
        if self.us_method not in US_METHODS:
            raise MisuseError(f"us_method is {self.us_method!r}; use one of {', '.join(US_METHODS)}")
        if self.currency and not is_currency(self.currency):
            raise MisuseError(f"currency is {self.currency!r}; write three letters such as EUR, or leave it empty")
