"""How old the rates of exchange of a server are, and what whoever runs it should know of that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from entrepost.network.network import Network
from entrepost.reference.fx import EURO, FIX, OLDEST_DAYS, known_rates, quote_days
from entrepost.reference.rate_feed import find_looked, named_source

BELLWETHER = "USD"
"""Goods are priced in it everywhere: its age tells where the network itself knows euros alone."""


@dataclass(frozen=True, slots=True)
class RatesAge:
    """How old the oldest rate is that a network needs today, and what has none that may be used.

    `day` and `days` are None where nothing usable is known; `is_wrong` says that something is with what is read daily.
    """

    day: date | None
    days: int | None
    missing: tuple[str, ...]
    is_wrong: bool = False

    @property
    def is_old(self) -> bool:
        """Whether customs has no rate by now."""
        return bool(self.missing) or (self.days or 0) > OLDEST_DAYS


def look_at_rates(network: Network, today: date) -> RatesAge:
    """The age of the rates that a network needs: of its currency, those of its services, and the dollar."""
    codes = {network.currency, BELLWETHER, *(service.currency for service in network.services)} - {EURO}
    rates, most = known_rates(), quote_days()
    found = {code: rates.find_last(code, today, most) for code in codes}
    day = min((each.day for each in found.values() if each), default=None)
    missing = tuple(sorted(code for code, each in found.items() if each is None))
    looked = find_looked()
    return RatesAge(day, None if day is None else (today - day).days, missing, bool(looked and looked.wrong))


def say_age(age: RatesAge) -> list[str]:
    """Sentences for whoever runs the server; none where all is well."""
    told = []
    if age.missing:
        codes = ", ".join(age.missing)
        told.append(
            f"No rate of exchange of the last {quote_days()} days is known for {codes}: what needs it has no price."
        )
    if age.day and age.is_old and not age.missing:
        told.append(
            f"Rates of exchange are of {age.day}, {age.days} days old. Quotes and promises go by them and say so, "
            f"up to {quote_days()} days; limits and duties of customs are without a rate, and forms warn."
        )
    if age.is_wrong:
        told.append(
            "Something is wrong with the rates that are read daily (ENTREPOST_RATES): the server's log tells what."
        )
    elif told and named_source():
        told.append("What is read daily (ENTREPOST_RATES) states no later ones.")
    elif told:
        told.append(f"Whoever runs the server brings in new ones: {FIX}.")
    return told
