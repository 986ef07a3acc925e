"""The code of an international mail processing centre (IMPC, UPU standard S34), such as CNSZXA.

Two letters of the country, three of the place (airport or UN/LOCODE), one that tells centres of a
place apart.

References
----------
UPU standard S34, version 9 of 22 February 2017. The register of centres is published by the UPU.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from entrepost.base.errors import MalformedCodeError
from entrepost.base.findings import Finding, finding_code
from entrepost.codes.country import is_country

MALFORMED = finding_code("office_malformed", "An office code is not six letters that begin with a country.")


class MalformedOfficeError(MalformedCodeError):
    """The text is not an office code."""


@dataclass(frozen=True, slots=True)
class Office:
    """An office of exchange: country, place, and the letter that tells its centres apart."""

    country: str
    place: str
    qualifier: str

    def __post_init__(self) -> None:
        if not is_country(self.country):
            raise MalformedOfficeError(f"office country {self.country!r} is not a country of ISO 3166-1, such as CN")
        if not re.fullmatch(r"[A-Z]{3}", self.place) or not re.fullmatch(r"[A-Z]", self.qualifier):
            raise MalformedOfficeError(
                f"office {self.place + self.qualifier!r} is not three letters of a place and one more"
            )

    def __str__(self) -> str:
        return format(self)


def parse(text: str) -> Office:
    """Read an office code; small letters are raised.

    Raises
    ------
    MalformedOfficeError
        Where it is not six letters, or begins with no country.
    """
    code = text.strip().upper()
    if len(code) != 6:
        raise MalformedOfficeError(f"{text!r} has {len(code)} characters; an office code has 6, such as CNSZXA")
    return Office(code[:2], code[2:5], code[5:])


def format(office: Office) -> str:
    """Six letters."""
    return f"{office.country}{office.place}{office.qualifier}"


def check(text: str, subject: str = "") -> list[Finding]:
    """What is wrong with an office code."""
    try:
        parse(text)
    except MalformedOfficeError as error:
        return [Finding(MALFORMED, "office", str(error), subject or text, fix="use a code of the UPU's register")]
    return []
