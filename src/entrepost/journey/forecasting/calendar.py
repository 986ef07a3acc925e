"""The days off that an order meets: public holidays and, where a country has them, optional ones such as Carnival."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import numpy as np

from entrepost.base.errors import MissingRowError
from entrepost.journey.forecasting.orders import Floats
from entrepost.reference.holiday import holidays_of

COMING_DAYS, LONGEST_DAYS = 14, 20.0
EPOCH = date(1970, 1, 1)


def describe_days(begun: Floats, country: str | None) -> list[Floats]:
    """Day of the week (Monday 0), hour, days to the next day off (at most 20), days off within two weeks."""
    days = np.floor(begun)
    columns = [(days + 3) % 7, (begun - days) * 24]
    if country is None or not begun.size:
        return [*columns, np.full(begun.size, np.nan), np.full(begun.size, np.nan)]
    first, last = (EPOCH + timedelta(days=int(day)) for day in (np.nanmin(days), np.nanmax(days)))
    off = list_days_off(country, first.year, last.year + 1)
    after = np.searchsorted(off, days)
    coming = np.append(off, np.inf)[after] - days
    within = np.searchsorted(off, days + COMING_DAYS) - after
    return [*columns, np.minimum(coming, LONGEST_DAYS), within.astype(float)]


@cache
def list_days_off(country: str, first: int, last: int) -> Floats:
    """The days off of some years, in days since 1970; none where those of a country are not known."""
    try:
        found = [day for year in range(first, last + 1) for day in holidays_of(country, year, optional=True)]
    except MissingRowError:
        return np.array([])
    return np.array(sorted((day - EPOCH).days for day in found), dtype=float)
