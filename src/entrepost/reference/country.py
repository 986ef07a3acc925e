"""Countries: their names, and whether there are such countries at all (ISO 3166-1 through pycountry)."""

from __future__ import annotations

from functools import cache

from entrepost.base.errors import MissingRowError


def get_country_name(code: str) -> str:
    """The short English name; raises `MissingRowError` where there is no such country."""
    if code not in _names():
        raise MissingRowError(f"{code!r} is not a country of ISO 3166-1; write two capitals such as CN")
    return _names()[code]


def list_countries() -> list[str]:
    """The two letters of every country."""
    return list(_names())


@cache
def _names() -> dict[str, str]:
    import pycountry

    return {each.alpha_2: getattr(each, "common_name", each.name) for each in pycountry.countries}
