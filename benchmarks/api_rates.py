"""Rates of exchange for orders of today: those that come along end some day, and 92 days later nothing can be priced.

The last ones stand for today's (*assumed*); a quote that says "no rate is known" would be quick, and measure nothing.
"""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from entrepost.reference.currency import list_currencies
from entrepost.reference.fx import EURO, Rates, add_rates

OLDEST_DAYS = 1_000


def add_rates_of_today(folder: Path) -> None:
    """Let this process, and those that it starts, know the last rates as today's; in a folder of their own."""
    os.environ["ENTREPOST_REFERENCE"] = str(folder / "reference")
    today, known = datetime.now(UTC).date(), Rates()
    last = next(day for day in _back_from(today) if known.find("USD", day))  # the first of them is the latest
    rates = {code: known.find(code, last) for code in list_currencies() if code != EURO}
    rows = [f"{code},{today},{rate.numerator / rate.denominator:.9f}" for code, rate in rates.items() if rate]
    path = folder / "rates.csv"
    path.write_text("\n".join(["currency,day,rate", *rows]) + "\n", encoding="utf-8")
    add_rates(path)


def _back_from(day: date) -> list[date]:
    return [day - timedelta(days=age) for age in range(OLDEST_DAYS)]
