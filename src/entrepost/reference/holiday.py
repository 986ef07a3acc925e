"""Public holidays (through the package holidays)."""

from __future__ import annotations

from datetime import date
from functools import cache

from entrepost.base.errors import MissingRowError


@cache
def holidays_of(country: str, year: int, optional: bool = False) -> dict[date, str]:
    """The public holidays of a whole country in a year, with their names; if asked, optional ones such as Carnival too.

    Raises
    ------
    MissingRowError
        Where the holidays of the country are not known; state closed days in `calendar.csv` instead.
    """
    import holidays  # half a second of countries, wanted only by those who ask for days off

    try:
        known = holidays.country_holidays(country).supported_categories
        kinds = ("public", "optional") if optional and "optional" in known else None
        found = holidays.country_holidays(country, years=year, categories=kinds)
    except NotImplementedError:
        raise MissingRowError(f"no holidays are known for {country!r}; state its closed days in calendar.csv") from None
    return {day: found[day] for day in sorted(found)}
