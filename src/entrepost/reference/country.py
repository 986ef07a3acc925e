"""Countries: their names, and whether there are such countries at all (ISO 3166-1 through pycountry)."""

from __future__ import annotations

from functools import cache

from entrepost.base.errors import MissingRowError
from entrepost.base.findings import Finding, finding_code
from entrepost.codes.country import is_country

UNKNOWN = finding_code("country_unknown", "A country is not a code of ISO 3166-1 with two capital letters.")


def get_country_name(code: str) -> str:
    """The short English name; raises `MissingRowError` where there is no such country."""
    if code not in _names():
        raise MissingRowError(f"{code!r} is not a country of ISO 3166-1; write two capitals such as CN")
    return _names()[code]


def list_countries() -> list[str]:
    """The two letters of every country."""
    return list(_names())


def check_country(code: str, subject: str, row: int = 0) -> list[Finding]:
    """A finding where there is no such country."""
    if is_country(code):
        return []
    fix = "write two capitals such as US" if not is_country(code.strip().upper()) else f"write {code.strip().upper()}"
    return [Finding(UNKNOWN, "country", f"{code!r} is not a country", subject, row, fix)]


@cache
def _names() -> dict[str, str]:
    import pycountry

    return {each.alpha_2: getattr(each, "common_name", each.name) for each in pycountry.countries}
