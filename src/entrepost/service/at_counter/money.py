"""Money at the counter: amounts in the network's currency at the rates of a day, each rate looked up once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
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


Rated = tuple[Fraction | None, date | None]
"""A rate, and the day of which it is."""


@dataclass
class Money:
    """Converts into the network's currency, and writes it; `zone` is that in which days are counted."""

    exchange: Exchange
    zone: ZoneInfo
    exponent: int
    _rates: dict[tuple[str, int], Rated] = field(default_factory=dict, repr=False)

    @property
    def currency(self) -> str:
        """The network's."""
        return self.exchange.to_currency

    def convert(self, amount_minor: int, currency: str, day: int) -> int | None:
        """One amount in the network's currency, None where no rate is known."""
        if currency == self.exchange.to_currency:
            return amount_minor
        rate, _ = self._find_rate(currency, day)
        return None if rate is None else converted_minor(amount_minor, rate.numerator, rate.denominator)

    def find_rated_on(self, currency: str, day: int) -> date | None:
        """Of which day the rate is at which a currency is converted; None where none is needed or known."""
        return None if currency == self.exchange.to_currency else self._find_rate(currency, day)[1]

    def renew(self) -> bool:
        """Go by the rates that are known now; whether they are others than before."""
        now = Exchange(self.exchange.to_currency, known_rates())
        if now.rates is self.exchange.rates and now.oldest_days == self.exchange.oldest_days:
            return False
        self.exchange, self._rates = now, {}
        return True

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

    def _find_rate(self, currency: str, day: int) -> Rated:
        rates, key = self._rates, (currency, day)
        found = rates.get(key)
        if found is None:
            found = self.exchange.find_rated(currency, day)
            if len(rates) >= REMEMBERED:
                rates.clear()
            rates[key] = found
        return found


def money_of(network: Network) -> Money:
    """That of a network, at the rates that are known now."""
    exchange = Exchange(network.currency, known_rates())
    return Money(exchange, zone(network.time_zone), get_exponent(network.currency))
