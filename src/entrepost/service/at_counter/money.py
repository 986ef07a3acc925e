"""Money at the counter: amounts in the network's currency at the rates of a day, each rate looked up once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

from entrepost.base.clock import zone
from entrepost.base.money import format_minor
from entrepost.network.network import Network
from entrepost.reference.currency import get_exponent, list_currencies
from entrepost.reference.fx import known_rates
from entrepost.service.exchange import Exchange, converted_minor
from entrepost.service.ratecard import day_number

REMEMBERED = 4_096
"""So many rates are kept; then they are looked up anew."""


@dataclass(frozen=True)
class Money:
    """Converts into the network's currency, and writes it; `zone` is that in which days are counted."""

    exchange: Exchange
    zone: ZoneInfo
    exponent: int
    _rates: dict[tuple[str, int], Fraction | None] = field(default_factory=dict, repr=False)

    @property
    def currency(self) -> str:
        """The network's."""
        return self.exchange.to_currency

    def convert(self, amount_minor: int, currency: str, day: int) -> int | None:
        """One amount in the network's currency, None where no rate is known."""
        if currency == self.exchange.to_currency:
            return amount_minor
        rate = self._find_rate(currency, day)
        return None if rate is None else converted_minor(amount_minor, rate.numerator, rate.denominator)

    def find_day(self, instant: datetime) -> int:
        """The day of an instant, counted since 1970."""
        return day_number(instant.astimezone(self.zone).date())

    def prepare(self, now: datetime) -> None:
        """Look up every rate of the day, so that nobody waits for it."""
        for currency in list_currencies():
            self._find_rate(currency, self.find_day(now))

    def write(self, amount_minor: int) -> str:
        """An amount with the network's currency before it."""
        return f"{self.exchange.to_currency} {format_minor(amount_minor, self.exponent)}"

    def _find_rate(self, currency: str, day: int) -> Fraction | None:
        if (currency, day) not in self._rates:
            if len(self._rates) >= REMEMBERED:
                self._rates.clear()
            self._rates[currency, day] = self.exchange.find_rate(currency, day)
        return self._rates[currency, day]


def money_of(network: Network) -> Money:
    """That of a network, at the rates that are known now."""
    exchange = Exchange(network.currency, known_rates())
    return Money(exchange, zone(network.time_zone), get_exponent(network.currency))
