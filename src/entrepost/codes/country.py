"""Countries by their two letters (ISO 3166-1 alpha-2)."""

from __future__ import annotations

from functools import cache

from entrepost.base.errors import MalformedCodeError
from entrepost.codes.signs import squeeze


class MalformedCountryError(MalformedCodeError):
    """The text is not the code of a country."""


def parse(text: str) -> str:
    """The code in capitals; raises `MalformedCountryError` where no country has it."""
    code = squeeze(text)
    if not is_country(code):
        raise MalformedCountryError(f"{text!r} is not a country of ISO 3166-1; write two letters such as CN")
    return code


def format(code: str) -> str:
    """The code as it is printed on a label: two capitals."""
    return parse(code)


def is_country(code: str) -> bool:
    """Whether a country has exactly this code, in capitals."""
    return code in _codes()


@cache
def _codes() -> frozenset[str]:
    import pycountry  # reads its lists when imported; a command that needs no country shall not wait for it

    return frozenset(country.alpha_2 for country in pycountry.countries)
