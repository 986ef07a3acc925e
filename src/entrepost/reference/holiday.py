"""Public holidays (through the package holidays)."""

from __future__ import annotations

from datetime import date
from functools import cache

from entrepost.base.errors import MissingRowError


@cache
def holidays_of(country: str, year: int) -> dict[date, str]:
    """The public holidays of a whole country in a year, with their names.

    Raises
    ------
    MissingRowError
        Where the holidays of the country are not known; state closed days in `calendar.csv` instead.
    """
    import holidays  # half a second of countries, wanted only by those who build calendars

    try:
        found = holidays.country_holidays(country, years=year)
    except NotImplementedError:
        raise MissingRowError(f"no holidays are known for {country!r}; state its closed days in calendar.csv") from None
    return {day: found[day] for day in sorted(found)}
