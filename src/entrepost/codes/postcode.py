"""Postcodes: their normal form, in which they are compared, and the forms that countries give them.

The normal form has capitals and no blanks and hyphens: SW1A1AA, 00950, LV1010. `tables.regions` gives
whole columns the same form.

References
----------
The forms follow the address data of Google's libaddressinput, in our own notation, which does not say
which letters a country avoids. Assumed beside them: Kazakhstan's new postcodes, Lithuania's with LT in
front, and Saudi Arabia's with four digits more. Peru's old names of districts (LIMA 23) are left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from entrepost.base.errors import MalformedCodeError
from entrepost.base.findings import Finding, finding_code
from entrepost.codes.country import is_country

MALFORMED = finding_code("postcode_malformed", "A postcode does not look as its country writes postcodes.")

BLANKS = "\t\n\v\f\r \x85\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
LAYOUT = BLANKS + "\u2028\u2029\u202f\u205f\u3000" + "-"
"""Characters that say nothing: every blank of Unicode, and the hyphen, which stands last."""
REST = "*"
"""A sign behind the beginning of a postcode: whatever follows."""

BRITISH = ("A9 9AA", "A99 9AA", "A9A 9AA", "AA9 9AA", "AA99 9AA", "AA9A 9AA")
FORCES = ("BFPO 9", "BFPO 99", "BFPO 999", "BFPO 9999")
FOUR, FIVE, SIX = ("9999",), ("99999",), ("999999",)
SHAPES: dict[str, tuple[str, ...]] = {
    "AE": (),
    "AR": ("9999", "A9999", "A9999AAA"),
    "AT": FOUR,
    "AU": FOUR,
    "BD": FOUR,
    "BE": FOUR,
    "BG": FOUR,
    "BR": ("99999-999",),
    "CA": ("A9A 9A9",),
    "CH": FOUR,
    "CL": ("9999999",),
    "CN": SIX,
    "CO": SIX,
    "CZ": ("999 99",),
    "DE": FIVE,
    "DK": FOUR,
    "EE": FIVE,
    "EG": FIVE,
    "ES": FIVE,
    "FI": FIVE,
    "FR": FIVE,
    "GB": (*BRITISH, *FORCES, "GIR 0AA"),
    "GR": ("999 99",),
    "HR": FIVE,
    "HU": FOUR,
    "ID": FIVE,
    "IE": ("A99 XXXX", "A9W XXXX"),
    "IL": ("9999999", "99999"),
    "IN": SIX,
    "IT": FIVE,
    "JP": ("999-9999",),
    "KE": FIVE,
    "KR": FIVE,
    "KW": FIVE,
    "KZ": ("999999", "A99A9A9"),
    "LK": FIVE,
    "LT": ("99999", "LT-99999"),
    "LV": ("LV-9999",),
    "MA": FIVE,
    "MX": FIVE,
    "MY": FIVE,
    "NG": SIX,
    "NL": ("9999 AA",),
    "NO": FOUR,
    "NZ": FOUR,
    "PE": FIVE,
    "PH": FOUR,
    "PK": FIVE,
    "PL": ("99-999",),
    "PT": ("9999-999",),
    "QA": (),
    "RO": SIX,
    "RU": SIX,
    "SA": ("99999", "99999-9999"),
    "SE": ("999 99",),
    "SG": SIX,
    "SI": FOUR,
    "SK": ("999 99",),
    "TH": FIVE,
    "TR": FIVE,
    "US": ("99999", "99999-9999"),
    "UZ": SIX,
    "VN": ("999999", "99999"),
    "ZA": FOUR,
}
"""How countries write postcodes, the usual form first: 9 a digit, A a letter, X either, all else itself.

Countries without any shape have no postcodes; of those that are not here the form is not known.
"""

_BARE = str.maketrans("", "", LAYOUT)
_DIGITS, _LETTERS = frozenset("0123456789"), frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_SIGNS = {"9": _DIGITS, "A": _LETTERS, "X": _DIGITS | _LETTERS}


class MalformedPostcodeError(MalformedCodeError):
    """The text is not a postcode of its country."""


@dataclass(frozen=True, slots=True)
class Postcode:
    """A country's postcode in its normal form: `GB`, `SW1A1AA`."""

    country: str
    code: str

    def __post_init__(self) -> None:
        if not is_country(self.country):
            raise MalformedPostcodeError(f"country {self.country!r} of a postcode is not one of ISO 3166-1, such as GB")
        if not self.code or normalise(self.code) != self.code:
            raise MalformedPostcodeError(f"postcode {self.code!r} is not in capitals without blanks, such as SW1A1AA")
        if self.country in SHAPES and _find_shape(self.country, self.code) is None:
            raise MalformedPostcodeError(f"postcode {self.code!r} is none of {self.country}; {_advice(self.country)}")

    def __str__(self) -> str:
        return format(self)


def normalise(text: str) -> str:
    """A postcode (or its beginning) in capitals, without blanks, hyphens and a trailing `*`."""
    return text.upper().translate(_BARE).removesuffix(REST)


def parse(text: str, country: str) -> Postcode:
    """Read a postcode of a country; of a country that has no row in `SHAPES` any text is one.

    Raises
    ------
    MalformedPostcodeError
        Where the country writes its postcodes otherwise, has none, or is none.
    """
    return Postcode(country, normalise(text))


def format(code: Postcode) -> str:
    """As the country writes it: SW1A 1AA, 00-950; in normal form where that is not known."""
    shape = _find_shape(code.country, code.code)
    if shape is None:
        return code.code
    signs = iter(code.code)
    return "".join(sign if sign in LAYOUT else next(signs) for sign in shape)


def check(text: str, country: str, subject: str = "") -> list[Finding]:
    """A warning where a postcode is not one of its country; none where it is empty and may be.

    It is no error: people deliver what has a street and a city.
    """
    if not normalise(text) and not SHAPES.get(country):
        return []
    try:
        parse(text, country)
    except MalformedPostcodeError:
        message = f"{text!r} is no postcode of {country!r}"
        return [Finding(MALFORMED, "postcode", message, subject or text, fix=_advice(country), level="warning")]
    return []


def _advice(country: str) -> str:
    shapes = SHAPES.get(country)
    if shapes:
        return f"write it as {' or '.join(shapes)} (9: a digit, A: a letter, X: either)"
    if shapes == ():
        return f"leave it empty: {country} has no postcodes"
    return "ask the recipient" if is_country(country) else "correct the country"


def _find_shape(country: str, code: str) -> str | None:
    return next((shape for shape, bare in _bare_shapes(country) if _fits(code, bare)), None)


@cache
def _bare_shapes(country: str) -> tuple[tuple[str, str], ...]:
    """A country's shapes, each with what is left of it in the normal form."""
    return tuple((shape, shape.translate(_BARE)) for shape in SHAPES.get(country, ()))


def _fits(code: str, shape: str) -> bool:
    if len(code) != len(shape):
        return False
    return all(sign in _SIGNS.get(wanted, wanted) for sign, wanted in zip(code, shape, strict=True))
