"""Amounts turned into the network's currency, exactly, at the rate of the order's day or the last one before."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

import polars as pl

from entrepost.base.money import divide_half_up
from entrepost.base.rule import rule
from entrepost.reference.currency import get_exponent, is_currency
from entrepost.reference.fx import OLDEST_DAYS, Rates, quote_days
from entrepost.tables.items import value_minor

EPOCH_DAY = date(1970, 1, 1)

RATED_ON = "rated_on"
"""Of which day the oldest rate of exchange is by which an offer was worked out."""

PLAIN_MOST = 10**9
"""Up to this, an amount times a rate's numerator fits 64 bits; beyond it the figures are taken one by one."""


@rule(amount_minor=(0, PLAIN_MOST), rate_numerator=(1, PLAIN_MOST), rate_denominator=(1, PLAIN_MOST))
def converted_minor(amount_minor: int, rate_numerator: int, rate_denominator: int) -> int:
    """An amount in the minor units of another currency, the rate being a fraction; half up once."""
    return divide_half_up(amount_minor * rate_numerator, rate_denominator)


@dataclass(frozen=True, slots=True)
class Exchange:
    """Converts into one currency at the rates of the European Central Bank, or those that were added.

    A rate may be `oldest_days` old; of two that are needed the older one tells the age.
    """

    to_currency: str
    rates: Rates = field(default_factory=Rates)
    oldest_days: int = field(default_factory=quote_days)

    def find_rate(self, currency: str, day_number: int) -> Fraction | None:
        """Minor units for one minor unit of a currency on a day (since 1970), None where no rate is known."""
        return self.find_rated(currency, day_number)[0]

    def find_rated(self, currency: str, day_number: int) -> tuple[Fraction | None, date | None]:
        """The rate as above, and the day of which it is: None where none is needed or known."""
        if currency == self.to_currency:
            return Fraction(1), None
        if not (is_currency(currency) and is_currency(self.to_currency)):
            return None, None
        day = EPOCH_DAY + timedelta(days=day_number)
        bought, paid = (self.rates.find_last(each, day, self.oldest_days) for each in (self.to_currency, currency))
        if bought is None or paid is None:
            return None, None
        shift = Fraction(10) ** (get_exponent(self.to_currency) - get_exponent(currency))
        return shift * bought.rate / paid.rate, min(bought.day, paid.day)

    def find_converted(self, amount_minor: int, currency: str, day_number: int) -> int | None:
        """One amount converted, None where no rate is known."""
        rate = self.find_rate(currency, day_number)
        return None if rate is None else converted_minor(amount_minor, rate.numerator, rate.denominator)

    def convert_lines(self, lines: pl.DataFrame, time_zone: str) -> pl.Series:
        """What order lines are worth at the rates of the day on which each was placed in that zone; null as above."""
        day = pl.col("placed_at").dt.convert_time_zone(time_zone).dt.date().cast(pl.Int32).cast(pl.Int64)
        return self.convert(lines.select("currency", placed_day=day, amount_minor=value_minor(lines)))

    def convert(self, amounts: pl.DataFrame) -> pl.Series:
        """Every amount converted, null where no rate is known.

        Parameters
        ----------
        amounts : DataFrame
            Columns amount_minor, currency (null: an amount of 0) and placed_day.
        """
        asked = amounts.select("amount_minor", "placed_day", pl.col("currency").fill_null(self.to_currency))
        if (asked.get_column("currency") == self.to_currency).all():
            return asked.get_column("amount_minor")
        days = asked.select("currency", "placed_day").unique(maintain_order=True)
        found = [self.find_rate(*row) for row in days.iter_rows()]
        plain = [rate if rate and max(rate.as_integer_ratio()) <= PLAIN_MOST else None for rate in found]
        table = days.with_columns(
            pl.Series("rate_numerator", [rate.numerator if rate else 1 for rate in plain], dtype=pl.Int64),
            pl.Series("rate_denominator", [rate.denominator if rate else 1 for rate in plain], dtype=pl.Int64),
            pl.Series("plain", [rate is not None for rate in plain], dtype=pl.Boolean),
        )
        joined = asked.join(table, on=["currency", "placed_day"], how="left", maintain_order="left")
        plainly = joined.get_column("plain") & joined.get_column("amount_minor").is_between(0, PLAIN_MOST)
        values: pl.Series = converted_minor.on(joined.with_columns(pl.when(plainly).then("amount_minor").otherwise(0)))
        rest = joined.filter(~plainly).select("amount_minor", "currency", "placed_day")
        exact = [self.find_converted(*row) for row in rest.iter_rows()]
        return values.scatter((~plainly).arg_true(), exact) if exact else values

    def rated_on(self, amounts: pl.DataFrame) -> pl.Series:
        """Of which day the rate is at which each amount is converted; null where none is needed or known.

        Parameters
        ----------
        amounts : DataFrame
            Columns currency (null: an amount of 0) and placed_day.
        """
        asked = amounts.select("placed_day", pl.col("currency").fill_null(self.to_currency))
        if (asked.get_column("currency") == self.to_currency).all():
            return pl.repeat(None, asked.height, dtype=pl.Date(), eager=True).alias(RATED_ON)
        pairs = asked.unique(maintain_order=True)
        found = [self.find_rated(code, day)[1] for day, code in pairs.iter_rows()]
        table = pairs.with_columns(pl.Series(RATED_ON, found, dtype=pl.Date()))
        return asked.join(table, on=["placed_day", "currency"], how="left", maintain_order="left").get_column(RATED_ON)


def say_rated_on(rated_on: date | None, placed_on: date) -> str:
    """That a rate of exchange is old, and how old; nothing where it is not, or where none was needed."""
    age = (placed_on - rated_on).days if rated_on else 0
    return f" Exchange rate of {rated_on}, {age} days old." if age > OLDEST_DAYS else ""
